/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-record-private.h"

#include <string.h>

#include "base/booru-error.h"
#include "board/booru-tag.h"

#define DEFAULT_MAX 1000
#define BLANKS " \t\r\n\f\v"

const BooruField *
booru_record_type_find_field (const BooruRecordType *self, const char *name)
{
  for (guint i = 0; i < self->n_fields; i++)
    if (strcmp (self->fields[i].name, name) == 0)
      return &self->fields[i];
  return NULL;
}

gboolean
booru_field_is_stored (const BooruField *field)
{
  return field->type != BOORU_FIELD_ANY && !(field->flags & BOORU_FIELD_DERIVED)
         && field->rows == NULL;
}

static void
value_init (BooruValue *value, const BooruField *field)
{
  switch (field->type)
    {
    case BOORU_FIELD_TEXT:
      value->text = g_strdup ("");
      break;
    case BOORU_FIELD_CHOICE:
      value->text = g_strdup (field->choices[0]);
      break;
    case BOORU_FIELD_BOOLEAN:
      value->number = field->max != 0;
      break;
    case BOORU_FIELD_NAMES:
      value->names = g_new0 (char *, 1);
      break;
    case BOORU_FIELD_IDS:
      value->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
      break;
    default:
      break;
    }
}

BooruRecord *
booru_record_new (const BooruRecordType *type)
{
  BooruRecord *self = g_new0 (BooruRecord, 1);

  self->type = type;
  self->values = g_new0 (BooruValue, type->n_fields);
  for (guint i = 0; i < type->n_fields; i++)
    value_init (&self->values[i], &type->fields[i]);
  return self;
}

static void
value_clear (BooruValue *value)
{
  g_clear_pointer (&value->text, g_free);
  g_clear_pointer (&value->ids, g_array_unref);
  g_clear_pointer (&value->names, g_strfreev);
}

static void
value_copy (BooruValue *to, const BooruValue *from)
{
  value_clear (to);
  to->number = from->number;
  to->text = g_strdup (from->text);
  to->ids = from->ids != NULL ? g_array_copy (from->ids) : NULL;
  to->names = g_strdupv (from->names);
}

BooruRecord *
booru_record_copy (const BooruRecord *self)
{
  BooruRecord *copy = g_new0 (BooruRecord, 1);

  copy->type = self->type;
  copy->values = g_new0 (BooruValue, self->type->n_fields);
  for (guint i = 0; i < self->type->n_fields; i++)
    value_copy (&copy->values[i], &self->values[i]);
  return copy;
}

void
booru_record_free (BooruRecord *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->type->n_fields; i++)
    value_clear (&self->values[i]);
  g_free (self->values);
  g_free (self);
}

const BooruRecordType *
booru_record_get_type (const BooruRecord *self)
{
  return self->type;
}

static BooruValue *
find_value (const BooruRecord *self, const char *name)
{
  const BooruField *field = booru_record_type_find_field (self->type, name);

  g_return_val_if_fail (field != NULL, NULL);
  return &self->values[field - self->type->fields];
}

gint64
booru_record_get_id (const BooruRecord *self)
{
  return self->values[0].number;
}

gint64
booru_record_get_number (const BooruRecord *self, const char *name)
{
  const BooruValue *value = find_value (self, name);

  return value != NULL ? value->number : 0;
}

const char *
booru_record_get_text (const BooruRecord *self, const char *name)
{
  const BooruValue *value = find_value (self, name);

  return value != NULL ? value->text : "";
}

const GArray *
booru_record_get_ids (const BooruRecord *self, const char *name)
{
  const BooruValue *value = find_value (self, name);

  return value != NULL ? value->ids : NULL;
}

const char *const *
booru_record_get_names (const BooruRecord *self, const char *name)
{
  const BooruValue *value = find_value (self, name);

  return value != NULL ? (const char *const *)value->names : NULL;
}

void
booru_record_set_number (BooruRecord *self, const char *name, gint64 number)
{
  BooruValue *value = find_value (self, name);

  if (value != NULL)
    value->number = number;
}

void
booru_record_set_text (BooruRecord *self, const char *name, const char *text)
{
  BooruValue *value = find_value (self, name);
  char *copy = g_strdup (text);

  g_return_if_fail (value != NULL);
  g_free (value->text);
  value->text = copy;
}

void
booru_record_set_ids (BooruRecord *self, const char *name, const GArray *ids)
{
  BooruValue *value = find_value (self, name);
  GArray *copy = g_array_sized_new (FALSE, FALSE, sizeof (gint64), ids->len);

  g_return_if_fail (value != NULL);
  g_array_append_vals (copy, ids->data, ids->len);
  g_array_unref (value->ids);
  value->ids = copy;
}

void
booru_record_set_names (BooruRecord *self, const char *name, const char *const *names)
{
  BooruValue *value = find_value (self, name);
  GStrv copy = g_strdupv ((char **)names);

  g_return_if_fail (value != NULL);
  g_strfreev (value->names);
  value->names = copy;
}

gboolean
booru_record_value_equal (const BooruField *field, const BooruValue *one, const BooruValue *other)
{
  switch (field->type)
    {
    case BOORU_FIELD_TEXT:
    case BOORU_FIELD_CHOICE:
      return strcmp (one->text, other->text) == 0;
    case BOORU_FIELD_NAMES:
      return g_strv_equal ((const char *const *)one->names, (const char *const *)other->names);
    case BOORU_FIELD_IDS:
      return one->ids->len == other->ids->len
             && (one->ids->len == 0
                 || memcmp (one->ids->data, other->ids->data, one->ids->len * sizeof (gint64))
                        == 0);
    default:
      return one->number == other->number;
    }
}

void
booru_record_take_kept (BooruRecord *self, const BooruRecord *from)
{
  for (guint i = 0; i < self->type->n_fields; i++)
    {
      const BooruField *field = &self->type->fields[i];

      if (field->flags & BOORU_FIELD_KEPT)
        value_copy (&self->values[i], find_value (from, field->name));
    }
}

/* What somebody typed. */

static gboolean
fail (const BooruField *field, const char *what, GError **error)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "%s %s", field->name, what);
  return FALSE;
}

static guint
get_max (const BooruField *field)
{
  return field->max != 0 ? field->max : DEFAULT_MAX;
}

static gboolean
fail_too_long (const BooruField *field, const char *unit, GError **error)
{
  g_autofree char *what = g_strdup_printf ("is too long (maximum is %u %s)", get_max (field), unit);

  return fail (field, what, error);
}

/* Blanks become one underscore each, and none stands at an end. */
static char *
to_name (const char *text)
{
  g_autofree char *composed = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
  GString *name = g_string_new (NULL);

  for (const char *at = composed; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gboolean gap = c == '_' || g_unichar_isspace (c);

      if (gap && (name->len == 0 || name->str[name->len - 1] == '_'))
        continue;
      if (!gap && !g_unichar_isprint (c))
        continue;
      g_string_append_unichar (name, gap ? '_' : c);
    }
  if (name->len > 0 && name->str[name->len - 1] == '_')
    g_string_truncate (name, name->len - 1);
  return g_string_free (name, FALSE);
}

/* Transfer full; NULL with @error. */
static char *
to_field (const BooruField *field, const char *text, GError **error)
{
  if (field->flags & BOORU_FIELD_TAG)
    return booru_tag_normalize (text, error);
  return field->flags & BOORU_FIELD_NAME ? to_name (text)
                                         : g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
}

static gboolean
read_text (const BooruField *field, const char *text, BooruValue *value, GError **error)
{
  g_autofree char *read = to_field (field, text, error);

  if (read == NULL)
    return FALSE;
  if ((field->flags & BOORU_FIELD_REQUIRED) && read[strspn (read, BLANKS)] == '\0')
    return fail (field, "can't be blank", error);
  if (g_utf8_strlen (read, -1) > (glong)get_max (field))
    return fail_too_long (field, "characters", error);
  g_free (value->text);
  value->text = g_steal_pointer (&read);
  return TRUE;
}

static gboolean
read_choice (const BooruField *field, const char *text, BooruValue *value, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);
  g_autofree char *list = NULL, *what = NULL;

  if (g_strv_contains (field->choices, lower))
    {
      g_free (value->text);
      value->text = g_steal_pointer (&lower);
      return TRUE;
    }
  list = g_strjoinv (" or ", (char **)field->choices);
  what = g_strdup_printf ("must be %s", list);
  return fail (field, what, error);
}

static gboolean
read_number (const BooruField *field, const char *text, BooruValue *value, GError **error)
{
  if (*text == '\0' && (field->flags & BOORU_FIELD_NULL))
    {
      value->number = 0;
      return TRUE;
    }
  return g_ascii_string_to_signed (text, 10, G_MININT32, G_MAXINT64, &value->number, NULL)
         || fail (field, "is not a number", error);
}

static gboolean
read_boolean (const BooruField *field, const char *text, BooruValue *value, GError **error)
{
  static const char *const yes[] = { "true", "t", "yes", "y", "on", "1", NULL };
  static const char *const no[] = { "false", "f", "no", "n", "off", "0", "", NULL };
  g_autofree char *lower = g_ascii_strdown (text, -1);

  value->number = g_strv_contains (yes, lower);
  return value->number || g_strv_contains (no, lower)
         || fail (field, "must be true or false", error);
}

static char *
to_element (const BooruField *field, const char *text)
{
  g_autofree char *name = to_name (text);

  return field->flags & BOORU_FIELD_TAG ? g_utf8_strdown (name, -1) : g_steal_pointer (&name);
}

static gboolean
read_names (const BooruField *field, const char *text, BooruValue *value, GError **error)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) parts = g_strsplit_set (text, BLANKS ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *name = *parts[i] != '\0' ? to_element (field, parts[i]) : g_strdup ("");

      if (*name != '\0' && !g_hash_table_contains (seen, name))
        g_strv_builder_add (names, name);
      g_hash_table_add (seen, name);
    }
  if (g_hash_table_size (seen) > get_max (field) + 1)
    return fail_too_long (field, "names", error);
  g_strfreev (value->names);
  value->names = g_strv_builder_end (names);
  return TRUE;
}

/* Whatever stands between the numbers. */
static gboolean
read_ids (const BooruField *field, const char *text, BooruValue *value, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (const char *at = text; (at = strpbrk (at, "0123456789")) != NULL;)
    {
      char *end;
      gint64 id = g_ascii_strtoll (at, &end, 10);

      if (g_hash_table_add (seen, g_memdup2 (&id, sizeof id)))
        g_array_append_val (ids, id);
      at = end;
    }
  if (ids->len > get_max (field))
    return fail_too_long (field, "posts", error);
  g_array_unref (value->ids);
  value->ids = g_steal_pointer (&ids);
  return TRUE;
}

gboolean
booru_record_read_text (BooruRecord *self, const char *name, const char *text, GError **error)
{
  const BooruField *field = booru_record_type_find_field (self->type, name);
  BooruValue *value;

  g_return_val_if_fail (field != NULL && text != NULL, FALSE);
  value = &self->values[field - self->type->fields];
  switch (field->type)
    {
    case BOORU_FIELD_TEXT:
      return read_text (field, text, value, error);
    case BOORU_FIELD_CHOICE:
      return read_choice (field, text, value, error);
    case BOORU_FIELD_BOOLEAN:
      return read_boolean (field, text, value, error);
    case BOORU_FIELD_NAMES:
      return read_names (field, text, value, error);
    case BOORU_FIELD_IDS:
      return read_ids (field, text, value, error);
    default:
      return read_number (field, text, value, error);
    }
}
