/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules of folders as a form: one part for each folder, and an empty one for another. The
 * fields of rule N are called rule-N-folder, rule-N-tags and so on. */
#include "page-settings.h"

#include <string.h>

#include "page-text.h"

#define MAX_RULES 1000

typedef struct
{
  const char *value, *label;
} Choice;

GVariant *
page_setting_parse_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  for (char **line = lines; *line; line++)
    if (*g_strstrip (*line))
      g_ptr_array_add (words, *line);
  return g_variant_new_strv ((const char *const *)words->pdata, words->len);
}

static const Choice ratings[]
    = { { "", "Default" },       { "g", "General" },  { "s", "Sensitive" },
        { "q", "Questionable" }, { "e", "Explicit" }, { NULL } };
static const Choice names[] = { { "", "Default" },
                                { "none", "No" },
                                { "last", "The last folder's name" },
                                { "all", "All folders' names" },
                                { NULL } };
static const Choice switches[]
    = { { "", "Default" }, { "true", "Yes" }, { "false", "No" }, { NULL } };

gboolean
page_setting_is_rules (const PageSetting *self)
{
  return g_variant_is_of_type (self->value, G_VARIANT_TYPE ("a(aya{sv})"));
}

/* The form */

static void
add_choices (WebDict *dict, const char *list_name, const Choice *choices, const char *selected)
{
  WebList *list = web_dict_add_list (dict, list_name);

  for (; choices->value; choices++)
    {
      WebDict *option = web_list_append (list);

      web_dict_set_static (option, "value", choices->value);
      web_dict_set_static (option, "label", choices->label);
      web_dict_set_boolean (option, "selected", g_ascii_strcasecmp (choices->value, selected) == 0);
    }
}

static const char *
get_text (GVariant *options, const char *name)
{
  const char *text = "";

  g_variant_lookup (options, name, "&s", &text);
  return text;
}

static const char *
get_switch (GVariant *options, const char *name)
{
  gboolean on;

  return !g_variant_lookup (options, name, "b", &on) ? "" : on ? "true" : "false";
}

static void
add_rule (WebList *list, const char *folder, GVariant *options)
{
  WebDict *dict = web_list_append (list);
  g_autofree const char **patterns = NULL;
  g_autofree char *rating = g_strndup (get_text (options, "rating"), 1);

  web_dict_set_int (dict, "number", web_list_get_length (list) - 1);
  web_dict_take_string (dict, "folder", page_text_from_bytes (folder));
  web_dict_take_string (dict, "escaped", page_system_escape_path (folder));
  web_dict_set_string (dict, "tags", get_text (options, "tags"));
  g_variant_lookup (options, "exclude", "^a&s", &patterns);
  web_dict_take_string (dict, "exclude",
                        patterns ? g_strjoinv ("\n", (char **)patterns) : g_strdup (""));
  add_choices (dict, "ratings", ratings, rating);
  add_choices (dict, "names", names, get_text (options, "folder-names"));
  add_choices (dict, "sidecars", switches, get_switch (options, "sidecars"));
  add_choices (dict, "embedded", switches, get_switch (options, "embedded"));
}

void
page_setting_add_rules (WebDict *dict, GVariant *rules)
{
  g_autoptr (GVariant) none
      = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
  WebList *list = web_dict_add_list (dict, "rule-list");

  for (gsize i = 0; rules && i < g_variant_n_children (rules); i++)
    {
      g_autoptr (GVariant) options = NULL;
      const char *folder;

      g_variant_get_child (rules, i, "(^&ay@a{sv})", &folder, &options);
      add_rule (list, folder, options);
    }
  add_rule (list, "", none);
  web_dict_set_int (dict, "rule-count", web_list_get_length (list));
}

/* In any order: options are a dictionary. */
static gboolean
has_options (GVariant *options, GVariant *others)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;
  gboolean same = g_variant_n_children (options) == g_variant_n_children (others);

  g_variant_iter_init (&iter, options);
  while (same && g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      g_autoptr (GVariant) owned = value;
      g_autoptr (GVariant) other = g_variant_lookup_value (others, name, NULL);

      same = other && g_variant_equal (owned, other);
    }
  return same;
}

gboolean
page_setting_equal_rules (GVariant *rules, GVariant *others)
{
  gboolean same = g_variant_n_children (rules) == g_variant_n_children (others);

  for (gsize i = 0; same && i < g_variant_n_children (rules); i++)
    {
      g_autoptr (GVariant) options = NULL, other_options = NULL;
      const char *folder, *other;

      g_variant_get_child (rules, i, "(^&ay@a{sv})", &folder, &options);
      g_variant_get_child (others, i, "(^&ay@a{sv})", &other, &other_options);
      same = g_str_equal (folder, other) && has_options (options, other_options);
    }
  return same;
}

/* What was sent */

static const char *
get_field (BooruRequest *request, guint number, const char *name)
{
  g_autofree char *field = g_strdup_printf ("rule-%u-%s", number, name);
  const char *text = booru_request_get_param (request, field);

  return text ? text : "";
}

static void
add_text (GVariantBuilder *options, BooruRequest *request, guint number, const char *name)
{
  g_autofree char *text = g_strstrip (g_strdup (get_field (request, number, name)));

  if (*text)
    g_variant_builder_add (options, "{sv}", name, g_variant_new_string (text));
}

static void
add_switch (GVariantBuilder *options, BooruRequest *request, guint number, const char *name)
{
  const char *text = get_field (request, number, name);

  if (*text)
    g_variant_builder_add (options, "{sv}", name,
                           g_variant_new_boolean (strcmp (text, "true") == 0));
}

static void
add_patterns (GVariantBuilder *options, BooruRequest *request, guint number)
{
  g_autoptr (GVariant) patterns
      = g_variant_ref_sink (page_setting_parse_lines (get_field (request, number, "exclude")));

  if (g_variant_n_children (patterns) > 0)
    g_variant_builder_add (options, "{sv}", "exclude", patterns);
}

/* A folder that was there comes back as it was sent, byte by byte; another one was typed. */
static char *
dup_folder (BooruRequest *request, guint number)
{
  const char *escaped = get_field (request, number, "escaped");

  return *escaped ? page_system_unescape_path (escaped)
                  : page_system_expand_path (get_field (request, number, "folder"));
}

GVariant *
page_setting_read_rules (BooruRequest *request)
{
  const char *text = booru_request_get_param (request, "rules");
  guint64 count;
  GVariantBuilder rules;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, MAX_RULES, &count, NULL))
    return NULL;
  g_variant_builder_init (&rules, G_VARIANT_TYPE ("a(aya{sv})"));
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *folder = dup_folder (request, i);
      GVariantBuilder options;

      if (folder == NULL || *folder == '\0' || *get_field (request, i, "remove"))
        continue;
      g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
      add_text (&options, request, i, "tags");
      add_text (&options, request, i, "rating");
      add_text (&options, request, i, "folder-names");
      add_switch (&options, request, i, "sidecars");
      add_switch (&options, request, i, "embedded");
      add_patterns (&options, request, i);
      g_variant_builder_add (&rules, "(^aya{sv})", folder, &options);
    }
  return g_variant_ref_sink (g_variant_builder_end (&rules));
}
