/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records: filters, writes, versions; and what is special to pools. */
#include "board-fixture.h"

static const BooruRecordType *
pools (void)
{
  return booru_record_type_get (BOORU_RECORD_POOL);
}

static BooruUser *
new_user (gint64 id)
{
  return booru_user_new (id, "somebody", BOORU_ACCESS_EDITOR);
}

/* Of names and values. */
static GHashTable *
new_edit (const char *name, ...)
{
  GHashTable *edit = g_hash_table_new (g_str_hash, g_str_equal);
  va_list values;

  va_start (values, name);
  for (; name != NULL; name = va_arg (values, const char *))
    g_hash_table_insert (edit, (gpointer)name, va_arg (values, char *));
  va_end (values);
  return edit;
}

static gint64
add_pool (BooruStore *store, const char *name, const char *category, const char *posts)
{
  g_autoptr (GHashTable) edit
      = new_edit ("name", name, "category", category, "post_ids", posts, NULL);
  g_autoptr (BooruUser) user = new_user (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruRecord) pool = booru_store_create_record (store, pools (), edit, user, &error);

  g_assert_no_error (error);
  return booru_record_get_id (pool);
}

static void
add_posts (BoardFixture *self, guint n)
{
  for (guint i = 1; i <= n; i++)
    {
      g_autofree char *path = g_strdup_printf ("%u.jpg", i);

      g_assert_cmpint (board_add_post (self, path, i), ==, i);
    }
}

static char *
print_ids (const GArray *ids)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "",
                            g_array_index (ids, gint64, i));
  return g_string_free (text, FALSE);
}

static void
require_posts (BooruStore *store, gint64 pool_id, const char *expected)
{
  g_autoptr (BooruUser) user = new_user (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruRecord) pool = booru_store_get_record (store, pools (), pool_id, user, &error);
  g_autofree char *posts = NULL;

  g_assert_no_error (error);
  posts = print_ids (booru_record_get_ids (pool, "post_ids"));
  g_assert_cmpstr (posts, ==, expected);
  g_assert_cmpint (booru_record_get_number (pool, "post_count"), ==,
                   booru_record_get_ids (pool, "post_ids")->len);
}

static BooruRecord *
update (BooruStore *store,
        gint64 id,
        const char *name,
        const char *value,
        gint64 by,
        GError **error)
{
  g_autoptr (GHashTable) edit = new_edit (name, value, NULL);
  g_autoptr (BooruUser) user = new_user (by);

  return booru_store_update_record (store, pools (), id, edit, user, error);
}

/* The filter of "NAME=VALUE", …, and the ids of what it finds. */
static void
require_found (BooruStore *store, const BooruRecordType *type, const char *expected, ...)
{
  g_autoptr (BooruFilter) filter = booru_filter_new (type->fields, type->n_fields);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (BooruUser) user = new_user (1);
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *found = NULL;
  const char *name;
  va_list values;

  va_start (values, expected);
  while ((name = va_arg (values, const char *)) != NULL)
    {
      booru_filter_add (filter, name, va_arg (values, const char *), &error);
      g_assert_no_error (error);
    }
  va_end (values);
  records = booru_store_list_records (store, type, filter, TRUE, user, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < records->len; i++)
    {
      gint64 id = booru_record_get_id (records->pdata[i]);

      g_array_append_val (ids, id);
    }
  found = print_ids (ids);
  g_assert_cmpstr (found, ==, expected);
}

static void
test_list (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruUser) user = new_user (1);
  g_autoptr (BooruRecord) pool = NULL;
  gint64 id;

  add_posts (self, 5);
  id = add_pool (self->store, " A  long\tstory ", "series", "3, 1 [2] 3");
  require_posts (self->store, id, "3 1 2");
  booru_record_free (update (self->store, id, "post_ids", "3 1 2 5", 1, &error));
  require_posts (self->store, id, "3 1 2 5");
  booru_record_free (update (self->store, id, "post_ids", "5 4 1", 1, &error));
  require_posts (self->store, id, "5 4 1");
  booru_record_free (update (self->store, id, "post_ids", "5 1 2", 1, &error));
  require_posts (self->store, id, "5 1 2");
  g_assert_no_error (error);

  for (guint i = 0; i < 2; i++)
    booru_record_free (booru_store_put_in_list (self->store, pools (), id, 4, TRUE, user, &error));
  require_posts (self->store, id, "5 1 2 4");
  for (guint i = 0; i < 2; i++)
    booru_record_free (booru_store_put_in_list (self->store, pools (), id, 1, FALSE, user, &error));
  require_posts (self->store, id, "5 2 4");
  g_assert_no_error (error);

  pool = booru_store_put_in_list (self->store, pools (), id, 77, TRUE, user, &error);
  g_assert_null (pool);
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  require_posts (self->store, id, "5 2 4");
}

static void
require_invalid (BooruStore *store, const char *field, const char *value)
{
  g_autoptr (GHashTable) edit = new_edit ("name", "good_name", NULL);
  g_autoptr (BooruUser) user = new_user (1);
  g_autoptr (BooruRecord) pool = NULL;
  g_autoptr (GError) error = NULL;

  g_hash_table_replace (edit, (gpointer)field, (gpointer)value);
  pool = booru_store_create_record (store, pools (), edit, user, &error);
  g_assert_null (pool);
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
}

static void
test_invalid (BoardFixture *self, gconstpointer data)
{
  g_autofree char *longest = g_strnfill (20001, 'x');
  g_autoptr (GError) error = NULL;
  gint64 id = add_pool (self->store, "The Story", "series", "");

  require_invalid (self->store, "name", "the_STORY");
  require_invalid (self->store, "name", " _ ");
  require_invalid (self->store, "name", "ab");
  require_invalid (self->store, "name", "None");
  require_invalid (self->store, "name", "12345");
  require_invalid (self->store, "name", "a*b*c");
  require_invalid (self->store, "category", "album");
  require_invalid (self->store, "description", longest);
  require_invalid (self->store, "post_ids", "1");
  require_invalid (self->store, "is_deleted", "true");
  require_invalid (self->store, "updated_at", "0");
  g_assert_cmpint (board_query_number (self, "SELECT count (*) FROM pools"), ==, 1);

  /* Its own name is free. */
  booru_record_free (update (self->store, id, "name", "the story", 1, &error));
  g_assert_no_error (error);
  g_assert_cmpint (booru_store_find_pool (self->store, "THE story", &error), ==, id);
  g_assert_cmpint (booru_store_find_pool (self->store, "1", &error), ==, id);
  g_assert_cmpint (booru_store_find_pool (self->store, "story", NULL), ==, 0);
  g_assert_cmpint (booru_store_find_pool (self->store, "", NULL), ==, 0);
}

static void
test_filter (BoardFixture *self, gconstpointer data)
{
  add_posts (self, 4);
  add_pool (self->store, "Blue_Sky", "series", "1 2");
  add_pool (self->store, "Red Sky", "collection", "2 3");
  add_pool (self->store, "Percent_100%", "collection", "");

  require_found (self->store, pools (), "3 2 1", NULL);
  require_found (self->store, pools (), "1 2 3", "order", "id_asc", NULL);
  require_found (self->store, pools (), "2 3 1", "order", "name_desc", NULL);
  require_found (self->store, pools (), "1 3 2", "order", "name", NULL);
  require_found (self->store, pools (), "3 1 2", "order", "custom", "id", "3,1,2", NULL);
  require_found (self->store, pools (), "2 1", "name_matches", "*SKY", NULL);
  require_found (self->store, pools (), "1", "name_matches", "sky blu", NULL);
  require_found (self->store, pools (), "2", "name_contains", "d s", NULL);
  require_found (self->store, pools (), "3", "name_contains", "0%", NULL);
  require_found (self->store, pools (), "", "name_contains", "1%0", NULL);
  require_found (self->store, pools (), "2", "name", "Red Sky", NULL);
  require_found (self->store, pools (), "3 1", "name_not_eq", "Red_Sky", NULL);
  require_found (self->store, pools (), "3 2", "category", "Collection", NULL);
  require_found (self->store, pools (), "1", "category_not", "collection", NULL);
  require_found (self->store, pools (), "2 1", "id", "1,2", NULL);
  require_found (self->store, pools (), "3 1", "id", "1,>2", NULL);
  require_found (self->store, pools (), "2", "id", "2..9", "id_lt", "3", NULL);
  require_found (self->store, pools (), "3", "id_not", "1,2", NULL);
  require_found (self->store, pools (), "2 1", "post_count_gteq", "2", NULL);
  require_found (self->store, pools (), "", "created_at", "<2001-01-01", NULL);
  require_found (self->store, pools (), "3 2 1", "created_at", ">2001-01-01", "id", "", NULL);
  require_found (self->store, pools (), "2 1", "post_ids_include_any", "1 2,3", NULL);
  require_found (self->store, pools (), "2", "post_ids_include_all", "2 3", NULL);
  require_found (self->store, pools (), "", "post_ids_include_all", "1 3", NULL);
  require_found (self->store, pools (), "", "is_deleted", "yes", NULL);
  require_found (self->store, pools (), "3 2 1", "is_deleted", "false", NULL);
  require_found (self->store, pools (), "", "description_present", "true", NULL);
}

static void
test_refused (BoardFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *name, *value;
    BooruError code;
  } refused[] = {
    { "nothing", "1", BOORU_ERROR_UNSUPPORTED },
    { "id_matches", "1", BOORU_ERROR_UNSUPPORTED },
    { "name_regex", "x", BOORU_ERROR_UNSUPPORTED },
    { "post_ids", "1", BOORU_ERROR_UNSUPPORTED },
    { "id", "one", BOORU_ERROR_INVALID },
    { "id_gt", "1,2", BOORU_ERROR_INVALID },
    { "category", "album", BOORU_ERROR_INVALID },
    { "order", "description", BOORU_ERROR_INVALID },
    { "is_deleted", "maybe", BOORU_ERROR_INVALID },
    { "created_at", "soon", BOORU_ERROR_INVALID },
    { "order", "1; DROP TABLE pools", BOORU_ERROR_INVALID },
    { "id", ">1,>2,>3,>4,>5,>6,>7,>8,>9", BOORU_ERROR_LIMIT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (BooruFilter) filter = booru_filter_new (pools ()->fields, pools ()->n_fields);
      g_autoptr (GError) error = NULL;

      g_assert_false (booru_filter_add (filter, refused[i].name, refused[i].value, &error));
      g_assert_error (error, BOORU_ERROR, (gint)refused[i].code);
    }
}

static void
require_page (BooruStore *store, BooruPageKind kind, gint64 value, const char *expected)
{
  g_autoptr (BooruFilter) filter = booru_filter_new (pools ()->fields, pools ()->n_fields);
  g_autoptr (BooruUser) user = new_user (1);
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GString) found = g_string_new (NULL);
  BooruPage page = { kind, value, 2 };

  booru_filter_set_page (filter, &page);
  records = booru_store_list_records (store, pools (), filter, TRUE, user, NULL);
  for (guint i = 0; i < records->len; i++)
    g_string_append_printf (found, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "",
                            booru_record_get_id (records->pdata[i]));
  g_assert_cmpstr (found->str, ==, expected);
}

static void
test_pages (BoardFixture *self, gconstpointer data)
{
  for (guint i = 1; i <= 5; i++)
    {
      g_autofree char *name = g_strdup_printf ("pool_%u", i);

      add_pool (self->store, name, "series", "");
    }
  require_page (self->store, BOORU_PAGE_NUMBER, 1, "5 4");
  require_page (self->store, BOORU_PAGE_NUMBER, 3, "1");
  require_page (self->store, BOORU_PAGE_BEFORE, 4, "3 2");
  require_page (self->store, BOORU_PAGE_AFTER, 1, "3 2");
}

static void
test_deleted (BoardFixture *self, gconstpointer data)
{
  g_autoptr (BooruUser) user = new_user (2);
  g_autoptr (GError) error = NULL;
  gint64 id;

  add_posts (self, 1);
  id = add_pool (self->store, "story", "series", "1");
  booru_store_set_record_deleted (self->store, pools (), id, TRUE, user, &error);
  g_assert_no_error (error);
  require_found (self->store, pools (), "1", "is_deleted", "true", "is_active", "false", NULL);
  require_posts (self->store, id, "1");
  booru_store_set_record_deleted (self->store, pools (), id, FALSE, user, &error);
  g_assert_no_error (error);
  require_found (self->store, pools (), "1", "is_deleted", "false", "is_active", "true", NULL);
  g_assert_false (booru_store_set_record_deleted (self->store, pools (), 9, TRUE, user, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
}

static void
test_versions (BoardFixture *self, gconstpointer data)
{
  const BooruRecordType *versions = booru_record_type_get_versions (pools ());
  g_autoptr (BooruUser) user = new_user (2);
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruRecord) pool = NULL;
  gint64 id, other;

  add_posts (self, 4);
  id = add_pool (self->store, "story", "series", "1 2");
  other = add_pool (self->store, "other", "collection", "");
  booru_record_free (update (self->store, id, "description", "It's \"new\"\\\n", 2, &error));
  booru_record_free (update (self->store, id, "description", "It's \"new\"\\\n", 2, &error));
  booru_record_free (update (self->store, id, "post_ids", "2 3", 2, &error));
  g_assert_no_error (error);
  require_found (self->store, versions, "4 3 1", "pool_id", "1", NULL);
  require_found (self->store, versions, "4 3", "updater_id", "2", NULL);
  require_found (self->store, versions, "2", "category", "collection", NULL);
  require_found (self->store, versions, "4", "added_post_ids_include_any", "3", NULL);
  require_found (self->store, versions, "4", "removed_post_ids_include_any", "1", NULL);
  require_found (self->store, versions, "2 1", "version", "1", NULL);
  require_found (self->store, versions, "4 3", "description_matches", "NEW", NULL);

  pool = booru_store_revert_record (self->store, pools (), id, 3, user, &error);
  g_assert_no_error (error);
  require_posts (self->store, id, "1 2");
  g_assert_cmpstr (booru_record_get_text (pool, "description"), ==, "It's \"new\"\\\n");
  require_found (self->store, versions, "5 4 3 1", "pool_id", "1", NULL);
  g_assert_null (booru_store_revert_record (self->store, pools (), other, 3, user, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
}

/* Posts that are added one after the other are one version; anything else is one of its own. */
static void
test_merged (BoardFixture *self, gconstpointer data)
{
  const BooruRecordType *versions = booru_record_type_get_versions (pools ());
  g_autoptr (BooruUser) one = new_user (1), other = new_user (2);
  gint64 id;

  add_posts (self, 6);
  id = add_pool (self->store, "story", "series", "");
  for (gint64 post = 1; post <= 3; post++)
    booru_record_free (booru_store_put_in_list (self->store, pools (), id, post, TRUE, one, NULL));
  require_found (self->store, versions, "2 1", NULL);
  require_found (self->store, versions, "2", "added_post_ids_include_all", "1 2 3", NULL);
  booru_record_free (booru_store_put_in_list (self->store, pools (), id, 4, TRUE, other, NULL));
  booru_record_free (booru_store_put_in_list (self->store, pools (), id, 5, TRUE, one, NULL));
  require_found (self->store, versions, "4 3 2 1", NULL);
  booru_record_free (booru_store_put_in_list (self->store, pools (), id, 5, FALSE, one, NULL));
  booru_record_free (booru_store_put_in_list (self->store, pools (), id, 6, TRUE, one, NULL));
  require_found (self->store, versions, "6 5 4 3 2 1", NULL);
}

static void
test_noted (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (BooruChangedRange));
  guint64 generation = 0;
  gboolean all;

  add_posts (self, 1);
  add_pool (self->store, "story", "series", "");
  booru_store_list_changes (self->store, BOORU_CHANGE_POOL, &generation, ranges, &all, NULL);
  booru_record_free (update (self->store, 1, "post_ids", "1", 1, NULL));
  booru_store_list_changes (self->store, BOORU_CHANGE_POOL, &generation, ranges, &all, NULL);
  g_assert_cmpuint (ranges->len, ==, 1);
  g_assert_cmpint (g_array_index (ranges, BooruChangedRange, 0).first, ==, 1);
  booru_record_free (update (self->store, 1, "post_ids", "1", 1, NULL));
  booru_store_list_changes (self->store, BOORU_CHANGE_POOL, &generation, ranges, &all, NULL);
  g_assert_cmpuint (ranges->len, ==, 0);
}

#define ADD(name)                                                                                  \
  g_test_add ("/records/" #name, BoardFixture, NULL, board_fixture_set_up, test_##name,            \
              board_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (list);
  ADD (invalid);
  ADD (filter);
  ADD (refused);
  ADD (pages);
  ADD (deleted);
  ADD (versions);
  ADD (merged);
  ADD (noted);
  return g_test_run ();
}
