/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GPtrArray *booru_probe_plugins (GPtrArray *plugins);

G_END_DECLS
