/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Keys that every service gets. The keys of the schema org.booru.host.NAME are added for the
 * service of the plugin NAME, under their own names. */
#define BOORU_CONFIG_DATA_DIR "data-dir"               /* ay */
#define BOORU_CONFIG_RUNTIME_DIR "runtime-dir"         /* ay */
#define BOORU_CONFIG_LIBRARY_FOLDERS "library-folders" /* aay, absolute */
#define BOORU_CONFIG_INGEST_FOLDER "ingest-folder"     /* ay, absolute; absent: none */
#define BOORU_CONFIG_WORKERS "workers"                 /* u */
/* When the host replaces one of several workers; 0: never for that. */
#define BOORU_CONFIG_MAX_REQUESTS "worker-max-requests" /* u */
#define BOORU_CONFIG_MAX_MEMORY "worker-max-memory"     /* u, MiB */
#define BOORU_CONFIG_MAX_AGE "worker-max-age"           /* u, seconds */
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

BooruConfig *booru_config_new (GVariant *dictionary); /* a{sv}; sinks a floating reference */
BooruConfig *booru_config_ref (BooruConfig *self);
void booru_config_unref (BooruConfig *self);
GVariant *booru_config_to_variant (BooruConfig *self); /* transfer none */

gboolean booru_config_has (BooruConfig *self, const char *key);
const char *booru_config_get_string (BooruConfig *self, const char *key, const char *fallback);
const char *booru_config_get_path (BooruConfig *self, const char *key); /* ay; NULL if absent */
char **booru_config_dup_paths (BooruConfig *self, const char *key);     /* aay; raw bytes */
guint booru_config_get_uint (BooruConfig *self, const char *key, guint fallback);
gint64 booru_config_get_int64 (BooruConfig *self, const char *key, gint64 fallback);
double booru_config_get_double (BooruConfig *self, const char *key, double fallback);
gboolean booru_config_get_boolean (BooruConfig *self, const char *key, gboolean fallback);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruConfig, booru_config_unref)

G_END_DECLS
