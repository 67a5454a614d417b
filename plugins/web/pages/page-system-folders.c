/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The folders on /system, and how far the monitor is with them. */
#include <string.h>

#include "page-system.h"
#include "page-text.h"
#include "board/web-failures.h"

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

char *
page_system_expand_path (const char *typed)
{
  g_autofree char *path = g_strstrip (g_strdup (typed));

  if (path[0] == '~' && (path[1] == '\0' || path[1] == G_DIR_SEPARATOR))
    return g_strconcat (g_get_home_dir (), path + 1, NULL);
  return g_steal_pointer (&path);
}

/* Progress */

static void
set_left (WebDict *dict, GVariant *progress)
{
  g_autofree char *left = booru_text_from_left (progress);

  web_dict_set_string (dict, "left", left);
}

static void
set_current (WebDict *dict, GVariant *progress)
{
  web_dict_take_string (dict, "current",
                        page_text_from_bytes (booru_dict_get_path (progress, "current")));
}

static void
add_scan (WebList *list, GVariant *scan)
{
  WebDict *dict = web_list_append (list);

  web_dict_take_string (dict, "folder",
                        page_text_from_bytes (booru_dict_get_path (scan, "folder")));
  web_dict_take_string (dict, "text", booru_text_from_scan (scan));
  web_dict_set_boolean (dict, "has-total", booru_dict_get_count (scan, "total") > 0);
  web_dict_set_int (dict, "passed", (gint64)booru_dict_get_count (scan, "passed"));
  web_dict_set_int (dict, "total", (gint64)MAX (1, booru_dict_get_count (scan, "total")));
  set_left (dict, scan);
  set_current (dict, scan);
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

      if (booru_dict_get_flag (scan, "running"))
        add_scan (list, scan);
    }
  if (ingest == NULL)
    ingest = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
  web_dict_take_string (dict, "text", booru_text_from_ingest (ingest));
  set_left (dict, ingest);
  set_current (dict, ingest);
}

/* Folders */

typedef struct
{
  const char *path;
  const char *kind;
  gboolean followed;         /* by itself */
  gboolean covered;          /* by one that is followed */
  const BooruFolder *stored; /* NULL: the board does not know it */
  gint64 n_failed;           /* besides those that the board knows */
  GVariant *scan;            /* its latest one; NULL: none since the start */
} Place;

static char *
describe_last_scan (GVariant *scan)
{
  if (scan == NULL)
    return g_strdup ("");
  return booru_dict_get_flag (scan, "running") ? g_strdup ("in progress")
                                               : booru_text_from_scan (scan);
}

static void
set_state (WebDict *dict, const Place *place)
{
  gboolean present
      = place->stored ? place->stored->present : g_file_test (place->path, G_FILE_TEST_IS_DIR);

  web_dict_set_static (dict, "state",
                       place->covered     ? "part of another folder"
                       : !place->followed ? "no longer watched"
                       : present          ? "watched"
                                          : "currently unavailable");
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
                        booru_text_from_count (place->stored ? place->stored->n_files : 0));
  web_dict_take_string (dict, "ignored",
                        booru_text_from_count (place->stored ? place->stored->n_ignored : 0));
  web_dict_take_string (dict, "failed", booru_text_from_count (n_failed));
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

      if (strcmp (booru_dict_get_path (scan, "folder"), place->path) == 0)
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
      Place place = { folder->path, "library", FALSE, FALSE, folder, 0, NULL };

      for (char **path = followed; *path; path++)
        place.covered |= booru_paths_is_inside (folder->path, *path);
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
      Place place = { folder->path, "originals", TRUE, FALSE, folder, 0, NULL };

      if (folder->kind == BOORU_FOLDER_MANAGED && folder->n_files > 0)
        add_place (list, &place);
    }
}

char *
page_system_describe_covered (WebRequest *request)
{
  BooruStore *store = web_worker_get_store (web_request_get_worker (request));
  g_autofree char *added
      = page_system_unescape_path (booru_request_get_param (BOORU_REQUEST (request), "added"));
  g_autoptr (GPtrArray) stored = added ? booru_store_list_folders (store, NULL) : NULL;
  g_autoptr (GString) covered = g_string_new (NULL);
  g_autofree char *outer = added ? page_text_from_bytes (added) : NULL;
  guint n = 0;

  for (guint i = 0; stored && i < stored->len; i++)
    {
      const BooruFolder *folder = stored->pdata[i];
      g_autofree char *inner = page_text_from_bytes (folder->path);

      if (folder->kind == BOORU_FOLDER_LIBRARY && strcmp (folder->path, added) != 0
          && booru_paths_is_inside (folder->path, added))
        g_string_append_printf (covered, "%s“%s”", n++ ? ", " : "", inner);
    }
  if (n == 0)
    return NULL;
  return g_strdup_printf (n == 1
                              ? "“%s” covers %s, which is part of it now. Its rules are kept."
                              : "“%s” covers %s, which are part of it now. Their rules are kept.",
                          outer, covered->str);
}

char *
page_system_describe_ignored (gint64 n_ignored)
{
  g_autofree char *count = booru_text_from_count (n_ignored);

  return g_strdup_printf ("%s other %s ignored.", count, n_ignored == 1 ? "file" : "files");
}

static void
count_failures (WebDict *values, GPtrArray *stored, guint64 n_aside)
{
  gint64 n_failed = (gint64)n_aside, n_ignored = 0;

  for (guint i = 0; stored && i < stored->len; i++)
    {
      const BooruFolder *folder = stored->pdata[i];

      n_failed += folder->present ? folder->n_failed : 0;
      n_ignored += folder->present ? folder->n_ignored : 0;
    }
  web_dict_set_boolean (values, "has-failures", n_failed > 0);
  web_dict_take_string (values, "n-failures", booru_text_from_count (n_failed));
  web_dict_take_string (values, "ignored-text", page_system_describe_ignored (n_ignored));
}

void
page_system_add_folders (PageSystem *self, WebDict *values)
{
  WebWorker *worker = web_request_get_worker (self->request);
  BooruConfig *config = booru_service_context_get_config (web_worker_get_context (worker));
  g_autoptr (BooruFolders) folders = booru_folders_new (config, FALSE);
  const char *inbox = folders->ingest;
  guint64 n_aside = web_failures_count_set_aside (inbox);
  g_autoptr (GPtrArray) stored = booru_store_list_folders (web_worker_get_store (worker), NULL);
  g_autoptr (GVariant) host = page_system_get_host (self);
  g_autoptr (GVariant) progress = get_progress (host);
  WebList *list = web_dict_add_list (values, "folders");

  for (char **path = folders->library; *path; path++)
    add_known (list, stored, progress, &(Place){ *path, "library", TRUE, FALSE, NULL, 0, NULL });
  if (inbox)
    add_known (list, stored, progress,
               &(Place){ inbox, "ingest", TRUE, FALSE, NULL, (gint64)n_aside, NULL });
  add_managed (list, stored);
  add_former (list, stored, folders->library);
  web_dict_set_boolean (values, "has-folders", *folders->library || inbox);
  web_dict_take_string (values, "ingest-folder",
                        inbox ? page_text_from_bytes (inbox) : g_strdup (""));
  count_failures (values, stored, n_aside);
}
