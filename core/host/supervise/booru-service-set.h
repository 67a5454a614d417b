/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-hosted-service.h"

G_BEGIN_DECLS

/**
 * BooruServiceSet:
 *
 * All services, in the order of dependency; stopped in the opposite one. Passes events on from each
 * process to all others.
 *
 * Signals:
 *  - "changed" (): what administrators see of a service, or which there are, may be different
 *  - "event" (const char *topic, const char *text): something happened
 *  - "ask" (guint question, GVariant *argument, GTask *): a process asks a BooruHostQuestion
 *  - "fault" (const BooruChildEnd *): a process failed
 *  - "failed" (BooruHostedService *, GError *): a service failed for good
 *  - "settled" (): each service is ready, has failed or keeps failing; for the first time
 *  - "stopped" (): after booru_service_set_stop()
 */
#define BOORU_TYPE_SERVICE_SET (booru_service_set_get_type ())
G_DECLARE_FINAL_TYPE (BooruServiceSet, booru_service_set, BOORU, SERVICE_SET, GObject)

BooruServiceSet *booru_service_set_new (void);

guint booru_service_set_get_n (BooruServiceSet *self);
BooruHostedService *booru_service_set_get (BooruServiceSet *self, guint i);

/* Also one that is about to go; NULL: none. */
BooruHostedService *booru_service_set_find (BooruServiceSet *self, const char *name);

void booru_service_set_add (BooruServiceSet *self, BooruHostedService *service); /* transfer none */
void booru_service_set_start (BooruServiceSet *self); /* those that were added since */
void booru_service_set_stop (BooruServiceSet *self);  /* one after the other; once */
void booru_service_set_kill (BooruServiceSet *self);

/* Looks at the heartbeats. FALSE: an essential service is not healthy. */
gboolean booru_service_set_check (BooruServiceSet *self, gint64 now, gboolean late);

/* Finishes when none of @services (BooruHostedService) starts or is being replaced any longer: with
 * the first error. */
void
booru_services_wait_async (GPtrArray *services, GAsyncReadyCallback callback, gpointer user_data);
gboolean booru_services_wait_finish (GAsyncResult *result, GError **error);

/* Asks one service after the other, the last first, for a report (BooruReport), until one knows
 * it. @task: transfer full: returns a GVariant, or BOORU_ERROR_UNSUPPORTED if none does. */
void booru_service_set_report (BooruServiceSet *self,
                               const char *name,
                               GVariant *arguments,
                               GTask *task);

/* What the services published about themselves under @key; NULL: nothing of that type. Transfer
 * full. */
GVariant *
booru_service_set_dup_published (BooruServiceSet *self, const char *key, const GVariantType *type);

/* As org.booru.Host1's property State says it: "starting", "ready", "reloading", "degraded",
 * "stopping". */
const char *booru_service_set_get_state (BooruServiceSet *self);
gboolean booru_service_set_is_settled (BooruServiceSet *self); /* "settled" was emitted */
gboolean booru_service_set_is_stopping (BooruServiceSet *self);

G_END_DECLS
