/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Keys that every service gets. The keys of the schema org.booru.host.NAME are added for the
 * service of the plugin NAME, under their own names. */
#define BOORU_CONFIG_DATA_DIR "data-dir"       /* ay */
#define BOORU_CONFIG_FILES_DIR "files-dir"     /* ay; the data folder, unless it was set */
#define BOORU_CONFIG_DATABASE "database"       /* s; empty: SQLite's in the data folder */
#define BOORU_CONFIG_RUNTIME_DIR "runtime-dir" /* ay */
/* As they were set: booru_folders_new() says what they come to. */
#define BOORU_CONFIG_LIBRARY_FOLDERS "library-folders" /* aay */
#define BOORU_CONFIG_INGEST_FOLDER "ingest-folder"     /* ay */
#define BOORU_CONFIG_WORKERS "workers"                 /* u */
/* When the host replaces one of several workers; 0: never for that. */
#define BOORU_CONFIG_MAX_REQUESTS "worker-max-requests" /* u */
#define BOORU_CONFIG_MAX_MEMORY "worker-max-memory"     /* u, MiB */
#define BOORU_CONFIG_MAX_AGE "worker-max-age"           /* u, seconds */
/* Of a service's processes: name → MiB, processes; 0: no limit. */
#define BOORU_CONFIG_SERVICE_LIMITS "service-limits" /* a{s(uu)} */
#define BOORU_CONFIG_SHARED "shared"   /* b: other hosts may use the data folder, too */
#define BOORU_CONFIG_DEV "dev"         /* b: development mode */
#define BOORU_CONFIG_VERBOSE "verbose" /* b */
#define BOORU_CONFIG_ADDRESS "address" /* s, what the listener is bound to */
#define BOORU_CONFIG_PORT "port"       /* u */

/**
 * BooruConfig:
 *
 * What the host tells a service: an immutable, reference-counted dictionary. The host has validated
 * it. A change arrives as a whole new #BooruConfig.
 */
typedef struct _BooruConfig BooruConfig;

/**
 * booru_config_new:
 * @dictionary: an a{sv}; a floating reference is sunk
 *
 * Returns: (transfer full): a configuration with the entries of @dictionary
 */
BooruConfig *booru_config_new (GVariant *dictionary);

/**
 * booru_config_ref:
 * @self: a configuration
 *
 * Returns: (transfer full): @self
 */
BooruConfig *booru_config_ref (BooruConfig *self);

/**
 * booru_config_unref:
 * @self: (transfer full): a configuration
 */
void booru_config_unref (BooruConfig *self);

/**
 * booru_config_to_variant:
 * @self: a configuration
 *
 * Returns: (transfer none): its entries, an a{sv}
 */
GVariant *booru_config_to_variant (BooruConfig *self);

/**
 * booru_config_has:
 * @self: a configuration
 * @key: name of an entry
 *
 * Returns: whether there is such an entry
 */
gboolean booru_config_has (BooruConfig *self, const char *key);

/**
 * booru_config_get_string:
 * @self: a configuration
 * @key: name of an entry of type s
 * @fallback: (nullable): what to return if there is none
 *
 * Returns: (transfer none): the string, owned by @self
 */
const char *booru_config_get_string (BooruConfig *self, const char *key, const char *fallback);

/**
 * booru_config_get_path:
 * @self: a configuration
 * @key: name of an entry of type ay
 *
 * Returns: (transfer none) (nullable): the path, raw bytes, owned by @self; %NULL if there is none
 */
const char *booru_config_get_path (BooruConfig *self, const char *key);

/**
 * booru_config_dup_paths:
 * @self: a configuration
 * @key: name of an entry of type aay
 *
 * Returns: (transfer full) (array zero-terminated=1): the paths, raw bytes; empty if there is no
 *   such entry
 */
char **booru_config_dup_paths (BooruConfig *self, const char *key);

/**
 * booru_config_get_uint:
 * @self: a configuration
 * @key: name of an entry of any integer type
 * @fallback: what to return if there is none
 *
 * Returns: its value, clamped to the range of a guint
 */
guint booru_config_get_uint (BooruConfig *self, const char *key, guint fallback);

/**
 * booru_config_get_int64:
 * @self: a configuration
 * @key: name of an entry of any integer type
 * @fallback: what to return if there is none
 *
 * Returns: its value
 */
gint64 booru_config_get_int64 (BooruConfig *self, const char *key, gint64 fallback);

/**
 * booru_config_get_double:
 * @self: a configuration
 * @key: name of an entry of type d
 * @fallback: what to return if there is none
 *
 * Returns: its value
 */
double booru_config_get_double (BooruConfig *self, const char *key, double fallback);

/**
 * booru_config_get_boolean:
 * @self: a configuration
 * @key: name of an entry of type b
 * @fallback: what to return if there is none
 *
 * Returns: its value
 */
gboolean booru_config_get_boolean (BooruConfig *self, const char *key, gboolean fallback);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruConfig, booru_config_unref)

G_END_DECLS
