/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Favourites, votes, and what else people leave on posts and tags. */
#include "board-fixture.h"

static BooruUser *
new_user (gint64 id)
{
  return booru_user_new (id, "somebody", id == 9 ? BOORU_ACCESS_ADMIN : BOORU_ACCESS_VIEWER);
}

/* By the user, of names and values. */
static BooruRecord *
create (BooruStore *store, BooruRecordKind kind, gint64 by, GError **error, const char *name, ...)
{
  g_autoptr (GHashTable) edit = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (BooruUser) user = new_user (by);
  va_list values;

  va_start (values, name);
  for (; name != NULL; name = va_arg (values, const char *))
    g_hash_table_insert (edit, (gpointer)name, va_arg (values, char *));
  va_end (values);
  return booru_store_create_record (store, booru_record_type_get (kind), edit, user, error);
}

static BooruRecord *
update (BooruStore *store,
        BooruRecordKind kind,
        gint64 id,
        gint64 by,
        const char *name,
        const char *value,
        GError **error)
{
  g_autoptr (GHashTable) edit = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (BooruUser) user = new_user (by);

  g_hash_table_insert (edit, (gpointer)name, (gpointer)value);
  return booru_store_update_record (store, booru_record_type_get (kind), id, edit, user, error);
}

/* The ids that @by finds. */
static void
require_found (BooruStore *store,
               const BooruRecordType *type,
               gint64 by,
               const char *name,
               const char *value,
               const char *expected)
{
  g_autoptr (BooruFilter) filter = booru_filter_new (type->fields, type->n_fields);
  g_autoptr (BooruUser) user = new_user (by);
  g_autoptr (GString) found = g_string_new (NULL);
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GError) error = NULL;

  if (name != NULL)
    booru_filter_add (filter, name, value, &error);
  g_assert_no_error (error);
  records = booru_store_list_records (store, type, filter, TRUE, user, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < records->len; i++)
    g_string_append_printf (found, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "",
                            booru_record_get_id (records->pdata[i]));
  g_assert_cmpstr (found->str, ==, expected);
}

static void
require_counts (BooruStore *store, gint64 id, gint favorites, gint up, gint down)
{
  g_autoptr (BooruPost) post = booru_store_get_post (store, id, NULL);

  g_assert_cmpint (post->fav_count, ==, favorites);
  g_assert_cmpint (post->up_score, ==, up);
  g_assert_cmpint (post->down_score, ==, down);
  g_assert_cmpint (post->score, ==, up + down);
}

static void
favor (BooruStore *store, gint64 post_id, gint64 user_id, gboolean wanted)
{
  g_autoptr (BooruUser) user = new_user (user_id);
  g_autoptr (GError) error = NULL;

  booru_store_set_favorite (store, post_id, wanted, user, &error);
  g_assert_no_error (error);
}

static gint64
vote (BooruStore *store, BooruVoteTarget target, gint64 id, gint64 user_id, gint score)
{
  g_autoptr (BooruUser) user = new_user (user_id);
  g_autoptr (GError) error = NULL;
  gint64 vote_id;

  booru_store_vote (store, target, id, score, user, &vote_id, &error);
  g_assert_no_error (error);
  return vote_id;
}

static void
test_favorites (BoardFixture *self, gconstpointer data)
{
  const BooruRecordType *type = booru_record_type_get (BOORU_RECORD_FAVORITE);
  g_autoptr (BooruUser) user = new_user (1);
  g_autoptr (GError) error = NULL;
  gboolean is_favorite;
  gint score;

  board_add_post (self, "1.jpg", 1);
  board_add_post (self, "2.jpg", 2);
  for (guint i = 0; i < 2; i++)
    favor (self->store, 1, 1, TRUE);
  favor (self->store, 2, 1, TRUE);
  favor (self->store, 1, 2, TRUE);
  require_counts (self->store, 1, 2, 2, 0);
  require_found (self->store, type, 3, "user_id", "1", "2 1");
  require_found (self->store, type, 3, "post_id", "1", "3 1");
  g_assert_true (booru_store_get_opinion (self->store, 1, 2, &is_favorite, &score, NULL));
  g_assert_true (is_favorite);
  g_assert_cmpint (score, ==, 1);

  for (guint i = 0; i < 2; i++)
    favor (self->store, 1, 1, FALSE);
  require_counts (self->store, 1, 1, 1, 0);
  require_found (self->store, type, 3, NULL, NULL, "3 2");
  /* A vote against it is no part of the favourite. */
  vote (self->store, BOORU_VOTE_ON_POST, 1, 2, -1);
  favor (self->store, 1, 2, FALSE);
  require_counts (self->store, 1, 0, 0, -1);
  g_assert_false (booru_store_set_favorite (self->store, 9, TRUE, user, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
  g_assert_cmpint (board_count (self->store, "favcount:1"), ==, 1);
}

static void
test_votes (BoardFixture *self, gconstpointer data)
{
  const BooruRecordType *type = booru_record_type_get (BOORU_RECORD_POST_VOTE);
  gint64 first, second;

  board_add_post (self, "1.jpg", 1);
  first = vote (self->store, BOORU_VOTE_ON_POST, 1, 1, 1);
  g_assert_cmpint (vote (self->store, BOORU_VOTE_ON_POST, 1, 1, 1), ==, first);
  vote (self->store, BOORU_VOTE_ON_POST, 1, 2, -1);
  vote (self->store, BOORU_VOTE_ON_POST, 1, 3, -1);
  require_counts (self->store, 1, 0, 1, -2);
  second = vote (self->store, BOORU_VOTE_ON_POST, 1, 1, -1);
  g_assert_cmpint (second, !=, first);
  require_counts (self->store, 1, 0, 0, -3);
  require_found (self->store, type, 1, "is_deleted", "true", "1");
  g_assert_cmpint (vote (self->store, BOORU_VOTE_ON_POST, 1, 1, 0), ==, 0);
  require_counts (self->store, 1, 0, 0, -2);
  g_assert_cmpint (board_count (self->store, "score:-2 downvotes:2"), ==, 1);
}

static void
test_groups (BoardFixture *self, gconstpointer data)
{
  const BooruRecordType *type = booru_record_type_get (BOORU_RECORD_FAVORITE_GROUP);
  g_autoptr (BooruUser) other = new_user (2), owner = new_user (1);
  g_autoptr (GError) error = NULL;

  board_add_post (self, "1.jpg", 1);
  board_add_post (self, "2.jpg", 2);
  booru_record_free (
      create (self->store, type->kind, 1, &error, "name", "Best of", "post_ids", "2 1", NULL));
  booru_record_free (create (self->store, type->kind, 2, &error, "name", "best_of", NULL));
  booru_record_free (
      create (self->store, type->kind, 1, &error, "name", "mine", "is_public", "no", NULL));
  g_assert_no_error (error);
  g_assert_null (create (self->store, type->kind, 1, &error, "name", "BEST of", NULL));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_clear_error (&error);

  require_found (self->store, type, 1, NULL, NULL, "3 2 1");
  require_found (self->store, type, 2, NULL, NULL, "2 1");
  require_found (self->store, type, 2, "post_ids_include_all", "1,2", "1");
  g_assert_null (booru_store_get_record (self->store, type, 3, other, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (booru_store_put_in_list (self->store, type, 1, 1, FALSE, other, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_DENIED);
  g_clear_error (&error);
  booru_store_set_record_deleted (self->store, type, 1, TRUE, owner, &error);
  g_assert_no_error (error);
  require_found (self->store, type, 1, NULL, NULL, "3 2");
  /* What it was is known still. */
  require_found (self->store, booru_record_type_get_versions (type), 1, "favorite_group_id", "1",
                 "1");
}

static void
test_searches (BoardFixture *self, gconstpointer data)
{
  const BooruRecordType *type = booru_record_type_get (BOORU_RECORD_SAVED_SEARCH);
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruRecord) record = NULL;

  record = create (self->store, type->kind, 1, &error, "query", "blue_sky -night", "label_string",
                   "Sky  day", NULL);
  booru_record_free (create (self->store, type->kind, 2, &error, "query", "sea", NULL));
  g_assert_no_error (error);
  g_assert_cmpstr (booru_record_get_names (record, "labels")[0], ==, "sky");
  require_found (self->store, type, 1, NULL, NULL, "1");
  require_found (self->store, type, 2, NULL, NULL, "2");
  require_found (self->store, type, 1, "labels_include_all", "sky,day", "1");
  require_found (self->store, type, 1, "labels_include_all", "sky,night", "");
  require_found (self->store, type, 9, NULL, NULL, "");
}

static gint64
get_time (BoardFixture *self, const char *column)
{
  g_autofree char *sql
      = g_strdup_printf ("SELECT coalesce (%s, 0) FROM posts WHERE id = 1", column);

  return board_query_number (self, sql);
}

static void
test_comments (BoardFixture *self, gconstpointer data)
{
  const BooruRecordType *type = booru_record_type_get (BOORU_RECORD_COMMENT);
  g_autoptr (BooruUser) owner = new_user (1);
  g_autoptr (GError) error = NULL;
  gint64 bumped;

  board_add_post (self, "1.jpg", 1);
  booru_record_free (
      create (self->store, type->kind, 1, &error, "post_id", "1", "body", "Nice.", NULL));
  bumped = get_time (self, "last_comment_bumped_at");
  g_assert_cmpint (bumped, >, 0);
  booru_record_free (create (self->store, type->kind, 2, &error, "post_id", "1", "body",
                             "Not *so* nice.", "do_not_bump_post", "1", NULL));
  g_assert_no_error (error);
  g_assert_cmpint (get_time (self, "last_comment_bumped_at"), ==, bumped);
  g_assert_cmpint (get_time (self, "last_commented_at"), >, bumped);
  require_found (self->store, type, 1, "body_matches", "NICE so", "2");
  require_found (self->store, type, 1, "creator_id", "1", "1");

  g_assert_null (create (self->store, type->kind, 1, &error, "post_id", "7", "body", "x", NULL));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (create (self->store, type->kind, 1, &error, "post_id", "1", "body", " \n", NULL));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (update (self->store, type->kind, 1, 2, "body", "Mine!", &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_DENIED);
  g_clear_error (&error);
  booru_record_free (update (self->store, type->kind, 1, 9, "body", "[moderated]", &error));
  g_assert_no_error (error);

  vote (self->store, BOORU_VOTE_ON_COMMENT, 2, 1, -1);
  vote (self->store, BOORU_VOTE_ON_COMMENT, 2, 9, -1);
  require_found (self->store, type, 1, "score", "<-1", "2");
  booru_store_set_record_deleted (self->store, type, 1, TRUE, owner, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_time (self, "last_comment_bumped_at"), ==, 0);
}

static void
test_notes (BoardFixture *self, gconstpointer data)
{
  const BooruRecordType *type = booru_record_type_get (BOORU_RECORD_NOTE);
  g_autoptr (BooruUser) user = new_user (1);
  g_autoptr (BooruRecord) note = NULL;
  g_autoptr (GError) error = NULL;

  board_add_post (self, "1.jpg", 1);
  g_assert_null (create (self->store, type->kind, 1, &error, "post_id", "1", "x", "0", "y", "0",
                         "width", "100000", "height", "10", "body", "Hello", NULL));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_clear_error (&error);
  note = create (self->store, type->kind, 1, &error, "post_id", "1", "x", "0", "y", "2", "width",
                 "10", "height", "10", "body", "Hello", NULL);
  g_assert_no_error (error);
  g_assert_cmpint (booru_record_get_number (note, "version"), ==, 1);
  g_assert_cmpint (booru_record_get_number (note, "is_active"), ==, 1);
  g_assert_cmpint (get_time (self, "last_noted_at"), >, 0);
  booru_record_free (update (self->store, type->kind, 1, 2, "body", "Hi", &error));
  booru_record_free (update (self->store, type->kind, 1, 2, "body", "Hi", &error));
  require_found (self->store, type, 1, "version", "2", "1");
  require_found (self->store, booru_record_type_get_versions (type), 1, "post_id", "1", "2 1");
  booru_store_set_record_deleted (self->store, type, 1, TRUE, user, &error);
  g_assert_no_error (error);
  require_found (self->store, type, 1, "is_active", "true", "");
  g_assert_cmpint (get_time (self, "last_noted_at"), ==, 0);
}

static void
test_commentaries (BoardFixture *self, gconstpointer data)
{
  const BooruRecordType *type = booru_record_type_get (BOORU_RECORD_COMMENTARY);
  g_autoptr (GError) error = NULL;

  board_add_post (self, "1.jpg", 1);
  booru_record_free (create (self->store, type->kind, 1, &error, "post_id", "1", "original_title",
                             "空", "translated_description", "Sky", NULL));
  g_assert_no_error (error);
  g_assert_null (create (self->store, type->kind, 1, &error, "post_id", "1", NULL));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  require_found (self->store, type, 1, "text_matches", "空 SKY", "1");
  require_found (self->store, type, 1, "translated_title_present", "false", "1");
  g_assert_cmpint (booru_store_find_commentary (self->store, 1, NULL), ==, 1);
  g_assert_cmpint (booru_store_find_commentary (self->store, 2, NULL), ==, 0);
}

static void
test_wiki (BoardFixture *self, gconstpointer data)
{
  const BooruRecordType *type = booru_record_type_get (BOORU_RECORD_WIKI_PAGE);
  g_autoptr (GError) error = NULL;

  booru_record_free (create (self->store, type->kind, 1, &error, "title", "Blue Sky", "body",
                             "h4. Sky", "other_names_string", "青空 blauer_Himmel", NULL));
  g_assert_no_error (error);
  g_assert_cmpint (booru_store_find_wiki_page (self->store, "blue sky", NULL), ==, 1);
  require_found (self->store, type, 1, "title", "blue_sky", "1");
  require_found (self->store, type, 1, "title_normalize", "Blue *", "1");
  require_found (self->store, type, 1, "other_names_match", "blauer_himmel", "1");
  require_found (self->store, type, 1, "other_names_include_any", "青空", "1");
  require_found (self->store, type, 1, "other_names_present", "false", "");
  require_found (self->store, type, 1, "title_or_body_matches", "h4", "1");
  require_found (self->store, type, 1, "order", "post_count", "1");
  g_assert_null (create (self->store, type->kind, 1, &error, "title", "blue_sky", NULL));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_clear_error (&error);
  booru_record_free (update (self->store, type->kind, 1, 9, "is_locked", "true", &error));
  g_assert_no_error (error);
  g_assert_null (update (self->store, type->kind, 1, 1, "body", "x", &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_DENIED);
}

static void
require_artists (BooruStore *store, const char *url, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = booru_store_find_artists_by_url (store, url, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (ids->len, ==, n);
}

static void
test_artists (BoardFixture *self, gconstpointer data)
{
  const BooruRecordType *type = booru_record_type_get (BOORU_RECORD_ARTIST);
  const BooruRecordType *urls = booru_record_type_get (BOORU_RECORD_ARTIST_URL);
  g_autoptr (GError) error = NULL;

  booru_record_free (
      create (self->store, type->kind, 1, &error, "name", "Some Artist", "other_names",
              "someone 誰か", "group_name", "Some Circle", "url_string",
              "https://www.example.org/users/some\n-http://old.example.com/some/", NULL));
  booru_record_free (create (self->store, type->kind, 1, &error, "name", "other", NULL));
  g_assert_no_error (error);
  require_found (self->store, type, 1, "any_name_matches", "some*", "1");
  require_found (self->store, type, 1, "any_name_matches", "誰か", "1");
  require_found (self->store, type, 1, "any_other_name_like", "*one", "1");
  require_found (self->store, type, 1, "group_name", "Some Circle", "1");
  require_found (self->store, urls, 1, "is_active", "false", "2");
  require_found (self->store, urls, 1, "artist_id", "1", "2 1");
  require_artists (self->store, "http://EXAMPLE.org/users/some/", 1);
  require_artists (self->store, "https://example.org/users/some/posts/7?page=2", 1);
  require_artists (self->store, "https://example.org/users/someone", 0);
  require_artists (self->store, "https://example.org/", 0);
  require_artists (self->store, "old.example", 1);
  require_artists (self->store, "*example*", 1);

  booru_record_free (update (self->store, type->kind, 1, 1, "urls",
                             "https://www.example.org/users/some https://new.example.com/some",
                             &error));
  g_assert_no_error (error);
  g_assert_cmpint (board_query_number (self, "SELECT count (*) FROM artist_urls"), ==, 2);
  require_artists (self->store, "https://old.example.com/some", 0);
  g_assert_null (update (self->store, type->kind, 1, 1, "urls", "ftp://example.org/a", &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
}

/* The posts that a search by @asker finds, in its order. */
static void
require_search (BooruStore *store, gint64 asker, const char *text, const char *expected)
{
  g_autoptr (BooruQuery) query = booru_query_parse_for (text, asker);
  BooruPage page = { BOORU_PAGE_NUMBER, 1, 20 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = booru_store_find_ids (store, query, &page, &error);
  g_autoptr (GString) found = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (found, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "",
                            g_array_index (ids, gint64, i));
  if (g_strcmp0 (found->str, expected) != 0)
    g_error ("“%s” found “%s” instead of “%s”", text, found->str, expected);
}

static void
require_refused_edit (BooruStore *store, const char *tags)
{
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  g_autoptr (GError) error = NULL;

  edit.tag_string = tags;
  edit.editor_id = 1;
  g_assert_null (booru_store_edit_post (store, 1, &edit, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
}

/* By words of a tag string, and found again. */
static void
test_search (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 1; i <= 4; i++)
    {
      g_autofree char *path = g_strdup_printf ("%u.jpg", i);

      board_add_post (self, path, i);
    }
  booru_post_unref (board_edit (self->store, 3, "sky newpool:\"A Story\" fav:self"));
  booru_post_unref (board_edit (self->store, 1, "sky pool:a_story upvote:self"));
  booru_post_unref (board_edit (self->store, 4, "newpool:other downvote:self fav:self"));
  require_search (self->store, 1, "pool:1", "3 1");
  require_search (self->store, 1, "ordpool:A_STORY", "3 1");
  require_search (self->store, 1, "pool:\"a story\" -sky", "");
  require_search (self->store, 1, "pool:any", "4 3 1");
  require_search (self->store, 1, "pool:none", "2");
  require_search (self->store, 1, "-pool:story or pool:collection", "4 3 2 1");
  require_search (self->store, 1, "pool:*story", "3 1");
  require_search (self->store, 1, "pool:series", "4 3 1");
  require_search (self->store, 1, "fav:self", "4 3");
  require_search (self->store, 1, "ordfav:self", "4 3");
  require_search (self->store, 1, "-fav:self", "2 1");
  require_search (self->store, 2, "fav:self", "");
  require_search (self->store, 1, "upvote:self", "4 3 1");
  require_search (self->store, 1, "fav:nobody", "");
  require_search (self->store, 1, "pool_count:1", "4 3 1");

  booru_record_free (create (self->store, BOORU_RECORD_COMMENT, 1, &error, "post_id", "2", "body",
                             "A word", NULL));
  booru_record_free (create (self->store, BOORU_RECORD_NOTE, 1, &error, "post_id", "3", "x", "0",
                             "y", "0", "width", "1", "height", "1", "body", "Another word", NULL));
  booru_record_free (create (self->store, BOORU_RECORD_COMMENTARY, 1, &error, "post_id", "1",
                             "original_title", "word", NULL));
  booru_record_free (
      create (self->store, BOORU_RECORD_SAVED_SEARCH, 1, &error, "query", "pool:1", NULL));
  booru_record_free (create (self->store, BOORU_RECORD_FAVORITE_GROUP, 1, &error, "name", "Best",
                             "post_ids", "2 4 1", NULL));
  g_assert_no_error (error);
  require_search (self->store, 1, "comment:WORD", "2");
  require_search (self->store, 1, "note:word", "3");
  require_search (self->store, 1, "commentary:word", "1");
  require_search (self->store, 1, "commentary:untranslated", "1");
  require_search (self->store, 1, "comments:>0 or notes:>0", "3 2");
  require_search (self->store, 1, "order:comment", "2 4 3 1");
  require_search (self->store, 1, "order:note", "3 4 2 1");
  require_search (self->store, 1, "search:all", "3 1");
  require_search (self->store, 2, "search:all", "");
  require_search (self->store, 1, "favgroup:best", "4 2 1");
  require_search (self->store, 1, "ordfavgroup:1", "2 4 1");
  require_search (self->store, 1, "favgroup:any -fav:self", "2 1");

  booru_post_unref (board_edit (self->store, 3, "sky -pool:1 -fav:self"));
  require_search (self->store, 1, "pool:1 or fav:self", "4 1");
  require_refused_edit (self->store, "pool:nothing");
  require_refused_edit (self->store, "favgroup:nothing");
  require_refused_edit (self->store, "sky newpool:none");
  board_require_tags (self->store, 1, "sky");
}

#define ADD(name)                                                                                  \
  g_test_add ("/opinions/" #name, BoardFixture, NULL, board_fixture_set_up, test_##name,           \
              board_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (favorites);
  ADD (votes);
  ADD (groups);
  ADD (searches);
  ADD (comments);
  ADD (notes);
  ADD (commentaries);
  ADD (wiki);
  ADD (artists);
  ADD (search);
  return g_test_run ();
}
