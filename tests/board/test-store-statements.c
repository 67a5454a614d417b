/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How many statements an operation takes: each is a round trip where the database is on another
 * machine, so that what is done to many rows has to be done to all of them at once. */
#include <sqlite3.h>

#include "board-fixture.h"
#include "board/sqlite/booru-sqlite-db.h"
#include "board/store/booru-store-private.h"

#define N_TAGS 24

typedef struct
{
  guint n;
  GString *texts;
} Trace;

/* What triggers run, and the driver of its own, does not count. */
static int
on_statement (unsigned int type, void *context, void *statement, void *text)
{
  Trace *self = context;

  /* As the files of statements begin. */
  if (!g_str_has_prefix (text, "-- SPDX"))
    return 0;
  self->n++;
  g_string_append_printf (self->texts, "%s\n", (const char *)text);
  return 0;
}

static void
begin (BoardFixture *board, Trace *trace)
{
  trace->n = 0;
  trace->texts = g_string_new (NULL);
  sqlite3_trace_v2 (BOORU_SQLITE_DB (board->store->sql)->handle, SQLITE_TRACE_STMT, on_statement,
                    trace);
}

static void
end (BoardFixture *board, Trace *trace, guint most)
{
  sqlite3_trace_v2 (BOORU_SQLITE_DB (board->store->sql)->handle, 0, NULL, NULL);
  if (trace->n > most)
    g_test_message ("%s", trace->texts->str);
  g_assert_cmpuint (trace->n, <=, most);
  g_assert_cmpuint (trace->n, >, 0);
  g_string_free (trace->texts, TRUE);
}

static char *
make_tags (guint first)
{
  GString *tags = g_string_new (NULL);

  for (guint i = 0; i < N_TAGS; i++)
    g_string_append_printf (tags, "%stag_%u ", (first + i) % 5 == 0 ? "artist:" : "", first + i);
  return g_string_free (tags, FALSE);
}

static BooruFileChange *
make_picture (BoardFixture *self, const char *name, guint content)
{
  BooruFileChange *change = board_add (self, name, content);
  BooruImport *import = g_new0 (BooruImport, 1);

  import->origin = g_strdup ("sidecar");
  import->tags = make_tags (content);
  change->imports = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_import_free);
  g_ptr_array_add (change->imports, import);
  change->media.phash = 12345 + content;
  change->metadata = g_strdup ("{\"EXIF:Model\":\"A\"}");
  return change;
}

static void
test_ingest (BoardFixture *self, gconstpointer data)
{
  Trace trace;

  board_apply (self, make_picture (self, "first.jpg", 1), NULL);
  begin (self, &trace);
  board_apply (self, make_picture (self, "second.jpg", 2), NULL);
  end (self, &trace, 20);
  board_require_consistent (self);
}

static void
test_page (BoardFixture *self, gconstpointer data)
{
  g_autoptr (BooruQuery) query = booru_query_parse ("");
  BooruPage page = { BOORU_PAGE_NUMBER, 1, 40 };
  Trace trace;

  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.jpg", i);
      g_autofree char *tags = make_tags (i * 10);

      booru_post_unref (board_edit (self->store, board_add_post (self, name, i), tags));
    }
  /* The index is read first, and what it is read of does not count. */
  g_assert_cmpint (board_count (self->store, ""), ==, 40);
  begin (self, &trace);
  {
    g_autoptr (GPtrArray) posts = booru_store_search (self->store, query, &page, NULL);

    g_assert_cmpuint (posts->len, ==, 40);
  }
  end (self, &trace, 4);
  begin (self, &trace);
  {
    g_autoptr (GPtrArray) posts = booru_store_search (self->store, query, &page, NULL);

    g_assert_cmpuint (posts->len, ==, 40);
  }
  end (self, &trace, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/store/statements/ingest", BoardFixture, NULL, board_fixture_set_up, test_ingest,
              board_fixture_tear_down);
  g_test_add ("/store/statements/page", BoardFixture, NULL, board_fixture_set_up, test_page,
              board_fixture_tear_down);
  return g_test_run ();
}
