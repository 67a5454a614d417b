/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settings, as the host describes them: GET /system/settings. */
#include "page-settings.h"

#include <string.h>

#include "page-text.h"
#include "web-form-token.h"

static void
setting_free (gpointer data)
{
  PageSetting *self = data;

  g_free (self->schema);
  g_free (self->key);
  g_variant_unref (self->value);
  g_variant_unref (self->facts);
  g_free (self->text);
  g_free (self->error);
  g_free (self);
}

/* Folders and plugins are changed where they are shown. */
static gboolean
has_other_place (const char *schema, const char *key)
{
  static const char *const keys[] = { "library-folders", "ingest-folder", "enabled-plugins", NULL };

  return strcmp (schema, BOORU_SCHEMA_HOST) == 0 && g_strv_contains (keys, key);
}

GPtrArray *
page_settings_parse (GVariant *described)
{
  GPtrArray *settings = g_ptr_array_new_with_free_func (setting_free);
  const char *schema, *key;
  GVariantIter iter;
  GVariant *facts;

  g_variant_iter_init (&iter, described);
  while (g_variant_iter_next (&iter, "(&s&s@a{sv})", &schema, &key, &facts))
    {
      g_autoptr (GVariant) owned = facts;
      GVariant *value = NULL;
      PageSetting *setting;

      if (has_other_place (schema, key) || !g_variant_lookup (facts, "value", "v", &value))
        continue;
      setting = g_new0 (PageSetting, 1);
      setting->schema = g_strdup (schema);
      setting->key = g_strdup (key);
      setting->value = value;
      setting->facts = g_steal_pointer (&owned);
      g_variant_lookup (setting->facts, "live", "b", &setting->live);
      g_ptr_array_add (settings, setting);
    }
  return settings;
}

static const char *
get_fact (const PageSetting *self, const char *name)
{
  const char *text = "";

  g_variant_lookup (self->facts, name, "&s", &text);
  return text;
}

const char *
page_setting_get_summary (const PageSetting *self)
{
  return get_fact (self, "summary");
}

/* Values as text */

static gboolean
is_list (GVariant *value)
{
  return g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY);
}

char *
page_setting_to_text (const PageSetting *self, GVariant *value)
{
  g_autofree const char **words = NULL;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (value, NULL);
  if (!is_list (value))
    return g_variant_print (value, FALSE);
  words = g_variant_get_strv (value, NULL);
  return g_strjoinv ("\n", (char **)words);
}

static GVariant *
from_text (const PageSetting *self, const char *text)
{
  const GVariantType *type = g_variant_get_type (self->value);

  if (g_variant_type_equal (type, G_VARIANT_TYPE_BOOLEAN))
    return g_variant_new_boolean (strcmp (text, "true") == 0);
  if (g_variant_type_equal (type, G_VARIANT_TYPE_STRING))
    return g_variant_new_string (text);
  if (is_list (self->value))
    return page_setting_parse_lines (text);
  return g_variant_parse (type, text, NULL, NULL, NULL);
}

GVariant *
page_setting_from_text (const PageSetting *self, const char *text)
{
  GVariant *value = from_text (self, text);

  return value ? g_variant_take_ref (value) : NULL;
}

/* The page */

static gboolean
is_number (GVariant *value)
{
  return strchr ("ynqiuxt", *g_variant_get_type_string (value)) != NULL
         && g_variant_get_type_string (value)[1] == '\0';
}

static void
set_limit (WebDict *dict, const PageSetting *self, const char *fact, const char *name)
{
  g_autoptr (GVariant) limit = NULL;

  g_variant_lookup (self->facts, fact, "v", &limit);
  web_dict_take_string (dict, name, limit ? g_variant_print (limit, FALSE) : g_strdup (""));
}

static void
set_field (WebDict *dict, const PageSetting *self)
{
  GVariant *value = self->value;
  gboolean is_boolean = g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN);
  gboolean rules = page_setting_is_rules (self);
  g_autofree char *text = self->text ? g_strdup (self->text) : page_setting_to_text (self, value);

  if (rules)
    {
      g_autoptr (GVariant) typed = page_setting_from_text (self, text);

      page_setting_add_rules (dict, typed ? typed : value);
    }
  web_dict_set_static (dict, "unit", page_setting_get_unit (self->key));
  web_dict_set_boolean (dict, "check", is_boolean);
  web_dict_set_boolean (dict, "lines", is_list (value));
  web_dict_set_boolean (dict, "number", is_number (value));
  web_dict_set_boolean (dict, "rules", rules);
  web_dict_set_boolean (dict, "line",
                        !is_boolean && !is_list (value) && !is_number (value) && !rules);
  web_dict_set_boolean (dict, "checked", is_boolean && strcmp (text, "true") == 0);
  web_dict_set_string (dict, "value", text);
  set_limit (dict, self, "minimum", "minimum");
  set_limit (dict, self, "maximum", "maximum");
}

/* Where the value comes from, for people. */
static const char *
describe_origin (const char *origin)
{
  if (strcmp (origin, "stored") == 0)
    return "set";
  if (strcmp (origin, "option") == 0)
    return "set on the command line";
  if (strcmp (origin, "environment") == 0)
    return "set by an environment variable";
  return "default";
}

static void
add_setting (WebList *list, const PageSetting *self)
{
  WebDict *dict = web_list_append (list);
  g_autoptr (GVariant) fallback = NULL;
  g_autoptr (GVariant) stored = NULL;
  g_autofree char *shown = NULL;

  g_variant_lookup (self->facts, "default", "v", &fallback);
  g_variant_lookup (self->facts, "stored", "v", &stored);
  /* Rules are shown by their form alone. */
  shown = fallback && !page_setting_is_rules (self) ? page_setting_to_text (self, fallback) : NULL;
  web_dict_set_string (dict, "key", self->key);
  web_dict_set_string (dict, "summary", get_fact (self, "summary"));
  web_dict_set_string (dict, "description", get_fact (self, "description"));
  web_dict_set_string (dict, "schema", self->schema);
  web_dict_set_static (dict, "origin", describe_origin (get_fact (self, "origin")));
  web_dict_take_string (dict, "fallback", shown && *shown ? g_strdup (shown) : g_strdup ("none"));
  web_dict_set_boolean (dict, "changed", strcmp (get_fact (self, "origin"), "default") != 0);
  web_dict_set_boolean (dict, "stored", stored != NULL);
  web_dict_take_string (dict, "hidden-value",
                        stored && !page_setting_is_rules (self)
                                && !g_variant_equal (stored, self->value)
                            ? page_setting_to_text (self, stored)
                            : g_strdup (""));
  web_dict_set_boolean (dict, "later", !self->live);
  web_dict_set_string (dict, "error", self->error);
  set_field (dict, self);
}

static gboolean
is_in_group (const PageSetting *setting, const PageSettingGroup *group)
{
  return g_strv_contains (group->keys, setting->key);
}

/* The last group has what no other has, too. */
static gboolean
belongs_to (const PageSetting *setting, const PageSettingGroup *groups, gsize n_groups, gsize at)
{
  if (is_in_group (setting, &groups[at]) || at + 1 < n_groups)
    return is_in_group (setting, &groups[at]);
  for (gsize i = 0; i < at; i++)
    if (is_in_group (setting, &groups[i]))
      return FALSE;
  return TRUE;
}

/* Those that @group names, in its order, and then the others that belong to it. */
static gint
compare_place (gconstpointer a, gconstpointer b, gpointer group)
{
  const char *const *keys = ((const PageSettingGroup *)group)->keys;
  gint places[2] = { 0, 0 };
  const PageSetting *settings[2] = { *(PageSetting *const *)a, *(PageSetting *const *)b };

  for (gint i = 0; i < 2; i++)
    while (keys[places[i]] && strcmp (keys[places[i]], settings[i]->key) != 0)
      places[i]++;
  return places[0] - places[1];
}

static void
add_group (WebList *list, GPtrArray *settings, const PageSettingGroup *groups, gsize n, gsize at)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();
  gboolean wrong = FALSE;
  WebDict *dict;
  WebList *items;

  for (guint i = 0; i < settings->len; i++)
    if (belongs_to (settings->pdata[i], groups, n, at))
      {
        g_ptr_array_add (chosen, settings->pdata[i]);
        wrong |= ((PageSetting *)settings->pdata[i])->error != NULL;
      }
  if (chosen->len == 0)
    return;
  g_ptr_array_sort_with_data (chosen, compare_place, (gpointer)&groups[at]);
  dict = web_list_append (list);
  web_dict_set_static (dict, "group", groups[at].name);
  web_dict_set_boolean (dict, "open", !groups[at].rare || wrong);
  items = web_dict_add_list (dict, "settings");
  for (guint i = 0; i < chosen->len; i++)
    add_setting (items, chosen->pdata[i]);
}

static void
add_groups (WebDict *values, GPtrArray *settings)
{
  WebList *list = web_dict_add_list (values, "groups");
  gsize n_groups;
  const PageSettingGroup *groups = page_setting_groups (&n_groups);

  for (gsize i = 0; i < n_groups; i++)
    add_group (list, settings, groups, n_groups, i);
}

void
page_settings_show (WebRequest *request,
                    GPtrArray *settings,
                    guint status,
                    const char *notice,
                    gboolean bad)
{
  g_auto (WebPage) page = { 0 };

  page_system_init_page (&page, request, "Settings", "/system/settings");
  web_dict_set_string (page.values, "notice", notice);
  web_dict_set_boolean (page.values, "notice-bad", bad);
  add_groups (page.values, settings);
  web_page_respond (&page, status, "settings");
}

static void
on_described (GObject *context, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WebRequest) request = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
      = booru_service_context_ask_host_finish (BOORU_SERVICE_CONTEXT (context), result, &error);
  g_autoptr (GVariant) described = answer ? g_variant_get_child_value (answer, 0) : NULL;
  g_autoptr (GPtrArray) settings = NULL;
  const char *saved = booru_request_get_param (BOORU_REQUEST (request), "saved");

  if (answer == NULL)
    {
      booru_request_fail (BOORU_REQUEST (request), error);
      return;
    }
  settings = page_settings_parse (described);
  page_settings_show (request, settings, 200,
                      saved == NULL               ? NULL
                      : strcmp (saved, "no") == 0 ? "Nothing was changed."
                                                  : "Saved.",
                      FALSE);
}

void
page_system_handle_settings (BooruRequest *request, gpointer user_data)
{
  WebWorker *worker = web_request_get_worker (WEB_REQUEST (request));

  booru_service_context_control_host_async (web_worker_get_context (worker), "DescribeSettings",
                                            g_variant_new ("()"), on_described,
                                            g_object_ref (request));
}
