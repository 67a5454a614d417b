/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BooruSettings:
 *
 * The value of each setting, from the highest of: option of this run, environment, GSettings
 * (dconf, or a keyfile), the schema's default. One object covers one schema (org.booru.host or
 * org.booru.host.NAME). Signal "changed" (const char *key): the effective value differs now.
 */
#define BOORU_TYPE_SETTINGS (booru_settings_get_type ())
G_DECLARE_FINAL_TYPE (BooruSettings, booru_settings, BOORU, SETTINGS, GObject)

typedef enum
{
  BOORU_SETTING_DEFAULT,
  BOORU_SETTING_STORED,
  BOORU_SETTING_ENVIRONMENT,
  BOORU_SETTING_OPTION,
} BooruSettingOrigin;

/* schema_id: BOORU_ERROR_CONFIG if it is not installed. keyfile: where settings are stored; NULL:
 * the file that BOORU_SETTINGS names, else dconf if there is a session bus, else settings.conf in
 * the user's configuration folder. BOORU_ERROR_CONFIG, with line and reason, if the file cannot be
 * read, or holds a value that is wrong for its key. A file that does not exist is created when
 * something is stored. A file that is broken later, while the program runs, is a warning: the last
 * good values stay. */
BooruSettings *booru_settings_new (const char *schema_id, const char *keyfile, GError **error);

/* Reads a keyfile again at once, instead of when its change is noticed. On error (as in
 * booru_settings_new()) the last good values stay. */
gboolean booru_settings_reload (BooruSettings *self, GError **error);

/* An environment variable that gives the key's value while it is set; parsed by the key's type
 * (b: 1 0 true false yes no on off; numbers; strings; aay: colon-separated paths). A value that
 * does not parse or is out of the schema's range is BOORU_ERROR_CONFIG naming variable, value,
 * range. An empty variable counts as unset. Of several variables bound to one key the first that is
 * set counts. */
gboolean booru_settings_bind_environment (BooruSettings *self,
                                          const char *key,
                                          const char *variable,
                                          GError **error);

/* For this run; checked against type and range: BOORU_ERROR_USAGE; NULL: no option any more. */
gboolean
booru_settings_set_option (BooruSettings *self, const char *key, GVariant *value, GError **error);

/* For good; sinks a floating value; NULL: back to the default. BOORU_ERROR_INVALID,
 * BOORU_ERROR_DENIED. */
gboolean
booru_settings_store (BooruSettings *self, const char *key, GVariant *value, GError **error);

/* Transfer full, never floating. */
GVariant *booru_settings_get (BooruSettings *self, const char *key);
char *booru_settings_get_string (BooruSettings *self, const char *key);
char **booru_settings_get_strv (BooruSettings *self, const char *key);
guint booru_settings_get_uint (BooruSettings *self, const char *key); /* types q and u */
gboolean booru_settings_get_boolean (BooruSettings *self, const char *key);
BooruSettingOrigin booru_settings_get_origin (BooruSettings *self, const char *key);

/* a{sv} of all keys' effective values, or, without @options, of what they were without the options
 * of this run; transfer full, never floating. */
GVariant *booru_settings_to_dictionary (BooruSettings *self, gboolean options);

/* The file that booru_settings_new() would use; NULL: none, but dconf or what GSETTINGS_BACKEND
 * says. Transfer full. */
char *booru_settings_dup_keyfile (const char *keyfile);
const char *booru_settings_get_keyfile (BooruSettings *self); /* NULL: as above */

/* Something wrong with a settings file. */
typedef struct
{
  guint line;        /* 0: not one of its lines */
  gboolean harmless; /* it is ignored; otherwise the whole file is refused */
  char *text;        /* what, with file and line */
} BooruSettingsFault;
GPtrArray *booru_settings_inspect_keyfile (const char *path, GError **error);

/* The variables of the environment that go before settings of BOORU_SCHEMA_HOST. */
typedef struct
{
  const char *key, *variable;
} BooruSettingsVariable;

/* The last one's key is NULL; of those of one key the first that is set counts. */
const BooruSettingsVariable *booru_settings_list_variables (void);
gboolean booru_settings_bind_variables (BooruSettings *self, GError **error); /* all of them */

gboolean booru_settings_has_schema (const char *schema_id); /* whether it is installed */
gboolean booru_settings_has_key (BooruSettings *self, const char *key);
char **booru_settings_list_keys (BooruSettings *self); /* sorted; transfer full */
/* a{sv}: summary (s), description (s), takes (s, in words), default (v), minimum and maximum (v;
 * absent: none), choices (as; absent: any); transfer full, never floating. */
GVariant *booru_settings_describe (BooruSettings *self, const char *key);

/* NULL: nothing is stored. */
GVariant *booru_settings_dup_stored (BooruSettings *self, const char *key);

/* The words that variables may use for b; FALSE: none of them. */
gboolean booru_settings_parse_boolean (const char *text, gboolean *value);

G_END_DECLS
