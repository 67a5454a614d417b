/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/booru-host.h"

G_BEGIN_DECLS

void booru_control_call (BooruHost *host, const char *method, GVariant *parameters, GTask *task);

G_END_DECLS
