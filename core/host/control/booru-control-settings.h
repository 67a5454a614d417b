/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/booru-host.h"

G_BEGIN_DECLS

GVariant *booru_control_list_settings (BooruHost *host);     /* a(ssvsb), floating */
GVariant *booru_control_describe_settings (BooruHost *host); /* a(ssa{sv}), floating */

G_END_DECLS
