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

/* People. */

static const BooruField favorite_fields[] = {
  ID ("id"),
  { "user_id", BOORU_FIELD_NUMBER, 0 },
  { "post_id", BOORU_FIELD_NUMBER, 0 },
};

static const BooruFieldRows group_posts
    = { "favorite_group_posts", "favorite_group_id", "post_id" };
static const BooruField favorite_group_fields[] = {
  ID ("id"),
  { "name", BOORU_FIELD_TEXT, EDITED | BOORU_FIELD_REQUIRED | BOORU_FIELD_NAME | BOORU_FIELD_SORT,
    NULL, 170 },
  { "creator_id", BOORU_FIELD_NUMBER, BOORU_FIELD_KEPT },
  { "post_ids", BOORU_FIELD_IDS, EDITED, NULL, 100000, NULL, &group_posts },
  TIME ("created_at"),
  TIME ("updated_at"),
  { "is_public", BOORU_FIELD_BOOLEAN, EDITED, NULL, 1 },
  { "post_count", BOORU_FIELD_NUMBER, BOORU_FIELD_SORT | BOORU_FIELD_HIDDEN },
};

static const BooruField saved_search_fields[] = {
  ID ("id"),
  { "user_id", BOORU_FIELD_NUMBER, 0 },
  { "query", BOORU_FIELD_TEXT, BOORU_FIELD_EDIT | BOORU_FIELD_REQUIRED | BOORU_FIELD_SORT, NULL,
    3000 },
  TIME ("created_at"),
  TIME ("updated_at"),
  { "labels", BOORU_FIELD_NAMES, BOORU_FIELD_EDIT | BOORU_FIELD_TAG, NULL, 20 },
};

#define VOTE_FIELDS(target)                                                                        \
  ID ("id"), { target, BOORU_FIELD_NUMBER, 0 }, { "user_id", BOORU_FIELD_NUMBER, 0 },              \
      { "score", BOORU_FIELD_NUMBER, 0 }, TIME ("created_at"), TIME ("updated_at"),                \
  {                                                                                                \
    "is_deleted", BOORU_FIELD_BOOLEAN, 0                                                           \
  }

static const BooruField post_vote_fields[] = { VOTE_FIELDS ("post_id") };
static const BooruField comment_vote_fields[] = { VOTE_FIELDS ("comment_id") };

/* Posts. */

#define POST                                                                                       \
  {                                                                                                \
    "post_id", BOORU_FIELD_NUMBER, BOORU_FIELD_CREATE | BOORU_FIELD_REQUIRED | BOORU_FIELD_SORT    \
  }

static const BooruField comment_fields[] = {
  ID ("id"),
  TIME ("created_at"),
  POST,
  { "creator_id", BOORU_FIELD_NUMBER, 0 },
  { "body", BOORU_FIELD_TEXT, EDITED | BOORU_FIELD_REQUIRED, NULL, 15000 },
  { "score", BOORU_FIELD_NUMBER, BOORU_FIELD_SORT },
  TIME ("updated_at"),
  { "updater_id", BOORU_FIELD_NUMBER, BOORU_FIELD_NULL },
  { "do_not_bump_post", BOORU_FIELD_BOOLEAN, BOORU_FIELD_CREATE },
  { "is_deleted", BOORU_FIELD_BOOLEAN, BOORU_FIELD_KEPT },
  { "is_sticky", BOORU_FIELD_BOOLEAN, 0 },
};

static const BooruField note_fields[] = {
  ID ("id"),
  POST,
  { "x", BOORU_FIELD_NUMBER, EDITED },
  { "y", BOORU_FIELD_NUMBER, EDITED },
  { "width", BOORU_FIELD_NUMBER, EDITED | BOORU_FIELD_REQUIRED },
  { "height", BOORU_FIELD_NUMBER, EDITED | BOORU_FIELD_REQUIRED },
  { "is_active", BOORU_FIELD_BOOLEAN, BOORU_FIELD_KEPT, NULL, 1 },
  { "body", BOORU_FIELD_TEXT, EDITED | BOORU_FIELD_REQUIRED, NULL, 5000 },
  TIME ("created_at"),
  TIME ("updated_at"),
  { "version", BOORU_FIELD_NUMBER, 0 },
};

static const char *const commentary_texts[]
    = { "original_title", "original_description", "translated_title", "translated_description",
        NULL };
static const BooruField commentary_fields[] = {
  ID ("id"),
  POST,
  { "original_title", BOORU_FIELD_TEXT, EDITED, NULL, 600 },
  { "original_description", BOORU_FIELD_TEXT, EDITED, NULL, 55000 },
  { "translated_title", BOORU_FIELD_TEXT, EDITED, NULL, 300 },
  { "translated_description", BOORU_FIELD_TEXT, EDITED, NULL, 55000 },
  TIME ("created_at"),
  TIME ("updated_at"),
  { "text_matches", BOORU_FIELD_ANY, 0, NULL, 0, commentary_texts },
};

/* Tags. */

static const char *const wiki_texts[] = { "title", "body", NULL };
static const char *const wiki_names[] = { "other_names", NULL };
static const BooruField wiki_page_fields[] = {
  ID ("id"),
  TIME ("created_at"),
  TIME ("updated_at"),
  { "title", BOORU_FIELD_TEXT, EDITED | BOORU_FIELD_REQUIRED | BOORU_FIELD_TAG | BOORU_FIELD_SORT,
    NULL, 170 },
  { "body", BOORU_FIELD_TEXT, EDITED, NULL, 100000 },
  { "is_locked", BOORU_FIELD_BOOLEAN, EDITED },
  { "other_names", BOORU_FIELD_NAMES, EDITED, NULL, 80 },
  { "is_deleted", BOORU_FIELD_BOOLEAN, EDITED },
  { "post_count", BOORU_FIELD_NUMBER,
    BOORU_FIELD_SORT | BOORU_FIELD_UNSEARCHED | BOORU_FIELD_HIDDEN | BOORU_FIELD_DERIVED,
    "(SELECT post_count FROM tags WHERE tags.name = title)" },
  { "title_or_body_matches", BOORU_FIELD_ANY, 0, NULL, 0, wiki_texts },
  { "other_names_match", BOORU_FIELD_ANY, 0, NULL, 0, wiki_names },
};

static const char *const artist_names[] = { "name", "group_name", "other_names", NULL };
static const BooruField artist_fields[] = {
  ID ("id"),
  { "name", BOORU_FIELD_TEXT, EDITED | BOORU_FIELD_REQUIRED | BOORU_FIELD_TAG | BOORU_FIELD_SORT,
    NULL, 170 },
  { "is_deleted", BOORU_FIELD_BOOLEAN, EDITED },
  { "is_banned", BOORU_FIELD_BOOLEAN, 0 },
  { "group_name", BOORU_FIELD_TEXT, EDITED | BOORU_FIELD_NAME, NULL, 80 },
  TIME ("created_at"),
  TIME ("updated_at"),
  { "other_names", BOORU_FIELD_NAMES, EDITED, NULL, 50 },
  { "urls", BOORU_FIELD_NAMES, EDITED | BOORU_FIELD_HIDDEN, NULL, 300 },
  { "post_count", BOORU_FIELD_NUMBER,
    BOORU_FIELD_SORT | BOORU_FIELD_UNSEARCHED | BOORU_FIELD_HIDDEN | BOORU_FIELD_DERIVED,
    "(SELECT post_count FROM tags WHERE tags.name = artists.name)" },
  { "any_name_matches", BOORU_FIELD_ANY, 0, NULL, 0, artist_names },
  { "any_other_name_like", BOORU_FIELD_ANY, 0, NULL, 0, artist_names + 2 },
};

static const BooruField artist_url_fields[] = {
  ID ("id"),
  { "artist_id", BOORU_FIELD_NUMBER, BOORU_FIELD_SORT },
  { "url", BOORU_FIELD_TEXT, BOORU_FIELD_SORT, NULL, 300 },
  TIME ("created_at"),
  TIME ("updated_at"),
  { "is_active", BOORU_FIELD_BOOLEAN, 0 },
};

#define FIELDS(array) array, G_N_ELEMENTS (array)

static const BooruRecordType types[BOORU_N_RECORD_KINDS] = {
  [BOORU_RECORD_POOL]
  = { BOORU_RECORD_POOL, "pool", "pools", "pool", "pools", FIELDS (pool_fields), BOORU_CHANGE_POOL,
      "updated_at", .deleted = "is_deleted", .versions = "pool_versions" },
  [BOORU_RECORD_FAVORITE]
  = { BOORU_RECORD_FAVORITE, "favorite", "favorites", "favorite", "favorites",
      FIELDS (favorite_fields), BOORU_CHANGE_FAVORITE, .owner = "user_id", .owned = TRUE },
  [BOORU_RECORD_FAVORITE_GROUP]
  = { BOORU_RECORD_FAVORITE_GROUP, "favorite_group", "favorite_groups", "favorite group",
      "favorite_groups", FIELDS (favorite_group_fields), BOORU_CHANGE_FAVORITE_GROUP,
      .owner = "creator_id", .owned = TRUE, .public_flag = "is_public",
      .versions = "favorite_group_versions" },
  [BOORU_RECORD_SAVED_SEARCH]
  = { BOORU_RECORD_SAVED_SEARCH, "saved_search", "saved_searches", "saved search", "saved_searches",
      FIELDS (saved_search_fields), BOORU_CHANGE_SAVED_SEARCH, .owner = "user_id", .owned = TRUE,
      .secret = TRUE },
  [BOORU_RECORD_POST_VOTE]
  = { BOORU_RECORD_POST_VOTE, "post_vote", "post_votes", "vote", "post_votes",
      FIELDS (post_vote_fields), BOORU_CHANGE_VOTE, .owner = "user_id", .owned = TRUE },
  [BOORU_RECORD_COMMENT]
  = { BOORU_RECORD_COMMENT, "comment", "comments", "comment", "comments", FIELDS (comment_fields),
      BOORU_CHANGE_COMMENT, .owner = "creator_id", .owned = TRUE, .deleted = "is_deleted",
      .in_post = "post_id", .versions = "comment_versions" },
  [BOORU_RECORD_COMMENT_VOTE]
  = { BOORU_RECORD_COMMENT_VOTE, "comment_vote", "comment_votes", "vote", "comment_votes",
      FIELDS (comment_vote_fields), BOORU_CHANGE_COMMENT, .owner = "user_id", .owned = TRUE },
  [BOORU_RECORD_NOTE]
  = { BOORU_RECORD_NOTE, "note", "notes", "note", "notes", FIELDS (note_fields), BOORU_CHANGE_NOTE,
      .deleted = "is_active", .in_post = "post_id", .versions = "note_versions" },
  [BOORU_RECORD_COMMENTARY]
  = { BOORU_RECORD_COMMENTARY, "artist_commentary", "artist_commentaries", "commentary",
      "artist_commentaries", FIELDS (commentary_fields), BOORU_CHANGE_COMMENTARY,
      .in_post = "post_id", .versions = "artist_commentary_versions" },
  [BOORU_RECORD_WIKI_PAGE]
  = { BOORU_RECORD_WIKI_PAGE, "wiki_page", "wiki_pages", "wiki page", "wiki_pages",
      FIELDS (wiki_page_fields), BOORU_CHANGE_WIKI_PAGE, "updated_at", .deleted = "is_deleted",
      .versions = "wiki_page_versions" },
  [BOORU_RECORD_ARTIST]
  = { BOORU_RECORD_ARTIST, "artist", "artists", "artist", "artists", FIELDS (artist_fields),
      BOORU_CHANGE_ARTIST, .deleted = "is_deleted", .versions = "artist_versions" },
  [BOORU_RECORD_ARTIST_URL] = { BOORU_RECORD_ARTIST_URL, "artist_url", "artist_urls", "address",
                                "artist_urls", FIELDS (artist_url_fields), BOORU_CHANGE_ARTIST },
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
