/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The targets that there are: see MonitorTarget. */
#pragma once

#include "ingest-task.h"

G_BEGIN_DECLS

extern const MonitorTarget monitor_target_library;
extern const MonitorTarget monitor_target_managed;
extern const MonitorTarget monitor_target_inbox;
extern const MonitorTarget monitor_target_spool;

G_END_DECLS
