/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-metadata.h"

#include <math.h>
#include <string.h>

#include "decoder/protocol/decoder-protocol.h"

/* The longest text written by hand is a prompt with its parameters. */
#define MAX_VALUE (64 * 1024)
#define MAX_NAME 100
#define MAX_ENTRIES 200
#define MAX_ITEMS 1000

typedef struct
{
  char *name;    /* as JSON */
  GString *json; /* value, or items with commas between */
  guint n_items;
  gboolean is_list;
} Entry;

struct _DecoderMetadata
{
  GPtrArray *entries; /* Entry, in the order in which they came */
  gsize size;         /* of the object so far */
};

static void
entry_free (Entry *entry)
{
  g_free (entry->name);
  g_string_free (entry->json, TRUE);
  g_free (entry);
}

DecoderMetadata *
decoder_metadata_new (void)
{
  DecoderMetadata *self = g_new0 (DecoderMetadata, 1);

  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify)entry_free);
  self->size = strlen ("{}");
  return self;
}

void
decoder_metadata_free (DecoderMetadata *self)
{
  g_ptr_array_unref (self->entries);
  g_free (self);
}

static void
append_json_char (GString *json, gunichar c)
{
  if (c == '"' || c == '\\')
    g_string_append_c (json, '\\');
  if (c == '\n')
    g_string_append (json, "\\n");
  else if (c == '\t')
    g_string_append (json, "\\t");
  else if (c < 0x20 || (c >= 0x7f && c < 0xa0))
    g_string_append_c (json, ' '); /* not printable */
  else
    g_string_append_unichar (json, c);
}

/* Text up to the first NUL, without blanks around it, as a JSON string; NULL if there is none. */
static char *
make_json_string (const char *text, gssize length, gsize limit)
{
  gsize size = length < 0 ? strlen (text) : strnlen (text, length);
  gboolean is_utf8 = g_utf8_validate_len (text, size, NULL);
  GString *json = g_string_new ("\"");
  const char *end;

  while (size > 0 && g_ascii_isspace (*text))
    text++, size--;
  while (size > 0 && g_ascii_isspace (text[size - 1]))
    size--;
  end = text + size;
  while (text < end && json->len < limit)
    {
      append_json_char (json, is_utf8 ? g_utf8_get_char (text) : (guchar)*text);
      text = is_utf8 ? g_utf8_next_char (text) : text + 1;
    }
  if (text < end)
    g_string_append (json, "…");
  g_string_append_c (json, '"');
  return g_string_free (json, size == 0);
}

static char *
make_json_number (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return isfinite (value) ? g_strdup (g_ascii_formatd (text, sizeof text, "%.10g", value)) : NULL;
}

static Entry *
find (DecoderMetadata *self, const char *json_name)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);

      if (g_str_equal (entry->name, json_name))
        return entry;
    }
  return NULL;
}

/* Takes @json, which may be NULL. */
static void
take (DecoderMetadata *self, const char *name, char *json, gboolean is_list)
{
  g_autofree char *value = json;
  g_autofree char *json_name = make_json_string (name, -1, MAX_NAME);
  Entry *entry;
  gsize cost;

  if (value == NULL || json_name == NULL)
    return;
  entry = find (self, json_name);
  cost = strlen (value) + 1 + (entry == NULL ? strlen (json_name) + strlen (":[],") : 0);
  if (self->size + cost > DECODER_MAX_METADATA
      || (entry == NULL && self->entries->len >= MAX_ENTRIES)
      || (entry != NULL && (!is_list || !entry->is_list || entry->n_items >= MAX_ITEMS)))
    return;
  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      entry->name = g_steal_pointer (&json_name);
      entry->json = g_string_new (NULL);
      entry->is_list = is_list;
      g_ptr_array_add (self->entries, entry);
    }
  if (entry->n_items++ > 0)
    g_string_append_c (entry->json, ',');
  g_string_append (entry->json, value);
  self->size += cost;
}

void
decoder_metadata_set_text (DecoderMetadata *self, const char *name, const char *text, gssize length)
{
  take (self, name, make_json_string (text, length, MAX_VALUE), FALSE);
}

void
decoder_metadata_set_number (DecoderMetadata *self, const char *name, double value)
{
  take (self, name, make_json_number (value), FALSE);
}

void
decoder_metadata_add_text (DecoderMetadata *self, const char *name, const char *text, gssize length)
{
  take (self, name, make_json_string (text, length, MAX_VALUE), TRUE);
}

void
decoder_metadata_add_number (DecoderMetadata *self, const char *name, double value)
{
  take (self, name, make_json_number (value), TRUE);
}

GString *
decoder_metadata_to_json (const DecoderMetadata *self)
{
  GString *json = g_string_new ("{");

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);

      if (i > 0)
        g_string_append_c (json, ',');
      g_string_append_printf (json, "%s:%s", entry->name, entry->is_list ? "[" : "");
      g_string_append_len (json, entry->json->str, (gssize)entry->json->len);
      if (entry->is_list)
        g_string_append_c (json, ']');
    }
  return g_string_append_c (json, '}');
}
