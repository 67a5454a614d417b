/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WebSettings:
 *
 * The service's configuration, read once into what the code asks for at every request.
 */
typedef struct
{
  char *data_dir;
  char *files_dir;            /* of originals, thumbnails and uploads that wait */
  char *database;             /* as booru_store_open() takes it */
  char *base_url;             /* without a trailing slash; NULL: from the request */
  char *base_path;            /* path of base_url: "/booru"; "" if it has none */
  char *base_host;            /* host of base_url, lower case, without port; NULL */
  char **trusted_hosts;       /* further names under which the server may be asked */
  GPtrArray *trusted_proxies; /* GInetAddressMask, whose X-Forwarded-* count */
  char *time_zone;            /* of searches, pages and the API; NULL: the system's */
  char *accel_redirect;       /* prefix for X-Accel-Redirect; NULL: off */
  gboolean loopback;          /* bound to loopback: single user, without login */
  gboolean dev;
  char *user_header;           /* by which a trusted proxy names the user; NULL: it does not */
  gboolean is_public;          /* visitors see the board */
  BooruAccess new_user_access; /* of users that a proxy or a provider names first; DEFAULT: none */
  gint64 session_length;       /* µs that a session lasts without being used */
  guint write_rate;            /* writes a minute of one user; 0: as many as they like */
  guint max_connections;
  guint max_connections_per_address;
  guint header_timeout;  /* seconds */
  guint idle_timeout;    /* seconds */
  gsize max_upload_size; /* bytes of one request */
} WebSettings;

WebSettings *web_settings_new (BooruConfig *config);

/* A BooruSettingsCheck: what web_settings_new() would ignore with a warning is refused. */
gboolean web_settings_check (BooruConfig *wanted, BooruConfig *current, GError **error);
void web_settings_free (WebSettings *self);

/* Whether an address is one whose X-Forwarded-* headers count; address: NULL: unknown. */
gboolean web_settings_is_trusted_proxy (const WebSettings *self, GSocketAddress *address);

/* The encoded path without that of the base URL, which a proxy may have removed already. */
const char *web_settings_skip_base_path (const WebSettings *self, const char *path);

/* Whether the board is for the user of this machine only. */
gboolean web_settings_is_private (const WebSettings *self);

/* Whether a host name or address, without port, can only mean this machine; brackets are allowed.
 */
gboolean web_settings_is_loopback_host (const char *host);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebSettings, web_settings_free)

G_END_DECLS
