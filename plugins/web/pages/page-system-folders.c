/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The folders on /system, and how far the monitor is with them. */
#include <string.h>

#include "pages/page-system.h"
#include "pages/page-text.h"
#include "web-failures.h"

char *
page_system_text_from_seconds (guint64 seconds)
{
  if (seconds < 60)
    return g_strdup_printf ("%u s", (guint)seconds);
  if (seconds < 3600)
    return g_strdup_printf ("%u min %u s", (guint)(seconds / 60), (guint)(seconds % 60));
  if (seconds < 86400)
    return g_strdup_printf ("%u h %u min", (guint)(seconds / 3600), (guint)(seconds / 60 % 60));
  return g_strdup_printf ("%u d %u h", (guint)(seconds / 86400), (guint)(seconds / 3600 % 24));
}

char *
page_system_escape_path (const char *path)
{
  return g_uri_escape_bytes ((const guint8 *)path, strlen (path), "/");
}

char *
page_system_unescape_path (const char *text)
{
  g_autoptr (GBytes) bytes = text ? g_uri_unescape_bytes (text, -1, NULL, NULL) : NULL;
  gsize length = bytes ? g_bytes_get_size (bytes) : 0;
  const char *data = bytes ? g_bytes_get_data (bytes, NULL) : NULL;

  if (bytes == NULL || (length > 0 && memchr (data, '\0', length)))
    return NULL;
  return g_strndup (data ? data : "", length);
}

static guint64
get_count (GVariant *dict, const char *name)
{
  guint64 count = 0;

  g_variant_lookup (dict, name, "t", &count);
  return count;
}

static double
get_number (GVariant *dict, const char *name)
{
  double number = 0;

  g_variant_lookup (dict, name, "d", &number);
  return number;
}

static gboolean
get_flag (GVariant *dict, const char *name)
{
  gboolean flag = FALSE;

  g_variant_lookup (dict, name, "b", &flag);
  return flag;
}

/* Progress */

static void
append_count (GString *text, GVariant *dict, const char *name, const char *words)
{
  g_autofree char *number = page_text_from_count ((gint64)get_count (dict, name));

  if (get_count (dict, name) > 0)
    g_string_append_printf (text, ", %s %s", number, words);
}

static void
append_rates (GString *text, GVariant *dict)
{
  double files = get_number (dict, "files-rate"), bytes = get_number (dict, "bytes-rate");
  g_autofree char *size = g_format_size ((guint64)MAX (0, bytes));

  g_string_append_printf (text, files < 10 ? ", %.1f files/s" : ", %.0f files/s", files);
  if (bytes >= 1)
    g_string_append_printf (text, ", %s/s", size);
}

static void
set_left (WebDict *dict, GVariant *progress)
{
  guint64 left;
  g_autofree char *duration = NULL;

  if (!g_variant_lookup (progress, "left", "t", &left))
    {
      web_dict_set_static (dict, "left", "");
      return;
    }
  duration = page_system_text_from_seconds (left);
  web_dict_take_string (dict, "left", g_strconcat (duration, " left", NULL));
}

static void
set_current (WebDict *dict, GVariant *progress)
{
  const char *current = "";

  g_variant_lookup (progress, "current", "^&ay", &current);
  web_dict_take_string (dict, "current", page_text_from_bytes (current));
}

/* "1,234 of 10,000 files, 12 new, …" */
static char *
describe_scan (GVariant *scan)
{
  g_autofree char *passed = page_text_from_count ((gint64)get_count (scan, "passed"));
  g_autofree char *total = page_text_from_count ((gint64)get_count (scan, "total"));
  GString *text = g_string_new (passed);

  if (get_count (scan, "total") > 0)
    g_string_append_printf (text, " of %s", total);
  g_string_append (text, " files");
  append_count (text, scan, "new", "new");
  append_count (text, scan, "failed", "failed");
  append_count (text, scan, "waiting", "not to be had yet");
  append_rates (text, scan);
  return g_string_free (text, FALSE);
}

static void
add_scan (WebList *list, GVariant *scan)
{
  WebDict *dict = web_list_append (list);
  const char *folder = "";

  g_variant_lookup (scan, "folder", "^&ay", &folder);
  web_dict_take_string (dict, "folder", page_text_from_bytes (folder));
  web_dict_take_string (dict, "text", describe_scan (scan));
  web_dict_set_boolean (dict, "has-total", get_count (scan, "total") > 0);
  web_dict_set_int (dict, "passed", (gint64)get_count (scan, "passed"));
  web_dict_set_int (dict, "total", (gint64)MAX (1, get_count (scan, "total")));
  set_left (dict, scan);
  set_current (dict, scan);
}

static char *
describe_ingest (GVariant *ingest)
{
  g_autofree char *queued = page_text_from_count ((gint64)get_count (ingest, "queued"));
  GString *text = g_string_new (NULL);

  if (!get_flag (ingest, "running"))
    {
      g_string_append (text, "Nothing is to be done");
      append_count (text, ingest, "waiting", "files wait to be looked at again");
      return g_string_free (text, FALSE);
    }
  g_string_append_printf (text, "%s files queued, %" G_GUINT64_FORMAT " in work", queued,
                          get_count (ingest, "working"));
  append_count (text, ingest, "done", "done");
  append_count (text, ingest, "failed", "failed");
  append_count (text, ingest, "waiting", "waiting");
  append_rates (text, ingest);
  return g_string_free (text, FALSE);
}

static GVariant *
get_progress (GVariant *host)
{
  GVariant *progress = g_variant_lookup_value (host, "Progress", G_VARIANT_TYPE ("aa{sv}"));

  return progress ? progress
                  : g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE_VARDICT, NULL, 0));
}

void
page_system_add_progress (PageSystem *self, WebDict *values)
{
  g_autoptr (GVariant) host = page_system_get_host (self);
  g_autoptr (GVariant) progress = get_progress (host);
  g_autoptr (GVariant) ingest = g_variant_lookup_value (host, "Ingest", G_VARIANT_TYPE_VARDICT);
  WebList *list = web_dict_add_list (values, "scans");
  WebDict *dict = web_dict_add_dict (values, "ingest");

  for (gsize i = 0; i < g_variant_n_children (progress); i++)
    {
      g_autoptr (GVariant) scan = g_variant_get_child_value (progress, i);

      if (get_flag (scan, "running"))
        add_scan (list, scan);
    }
  if (ingest == NULL)
    ingest = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
  web_dict_take_string (dict, "text", describe_ingest (ingest));
  set_left (dict, ingest);
  set_current (dict, ingest);
}

/* Folders */

typedef struct
{
  const char *path;
  const char *kind;
  gboolean followed;
  const BooruFolder *stored; /* NULL: the board does not know it */
  gint64 n_failed;           /* besides those that the board knows */
  GVariant *scan;            /* its latest one; NULL: none since the start */
} Place;

static char *
describe_last_scan (GVariant *scan)
{
  gint64 time = 0;
  g_autofree char *ago = NULL;
  GString *text;

  if (scan == NULL)
    return g_strdup ("");
  if (get_flag (scan, "running"))
    return g_strdup ("under way");
  g_variant_lookup (scan, "time", "x", &time);
  ago = page_system_text_from_seconds (
      (guint64)MAX (0, (g_get_real_time () - time) / G_USEC_PER_SEC));
  text = g_string_new (NULL);
  g_string_append_printf (text, "%s ago, in %.1f s", ago, get_number (scan, "seconds"));
  append_count (text, scan, "new", "new");
  append_count (text, scan, "failed", "failed");
  append_count (text, scan, "waiting", "not to be had yet");
  return g_string_free (text, FALSE);
}

static void
set_state (WebDict *dict, const Place *place)
{
  gboolean present
      = place->stored ? place->stored->present : g_file_test (place->path, G_FILE_TEST_IS_DIR);

  web_dict_set_static (dict, "state",
                       !place->followed ? "not followed"
                       : present        ? "present"
                                        : "away");
  web_dict_set_static (dict, "colour", !place->followed ? "quiet" : present ? "good" : "bad");
}

static void
add_place (WebList *list, const Place *place)
{
  WebDict *dict = web_list_append (list);
  g_autofree char *escaped = page_system_escape_path (place->path);
  g_autofree char *twice = g_uri_escape_string (escaped, "/", FALSE);
  gint64 n_failed = place->n_failed + (place->stored ? place->stored->n_failed : 0);

  web_dict_take_string (dict, "path", page_text_from_bytes (place->path));
  web_dict_set_string (dict, "value", escaped);
  web_dict_set_static (dict, "kind", place->kind);
  set_state (dict, place);
  web_dict_take_string (dict, "files",
                        page_text_from_count (place->stored ? place->stored->n_files : 0));
  web_dict_take_string (dict, "ignored",
                        page_text_from_count (place->stored ? place->stored->n_ignored : 0));
  web_dict_take_string (dict, "failed", page_text_from_count (n_failed));
  web_dict_set_boolean (dict, "has-failed", n_failed > 0);
  web_dict_take_string (dict, "failed-href", g_strconcat ("/system/failures?folder=", twice, NULL));
  web_dict_take_string (dict, "last-scan", describe_last_scan (place->scan));
  web_dict_set_boolean (dict, "can-scan", place->followed && *place->kind != 'o');
  web_dict_set_boolean (dict, "can-remove", place->followed && *place->kind == 'l');
}

static const BooruFolder *
find_stored (GPtrArray *stored, const char *path)
{
  for (guint i = 0; stored && i < stored->len; i++)
    if (strcmp (((BooruFolder *)stored->pdata[i])->path, path) == 0)
      return stored->pdata[i];
  return NULL;
}

static void
add_known (WebList *list, GPtrArray *stored, GVariant *progress, Place *place)
{
  g_autoptr (GVariant) latest = NULL;

  for (gsize i = 0; i < g_variant_n_children (progress) && latest == NULL; i++)
    {
      g_autoptr (GVariant) scan = g_variant_get_child_value (progress, i);
      const char *folder = "";

      g_variant_lookup (scan, "folder", "^&ay", &folder);
      if (strcmp (folder, place->path) == 0)
        latest = g_variant_ref (scan);
    }
  place->scan = latest;
  place->stored = find_stored (stored, place->path);
  add_place (list, place);
}

/* Folders that were followed once and still have posts. */
static void
add_former (WebList *list, GPtrArray *stored, char **followed)
{
  for (guint i = 0; stored && i < stored->len; i++)
    {
      const BooruFolder *folder = stored->pdata[i];
      Place place = { folder->path, "library", FALSE, folder, 0, NULL };

      if (folder->kind == BOORU_FOLDER_LIBRARY && folder->n_files > 0
          && !g_strv_contains ((const char *const *)followed, folder->path))
        add_place (list, &place);
    }
}

static void
add_managed (WebList *list, GPtrArray *stored)
{
  for (guint i = 0; stored && i < stored->len; i++)
    {
      const BooruFolder *folder = stored->pdata[i];
      Place place = { folder->path, "originals", TRUE, folder, 0, NULL };

      if (folder->kind == BOORU_FOLDER_MANAGED && folder->n_files > 0)
        add_place (list, &place);
    }
}

static void
count_failures (WebDict *values, GPtrArray *stored, BooruConfig *config)
{
  gint64 n_failed = (gint64)web_failures_count_set_aside (config), n_ignored = 0;

  for (guint i = 0; stored && i < stored->len; i++)
    {
      n_failed += ((BooruFolder *)stored->pdata[i])->n_failed;
      n_ignored += ((BooruFolder *)stored->pdata[i])->n_ignored;
    }
  web_dict_set_boolean (values, "has-failures", n_failed > 0);
  web_dict_take_string (values, "n-failures", page_text_from_count (n_failed));
  web_dict_take_string (values, "n-ignored", page_text_from_count (n_ignored));
}

void
page_system_add_folders (PageSystem *self, WebDict *values)
{
  WebService *service = web_request_get_service (self->request);
  BooruConfig *config = booru_service_context_get_config (web_service_get_context (service));
  g_auto (GStrv) folders = booru_config_dup_paths (config, BOORU_CONFIG_LIBRARY_FOLDERS);
  const char *inbox = booru_config_get_path (config, BOORU_CONFIG_INGEST_FOLDER);
  g_autoptr (GPtrArray) stored = booru_store_list_folders (web_service_get_store (service), NULL);
  g_autoptr (GVariant) host = page_system_get_host (self);
  g_autoptr (GVariant) progress = get_progress (host);
  WebList *list = web_dict_add_list (values, "folders");

  for (char **path = folders; *path; path++)
    add_known (list, stored, progress, &(Place){ *path, "library", TRUE, NULL, 0, NULL });
  if (inbox)
    add_known (list, stored, progress,
               &(Place){ inbox, "ingest", TRUE, NULL, (gint64)web_failures_count_set_aside (config),
                         NULL });
  add_managed (list, stored);
  add_former (list, stored, folders);
  web_dict_set_boolean (values, "has-folders", *folders || inbox);
  web_dict_take_string (values, "ingest-folder",
                        inbox ? page_text_from_bytes (inbox) : g_strdup (""));
  count_failures (values, stored, config);
}
