/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/booru-folders.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-paths.h"
#include "base/booru-pseudo.h"

typedef struct
{
  const char *what;
  int mode;             /* as access() takes it */
  const char *left_out; /* what that means, for the log */
} Kind;

static const Kind library = { "library folder", R_OK | X_OK, "It is left out" };
static const Kind ingest = { "ingest folder", R_OK | W_OK | X_OK, "Nothing is taken from it" };

typedef struct
{
  BooruConfig *config;
  BooruConfig *current; /* NULL: what cannot be used is left out; otherwise it is refused */
  gboolean log;
} Reading;

void
booru_folders_free (BooruFolders *self)
{
  g_strfreev (self->library);
  g_free (self->ingest);
  g_free (self);
}

/* One folder */

static void
set_error (GError **error, int errnum, const char *what, const char *path)
{
  g_autofree char *shown = g_filename_display_name (path);

  if (errnum == ENOENT)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                 "The %s “%s” does not exist: create it or correct the path", what, shown);
  else if (errnum == ENOTDIR)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                 "The %s “%s” is not a folder. Enter the folder that contains it", what, shown);
  else if (errnum == EACCES)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_DENIED,
                 "The user %3$s can't read the %1$s “%2$s”: change its permissions, or run "
                 "booru-host as a user who can",
                 what, shown, g_get_user_name ());
  else
    booru_set_errno_error (error, errnum, "Cannot use the %s “%s”", what, shown);
}

/* The resolved path; NULL if the folder cannot be used now. BOORU_ERROR_USAGE: or ever. */
static char *
find (const Kind *kind, const char *path, GError **error)
{
  g_autofree char *resolved = realpath (path, NULL);
  struct stat info;

  if (resolved == NULL || stat (resolved, &info) < 0)
    {
      set_error (error, errno, kind->what, path);
      return NULL;
    }
  if (!S_ISDIR (info.st_mode))
    {
      set_error (error, ENOTDIR, kind->what, path);
      return NULL;
    }
  if (!booru_pseudo_check_folder (resolved, kind->what, error))
    return NULL;
  if (access (resolved, kind->mode) < 0)
    {
      set_error (error, errno, kind->what, path);
      return NULL;
    }
  return g_steal_pointer (&resolved);
}

/* What lies in the data folder is ours: shown as a library, thumbnails would breed thumbnails. The
 * other way round, a data folder inside a library folder, is fine: the monitor leaves it out. */
static GError *
find_in_data_dir (const Kind *kind, const char *path, BooruConfig *config)
{
  const char *data_dir = booru_config_get_path (config, BOORU_CONFIG_DATA_DIR);
  g_autofree char *shown = g_filename_display_name (path);
  g_autofree char *data_shown = data_dir ? g_filename_display_name (data_dir) : NULL;

  if (data_dir == NULL || !booru_paths_is_inside (path, data_dir))
    return NULL;
  return g_error_new (BOORU_ERROR, BOORU_ERROR_USAGE,
                      "The %s “%s” %s the data folder “%s”: give another folder, or keep the data "
                      "elsewhere with --data-dir=FOLDER",
                      kind->what, shown, g_str_equal (path, data_dir) ? "is" : "lies inside",
                      data_shown);
}

/* Deals with a @problem (transfer full) that is for good. FALSE with @error if it is refused. */
static gboolean
leave_out (const Reading *self, const Kind *kind, GError *problem, gboolean refused, GError **error)
{
  if (self->current && refused)
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  if (self->log)
    g_warning ("%s. %s", problem->message, kind->left_out);
  g_error_free (problem);
  return TRUE;
}

/* Sets @found to the path to follow, or NULL. Whoever follows it says if it is away. */
static gboolean
read_folder (const Reading *self,
             const Kind *kind,
             const char *path,
             gboolean is_new,
             char **found,
             GError **error)
{
  g_autofree char *resolved = NULL;
  GError *problem = NULL;

  if (is_new && !g_path_is_absolute (path))
    {
      g_autofree char *shown = g_filename_display_name (path);

      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "“%s” is not a full path. Enter the full path, starting with “/”", shown);
      return FALSE;
    }
  resolved = find (kind, path, &problem);
  if (g_error_matches (problem, BOORU_ERROR, BOORU_ERROR_USAGE))
    return leave_out (self, kind, problem, is_new, error);
  if (problem && self->current && (is_new || (kind == &ingest && !booru_err_notfound (problem))))
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  if (problem)
    resolved = g_canonicalize_filename (path, NULL);
  g_clear_error (&problem);
  problem = find_in_data_dir (kind, resolved, self->config);
  if (problem)
    return leave_out (self, kind, problem, TRUE, error);
  *found = g_steal_pointer (&resolved);
  return TRUE;
}

/* All of them */

/* A folder that lies in another one of them is shown by that one already. */
static char **
drop_nested (const Reading *self, char **folders)
{
  g_autoptr (GStrvBuilder) kept = g_strv_builder_new ();

  for (guint i = 0; folders[i]; i++)
    if (booru_paths_find_cover (folders, i) == NULL)
      g_strv_builder_add (kept, folders[i]);
    else if (self->log)
      g_message ("The library folder “%s” lies in another one, which now shows its files; rules of "
                 "it still hold",
                 folders[i]);
  return g_strv_builder_end (kept);
}

static gboolean
read_library (const Reading *self, char ***found, GError **error)
{
  g_auto (GStrv) paths = booru_config_dup_paths (self->config, BOORU_CONFIG_LIBRARY_FOLDERS);
  g_auto (GStrv) known
      = self->current ? booru_config_dup_paths (self->current, BOORU_CONFIG_LIBRARY_FOLDERS) : NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) folders = NULL;

  for (char **path = paths; *path; path++)
    {
      gboolean is_new = known && !g_strv_contains ((const char *const *)known, *path);
      g_autofree char *folder = NULL;

      if (!read_folder (self, &library, *path, is_new, &folder, error))
        return FALSE;
      if (folder)
        g_strv_builder_add (builder, folder);
    }
  folders = g_strv_builder_end (builder);
  *found = drop_nested (self, folders);
  return TRUE;
}

static gboolean
read_ingest (const Reading *self, char **found, GError **error)
{
  const char *path = booru_config_get_path (self->config, BOORU_CONFIG_INGEST_FOLDER);
  const char *known
      = self->current ? booru_config_get_path (self->current, BOORU_CONFIG_INGEST_FOLDER) : path;

  return path == NULL || *path == '\0'
         || read_folder (self, &ingest, path, g_strcmp0 (path, known) != 0, found, error);
}

/* Files are moved out of the ingest folder, and library folders are never touched: neither may lie
 * in the other. */
static gboolean
check_apart (const Reading *self, BooruFolders *folders, GError **error)
{
  for (char **folder = folders->library; folders->ingest && *folder; folder++)
    if (booru_paths_is_inside (folders->ingest, *folder)
        || booru_paths_is_inside (*folder, folders->ingest))
      {
        g_autofree char *taken = g_steal_pointer (&folders->ingest);
        g_autofree char *taken_shown = g_filename_display_name (taken);
        g_autofree char *shown = g_filename_display_name (*folder);

        return leave_out (self, &ingest,
                          g_error_new (BOORU_ERROR, BOORU_ERROR_USAGE,
                                       "The ingest folder “%s” and the library folder “%s” "
                                       "overlap. Files are moved out of the ingest folder but "
                                       "never touched in a library folder: choose separate folders",
                                       taken_shown, shown),
                          TRUE, error);
      }
  return TRUE;
}

static gboolean
read_folders (BooruFolders *self, const Reading *reading, GError **error)
{
  return read_library (reading, &self->library, error)
         && read_ingest (reading, &self->ingest, error) && check_apart (reading, self, error);
}

BooruFolders *
booru_folders_new (BooruConfig *config, gboolean log)
{
  BooruFolders *self = g_new0 (BooruFolders, 1);

  g_return_val_if_fail (config != NULL, self);
  read_folders (self, &(Reading){ config, NULL, log }, NULL);
  return self;
}

gboolean
booru_folders_check (BooruConfig *wanted, BooruConfig *current, GError **error)
{
  g_autoptr (BooruFolders) folders = g_new0 (BooruFolders, 1);

  g_return_val_if_fail (wanted != NULL && current != NULL, FALSE);
  return read_folders (folders, &(Reading){ wanted, current, FALSE }, error);
}
