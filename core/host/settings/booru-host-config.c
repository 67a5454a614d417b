/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-host-config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-paths.h"
#include "base/booru-pseudo.h"
#include "booru-address.h"

/* A schema's key that is "no folder" when it is empty. */
#define NONE ""

void
booru_host_config_free (BooruHostConfig *self)
{
  g_clear_pointer (&self->given, g_variant_unref);
  g_free (self->data_dir);
  g_free (self->runtime_dir);
  g_strfreev (self->library_folders);
  g_clear_pointer (&self->service_limits, g_variant_unref);
  g_free (self->ingest_folder);
  g_free (self->address);
  g_free (self);
}

/* Paths */

/* realpath() as GLib would have it; errno on NULL. */
static char *
resolve (const char *path)
{
  char *found = realpath (path, NULL);
  char *copy = g_strdup (found);

  free (found);
  return copy;
}

static gboolean
folder_error (GError **error, int errnum, const char *what, const char *path)
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
  return FALSE;
}

/* Returns the resolved path of a folder that can be used as @what, NULL on error. */
static char *
check_folder (const char *path, const char *what, int mode, GError **error)
{
  g_autofree char *resolved = resolve (path);
  struct stat info;

  if (resolved == NULL || stat (resolved, &info) < 0)
    {
      folder_error (error, errno, what, path);
      return NULL;
    }
  if (!S_ISDIR (info.st_mode))
    {
      folder_error (error, ENOTDIR, what, path);
      return NULL;
    }
  if (!booru_pseudo_check_folder (resolved, what, error))
    return NULL;
  if (access (resolved, mode) < 0)
    {
      folder_error (error, errno, what, path);
      return NULL;
    }
  return g_steal_pointer (&resolved);
}

/* What lies in the data folder is ours: shown as a library, thumbnails would breed thumbnails. The
 * other way round, a data folder inside a library folder, is fine: the monitor leaves it out. */
static gboolean
check_outside_data_dir (const char *path, const char *what, const char *data_dir, GError **error)
{
  g_autofree char *shown = NULL;
  g_autofree char *data_shown = NULL;

  if (!booru_paths_is_inside (path, data_dir))
    return TRUE;
  shown = g_filename_display_name (path);
  data_shown = g_filename_display_name (data_dir);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_USAGE,
               "The %s “%s” %s the data folder “%s”: give another folder, or keep the data "
               "elsewhere with --data-dir=FOLDER",
               what, shown, g_str_equal (path, data_dir) ? "is" : "lies inside", data_shown);
  return FALSE;
}

/* The data folder */

static char *
dup_data_dir_path (const BooruHostOptions *options, BooruSettings *settings)
{
  const char *environment = g_getenv (BOORU_ENV_DATA_DIR);
  g_autofree char *stored = booru_settings_get_string (settings, "data-dir");
  const char *path = options->data_dir;

  if (path == NULL && environment && *environment)
    path = environment;
  if (path == NULL && *stored)
    path = stored;
  return path ? g_canonicalize_filename (path, NULL) : booru_paths_dup_default_data_dir ();
}

static gboolean
data_dir_error (GError **error, int errnum, const char *what, const char *path)
{
  g_autofree char *shown = g_filename_display_name (path);

  if (errnum == EACCES || errnum == EPERM || errnum == EROFS)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_DENIED,
                 "Cannot %s “%s” as the user %s: %s. Change its permissions, or give another data "
                 "folder with --data-dir=FOLDER",
                 what, shown, g_get_user_name (), g_strerror (errnum));
  else
    booru_set_errno_error (error, errnum,
                           "Cannot %s “%s” (give another data folder with --data-dir=FOLDER)", what,
                           shown);
  return FALSE;
}

/* access() does not see every reason, such as a quota or a mount that went read-only. */
static gboolean
check_writable (const char *data_dir, GError **error)
{
  g_autofree char *probe = g_build_filename (data_dir, BOORU_DIR_TEMPORARY, "probe-XXXXXX", NULL);
  int fd = g_mkstemp_full (probe, O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    return data_dir_error (error, errno, "write into the data folder", data_dir);
  close (fd);
  g_unlink (probe);
  return TRUE;
}

/* A folder that others can look into may have been opened to them on purpose, for its originals: it
 * is not closed to them, but said. */
static void
warn_if_open_to_all (const char *data_dir)
{
  g_autofree char *shown = g_filename_display_name (data_dir);
  struct stat info;

  if (stat (data_dir, &info) == 0 && (info.st_mode & S_IRWXO) != 0)
    g_warning ("All users of this machine can look into the data folder “%s”: “chmod o-rwx” "
               "closes it to them",
               shown);
}

/**
 * booru_host_config_prepare_data_dir:
 * @options: the command line
 * @settings: those of BOORU_SCHEMA_HOST
 * @error: return location: BOORU_ERROR_DENIED, with what to do
 *
 * Finds the data folder by option, environment, setting or default; creates it, for its owner only,
 * and the folders in it; and sees that it can be written to.
 *
 * Returns: (transfer full): its resolved path
 */
char *
booru_host_config_prepare_data_dir (const BooruHostOptions *options,
                                    BooruSettings *settings,
                                    GError **error)
{
  static const char *const subfolders[]
      = { BOORU_DIR_THUMBNAILS, BOORU_DIR_ORIGINALS, BOORU_DIR_TEMPORARY };
  g_autofree char *path = dup_data_dir_path (options, settings);
  g_autofree char *resolved = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      folder_error (error, ENOTDIR, "data folder", path);
      return NULL;
    }
  if (g_mkdir_with_parents (path, 0700) < 0 || (resolved = resolve (path)) == NULL)
    {
      data_dir_error (error, errno, "create the data folder", path);
      return NULL;
    }
  for (guint i = 0; i < G_N_ELEMENTS (subfolders); i++)
    {
      g_autofree char *subfolder = g_build_filename (resolved, subfolders[i], NULL);

      if (g_mkdir (subfolder, 0700) < 0 && errno != EEXIST)
        {
          data_dir_error (error, errno, "create the folder", subfolder);
          return NULL;
        }
    }
  if (!check_writable (resolved, error))
    return NULL;
  warn_if_open_to_all (resolved);
  return g_steal_pointer (&resolved);
}

/* Folders of pictures */

static gboolean
add_library (GStrvBuilder *folders, char *resolved, const char *data_dir, GError **error)
{
  if (!check_outside_data_dir (resolved, "library folder", data_dir, error))
    return FALSE;
  g_strv_builder_add (folders, resolved);
  return TRUE;
}

/* Stored folders that are not there are kept, and told to the monitor: a disk that is not mounted
 * now may be later. One that was typed just now and is not there is a mistake. */
static gboolean
fill_library_folders (BooruHostConfig *self, BooruSettings *settings, GError **error)
{
  g_autoptr (GVariant) value = booru_settings_get (settings, "library-folders");
  g_autofree const char **paths = g_variant_get_bytestring_array (value, NULL);
  gboolean typed = booru_settings_get_origin (settings, "library-folders") >= BOORU_SETTING_OPTION;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (gsize i = 0; paths[i]; i++)
    {
      g_autoptr (GError) local_error = NULL;
      g_autofree char *resolved
          = check_folder (paths[i], "library folder", R_OK | X_OK, &local_error);

      if (resolved == NULL && typed)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      if (g_error_matches (local_error, BOORU_ERROR, BOORU_ERROR_USAGE))
        {
          g_warning ("%s. It is left out", local_error->message);
          continue;
        }
      if (resolved == NULL)
        {
          g_warning ("%s. Its posts are kept until it is back", local_error->message);
          resolved = g_canonicalize_filename (paths[i], NULL);
        }
      if (!add_library (builder, resolved, self->data_dir, error))
        return FALSE;
    }
  self->library_folders = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
fill_ingest_folder (BooruHostConfig *self, BooruSettings *settings, GError **error)
{
  g_autoptr (GVariant) value = booru_settings_get (settings, "ingest-folder");
  const char *path = g_variant_get_bytestring (value);
  gboolean typed = booru_settings_get_origin (settings, "ingest-folder") >= BOORU_SETTING_OPTION;
  g_autoptr (GError) local_error = NULL;

  if (g_str_equal (path, NONE))
    return TRUE;

  self->ingest_folder = check_folder (path, "ingest folder", R_OK | W_OK | X_OK, &local_error);
  if (self->ingest_folder == NULL && !typed
      && g_error_matches (local_error, BOORU_ERROR, BOORU_ERROR_USAGE))
    {
      g_warning ("%s. Nothing is taken from it", local_error->message);
      return TRUE;
    }
  if (self->ingest_folder == NULL && !typed && booru_err_notfound (local_error))
    {
      g_warning ("%s. Nothing is taken from it until it is back", local_error->message);
      self->ingest_folder = g_canonicalize_filename (path, NULL);
    }
  if (self->ingest_folder == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return check_outside_data_dir (self->ingest_folder, "ingest folder", self->data_dir, error);
}

/* Files are moved out of the ingest folder, and library folders are never touched: neither may
 * lie in the other. Nor is anything to be shown twice. */
static gboolean
check_apart (BooruHostConfig *self, GError **error)
{
  for (char **folder = self->library_folders; self->ingest_folder && *folder; folder++)
    if (booru_paths_is_inside (self->ingest_folder, *folder)
        || booru_paths_is_inside (*folder, self->ingest_folder))
      {
        g_autofree char *ingest = g_filename_display_name (self->ingest_folder);
        g_autofree char *library = g_filename_display_name (*folder);

        g_set_error (error, BOORU_ERROR, BOORU_ERROR_USAGE,
                     "The ingest folder “%s” and the library folder “%s” overlap. Files are "
                     "moved out of the ingest folder but never touched in a library folder: choose "
                     "separate folders",
                     ingest, library);
        return FALSE;
      }
  return TRUE;
}

/* A folder that lies in another one of them is shown by that one already. */
static void
drop_nested (BooruHostConfig *self)
{
  GStrv folders = self->library_folders;
  g_autoptr (GStrvBuilder) kept = g_strv_builder_new ();

  for (guint i = 0; folders[i]; i++)
    {
      gboolean covered = FALSE;

      for (guint j = 0; folders[j] && !covered; j++)
        covered = j != i && booru_paths_is_inside (folders[i], folders[j])
                  && (j < i || !g_str_equal (folders[i], folders[j]));
      if (covered)
        g_message (
            "The library folder “%s” lies in another one, which now shows its files; rules of "
            "it still hold",
            folders[i]);
      else
        g_strv_builder_add (kept, folders[i]);
    }
  self->library_folders = g_strv_builder_end (kept);
  g_strfreev (folders);
}

/**
 * booru_host_config_new:
 * @data_dir: the data folder, resolved
 * @options: the command line
 * @settings: those of BOORU_SCHEMA_HOST, with the options applied
 * @error: BOORU_ERROR_NOT_FOUND, BOORU_ERROR_DENIED, BOORU_ERROR_USAGE, naming the folder and what
 *   to do
 *
 * Returns: (transfer full): the configuration
 */
BooruHostConfig *
booru_host_config_new (const char *data_dir,
                       const BooruHostOptions *options,
                       BooruSettings *settings,
                       GError **error)
{
  g_autoptr (BooruHostConfig) self = g_new0 (BooruHostConfig, 1);

  self->given = booru_settings_to_dictionary (settings);
  self->data_dir = g_strdup (data_dir);
  self->runtime_dir = booru_paths_dup_runtime_dir (data_dir);
  self->workers = booru_settings_get_uint (settings, "workers");
  self->max_requests = booru_settings_get_uint (settings, BOORU_CONFIG_MAX_REQUESTS);
  self->max_memory = booru_settings_get_uint (settings, BOORU_CONFIG_MAX_MEMORY);
  self->max_age = booru_settings_get_uint (settings, BOORU_CONFIG_MAX_AGE);
  self->service_limits = booru_settings_get (settings, BOORU_CONFIG_SERVICE_LIMITS);
  self->address = booru_settings_get_string (settings, "address");
  self->port = booru_settings_get_uint (settings, "port");
  self->verbose = booru_settings_get_boolean (settings, "verbose");
  self->shared = booru_settings_get_boolean (settings, "shared");
  self->dev = options->dev;

  if (!fill_library_folders (self, settings, error) || !fill_ingest_folder (self, settings, error)
      || !check_apart (self, error))
    return NULL;
  drop_nested (self);
  return g_steal_pointer (&self);
}

/**
 * booru_host_config_for_service:
 * @self: the host's configuration
 * @plugin_settings: (nullable): those of the service's own schema
 *
 * Returns: (transfer full): what the service gets told
 */
BooruConfig *
booru_host_config_for_service (const BooruHostConfig *self, BooruSettings *plugin_settings)
{
  g_autoptr (GVariant) own
      = plugin_settings ? booru_settings_to_dictionary (plugin_settings) : NULL;
  GVariantDict dictionary;

  g_variant_dict_init (&dictionary, own);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_DATA_DIR, "^ay", self->data_dir);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_RUNTIME_DIR, "^ay", self->runtime_dir);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_LIBRARY_FOLDERS, "^aay", self->library_folders);
  if (self->ingest_folder)
    g_variant_dict_insert (&dictionary, BOORU_CONFIG_INGEST_FOLDER, "^ay", self->ingest_folder);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_WORKERS, "u", self->workers);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_MAX_REQUESTS, "u", self->max_requests);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_MAX_MEMORY, "u", self->max_memory);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_MAX_AGE, "u", self->max_age);
  g_variant_dict_insert_value (&dictionary, BOORU_CONFIG_SERVICE_LIMITS, self->service_limits);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_SHARED, "b", self->shared);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_DEV, "b", self->dev);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_VERBOSE, "b", self->verbose);
  if (self->address)
    g_variant_dict_insert (&dictionary, BOORU_CONFIG_ADDRESS, "s", self->address);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_PORT, "u", self->port);
  return booru_config_new (g_variant_dict_end (&dictionary));
}

BooruConfig *
booru_host_config_as_given (const BooruHostConfig *self, BooruConfig *told)
{
  GVariant *values = booru_config_to_variant (told);
  GVariantDict dictionary;
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_dict_init (&dictionary, values);
  g_variant_iter_init (&iter, self->given);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    {
      g_autoptr (GVariant) resolved = g_variant_lookup_value (values, key, NULL);

      if (resolved == NULL || g_variant_is_of_type (resolved, g_variant_get_type (value)))
        g_variant_dict_insert_value (&dictionary, key, value);
    }
  return booru_config_new (g_variant_dict_end (&dictionary));
}

void
booru_host_config_inherit (BooruHostConfig *self, const BooruHostConfig *before, gboolean bound)
{
  self->shared = before->shared;
  g_free (self->runtime_dir);
  self->runtime_dir = g_strdup (before->runtime_dir);
  if (!bound)
    return;
  g_free (self->address);
  self->address = g_strdup (before->address);
  self->port = before->port;
}

/* One that exists, or could be made. */
static gboolean
check_data_dir (const char *path, GError **error)
{
  g_autofree char *existing = g_strdup (path);

  if (*path == '\0')
    return TRUE;
  if (!g_path_is_absolute (path))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "“%s” is not a full path. Enter the full path, starting with “/”", path);
      return FALSE;
    }
  while (!g_file_test (existing, G_FILE_TEST_EXISTS))
    {
      char *parent = g_path_get_dirname (existing);

      g_free (existing);
      existing = parent;
    }
  if (!g_file_test (existing, G_FILE_TEST_IS_DIR))
    return folder_error (error, ENOTDIR, "data folder", existing);
  return access (existing, R_OK | W_OK | X_OK) == 0
         || data_dir_error (error, errno, "write into", existing);
}

gboolean
booru_host_config_check_later (const char *schema, const char *key, GVariant *value, GError **error)
{
  if (value == NULL || !g_str_equal (schema, BOORU_SCHEMA_HOST)
      || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return TRUE;
  if (g_str_equal (key, "data-dir"))
    return check_data_dir (g_variant_get_string (value, NULL), error);
  if (g_str_equal (key, "address"))
    return booru_address_check (g_variant_get_string (value, NULL), error);
  return TRUE;
}
