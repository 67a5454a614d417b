/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/settings/booru-host-options.h"
#include "plugin/booru-plugin-info.h"

G_BEGIN_DECLS

/**
 * BooruPluginSet:
 *
 * The plugins that there are, those that run, and what is wrong with the others. Each is tried in a
 * process of its own before it may run.
 *
 * Signals:
 *  - "changed" (): which there are, which run, or what is wrong with one may be different
 *  - "replaced" (): files of plugins that run were replaced
 */
#define BOORU_TYPE_PLUGIN_SET (booru_plugin_set_get_type ())
G_DECLARE_FINAL_TYPE (BooruPluginSet, booru_plugin_set, BOORU, PLUGIN_SET, GObject)

/* options: unowned, outlive it. */
BooruPluginSet *booru_plugin_set_new (const BooruHostOptions *options);

/* Remembers in that folder from now on which plugins crash (BooruPoison). Those that the command
 * line names are forgiven. */
void booru_plugin_set_use_data_dir (BooruPluginSet *self, const char *data_dir);

/* Looks for plugins anew. Those that run stay what they are. */
void booru_plugin_set_discover (BooruPluginSet *self);

/* BooruPluginInfo; transfer none. */
GPtrArray *booru_plugin_set_get_available (BooruPluginSet *self);
GPtrArray *booru_plugin_set_get_running (BooruPluginSet *self); /* dependencies first */
void booru_plugin_set_set_running (BooruPluginSet *self, GPtrArray *plugins);
gboolean booru_plugin_set_runs (BooruPluginSet *self, const char *name);

/* What is wrong with it; NULL: nothing is known. */
const char *booru_plugin_set_get_fault (BooruPluginSet *self, const char *name);

/* It harmed the processes that loaded it: not to be used until its module is replaced, or it is
 * forgiven. */
void booru_plugin_set_avoid (BooruPluginSet *self, BooruPluginInfo *info, const char *why);

/* Somebody asks for it by name: it may be tried again. */
void booru_plugin_set_forgive (BooruPluginSet *self, const char *name);

/* Counts a process of others that it took down (@why). TRUE: too many in a minute; it is to be
 * avoided from now on. */
gboolean booru_plugin_set_charge (BooruPluginSet *self, const char *name, const char *why);

/* Tries the plugins named and those that they depend on, and loads those that stand it. One that is
 * broken is a warning, and left out with all that depends on it. Finishes with the plugins,
 * dependencies first (transfer full), or BOORU_ERROR_CONFIG naming the essential one that cannot be
 * used, and why. */
void booru_plugin_set_load_async (BooruPluginSet *self,
                                  const char *const *names,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GPtrArray *
booru_plugin_set_load_finish (BooruPluginSet *self, GAsyncResult *result, GError **error);

/* Reads the metadata of those plugins that run and were replaced, and tries their modules. Whatever
 * comes of it, the same files are not tried again. Finishes with the plugins replaced (transfer
 * full), or BOORU_ERROR_CONFIG naming one that cannot be used as it is now. */
void booru_plugin_set_check_async (BooruPluginSet *self,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GPtrArray *
booru_plugin_set_check_finish (BooruPluginSet *self, GAsyncResult *result, GError **error);

G_END_DECLS
