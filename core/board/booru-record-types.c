/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each kind of record is like: its fields as the API shows them, in its order. */
#include "board/booru-record.h"

#include <string.h>

#define ID(name)                                                                                   \
  {                                                                                                \
    name, BOORU_FIELD_NUMBER, BOORU_FIELD_SORT                                                     \
  }
#define TIME(name)                                                                                 \
  {                                                                                                \
    name, BOORU_FIELD_TIME, BOORU_FIELD_SORT                                                       \
  }
#define EDITED (BOORU_FIELD_EDIT | BOORU_FIELD_KEPT)

static const char *const pool_categories[] = { "series", "collection", NULL };
static const BooruFieldRows pool_posts = { "pool_posts", "pool_id", "post_id" };
static const BooruField pool_fields[] = {
  ID ("id"),
  { "name", BOORU_FIELD_TEXT, EDITED | BOORU_FIELD_REQUIRED | BOORU_FIELD_NAME | BOORU_FIELD_SORT,
    NULL, 170 },
  TIME ("created_at"),
  TIME ("updated_at"),
  { "description", BOORU_FIELD_TEXT, EDITED, NULL, 20000 },
  { "is_active", BOORU_FIELD_BOOLEAN, 0 },
  { "is_deleted", BOORU_FIELD_BOOLEAN, BOORU_FIELD_KEPT },
  { "category", BOORU_FIELD_CHOICE, EDITED, NULL, 0, pool_categories },
  { "post_ids", BOORU_FIELD_IDS, EDITED, NULL, 100000, NULL, &pool_posts },
  { "post_count", BOORU_FIELD_NUMBER, BOORU_FIELD_SORT },
};

#define FIELDS(array) array, G_N_ELEMENTS (array)

static const BooruRecordType types[BOORU_N_RECORD_KINDS] = {
  [BOORU_RECORD_POOL]
  = { BOORU_RECORD_POOL, "pool", "pools", "pool", "pools", FIELDS (pool_fields), BOORU_CHANGE_POOL,
      "updated_at", .deleted = "is_deleted", .versions = "pool_versions" },
};

const BooruRecordType *
booru_record_type_get (BooruRecordKind kind)
{
  g_return_val_if_fail (kind < BOORU_N_RECORD_KINDS, NULL);

  return &types[kind];
}

/* Versions: what they keep is one JSON object, whose members are columns to whoever reads them.
 * Made once, and never freed. */

static void
add_field (GArray *fields, const char *name, BooruFieldType type, guint flags, const char *column)
{
  BooruField field = { name, type, flags, column };

  g_array_append_val (fields, field);
}

static void
add_kept (GArray *fields, const BooruField *from)
{
  gboolean is_text = from->type != BOORU_FIELD_NUMBER && from->type != BOORU_FIELD_BOOLEAN;
  BooruField field = *from;

  field.flags = from->flags & BOORU_FIELD_NULL;
  field.rows = NULL;
  field.column = g_strdup_printf (is_text ? "json_extract (data, '$.%s')"
                                          : "CAST (json_extract (data, '$.%s') AS bigint)",
                                  from->name);
  g_array_append_val (fields, field);
}

static void
add_difference (GArray *fields, const BooruField *from, const char *word)
{
  BooruField field = { g_strdup_printf ("%s_%s", word, from->name), BOORU_FIELD_IDS };

  field.column = g_strdup_printf ("json_extract (data, '$.%s')", field.name);
  g_array_append_val (fields, field);
}

static BooruRecordType *
make_versions (const BooruRecordType *of)
{
  BooruRecordType *self = g_new0 (BooruRecordType, 1);
  GArray *fields = g_array_new (FALSE, FALSE, sizeof (BooruField));

  add_field (fields, "id", BOORU_FIELD_NUMBER, BOORU_FIELD_SORT, NULL);
  add_field (fields, g_strconcat (of->name, "_id", NULL), BOORU_FIELD_NUMBER, 0, "record_id");
  if (of->in_post != NULL)
    add_field (fields, of->in_post, BOORU_FIELD_NUMBER, 0, "post_id");
  add_field (fields, "version", BOORU_FIELD_NUMBER, BOORU_FIELD_SORT, NULL);
  add_field (fields, "updater_id", BOORU_FIELD_NUMBER, 0, NULL);
  add_field (fields, "created_at", BOORU_FIELD_TIME, BOORU_FIELD_SORT, NULL);
  add_field (fields, "updated_at", BOORU_FIELD_TIME, BOORU_FIELD_SORT, NULL);
  for (guint i = 0; i < of->n_fields; i++)
    {
      const BooruField *field = &of->fields[i];

      if (!(field->flags & BOORU_FIELD_KEPT))
        continue;
      add_kept (fields, field);
      if (field->type != BOORU_FIELD_IDS)
        continue;
      add_difference (fields, field, "added");
      add_difference (fields, field, "removed");
    }
  add_field (fields, "kind", BOORU_FIELD_NUMBER, BOORU_FIELD_UNSEARCHED | BOORU_FIELD_HIDDEN, NULL);

  *self = (BooruRecordType){ .kind = of->kind,
                             .name = of->versions,
                             .plural = of->versions,
                             .title = "version",
                             .table = "record_versions",
                             .n_fields = fields->len,
                             .change = of->change };
  self->fields = (const BooruField *)(gpointer)g_array_free (fields, FALSE);
  return self;
}

const BooruRecordType *
booru_record_type_get_versions (const BooruRecordType *self)
{
  static const BooruRecordType *versions[BOORU_N_RECORD_KINDS];
  static GMutex mutex;

  g_return_val_if_fail (self != NULL && self->versions != NULL, NULL);

  g_mutex_lock (&mutex);
  if (versions[self->kind] == NULL)
    versions[self->kind] = make_versions (self);
  g_mutex_unlock (&mutex);
  return versions[self->kind];
}
