/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-supervisor.h"

G_BEGIN_DECLS

/**
 * BooruHostedService:
 *
 * One service, what runs it, and how far it is.
 *
 * Signals:
 *  - "changed" (): what administrators see of it may be different
 *  - "event" (const char *topic, const char *text): something happened
 *  - "publish" (gpointer origin, const char *topic, GVariant *payload): an event for all others
 *  - "ask" (guint question, GVariant *argument, GTask *): a process asks a BooruHostQuestion
 *  - "fault" (const BooruChildEnd *): a process failed
 *  - "settled" (): booru_hosted_service_is_settled() is true from now on
 *  - "failed" (GError *): for good
 *  - "stopped" (): after booru_hosted_service_stop()
 */
#define BOORU_TYPE_HOSTED_SERVICE (booru_hosted_service_get_type ())
G_DECLARE_FINAL_TYPE (BooruHostedService, booru_hosted_service, BOORU, HOSTED_SERVICE, GObject)

/* What it shares with the other services. */
typedef struct
{
  gboolean verbose;
  int listener;            /* -1: none */
  const char *url;         /* of the listener; or NULL */
  const char *runtime_dir; /* of pid files */
} BooruServiceSurroundings;

/* @plugins: all that run; of those that extend the service its processes load, too. */
BooruHostedService *booru_hosted_service_new (BooruPluginInfo *plugin,
                                              const BooruService *service,
                                              GPtrArray *plugins,
                                              const BooruServiceSurroundings *surroundings,
                                              BooruConfig *config);

void booru_hosted_service_start (BooruHostedService *self); /* if it was not started yet */
void booru_hosted_service_stop (BooruHostedService *self);  /* in order; once */
void booru_hosted_service_kill (BooruHostedService *self);
/* Stops it, to be taken out of the set. */
void booru_hosted_service_remove (BooruHostedService *self);
void
booru_hosted_service_configure (BooruHostedService *self, BooruConfig *config, gboolean verbose);

/* Replaces its processes if it is extended by others of @plugins, all that run, than before. */
gboolean booru_hosted_service_extend (BooruHostedService *self, GPtrArray *plugins);

/* Replaces its processes, new before old. */
void booru_hosted_service_roll (BooruHostedService *self);

/* Finishes when it has settled, and when no replacement is under way, with why one failed. */
void booru_hosted_service_wait_async (BooruHostedService *self,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean
booru_hosted_service_wait_finish (BooruHostedService *self, GAsyncResult *result, GError **error);

const char *booru_hosted_service_get_name (BooruHostedService *self);
const char *booru_hosted_service_get_label (BooruHostedService *self);
BooruPluginInfo *booru_hosted_service_get_plugin (BooruHostedService *self);
BooruConfig *booru_hosted_service_get_config (BooruHostedService *self); /* what it was told */
const BooruServiceSpec *booru_hosted_service_get_spec (BooruHostedService *self);
BooruSupervisor *booru_hosted_service_get_supervisor (BooruHostedService *self);

/* "starting", "ready", "degraded", "failed", or "failing" (and tried again for ever). */
const char *booru_hosted_service_get_state (BooruHostedService *self);
gboolean booru_hosted_service_is_started (BooruHostedService *self); /* all of it was ready once */
gboolean booru_hosted_service_has_failed (BooruHostedService *self);

/* All of it was ready once, or it failed for good, or keeps failing. */
gboolean booru_hosted_service_is_settled (BooruHostedService *self);
gboolean booru_hosted_service_is_rolling (BooruHostedService *self);
gboolean booru_hosted_service_is_stopping (BooruHostedService *self);
gboolean booru_hosted_service_is_stopped (BooruHostedService *self);
gboolean booru_hosted_service_is_removed (BooruHostedService *self); /* or about to be */

/* What its process published about itself (BOORU_EVENT_STATUS), a{sv}; NULL: nothing, or the
 * process is gone. */
GVariant *booru_hosted_service_get_published (BooruHostedService *self);

G_END_DECLS
