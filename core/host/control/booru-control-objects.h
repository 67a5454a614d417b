/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-control-generated.h"
#include "booru-control-model.h"

G_BEGIN_DECLS

/**
 * BooruControlObjects:
 *
 * The D-Bus objects of a host, on any number of connections at once.
 */
typedef struct _BooruControlObjects BooruControlObjects;

/* @model: unowned, outlives it. */
BooruControlObjects *booru_control_objects_new (const BooruControlModel *model);
void booru_control_objects_free (BooruControlObjects *self);
gboolean booru_control_objects_export (BooruControlObjects *self, GDBusConnection *connection);
void booru_control_objects_unexport (BooruControlObjects *self, GDBusConnection *connection);
void booru_control_objects_sync (BooruControlObjects *self);
void booru_control_objects_emit_event (BooruControlObjects *self,
                                       guint64 serial,
                                       gint64 time,
                                       const char *topic,
                                       const char *text);

/* A method of org.booru.Host1: see booru_control_run_method(). */
void booru_control_objects_call (BooruControlObjects *self,
                                 const char *method,
                                 GVariant *parameters,
                                 GTask *task);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruControlObjects, booru_control_objects_free)

G_END_DECLS
