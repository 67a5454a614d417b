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
#include "booru-address.h"
#include "booru-guarded.h"

void
booru_host_config_free (BooruHostConfig *self)
{
  g_clear_pointer (&self->given, g_variant_unref);
  g_clear_pointer (&self->lasting, g_variant_unref);
  g_free (self->data_dir);
  g_free (self->files_dir);
  g_free (self->database);
  g_free (self->runtime_dir);
  g_free (self->address);
  g_free (self);
}

/* The data folder */

static gboolean
no_folder_error (GError **error, const char *path)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
               "The data folder “%s” is not a folder. Enter the folder that contains it", shown);
  return FALSE;
}

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
      = { BOORU_DIR_TEMPORARY, BOORU_DIR_THUMBNAILS, BOORU_DIR_ORIGINALS };
  g_autofree char *files = booru_settings_get_string (settings, BOORU_CONFIG_FILES_DIR);
  guint n_needed = *files != '\0' ? 1 : G_N_ELEMENTS (subfolders);
  g_autofree char *path = dup_data_dir_path (options, settings);
  g_autofree char *resolved = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      no_folder_error (error, path);
      return NULL;
    }
  if (g_mkdir_with_parents (path, 0700) < 0 || (resolved = realpath (path, NULL)) == NULL)
    {
      data_dir_error (error, errno, "create the data folder", path);
      return NULL;
    }
  for (guint i = 0; i < n_needed; i++)
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

/* The files folder */

static gboolean
files_dir_error (GError **error, BooruError code, const char *path, const char *what)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, BOORU_ERROR, code, "The files folder “%s” (the setting files-dir) %s", shown,
               what);
  return FALSE;
}

static char *
read_id (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *id = NULL;

  if (g_file_get_contents (path, &id, NULL, NULL))
    g_strstrip (id);
  return id;
}

/* What stays of a mount point without its disk, or its server, looks like any other folder. */
static gboolean
check_same_files (const char *path, const char *data_dir, GError **error)
{
  g_autofree char *known = read_id (data_dir, BOORU_FILE_FILES_KNOWN);
  g_autofree char *found = read_id (path, BOORU_FILE_FILES_ID);

  if (known == NULL || found != NULL || g_str_equal (path, data_dir))
    return TRUE;
  return files_dir_error (error, BOORU_ERROR_CONFIG, path,
                          "is not the one that was used before: the file " BOORU_FILE_FILES_ID
                          " is not in it. Mount what belongs there; if the originals were moved, "
                          "move that file along");
}

static gboolean
check_files_writable (const char *path, GError **error)
{
  g_autofree char *probe = g_build_filename (path, ".booru-probe-XXXXXX", NULL);
  g_autofree char *what = NULL;
  int fd = g_mkstemp_full (probe, O_RDWR | O_CLOEXEC, 0600);

  if (fd >= 0)
    {
      close (fd);
      g_unlink (probe);
      return TRUE;
    }
  what = g_strdup_printf ("cannot be written to by the user %s: %s", g_get_user_name (),
                          g_strerror (errno));
  return files_dir_error (error, BOORU_ERROR_DENIED, path, what);
}

char *
booru_host_config_prepare_files_dir (BooruSettings *settings, const char *data_dir, GError **error)
{
  g_autofree char *path = booru_settings_get_string (settings, BOORU_CONFIG_FILES_DIR);
  g_autofree char *resolved = NULL, *what = NULL;

  if (*path == '\0')
    return g_strdup (data_dir);
  if (!g_path_is_absolute (path))
    {
      files_dir_error (error, BOORU_ERROR_CONFIG, path, "is not a full path, starting with “/”");
      return NULL;
    }
  resolved = realpath (path, NULL);
  if (resolved == NULL || !g_file_test (resolved, G_FILE_TEST_IS_DIR))
    {
      what = g_strdup_printf ("cannot be used: %s. Mount it, or create it",
                              resolved == NULL ? g_strerror (errno) : "it is not a folder");
      files_dir_error (error, BOORU_ERROR_CONFIG, path, what);
      return NULL;
    }
  if (!check_same_files (resolved, data_dir, error) || !check_files_writable (resolved, error))
    return NULL;
  return g_steal_pointer (&resolved);
}

/* The configuration */

BooruHostConfig *
booru_host_config_new (const char *data_dir,
                       const char *files_dir,
                       const BooruHostOptions *options,
                       BooruSettings *settings)
{
  BooruHostConfig *self = g_new0 (BooruHostConfig, 1);

  self->given = booru_settings_to_dictionary (settings, TRUE);
  self->lasting = booru_settings_to_dictionary (settings, FALSE);
  self->data_dir = g_strdup (data_dir);
  self->files_dir = g_strdup (files_dir);
  self->runtime_dir = booru_paths_dup_runtime_dir (data_dir);
  self->database = booru_settings_get_string (settings, BOORU_CONFIG_DATABASE);
  self->workers = booru_settings_get_uint (settings, "workers");
  self->address = booru_settings_get_string (settings, "address");
  self->port = booru_settings_get_uint (settings, "port");
  self->verbose = booru_settings_get_boolean (settings, "verbose");
  self->shared = booru_settings_get_boolean (settings, "shared");
  self->dev = options->dev;
  return self;
}

BooruConfig *
booru_host_config_for_service (const BooruHostConfig *self,
                               BooruSettings *plugin_settings,
                               gboolean options)
{
  g_autoptr (GVariant) own
      = plugin_settings ? booru_settings_to_dictionary (plugin_settings, options) : NULL;
  GVariantDict dictionary;
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_dict_init (&dictionary, own);
  g_variant_iter_init (&iter, options ? self->given : self->lasting);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    g_variant_dict_insert_value (&dictionary, key, value);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_DATA_DIR, "^ay", self->data_dir);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_FILES_DIR, "^ay", self->files_dir);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_DATABASE, "s", self->database);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_RUNTIME_DIR, "^ay", self->runtime_dir);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_SHARED, "b", self->shared);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_DEV, "b", self->dev);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_ADDRESS, "s", self->address);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_PORT, "u", self->port);
  return booru_config_new (g_variant_dict_end (&dictionary));
}

void
booru_host_config_inherit (BooruHostConfig *self, const BooruHostConfig *before, gboolean bound)
{
  self->shared = before->shared;
  g_free (self->files_dir);
  self->files_dir = g_strdup (before->files_dir);
  g_free (self->database);
  self->database = g_strdup (before->database);
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
    return no_folder_error (error, existing);
  return access (existing, R_OK | W_OK | X_OK) == 0
         || data_dir_error (error, errno, "write into", existing);
}

/* What else it may be is for its driver to say. Settings are shown to whoever may ask. */
static gboolean
check_database (const char *database, GError **error)
{
  if (!g_regex_match_simple ("^[a-z]+://[^/@?]*:[^/@?]*@|password *=", database, 0, 0))
    return TRUE;
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                       "The address of a database must not hold a password, which others could "
                       "read. Put it into a password file: docs/postgresql.md");
  return FALSE;
}

static gboolean
check_address (const BooruHostConfig *now, const char *text, GError **error)
{
  g_autoptr (GInetAddress) address = booru_address_parse (text, error);

  return address
         && booru_address_check (
             address, !g_inet_address_get_is_loopback (address) && booru_guarded_check (now),
             error);
}

gboolean
booru_host_config_check_later (const BooruHostConfig *now,
                               const char *schema,
                               const char *key,
                               GVariant *value,
                               GError **error)
{
  if (value == NULL || !g_str_equal (schema, BOORU_SCHEMA_HOST)
      || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return TRUE;
  if (g_str_equal (key, "data-dir") || g_str_equal (key, BOORU_CONFIG_FILES_DIR))
    return check_data_dir (g_variant_get_string (value, NULL), error);
  if (g_str_equal (key, "database"))
    return check_database (g_variant_get_string (value, NULL), error);
  if (g_str_equal (key, "address"))
    return check_address (now, g_variant_get_string (value, NULL), error);
  return TRUE;
}
