/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-control-model.h"

G_BEGIN_DECLS

/* What a method does, whoever calls it: a program over D-Bus, or a service on behalf of an
 * administrator in a browser. One that fails leaves everything as it was. @task: transfer full:
 * returns the tuple of the results, at once or later. */
void booru_control_run_method (const BooruControlModel *model,
                               const char *method,
                               GVariant *parameters,
                               GTask *task);

G_END_DECLS
