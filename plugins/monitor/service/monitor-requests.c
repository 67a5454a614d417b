/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-requests.h"

#include <stdlib.h>

static MonitorLibraryFunc get_library;

/* Paths */

static char *
resolve (const char *path)
{
  char *resolved = realpath (path, NULL);
  char *canonical = g_canonicalize_filename (resolved ?: path, NULL);

  free (resolved);
  return canonical;
}

/* A file that is a link itself is meant, not what it leads to. */
static char *
resolve_folder_of (const char *path)
{
  g_autofree char *canonical = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_path_get_dirname (canonical);
  g_autofree char *name = g_path_get_basename (canonical);
  g_autofree char *resolved = resolve (folder);

  return g_build_filename (resolved, name, NULL);
}

static gboolean
is_followed (BooruConfig *config, const char *path)
{
  g_autoptr (BooruFolders) folders = booru_folders_new (config, FALSE);

  for (char **folder = folders->library; *folder; folder++)
    if (booru_paths_is_inside (path, *folder))
      return TRUE;
  return folders->ingest && booru_paths_is_inside (path, folders->ingest);
}

/* The path if it is one that is followed; "" stays so. */
static char *
find_followed (BooruConfig *config, const char *path, gboolean may_be_file, GError **error)
{
  g_autofree char *found = NULL;
  g_autofree char *shown = g_filename_display_name (path);

  if (*path == '\0')
    return g_strdup (path);
  if (!g_path_is_absolute (path))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "“%s” is not a full path. Enter the full path, starting with “/”", shown);
      return NULL;
    }
  found = may_be_file && !g_file_test (path, G_FILE_TEST_IS_DIR) ? resolve_folder_of (path)
                                                                 : resolve (path);
  if (is_followed (config, found))
    return g_steal_pointer (&found);
  g_set_error (
      error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
      "“%s” is not in a library folder or the ingest folder. Add it to library-folders first",
      shown);
  return NULL;
}

/* Requests */

static GVariant *
answer (BooruServiceContext *context,
        GVariant *arguments,
        gboolean may_be_file,
        void (*func) (MonitorLibrary *library, const char *path),
        GError **error)
{
  MonitorLibrary *library = get_library (context);
  const char *path = "";
  g_autofree char *followed = NULL;

  g_variant_lookup (arguments, "path", "^&ay", &path);
  followed = find_followed (booru_service_context_get_config (context), path, may_be_file, error);
  if (followed == NULL)
    return NULL;
  if (library)
    {
      func (library, followed);
      return g_variant_new_boolean (TRUE);
    }
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_BUSY,
               "The monitor of another host works on this data folder: ask that host");
  return NULL;
}

static GVariant *
scan (BooruServiceContext *context, GVariant *arguments, GError **error)
{
  return answer (context, arguments, FALSE, monitor_library_scan_path, error);
}

static GVariant *
apply_rules (BooruServiceContext *context, GVariant *arguments, GError **error)
{
  return answer (context, arguments, FALSE, monitor_library_apply_rules, error);
}

static GVariant *
retry (BooruServiceContext *context, GVariant *arguments, GError **error)
{
  return answer (context, arguments, TRUE, monitor_library_retry, error);
}

void
monitor_requests_register (BooruServiceContext *context, MonitorLibraryFunc func)
{
  static const BooruReport requests[] = {
    { BOORU_REQUEST_SCAN, scan },
    { BOORU_REQUEST_APPLY_RULES, apply_rules },
    { BOORU_REQUEST_RETRY, retry },
  };

  get_library = func;
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    booru_extensions_add_report (booru_service_context_get_extensions (context), &requests[i]);
}
