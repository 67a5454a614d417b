/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/**
 * MonitorRole:
 *
 * Where several hosts share a store: which of their monitors works. Each waits until nobody has the
 * role, takes it, and renews it; who finds that it was lost stops working and waits again. Main
 * thread only, but for monitor_role_is_valid().
 */
typedef struct _MonitorRole MonitorRole;

typedef struct
{
  /* The role is this process's; what @store writes from now on is fenced by it. */
  void (*taken) (gpointer user_data);
  /* It was lost. Nothing that is still under way is written; afterwards monitor_role_wait(). */
  void (*lost) (gpointer user_data);
} MonitorRoleFuncs;

MonitorRole *monitor_role_new (BooruStore *store,
                               const char *data_dir,
                               guint seconds,
                               const MonitorRoleFuncs *funcs,
                               gpointer user_data);
void monitor_role_free (MonitorRole *self); /* releases it */
void monitor_role_wait (MonitorRole *self);
void monitor_role_release (MonitorRole *self);
void monitor_role_lose (MonitorRole *self);
void monitor_role_set_length (MonitorRole *self, guint seconds);
gboolean monitor_role_is_valid (MonitorRole *self);
gboolean monitor_role_check (MonitorRole *self, GError **error);

G_END_DECLS
