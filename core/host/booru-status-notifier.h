/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/rollout/booru-generation.h"

G_BEGIN_DECLS

/**
 * BooruStatusNotifier:
 *
 * Tells the service manager how everything is: the states of sd_notify(3).
 */
typedef struct _BooruStatusNotifier BooruStatusNotifier;

BooruStatusNotifier *booru_status_notifier_new (BooruHostParts *parts); /* unowned, outlive it */
void booru_status_notifier_free (BooruStatusNotifier *self);

/* Something may be different: says so in a line, if it is. */
void booru_status_notifier_update (BooruStatusNotifier *self);

/* A reload begins, or is over. They may overlap: the first and the last of them count. */
void booru_status_notifier_set_reloading (BooruStatusNotifier *self, gboolean begins);

/* At each check of the heartbeats; @healthy: all essential services are. */
void booru_status_notifier_tell_alive (BooruStatusNotifier *self, gboolean healthy);

/* Milliseconds between two checks, so that one that is late does not use up the manager's
 * patience; @usual: where there is no manager that watches. */
guint booru_status_notifier_get_interval (guint usual);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruStatusNotifier, booru_status_notifier_free)

G_END_DECLS
