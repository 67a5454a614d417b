/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-settings.h"

#include <string.h>

static char *
dup_non_empty (BooruConfig *config, const char *key)
{
  const char *value = booru_config_get_string (config, key, NULL);

  return value && *value ? g_strdup (value) : NULL;
}

static char **
dup_strv (BooruConfig *config, const char *key)
{
  char **value = NULL;

  if (!g_variant_lookup (booru_config_to_variant (config), key, "^as", &value))
    value = g_new0 (char *, 1);
  return value;
}

static gboolean
is_changed (BooruConfig *wanted, BooruConfig *current, const char *key)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (booru_config_to_variant (wanted), key, NULL);
  g_autoptr (GVariant) before
      = g_variant_lookup_value (booru_config_to_variant (current), key, NULL);

  return value && (before == NULL || !g_variant_equal (value, before));
}

static GInetAddressMask *
parse_mask (const char *text, GError **error)
{
  GInetAddressMask *mask = g_inet_address_mask_new_from_string (text, NULL);

  if (mask == NULL)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                 "“%s” is neither an address nor a network. Enter one such as 10.0.0.0/8", text);
  return mask;
}

static gboolean
check_masks (char **texts, GError **error)
{
  for (; *texts; texts++)
    {
      g_autoptr (GInetAddressMask) mask = parse_mask (*texts, error);

      if (mask == NULL)
        return FALSE;
    }
  return TRUE;
}

static GUri *
parse_base_url (const char *url, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);

  if (uri && g_uri_get_host (uri))
    return g_steal_pointer (&uri);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "“%s” is not an absolute URL. Enter one such as https://booru.example/", url);
  return NULL;
}

static gboolean
check_base_url (const char *url, GError **error)
{
  g_autoptr (GUri) uri = url ? parse_base_url (url, error) : NULL;

  return url == NULL || uri;
}

static gboolean
check_time_zone (const char *name, GError **error)
{
  g_autoptr (GTimeZone) zone = name ? g_time_zone_new_identifier (name) : NULL;

  if (name == NULL || zone)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "“%s” is not a known time zone. Enter one such as Europe/Berlin", name);
  return FALSE;
}

static gboolean
check_access (const char *name, GError **error)
{
  BooruAccess access;

  return name == NULL || booru_access_from_name (name, &access, error);
}

/* As a header is written: RFC 9110, 5.6.2. */
static gboolean
check_header (const char *name, GError **error)
{
  for (const char *at = name; at && *at; at++)
    if (!g_ascii_isalnum (*at) && *at != '-')
      {
        g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                     "“%s” is not the name of a header. Enter one such as Remote-User", name);
        return FALSE;
      }
  return TRUE;
}

/* What stands in the settings since before is a warning when the service starts. Folders are
 * checked by the monitor as well, which need not run. */
gboolean
web_settings_check (BooruConfig *wanted, BooruConfig *current, GError **error)
{
  g_autofree char *url = dup_non_empty (wanted, "base-url");
  g_autofree char *zone = dup_non_empty (wanted, "time-zone");
  g_autofree char *level = dup_non_empty (wanted, "new-user-level");
  g_autofree char *header = dup_non_empty (wanted, "user-header");
  g_auto (GStrv) proxies = dup_strv (wanted, "trusted-proxies");

  return booru_folders_check (wanted, current, error)
         && (!is_changed (wanted, current, "base-url") || check_base_url (url, error))
         && (!is_changed (wanted, current, "time-zone") || check_time_zone (zone, error))
         && (!is_changed (wanted, current, "new-user-level") || check_access (level, error))
         && (!is_changed (wanted, current, "user-header") || check_header (header, error))
         && (!is_changed (wanted, current, "trusted-proxies") || check_masks (proxies, error));
}

static GPtrArray *
read_masks (BooruConfig *config, const char *key)
{
  g_auto (GStrv) texts = dup_strv (config, key);
  GPtrArray *masks = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; texts[i]; i++)
    {
      g_autoptr (GError) error = NULL;
      GInetAddressMask *mask = parse_mask (texts[i], &error);

      if (mask)
        g_ptr_array_add (masks, mask);
      else
        g_warning ("Part of the setting %s is ignored: %s", key, error->message);
    }
  return masks;
}

gboolean
web_settings_is_trusted_proxy (const WebSettings *self, GSocketAddress *address)
{
  GInetAddress *inet;

  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return FALSE;
  inet = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address));
  for (guint i = 0; i < self->trusted_proxies->len; i++)
    if (g_inet_address_mask_matches (self->trusted_proxies->pdata[i], inet))
      return TRUE;
  return FALSE;
}

gboolean
web_settings_is_loopback_host (const char *host)
{
  g_autofree char *bare = NULL;
  g_autoptr (GInetAddress) address = NULL;
  gsize length = strlen (host);

  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;
  if (length > 10 && g_ascii_strcasecmp (host + length - 10, ".localhost") == 0)
    return TRUE;

  if (host[0] == '[' && host[length - 1] == ']')
    bare = g_strndup (host + 1, length - 2);
  address = g_inet_address_new_from_string (bare ? bare : host);
  return address && g_inet_address_get_is_loopback (address);
}

static void
set_base_url (WebSettings *self, char *url)
{
  g_autofree char *given = url;
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GError) error = NULL;

  if (given == NULL)
    return;

  uri = parse_base_url (given, &error);
  if (uri == NULL)
    {
      g_warning ("The setting base-url is ignored: %s", error->message);
      return;
    }
  while (g_str_has_suffix (given, "/"))
    given[strlen (given) - 1] = '\0';
  self->base_host = g_ascii_strdown (g_uri_get_host (uri), -1);
  self->base_path = g_strdup (g_uri_get_path (uri));
  while (g_str_has_suffix (self->base_path, "/"))
    self->base_path[strlen (self->base_path) - 1] = '\0';
  self->base_url = g_steal_pointer (&given);
}

const char *
web_settings_skip_base_path (const WebSettings *self, const char *path)
{
  gsize length = strlen (self->base_path);

  if (length == 0 || strncmp (path, self->base_path, length) != 0)
    return path;
  return path[length] == '/' ? path + length : path[length] == '\0' ? "/" : path;
}

gboolean
web_settings_is_private (const WebSettings *self)
{
  return self->loopback
         && (self->base_host == NULL || web_settings_is_loopback_host (self->base_host));
}

static BooruAccess
read_access (BooruConfig *config, const char *key)
{
  const char *name = booru_config_get_string (config, key, "");
  g_autoptr (GError) error = NULL;
  BooruAccess access = BOORU_ACCESS_DEFAULT;

  if (*name && !booru_access_from_name (name, &access, &error))
    g_warning ("The setting %s is ignored: %s", key, error->message);
  return access;
}

WebSettings *
web_settings_new (BooruConfig *config)
{
  WebSettings *self = g_new0 (WebSettings, 1);
  const char *address = booru_config_get_string (config, BOORU_CONFIG_ADDRESS, "127.0.0.1");

  self->data_dir = g_strdup (booru_config_get_path (config, BOORU_CONFIG_DATA_DIR));
  self->files_dir = g_strdup (booru_config_get_path (config, BOORU_CONFIG_FILES_DIR));
  if (self->files_dir == NULL)
    self->files_dir = g_strdup (self->data_dir);
  self->database = g_strdup (booru_config_get_string (config, BOORU_CONFIG_DATABASE, NULL));
  set_base_url (self, dup_non_empty (config, "base-url"));
  if (self->base_path == NULL)
    self->base_path = g_strdup ("");
  self->trusted_hosts = dup_strv (config, "trusted-hosts");
  self->trusted_proxies = read_masks (config, "trusted-proxies");
  self->time_zone = dup_non_empty (config, "time-zone");
  self->accel_redirect = dup_non_empty (config, "accel-redirect");
  self->loopback = web_settings_is_loopback_host (address);
  self->user_header = dup_non_empty (config, "user-header");
  self->is_public = booru_config_get_boolean (config, "public", FALSE);
  self->new_user_access = read_access (config, "new-user-level");
  self->session_length
      = (gint64)booru_config_get_uint (config, "session-days", 30) * G_TIME_SPAN_DAY;
  self->write_rate = booru_config_get_uint (config, "write-rate", 0);
  self->dev = booru_config_get_boolean (config, BOORU_CONFIG_DEV, FALSE);
  self->max_connections = booru_config_get_uint (config, "max-connections", 1024);
  self->max_connections_per_address
      = booru_config_get_uint (config, "max-connections-per-address", 128);
  self->header_timeout = booru_config_get_uint (config, "header-timeout", 15);
  self->idle_timeout = booru_config_get_uint (config, "idle-timeout", 60);
  self->max_upload_size = (gsize)booru_config_get_uint (config, "max-upload-size", 1024) << 20;
  return self;
}

void
web_settings_free (WebSettings *self)
{
  g_free (self->user_header);
  g_free (self->data_dir);
  g_free (self->files_dir);
  g_free (self->database);
  g_free (self->base_url);
  g_free (self->base_path);
  g_free (self->base_host);
  g_strfreev (self->trusted_hosts);
  g_ptr_array_unref (self->trusted_proxies);
  g_free (self->time_zone);
  g_free (self->accel_redirect);
  g_free (self);
}
