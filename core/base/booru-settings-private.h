/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The group of a settings keyfile that holds the keys of the schema org.booru.host; those of
 * org.booru.host.NAME are in the group NAME. */
#define BOORU_SETTINGS_ROOT_GROUP "host"

/* A value out of an environment variable's words; transfer full, never floating. NULL: not a value
 * of that type. */
GVariant *booru_settings_parse (const GVariantType *type, const char *text);

/* What a key takes, in words: "a number from 1 to 64". */
char *booru_settings_describe_key (GSettingsSchemaKey *key);

/* The tree's schemas, then the installed ones. NULL if there are neither: BOORU_ERROR_CONFIG. */
GSettingsSchemaSource *booru_settings_open_source (GError **error);

/* Whether GKeyfileSettingsBackend will find in the file what its user meant: it reads no file, a
 * broken file and a broken value alike, as if nothing was there. */
gboolean booru_settings_check_keyfile (GSettingsSchema *schema,
                                       GSettingsSchemaSource *source,
                                       const char *path,
                                       GError **error);

/* Whether the file, not only its backend's memory, has this value of a key; NULL: none. */
gboolean booru_settings_keyfile_holds (GSettingsSchema *schema,
                                       const char *path,
                                       const char *name,
                                       GVariant *value);

G_END_DECLS
