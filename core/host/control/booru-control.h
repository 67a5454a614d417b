/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-control-model.h"

G_BEGIN_DECLS

/**
 * BooruControl:
 *
 * Lets administrators' programs see and control the host: org.booru.Host on a message bus, and the
 * same objects on a private socket in the runtime folder. Neither the lack nor the end of a bus
 * disturbs anything: the socket serves, and the bus is looked for again, less and less often.
 */
typedef struct _BooruControl BooruControl;

/* What cannot be used is a warning. @model: unowned, outlives it; @bus: which message bus to be on;
 * the private socket is in the runtime folder, which exists. */
BooruControl *booru_control_new (const BooruControlModel *model, BooruHostBus bus);
void booru_control_free (BooruControl *self);

/* Does what an administrator wants, who is known to be one: the method @method of org.booru.Host1,
 * with a tuple of arguments. @task: transfer full: returns the tuple of its results. */
void booru_control_call (BooruControl *self, const char *method, GVariant *parameters, GTask *task);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruControl, booru_control_free)

G_END_DECLS
