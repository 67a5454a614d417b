/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-generation.h"

G_BEGIN_DECLS

/**
 * BooruRollout:
 *
 * Brings settings and plugins into effect: what administrators ask for, and what they changed in
 * files. One change after the other, each wholly or not at all.
 *
 * Signals:
 *  - "event" (const char *topic, const char *text): something happened
 *  - "reloading" (gboolean begins): a reload begins, or is over
 */
#define BOORU_TYPE_ROLLOUT (booru_rollout_get_type ())
G_DECLARE_FINAL_TYPE (BooruRollout, booru_rollout, BOORU, ROLLOUT, GObject)

/* @parts: unowned, outlive it. Changed settings and replaced files take effect from now on. */
BooruRollout *booru_rollout_new (BooruHostParts *parts);

/* Each finishes by booru_rollout_finish(), when what was asked for is in effect, or with why
 * everything is as before: BOORU_ERROR_BUSY while the host stops, and what else is said below. */

/* The first generation: what is to run at all. */
void
booru_rollout_begin_async (BooruRollout *self, GAsyncReadyCallback callback, gpointer user_data);

/* Reads settings and plugins again, and replaces the processes that serve, new before old. */
void
booru_rollout_reload_async (BooruRollout *self, GAsyncReadyCallback callback, gpointer user_data);

/* Enables or disables a plugin, in the settings and now; when enabled, its processes are ready and
 * those that it extends are replaced. BOORU_ERROR_NOT_FOUND; BOORU_ERROR_CONFIG if it is broken, if
 * others need it, or if nothing would be left to run. */
void booru_rollout_enable_async (BooruRollout *self,
                                 const char *name,
                                 gboolean enabled,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);

/* Stores a setting: see booru_setting_change_new(). A value that the host or a plugin could not
 * work with is refused with what is wrong. */
void booru_rollout_set_async (BooruRollout *self,
                              const char *schema,
                              const char *key,
                              GVariant *value,
                              gboolean now,
                              GAsyncReadyCallback callback,
                              gpointer user_data);

/* Replaces the processes of a service. */
void booru_rollout_restart_async (BooruRollout *self,
                                  const char *service,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);

/* Chooses the plugins that run anew, since one of them is to be avoided. */
void booru_rollout_leave_out (BooruRollout *self);

gboolean booru_rollout_finish (BooruRollout *self, GAsyncResult *result, GError **error);

G_END_DECLS
