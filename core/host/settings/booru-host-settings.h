/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/booru-settings.h"
#include "booru-host-options.h"

G_BEGIN_DECLS

/**
 * BooruHostSettings:
 *
 * The settings of the host and of all plugins that have some.
 *
 * Signals:
 *  - "changed" (): a value is another one than before
 */
#define BOORU_TYPE_HOST_SETTINGS (booru_host_settings_get_type ())
G_DECLARE_FINAL_TYPE (BooruHostSettings, booru_host_settings, BOORU, HOST_SETTINGS, GObject)

/* Reads those of the host, with environment and command line applied. @options: unowned, outlive
 * it. */
BooruHostSettings *booru_host_settings_new (const BooruHostOptions *options, GError **error);

/* BOORU_SCHEMA_HOST; transfer none. */
BooruSettings *booru_host_settings_get_own (BooruHostSettings *self);

/* Of the plugin's own schema: transfer full; NULL: it has none. FALSE: they cannot be read. */
gboolean booru_host_settings_open_plugin (BooruHostSettings *self,
                                          const char *plugin,
                                          BooruSettings **settings,
                                          GError **error);

/* By the schema's name; BOORU_ERROR_NOT_FOUND. Transfer full. */
BooruSettings *
booru_host_settings_find (BooruHostSettings *self, const char *schema, GError **error);

/* Reads files again now; on error the values stay. */
gboolean booru_host_settings_reload (BooruHostSettings *self, GError **error);

/* Whether a change takes effect without a restart of the host. */
gboolean booru_host_setting_is_live (const char *schema, const char *key);

G_END_DECLS
