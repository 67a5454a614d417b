/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For people: tables and colours. For scripts: JSON. */
#include "ctl.h"

#include <string.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-integer.h"
#include "base/booru-status-text.h"

#define COLUMN_GAP 2

struct _CtlTable
{
  guint n_columns;
  guint state_column;
  GPtrArray *rows; /* GStrv, the first one: titles */
  GArray *colours; /* CtlColour, one a row */
};

/* Colours */

static gboolean
use_colours (void)
{
  const char *terminal = g_getenv ("TERM");

  return isatty (STDOUT_FILENO) && !g_getenv ("NO_COLOR") && g_strcmp0 (terminal, "dumb") != 0;
}

static const char *
start_colour (CtlColour colour)
{
  static const char *const codes[]
      = { "", "\033[1m", "\033[32m", "\033[33m", "\033[31m", "\033[2m" };

  return use_colours () ? codes[colour] : "";
}

static const char *
end_colour (CtlColour colour)
{
  return colour != CTL_PLAIN && use_colours () ? "\033[0m" : "";
}

CtlColour
ctl_colour_of_state (const char *state)
{
  static const CtlColour colours[] = { [BOORU_TONE_GOOD] = CTL_GOOD,
                                       [BOORU_TONE_FAIR] = CTL_FAIR,
                                       [BOORU_TONE_BAD] = CTL_BAD,
                                       [BOORU_TONE_QUIET] = CTL_FAINT };

  return colours[booru_tone_of_state (state)];
}

void
ctl_print (CtlColour colour, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_print ("%s%s%s", start_colour (colour), text, end_colour (colour));
}

/* Tables */

static GStrv
collect_row (const char *first, va_list args)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (const char *cell = first; cell; cell = va_arg (args, const char *))
    g_strv_builder_add (builder, cell);
  return g_strv_builder_end (builder);
}

CtlTable *
ctl_table_new (const char *first_title, ...)
{
  CtlTable *self = g_new0 (CtlTable, 1);
  CtlColour colour = CTL_PLAIN;
  GStrv titles;
  va_list args;

  va_start (args, first_title);
  titles = collect_row (first_title, args);
  va_end (args);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  self->colours = g_array_new (FALSE, FALSE, sizeof (CtlColour));
  self->n_columns = g_strv_length (titles);
  while (self->state_column < self->n_columns && !g_str_equal (titles[self->state_column], "STATE"))
    self->state_column++;
  g_ptr_array_add (self->rows, titles);
  g_array_append_val (self->colours, colour);
  return self;
}

void
ctl_table_add (CtlTable *self, CtlColour colour, const char *first, ...)
{
  GStrv cells;
  va_list args;

  va_start (args, first);
  cells = collect_row (first, args);
  va_end (args);
  g_assert (g_strv_length (cells) == self->n_columns);
  g_ptr_array_add (self->rows, cells);
  g_array_append_val (self->colours, colour);
}

static void
print_row (CtlTable *self, guint row, const glong *widths)
{
  char **cells = self->rows->pdata[row];

  for (guint i = 0; i < self->n_columns; i++)
    {
      CtlColour colour = row == 0                  ? CTL_BOLD
                         : i == self->state_column ? g_array_index (self->colours, CtlColour, row)
                                                   : CTL_PLAIN;
      int padding = (int)(widths[i] - g_utf8_strlen (cells[i], -1) + COLUMN_GAP);

      ctl_print (colour, "%s", cells[i]);
      g_print ("%*s", i + 1 < self->n_columns ? padding : 0, "");
    }
  g_print ("\n");
}

void
ctl_table_print (CtlTable *self)
{
  g_autofree glong *widths = g_new0 (glong, self->n_columns);

  for (guint row = 0; row < self->rows->len; row++)
    for (guint i = 0; i < self->n_columns; i++)
      widths[i] = MAX (widths[i], g_utf8_strlen (((char **)self->rows->pdata[row])[i], -1));
  for (guint row = 0; row < self->rows->len; row++)
    print_row (self, row, widths);
  ctl_table_free (self);
}

void
ctl_table_free (CtlTable *self)
{
  g_ptr_array_unref (self->rows);
  g_array_unref (self->colours);
  g_free (self);
}

/* JSON */

void
ctl_print_json (JsonNode *node)
{
  g_autoptr (JsonNode) owned = node;
  g_autofree char *text = json_to_string (node, FALSE);

  g_print ("%s\n", text);
}

static JsonNode *
string_node (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  return json_node_init_string (json_node_alloc (), valid);
}

static char *
make_member_name (const char *property)
{
  g_autoptr (GString) name = g_string_new (NULL);

  for (const char *at = property; *at; at++)
    {
      if (g_ascii_isupper (*at) && at != property)
        g_string_append_c (name, '-');
      g_string_append_c (name, g_ascii_tolower (*at));
    }
  return g_string_free (g_steal_pointer (&name), FALSE);
}

static JsonNode *
dictionary_to_json (GVariant *value, gboolean rename)
{
  g_autoptr (JsonObject) object = json_object_new ();
  GVariantIter iter;
  GVariant *entry;

  g_variant_iter_init (&iter, value);
  while ((entry = g_variant_iter_next_value (&iter)) != NULL)
    {
      g_autoptr (GVariant) owned = entry;
      g_autoptr (GVariant) key = g_variant_get_child_value (entry, 0);
      g_autoptr (GVariant) content = g_variant_get_child_value (entry, 1);
      const char *name = g_variant_get_string (key, NULL);
      g_autofree char *member = rename ? make_member_name (name) : g_strdup (name);

      json_object_set_member (object, member, ctl_to_json (content));
    }
  return json_node_init_object (json_node_alloc (), object);
}

static JsonNode *
list_to_json (GVariant *value)
{
  g_autoptr (JsonArray) array = json_array_new ();

  for (gsize i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (value, i);

      json_array_add_element (array, ctl_to_json (child));
    }
  return json_node_init_array (json_node_alloc (), array);
}

/**
 * ctl_to_json:
 * @value: what came over D-Bus
 *
 * Returns: (transfer full): the same in JSON; bytes are texts, in which what is not UTF-8 is
 *   replaced
 */
JsonNode *
ctl_to_json (GVariant *value)
{
  g_autoptr (GVariant) inner = NULL;
  gint64 number;

  if (booru_integer_from_variant (value, &number))
    return json_node_init_int (json_node_alloc (), number);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
    return string_node (g_variant_get_bytestring (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DICTIONARY))
    return dictionary_to_json (value, FALSE);
  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_BOOLEAN:
      return json_node_init_boolean (json_node_alloc (), g_variant_get_boolean (value));
    case G_VARIANT_CLASS_STRING:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
      return string_node (g_variant_get_string (value, NULL));
    case G_VARIANT_CLASS_DOUBLE:
      return json_node_init_double (json_node_alloc (), g_variant_get_double (value));
    case G_VARIANT_CLASS_VARIANT:
      inner = g_variant_get_variant (value);
      return ctl_to_json (inner);
    case G_VARIANT_CLASS_ARRAY:
    case G_VARIANT_CLASS_TUPLE:
      return list_to_json (value);
    default:
      return json_node_init_null (json_node_alloc ());
    }
}

JsonNode *
ctl_properties_to_json (GVariant *properties)
{
  return dictionary_to_json (properties, TRUE);
}

/* Answers */

void
ctl_print_done (Ctl *ctl, const char *format, ...)
{
  g_autoptr (JsonObject) object = json_object_new ();
  va_list args;

  if (ctl->json)
    {
      json_object_set_boolean_member (object, "ok", TRUE);
      ctl_print_json (json_node_init_object (json_node_alloc (), object));
      return;
    }
  va_start (args, format);
  {
    g_autofree char *text = g_strdup_vprintf (format, args);

    g_print ("%s\n", text);
  }
  va_end (args);
}

void
ctl_print_error (Ctl *ctl, const GError *error)
{
  g_autoptr (JsonObject) object = json_object_new ();

  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED))
    g_printerr (
        "booructl: The user %s is not allowed to do that over the %s. Only root and the host's "
        "own user are\n",
        g_get_user_name (), ctl->via ? ctl->via : "message bus");
  else
    g_printerr ("booructl: %s\n", error->message);
  if (!ctl->json)
    return;
  json_object_set_boolean_member (object, "ok", FALSE);
  json_object_set_int_member (object, "exit-code", ctl_exit_code (error));
  json_object_set_member (object, "error", string_node (error->message));
  ctl_print_json (json_node_init_object (json_node_alloc (), object));
}

static char *
dup_list (GVariant *value, const char *separator)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (value, i);
      g_autofree char *shown = ctl_dup_value (child);

      g_string_append_printf (text, "%s%s", i ? separator : "", shown);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * ctl_dup_value:
 * @value: a setting's value
 *
 * Returns: (transfer full): as it can be typed to “booructl settings KEY VALUE”
 */
char *
ctl_dup_value (GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (value, NULL);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
    return g_filename_display_name (g_variant_get_bytestring (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return dup_list (value, ",");
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING_ARRAY))
    return dup_list (value, ":");
  return g_variant_print (value, FALSE);
}

/**
 * ctl_dup_shown_path:
 * @path: a path, in the file system's bytes
 *
 * Returns: (transfer full): the same in UTF-8, without control characters: names are others' words,
 *   and a terminal obeys some of them
 */
char *
ctl_dup_shown_path (const char *path)
{
  g_autofree char *display = g_filename_display_name (path);
  GString *shown = g_string_new (NULL);

  for (const char *at = display; *at; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_isprint (c))
        g_string_append_unichar (shown, c);
      else
        g_string_append_printf (shown, c < 0x80 ? "\\x%02x" : "\\u{%x}", c);
    }
  return g_string_free (shown, FALSE);
}
