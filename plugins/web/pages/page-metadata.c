/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the file of a post says of itself, as people want to read it: the camera in one line, the
 * exposure in one line, prompts with their lines, and everything else by its name. */
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "page-post.h"

#define MAX_SHORT 300 /* bytes that still go beside their name */

typedef struct
{
  JsonObject *object;
  GHashTable *shown; /* names that need not be listed again */
  WebList *facts;    /* label, text */
  WebList *texts;    /* label, text, id */
} Metadata;

static JsonNode *
take (Metadata *self, const char *name)
{
  JsonNode *node = json_object_get_member (self->object, name);

  if (node != NULL)
    g_hash_table_add (self->shown, (gpointer)name);
  return node;
}

static char *
dup_text (JsonNode *node)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autoptr (GString) text = NULL;
  JsonArray *array;

  if (node == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);
  if (JSON_NODE_HOLDS_VALUE (node))
    return g_strdup (g_ascii_formatd (number, sizeof number, "%.10g", json_node_get_double (node)));
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return NULL;

  text = g_string_new (NULL);
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *item = dup_text (json_array_get_element (array, i));

      if (item != NULL)
        g_string_append_printf (text, "%s%s", text->len ? ", " : "", item);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The first of several names that say the same; all of them are dealt with then. */
static char *
take_first (Metadata *self, const char *const *names)
{
  char *first = NULL;

  for (guint i = 0; names[i] != NULL; i++)
    {
      JsonNode *node = take (self, names[i]);

      if (first == NULL)
        first = dup_text (node);
    }
  return first;
}

/* All that several names say, each thing once. */
static char *
take_all (Metadata *self, const char *const *names)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *text = dup_text (take (self, names[i]));
      g_auto (GStrv) parts = text ? g_strsplit (text, ", ", -1) : g_new0 (char *, 1);

      for (guint j = 0; parts[j] != NULL; j++)
        if (!g_ptr_array_find_with_equal_func (all, parts[j], g_str_equal, NULL))
          g_ptr_array_add (all, g_strdup (parts[j]));
    }
  g_ptr_array_add (all, NULL);
  return g_strjoinv (", ", (char **)all->pdata);
}

static double
take_number (Metadata *self, const char *name)
{
  JsonNode *node = take (self, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
                 && json_node_get_value_type (node) != G_TYPE_STRING
             ? json_node_get_double (node)
             : 0;
}

/* Takes @text, which may be NULL. */
static void
add_to (WebList *list, const char *label, char *text)
{
  WebDict *dict;

  if (text == NULL || *text == '\0')
    {
      g_free (text);
      return;
    }
  dict = web_list_append (list);
  web_dict_set_string (dict, "label", label);
  web_dict_take_string (dict, "text", text);
  web_dict_take_string (dict, "text-id", g_strdup_printf ("text-%u", web_list_get_length (list)));
}

static void
add (Metadata *self, const char *label, char *text)
{
  gboolean is_short = text != NULL && strlen (text) <= MAX_SHORT && strchr (text, '\n') == NULL;

  add_to (is_short ? self->facts : self->texts, label, text);
}

/* Many makers put their name into the model's. */
static char *
join_make (char *make, char *model)
{
  g_autofree char *owned_make = make;
  g_autofree char *owned_model = model;
  gsize length = make ? strcspn (make, " ,") : 0;

  if (make == NULL || (model != NULL && g_ascii_strncasecmp (make, model, length) == 0))
    return g_steal_pointer (&owned_model);
  return model ? g_strconcat (make, " ", model, NULL) : g_steal_pointer (&owned_make);
}

static void
append (GString *text, char *part)
{
  g_string_append_printf (text, "%s%s", text->len ? ", " : "", part);
  g_free (part);
}

static char *
take_exposure (Metadata *self)
{
  GString *text = g_string_new (NULL);
  double time = take_number (self, "EXIF:ExposureTime"),
         number = take_number (self, "EXIF:FNumber"), iso = take_number (self, "EXIF:ISO"),
         length = take_number (self, "EXIF:FocalLength"),
         bias = take_number (self, "EXIF:ExposureCompensation");

  if (time > 0 && time < 0.26)
    append (text, g_strdup_printf ("1/%.0f s", round (1 / time)));
  else if (time > 0)
    append (text, g_strdup_printf ("%.1f s", time));
  if (number > 0)
    append (text, g_strdup_printf ("f/%.1f", number));
  if (iso > 0)
    append (text, g_strdup_printf ("ISO %.0f", iso));
  if (length > 0)
    append (text, g_strdup_printf ("%.0f mm", length));
  if (fabs (bias) >= 0.1)
    append (text, g_strdup_printf ("%+.1f EV", bias));
  return g_string_free (text, FALSE);
}

/* "2024:01:31 12:00:00" of EXIF, with the dashes that everybody else uses. */
static char *
take_date (Metadata *self)
{
  static const char *const names[] = { "EXIF:DateTimeOriginal",  "XMP:DateTimeOriginal",
                                       "QuickTime:CreationDate", "EXIF:CreateDate",
                                       "XMP:DateCreated",        "QuickTime:CreateDate",
                                       "Matroska:CreateDate",    NULL };
  g_autofree char *date = take_first (self, names);
  g_autofree char *offset = dup_text (take (self, "EXIF:OffsetTimeOriginal"));
  gboolean from_exif = json_object_has_member (self->object, names[0]);

  for (guint i = 4; date != NULL && i <= 7 && strlen (date) > 7; i += 3)
    if (date[i] == ':')
      date[i] = '-';
  if (date != NULL && offset != NULL && from_exif)
    return g_strconcat (date, " ", offset, NULL);
  return g_steal_pointer (&date);
}

/* Stable Diffusion's web UI writes one text: prompt, negative prompt, and a line of settings. */
static void
add_parameters (Metadata *self, char *text)
{
  g_autofree char *owned = text;
  char *settings = text ? g_strrstr (text, "\nSteps: ") : NULL;
  char *negative;

  if (settings == NULL)
    {
      add_to (self->texts, "Parameters", g_steal_pointer (&owned));
      return;
    }
  *settings = '\0';
  negative = strstr (text, "\nNegative prompt: ");
  if (negative != NULL)
    *negative = '\0';
  add_to (self->texts, "Prompt", g_strdup (text));
  if (negative != NULL)
    add_to (self->texts, "Negative prompt", g_strdup (negative + strlen ("\nNegative prompt: ")));
  add_to (self->texts, "Settings", g_strdup (settings + 1));
}

static void
add_prompts (Metadata *self)
{
  static const char *const parameters[] = { "PNG:parameters", NULL };
  char *text = take_first (self, parameters);
  JsonNode *comment = json_object_get_member (self->object, "EXIF:UserComment");

  /* In a JPEG or WebP it is the comment. */
  if (text == NULL && comment != NULL)
    {
      text = dup_text (comment);
      if (text != NULL && strstr (text, "Steps: ") != NULL)
        take (self, "EXIF:UserComment");
      else
        g_clear_pointer (&text, g_free);
    }
  add_parameters (self, text);
  add_to (self->texts, "ComfyUI prompt", dup_text (take (self, "PNG:prompt")));
  add_to (self->texts, "ComfyUI workflow", dup_text (take (self, "PNG:workflow")));
}

static void
add_known (Metadata *self)
{
  static const struct
  {
    const char *label;
    const char *names[7];
  } known[] = {
    { "Incomplete", { "File:Incomplete" } },
    { "Raw file", { "File:RawFormat" } },
    { "Lens", { "EXIF:LensModel" } },
    { "Title",
      { "Sidecar:Title", "XMP:Title", "IPTC:ObjectName", "EXIF:XPTitle", "QuickTime:Title",
        "Matroska:Title" } },
    { "Description",
      { "Sidecar:Description", "XMP:Description", "IPTC:Caption-Abstract", "EXIF:ImageDescription",
        "QuickTime:Description", "Matroska:Description" } },
    { "Author",
      { "Sidecar:Creator", "XMP:Creator", "IPTC:By-line", "EXIF:Artist", "QuickTime:Artist",
        "Matroska:Artist" } },
    { "Rights",
      { "Sidecar:Rights", "XMP:Rights", "IPTC:CopyrightNotice", "EXIF:Copyright",
        "QuickTime:Copyright" } },
    { "Left out of sidecars", { "Sidecar:LeftOut" } },
    { "Stars", { "Sidecar:Rating", "XMP:Rating", "EXIF:Rating" } },
    { "Software", { "XMP:CreatorTool", "EXIF:Software", "PNG:Software", "QuickTime:Encoder" } },
  };
  static const char *const keywords[] = { "XMP:Subject", "IPTC:Keywords", "EXIF:XPKeywords", NULL };
  char *make = dup_text (take (self, "EXIF:Make")), *model = dup_text (take (self, "EXIF:Model"));

  add (self, "Camera", join_make (make, model));
  add (self, "Taken", take_date (self));
  add (self, "Exposure", take_exposure (self));
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    add (self, known[i].label, take_first (self, known[i].names));
  add (self, "Keywords", take_all (self, keywords));
  add_prompts (self);
  take (self, "EXIF:Orientation"); /* the picture is shown upright */
}

static void
add_rest (Metadata *self)
{
  g_autoptr (GList) names = json_object_get_members (self->object);

  for (GList *link = names; link != NULL; link = link->next)
    if (!g_hash_table_contains (self->shown, link->data))
      add (self, link->data, dup_text (json_object_get_member (self->object, link->data)));
}

void
page_metadata_set (WebPage *page, gint64 post_id)
{
  g_autofree char *json = booru_store_get_metadata (page->store, post_id, NULL);
  g_autoptr (JsonNode) root = json ? json_from_string (json, NULL) : NULL;
  g_autoptr (GHashTable) shown = g_hash_table_new (g_str_hash, g_str_equal);
  Metadata self = { NULL, shown, web_dict_add_list (page->values, "metadata-facts"),
                    web_dict_add_list (page->values, "metadata-texts") };

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    {
      self.object = json_node_get_object (root);
      add_known (&self);
      add_rest (&self);
    }
  web_dict_set_boolean (page->values, "has-metadata",
                        web_list_get_length (self.facts) + web_list_get_length (self.texts) > 0);
}
