/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-control-model.h"

G_BEGIN_DECLS

GVariant *booru_control_list_settings (const BooruControlModel *model); /* a(ssvsb), floating */
GVariant *
booru_control_describe_settings (const BooruControlModel *model); /* a(ssa{sv}), floating */

G_END_DECLS
