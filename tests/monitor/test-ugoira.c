/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Animations as gallery-dl lays them down: the archive of frames as Pixiv has it, and beside it
 * a sidecar that says how long each is shown. */
#include <glib/gstdio.h>
#include <string.h>

#include "library-fixture.h"
#include "zip-fixture.h"

/* What "gallery-dl --ugoira … --write-metadata" writes for a work of Pixiv, shortened. */
#define SIDECAR(delays)                                                                            \
  "{\"caption\": \"\", \"category\": \"pixiv\", \"extension\": \"zip\", \"frames\": [" delays      \
  "], \"height\": 1, \"id\": 4711, \"rating\": \"General\", \"subcategory\": \"work\", "           \
  "\"tags\": [\"うごイラ\"], \"title\": \"x\", \"type\": \"ugoira\", \"width\": 1}"
#define FRAME(number, delay) "{\"delay\": " delay ", \"file\": \"00000" number ".png\"}"

static const char sidecar[] = SIDECAR (FRAME ("0", "70") ", " FRAME ("1", "230"));
static const char other[] = SIDECAR (FRAME ("0", "40") ", " FRAME ("1", "1000"));

static void
write_frames (const char *dir, const char *name, const char *own_delays)
{
  static const char base64[]
      = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
        "WjR9awAAAABJRU5ErkJggg==";
  gsize size;
  g_autofree guchar *png = g_base64_decode (base64, &size);
  g_autofree char *path = NULL;
  Zip zip = { 0 };

  zip_add (&zip, "000000.png", png, size);
  zip_add (&zip, "000001.png", png, size);
  if (own_delays != NULL)
    zip_add (&zip, "animation.json", own_delays, strlen (own_delays));
  path = zip_write (&zip, dir, name);
}

static gint64
only_post (Fixture *f)
{
  g_autoptr (BooruPost) post = booru_store_get_post (f->store, 1, NULL);

  return post != NULL && n_posts (f) == 1 ? post->id : 0;
}

static gboolean
has_delays (Fixture *f, const char *expected, double duration)
{
  g_autoptr (BooruPost) post = booru_store_get_post (f->store, only_post (f), NULL);
  g_autofree char *metadata
      = post != NULL ? booru_store_get_metadata (f->store, post->id, NULL) : NULL;
  g_autofree char *member = g_strdup_printf ("\"Ugoira:FrameDelays\":[%s]", expected);

  return metadata != NULL && strstr (metadata, member) != NULL
         && ABS (post->media.duration - duration) < 0.001;
}

static void
test_beside (Fixture *f, gconstpointer data)
{
  write_frames (f->a, "4711_p0.zip", NULL);
  write_file (f->a, "4711_p0.zip.json", sidecar, -1);
  fixture_start (f);
  g_assert_true (has_delays (f, "70,230", 0.3));
  g_assert_true (has_tag (f, only_post (f), "うごイラ"));
}

static void
remove_thumbnail (Fixture *f)
{
  g_autoptr (BooruPost) post = booru_store_get_post (f->store, only_post (f), NULL);
  g_autofree char *below = booru_variant_get_path (BOORU_VARIANT_720, post->media.md5);
  g_autofree char *path = path_in (f->data_dir, below);

  delete_file (path);
}

/* The archive is decoded once more for it. */
static void
remake_thumbnail (Fixture *f)
{
  remove_thumbnail (f);
  monitor_library_reconcile (f->library);
  eventually (f, has_thumbnails (f, only_post (f)));
  fixture_wait_idle (f);
}

/* It comes after its archive, and changes; and when it has gone, what it said is still known. */
static void
test_later (Fixture *f, gconstpointer data)
{
  g_autofree char *path = path_in (f->a, "a.json");

  fixture_start (f);
  write_frames (f->a, "a.zip", NULL);
  eventually (f, has_delays (f, "100,100", 0.2));
  write_file (f->a, "a.json", sidecar, -1);
  eventually (f, has_delays (f, "70,230", 0.3));
  write_file (f->a, "a.json", other, -1);
  eventually (f, has_delays (f, "40,1000", 1.04));
  fixture_wait_idle (f);
  g_assert_true (has_thumbnails (f, only_post (f)));

  delete_file (path);
  eventually (f, file_id_at (f, f->a, "a.json") == 0);
  remake_thumbnail (f);
  g_assert_true (has_delays (f, "40,1000", 1.04));
}

/* What the archive says itself goes before, and is not made anew again and again. */
static void
test_own (Fixture *f, gconstpointer data)
{
  write_frames (f->a, "a.zip", "{\"frames\":[" FRAME ("0", "50") "," FRAME ("1", "60") "]}");
  fixture_start (f);
  g_assert_true (has_delays (f, "50,60", 0.11));
  write_file (f->a, "a.zip.json", sidecar, -1);
  eventually (f, has_tag (f, only_post (f), "うごイラ"));
  fixture_wait_idle (f);
  g_assert_true (has_delays (f, "50,60", 0.11));
}

static void
test_rule (Fixture *f, gconstpointer data)
{
  g_autofree char *text = g_strdup_printf ("[(b'%s', {'sidecars': <false>})]", f->a);
  g_autoptr (GVariant) rules
      = g_variant_parse (G_VARIANT_TYPE ("a(aya{sv})"), text, NULL, NULL, NULL);

  fixture_start (f);
  monitor_library_set_rules (f->library,
                             monitor_rules_new (booru_folder_rules_parse (rules, NULL)));
  write_file (f->a, "a.zip.json", sidecar, -1);
  write_frames (f->a, "a.zip", NULL);
  eventually (f, has_delays (f, "100,100", 0.2));
  fixture_wait_idle (f);
  g_assert_true (has_delays (f, "100,100", 0.2));
}

static void
test_inbox (Fixture *f, gconstpointer data)
{
  write_frames (f->inbox, "a.zip", NULL);
  write_file (f->inbox, "a.zip.json", sidecar, -1);
  fixture_start (f);
  g_assert_true (has_delays (f, "70,230", 0.3));

  /* Made anew from where it lies now. */
  remake_thumbnail (f);
  g_assert_true (has_delays (f, "70,230", 0.3));
}

static void
test_inbox_later (Fixture *f, gconstpointer data)
{
  fixture_start (f);
  write_frames (f->inbox, "a.zip", NULL);
  eventually (f, has_delays (f, "100,100", 0.2));
  write_file (f->inbox, "a.zip.json", sidecar, -1);
  eventually (f, has_delays (f, "70,230", 0.3));
  g_assert_true (has_tag (f, only_post (f), "うごイラ"));
  fixture_wait_idle (f);
  g_assert_cmpuint (count_files (f->inbox), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/ugoira/beside", test_beside);
  fixture_add ("/monitor/ugoira/later", test_later);
  fixture_add ("/monitor/ugoira/own", test_own);
  fixture_add ("/monitor/ugoira/rule", test_rule);
  fixture_add ("/monitor/ugoira/inbox", test_inbox);
  fixture_add ("/monitor/ugoira/inbox-later", test_inbox_later);
  return g_test_run ();
}
