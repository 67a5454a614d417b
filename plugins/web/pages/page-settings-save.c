/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Saving settings: POST /system/settings. One after the other, as the host takes them; what it
 * refuses is shown beside its field. */
#include <string.h>

#include "page-settings.h"
#include "page-text.h"
#include "web-form-token.h"
#include "http/web-guard.h"

typedef struct
{
  WebRequest *request;
  char *schema;
  GPtrArray *settings; /* PageSetting; NULL: not asked for yet */
  GPtrArray *changes;  /* PageSetting, not owned, that are still to be stored */
  PageSetting *current;
  guint n_stored, n_refused;
} Save;

static void store_next (Save *self);

static void
save_free (Save *self)
{
  g_object_unref (self->request);
  g_free (self->schema);
  g_ptr_array_unref (self->changes);
  g_clear_pointer (&self->settings, g_ptr_array_unref);
  g_free (self);
}

static const char *
get_param (Save *self, const char *name)
{
  return booru_request_get_param (BOORU_REQUEST (self->request), name);
}

static BooruServiceContext *
get_context (Save *self)
{
  return web_worker_get_context (web_request_get_worker (self->request));
}

/* Warnings */

static char *
warn_of_address (const PageSetting *self, GVariant *value, WebRequest *request)
{
  const char *address = g_variant_get_string (value, NULL);
  const char *here = web_request_get_base_url (request);

  if (web_settings_is_loopback_host (address))
    return g_strdup_printf (
        "From the next start on, Booru listens on %s. %s stops working unless it leads to "
        "the same address.",
        address, here);
  return g_strdup_printf (
      "“%s” is reachable from other machines. Without accounts the host refuses to start "
      "with it. To undo: booru-host --address=127.0.0.1",
      address);
}

static char *
warn_of_port (const PageSetting *self, GVariant *value, WebRequest *request)
{
  guint port = g_variant_get_uint16 (value);
  const char *here = web_request_get_base_url (request);

  if (port == 0)
    return g_strdup_printf (
        "The kernel picks a port at each start; “booructl status” shows it. From the next "
        "start on, %s stops working.",
        here);
  return g_strdup_printf ("From the next start on, Booru listens on port %u, and %s stops working.",
                          port, here);
}

static char *
warn_of_data_dir (const PageSetting *self, GVariant *value, WebRequest *request)
{
  const char *folder = g_variant_get_string (value, NULL);

  return g_strdup_printf (
      "From the next start on, Booru uses the database in %s, with its posts and tags. "
      "The current one is not moved; it stays where it is.",
      *folder ? folder : "the user's data folder");
}

static char *
warn_of_files_dir (const PageSetting *self, GVariant *value, WebRequest *request)
{
  const char *folder = g_variant_get_string (value, NULL);

  return g_strdup_printf ("From the next start on, Booru keeps originals and thumbnails in %s. "
                          "Files are not moved: move "
                          "“originals” and “thumbnails” there yourself while Booru is stopped.",
                          *folder ? folder : "the data folder");
}

/* Whether the board would still answer under the name that the page is open under. */
static char *
warn_of_name (const PageSetting *self, GVariant *value, WebRequest *request)
{
  const WebSettings *settings = web_worker_get_settings (web_request_get_worker (request));
  const char *host = booru_request_get_header (BOORU_REQUEST (request), "Host");
  g_autofree char *name = web_guard_dup_hostname (host);
  gboolean hosts = strcmp (self->key, "trusted-hosts") == 0;
  g_autofree const char **words = hosts ? g_variant_get_strv (value, NULL) : NULL;
  g_autoptr (GUri) uri = NULL;
  gboolean kept = FALSE;

  if (name == NULL || !settings->loopback || web_settings_is_loopback_host (name))
    return NULL;
  for (gsize i = 0; words && words[i]; i++)
    kept |= g_ascii_strcasecmp (words[i], name) == 0;
  if (hosts)
    kept |= g_strcmp0 (settings->base_host, name) == 0;
  else
    {
      uri = g_uri_parse (g_variant_get_string (value, NULL), G_URI_FLAGS_NONE, NULL);
      kept = (uri && g_uri_get_host (uri) && g_ascii_strcasecmp (g_uri_get_host (uri), name) == 0)
             || g_strv_contains ((const char *const *)settings->trusted_hosts, name);
    }
  if (kept)
    return NULL;
  return g_strdup_printf (
      "You opened this page as %s. Booru will no longer answer to that name, so this page "
      "will stop working.",
      name);
}

/* What happens when a setting is changed that could lock the administrator out; NULL: nothing of
 * the kind. */
static char *
dup_warning (const PageSetting *self, GVariant *value, WebRequest *request)
{
  static const struct
  {
    const char *schema, *key, *type;
    char *(*warn) (const PageSetting *self, GVariant *value, WebRequest *request);
  } warnings[] = {
    { BOORU_SCHEMA_HOST, "address", "s", warn_of_address },
    { BOORU_SCHEMA_HOST, "port", "q", warn_of_port },
    { BOORU_SCHEMA_HOST, "data-dir", "s", warn_of_data_dir },
    { BOORU_SCHEMA_HOST, "files-dir", "s", warn_of_files_dir },
    { BOORU_SCHEMA_HOST ".web", "trusted-hosts", "as", warn_of_name },
    { BOORU_SCHEMA_HOST ".web", "base-url", "s", warn_of_name },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (warnings); i++)
    if (strcmp (warnings[i].schema, self->schema) == 0 && strcmp (warnings[i].key, self->key) == 0
        && strcmp (warnings[i].type, g_variant_get_type_string (value)) == 0)
      return warnings[i].warn (self, value, request);
  return NULL;
}

/* Asks before it does what could lock the administrator out. TRUE: it asked. */
static gboolean
ask_before (Save *self)
{
  g_auto (WebPage) page = { 0 };
  WebList *warnings, *fields;

  if (get_param (self, "confirm"))
    return FALSE;
  page_system_init_page (&page, self->request, "Confirm change", "/system/settings");
  warnings = web_dict_add_list (page.values, "warnings");
  fields = web_dict_add_list (page.values, "fields");
  web_dict_set_string (page.values, "reset", get_param (self, "reset"));
  web_dict_set_string (page.values, "schema", self->schema);
  for (guint i = 0; i < self->changes->len; i++)
    {
      PageSetting *setting = self->changes->pdata[i];
      g_autoptr (GVariant) value = page_setting_from_text (setting, setting->text);
      g_autofree char *warning = dup_warning (setting, value, self->request);
      WebDict *dict = web_list_append (fields);

      web_dict_set_string (dict, "key", setting->key);
      web_dict_set_string (dict, "value", setting->text);
      if (warning == NULL)
        continue;
      dict = web_list_append (warnings);
      web_dict_set_string (dict, "summary", page_setting_get_summary (setting));
      web_dict_set_string (dict, "warning", warning);
    }
  if (web_list_get_length (warnings) == 0)
    return FALSE;
  web_page_respond (&page, 200, "settings-confirm");
  return TRUE;
}

/* Storing */

static void
finish (Save *self)
{
  if (self->n_refused > 0)
    page_settings_show (self->request, self->settings, 422,
                        self->n_stored > 0 ? "Partly saved. Fix the marked fields."
                                           : "Not saved. Fix the marked fields.",
                        TRUE);
  else
    {
      booru_request_set_header (BOORU_REQUEST (self->request), "Cache-Control", "no-store");
      web_request_redirect (self->request, 303,
                            self->n_stored > 0 ? "/system/settings?saved=1"
                                               : "/system/settings?saved=no");
    }
  save_free (self);
}

static void
on_stored (GObject *context, GAsyncResult *result, gpointer user_data)
{
  Save *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
      = booru_service_context_ask_host_finish (BOORU_SERVICE_CONTEXT (context), result, &error);

  if (answer)
    self->n_stored++;
  else
    {
      self->n_refused++;
      self->current->error = g_strdup (error->message);
    }
  store_next (self);
}

/* What takes effect at once does so whatever the command line said: that is what is expected of it.
 */
static void
store_next (Save *self)
{
  g_autoptr (GVariant) value = NULL;

  if (self->changes->len == 0)
    {
      finish (self);
      return;
    }
  self->current = g_ptr_array_steal_index (self->changes, 0);
  value = page_setting_from_text (self->current, self->current->text);
  booru_service_context_control_host_async (
      get_context (self), self->current->live ? "ApplySetting" : "SetSetting",
      g_variant_new ("(ssv)", self->current->schema, self->current->key, value), on_stored, self);
}

static void
on_reset (GObject *context, GAsyncResult *result, gpointer user_data)
{
  Save *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
      = booru_service_context_ask_host_finish (BOORU_SERVICE_CONTEXT (context), result, &error);

  if (answer)
    {
      self->n_stored++;
      finish (self);
      return;
    }
  page_settings_show (self->request, self->settings, 422, error->message, TRUE);
  save_free (self);
}

/* The form of a schema says which one it is; keys are the same in no two schemas. */
static PageSetting *
find_setting (Save *self, const char *key)
{
  for (guint i = 0; i < self->settings->len; i++)
    {
      PageSetting *setting = self->settings->pdata[i];

      if (strcmp (setting->key, key) == 0
          && (*self->schema == '\0' || strcmp (setting->schema, self->schema) == 0))
        return setting;
    }
  return NULL;
}

static void
reset (Save *self, const char *key)
{
  PageSetting *setting = find_setting (self, key);
  g_autoptr (GVariant) fallback = NULL;

  /* The default may lock somebody out as well as another value. */
  if (setting && g_variant_lookup (setting->facts, "default", "v", &fallback))
    {
      setting->text = page_setting_to_text (setting, fallback);
      g_ptr_array_add (self->changes, setting);
      if (ask_before (self))
        {
          save_free (self);
          return;
        }
    }
  booru_service_context_control_host_async (
      get_context (self), "ResetSetting",
      g_variant_new ("(ss)", setting ? setting->schema : self->schema, key), on_reset, self);
}

/* A box that is not ticked is not sent. */
static char *
dup_typed (Save *self, const PageSetting *setting)
{
  g_autofree char *name = g_strconcat ("value[", setting->key, "]", NULL);
  g_autofree char *shown = g_strconcat ("shown[", setting->key, "]", NULL);
  const char *text = get_param (self, name);
  g_autoptr (GString) plain = NULL;

  if (text == NULL && page_setting_is_rules (setting))
    {
      g_autoptr (GVariant) rules = page_setting_read_rules (BOORU_REQUEST (self->request));

      return rules ? g_variant_print (rules, TRUE) : NULL;
    }
  if (text == NULL)
    return get_param (self, shown) ? g_strdup ("false") : NULL;
  plain = g_string_new (text);
  g_string_replace (plain, "\r\n", "\n", 0);
  return g_string_free (g_steal_pointer (&plain), FALSE);
}

static void
read_form (Save *self)
{
  for (guint i = 0; i < self->settings->len; i++)
    {
      PageSetting *setting = self->settings->pdata[i];
      g_autoptr (GVariant) value = NULL;

      if (*self->schema && strcmp (setting->schema, self->schema) != 0)
        continue;
      setting->text = dup_typed (self, setting);
      if (setting->text == NULL)
        continue;
      value = page_setting_from_text (setting, setting->text);
      if (value == NULL)
        {
          const char *takes = "";

          g_variant_lookup (setting->facts, "takes", "&s", &takes);
          setting->error = g_strdup_printf ("“%s” isn't valid. Enter %s", setting->text, takes);
          self->n_refused++;
          continue;
        }
      if (page_setting_is_rules (setting) ? !page_setting_equal_rules (value, setting->value)
                                          : !g_variant_equal (value, setting->value))
        g_ptr_array_add (self->changes, setting);
    }
}

static void
on_described (GObject *context, GAsyncResult *result, gpointer user_data)
{
  Save *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
      = booru_service_context_ask_host_finish (BOORU_SERVICE_CONTEXT (context), result, &error);
  g_autoptr (GVariant) described = answer ? g_variant_get_child_value (answer, 0) : NULL;
  const char *key = get_param (self, "reset");

  if (answer == NULL)
    {
      booru_request_fail (BOORU_REQUEST (self->request), error);
      save_free (self);
      return;
    }
  self->settings = page_settings_parse (described);
  if (key)
    {
      reset (self, key);
      return;
    }
  read_form (self);
  if (self->n_refused == 0 && ask_before (self))
    save_free (self);
  else
    store_next (self);
}

void
page_system_handle_change (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const char *schema;
  Save *self;

  if (!web_form_token_check (request))
    return;
  schema = booru_request_get_param (base, "schema");
  self = g_new0 (Save, 1);
  self->request = g_object_ref (request);
  self->schema = g_strdup (schema ? schema : "");
  self->changes = g_ptr_array_new ();
  booru_service_context_control_host_async (get_context (self), "DescribeSettings",
                                            g_variant_new ("()"), on_described, self);
}
