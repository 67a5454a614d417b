/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/rules/booru-job-params.h"

#include "base/booru-json.h"

#include <string.h>

/* Writing */

static void
append_numbers (GString *json, GVariant *value)
{
  gsize n;
  const gint64 *numbers = g_variant_get_fixed_array (value, &n, sizeof *numbers);

  g_string_append_c (json, '[');
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (json, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", numbers[i]);
  g_string_append_c (json, ']');
}

static void
append_value (GString *json, GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    booru_json_append_string (json, g_variant_get_string (value, NULL));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    g_string_append (json, g_variant_get_boolean (value) ? "true" : "false");
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    g_string_append_printf (json, "%" G_GINT64_FORMAT, g_variant_get_int64 (value));
  else
    append_numbers (json, value);
}

char *
booru_job_params_to_json (GVariant *params)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (params);
  GString *json = g_string_new ("{");
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, owned);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      if (json->len > 1)
        g_string_append_c (json, ',');
      booru_json_append_string (json, name);
      g_string_append_c (json, ':');
      append_value (json, value);
    }
  g_string_append_c (json, '}');
  return g_string_free (json, FALSE);
}

/* Reading */

static gboolean
take (const char **at, const char *word)
{
  gsize length = strlen (word);

  if (strncmp (*at, word, length) != 0)
    return FALSE;
  *at += length;
  return TRUE;
}

static gboolean
read_code (const char **at, GString *text)
{
  gunichar code = 0;

  for (guint i = 0; i < 4; i++)
    {
      gint digit = g_ascii_xdigit_value (**at);

      if (digit < 0)
        return FALSE;
      code = code * 16 + (gunichar)digit;
      (*at)++;
    }
  g_string_append_unichar (text, code);
  return code != 0;
}

/* NULL: malformed. */
static char *
read_string (const char **at)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (!take (at, "\""))
    return NULL;
  while (**at != '"')
    {
      if (**at == '\0')
        return NULL;
      if (!take (at, "\\"))
        g_string_append_c (text, *(*at)++);
      else if (take (at, "u"))
        {
          if (!read_code (at, text))
            return NULL;
        }
      else if (**at == '"' || **at == '\\')
        g_string_append_c (text, *(*at)++);
      else
        return NULL;
    }
  (*at)++;
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
read_number (const char **at, gint64 *number)
{
  char *end;

  *number = g_ascii_strtoll (*at, &end, 10);
  if (end == *at)
    return FALSE;
  *at = end;
  return TRUE;
}

static GVariant *
read_numbers (const char **at)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 number;

  while (!take (at, "]"))
    {
      if ((numbers->len > 0 && !take (at, ",")) || !read_number (at, &number))
        return NULL;
      g_array_append_val (numbers, number);
    }
  return g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, numbers->data, numbers->len,
                                    sizeof (gint64));
}

/* Floating; NULL: malformed. */
static GVariant *
read_value (const char **at)
{
  gint64 number;
  char *string;

  if (**at == '"')
    {
      string = read_string (at);
      return string != NULL ? g_variant_new_take_string (string) : NULL;
    }
  if (take (at, "["))
    return read_numbers (at);
  if (take (at, "true"))
    return g_variant_new_boolean (TRUE);
  if (take (at, "false"))
    return g_variant_new_boolean (FALSE);
  return read_number (at, &number) ? g_variant_new_int64 (number) : NULL;
}

GVariant *
booru_job_params_from_json (const char *json)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  gboolean first = TRUE;

  if (!g_utf8_validate (json, -1, NULL) || !take (&json, "{"))
    return NULL;
  for (; !take (&json, "}"); first = FALSE)
    {
      g_autofree char *name = NULL;
      GVariant *value;

      if (!first && !take (&json, ","))
        return NULL;
      name = read_string (&json);
      if (name == NULL || !take (&json, ":"))
        return NULL;
      value = read_value (&json);
      if (value == NULL)
        return NULL;
      g_variant_dict_insert_value (&dict, name, value);
    }
  return *json == '\0' ? g_variant_ref_sink (g_variant_dict_end (&dict)) : NULL;
}

const char *
booru_job_params_get_string (GVariant *params, const char *name)
{
  const char *string = NULL;

  g_variant_lookup (params, name, "&s", &string);
  return string;
}

gint64
booru_job_params_get_number (GVariant *params, const char *name)
{
  gint64 number = 0;

  g_variant_lookup (params, name, "x", &number);
  return number;
}

gboolean
booru_job_params_get_truth (GVariant *params, const char *name)
{
  gboolean truth = FALSE;

  g_variant_lookup (params, name, "b", &truth);
  return truth;
}

GArray *
booru_job_params_get_numbers (GVariant *params, const char *name)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GVariant) value = g_variant_lookup_value (params, name, G_VARIANT_TYPE ("ax"));
  gconstpointer data;
  gsize n;

  if (value == NULL)
    return numbers;
  data = g_variant_get_fixed_array (value, &n, sizeof (gint64));
  g_array_append_vals (numbers, data, (guint)n);
  return numbers;
}
