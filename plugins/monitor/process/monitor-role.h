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
  /* Whether this process could do the role's work now: somebody else may be able to. NULL: yes. */
  gboolean (*may_take) (gpointer user_data);
  /* The role is this process's; what @store writes from now on is fenced by it. */
  void (*taken) (gpointer user_data);
  /* It was lost. Nothing that is still under way is written; afterwards monitor_role_wait(). */
  void (*lost) (gpointer user_data);
} MonitorRoleFuncs;

/* @store: where the lease is
 * @data_dir: the data folder
 * @seconds: for which the role is taken
 * @funcs: called as it comes and goes
 * Returns: (transfer full): the role, not held */
MonitorRole *monitor_role_new (BooruStore *store,
                               const char *data_dir,
                               guint seconds,
                               const MonitorRoleFuncs *funcs,
                               gpointer user_data);

void monitor_role_free (MonitorRole *self); /* releases it */

/* This process as the holder of the lease, for people, and for those beside it: transfer full. */
char *monitor_role_dup_holder (const char *data_dir);

/* Takes the role as soon as nobody has it, perhaps at once; taken() is called then. */
void monitor_role_wait (MonitorRole *self);

/* Gives the role back, if it is held, or stops waiting for it. Nothing is written afterwards. */
void monitor_role_release (MonitorRole *self);

/* To be told when a write was refused by the fence. */
void monitor_role_lose (MonitorRole *self);

/* @seconds: for which it is taken and renewed, from the next time on */
void monitor_role_set_length (MonitorRole *self, guint seconds);

/* From any thread. Nobody can take a role before its lease ends by the same clock.
 * @self: (nullable): the role; %NULL is one that nobody else wants
 * Returns: whether the role is certainly this process's at this moment */
gboolean monitor_role_is_valid (MonitorRole *self);

/* To be asked right before a file is moved. From any thread.
 * @self: (nullable): a lease
 * @error: BOORU_ERROR_FENCED */
gboolean monitor_role_check (MonitorRole *self, GError **error);

G_END_DECLS
