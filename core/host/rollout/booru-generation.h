/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/plugins/booru-plugin-set.h"
#include "host/settings/booru-host-config.h"
#include "host/settings/booru-host-settings.h"
#include "host/settings/booru-setting-change.h"
#include "host/supervise/booru-listener.h"
#include "host/supervise/booru-service-set.h"

G_BEGIN_DECLS

/* What a generation is made from, and what it takes effect on. */
typedef struct
{
  BooruHostOptions *options;
  BooruHostSettings *settings;
  BooruPluginSet *plugins;
  BooruServiceSet *services;
  BooruHostConfig *config; /* in effect */
  BooruListener *listener; /* NULL: no service wanted one yet */
  GVariant *enabled;       /* the setting enabled-plugins in effect; NULL: none yet */
} BooruHostParts;

/**
 * BooruGeneration:
 *
 * Plugins and configuration that are to take over from those in effect: prepared and checked first,
 * in which nothing changes; then committed.
 */
typedef struct _BooruGeneration BooruGeneration;

/* Reads the settings, tries plugins that are new, and has all of them check their configuration.
 * @again: the plugins to run are chosen anew even where the setting is the same; @change: what was
 * stored for it, or NULL. Finishes with the generation (transfer full), or with what is wrong. */
void booru_generation_prepare_async (BooruHostParts *parts,
                                     gboolean again,
                                     const BooruSettingChange *change,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
BooruGeneration *booru_generation_prepare_finish (GAsyncResult *result, GError **error);
void booru_generation_free (BooruGeneration *self);

GPtrArray *booru_generation_get_plugins (BooruGeneration *self); /* BooruPluginInfo */

/* Takes effect: starts, stops, extends and configures services. Returns those (BooruHostedService,
 * transfer full) that it starts, or whose processes it replaces; NULL on error: nothing changed. */
GPtrArray *booru_generation_commit (BooruGeneration *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruGeneration, booru_generation_free)

G_END_DECLS
