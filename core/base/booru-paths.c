/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-paths.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/booru-names.h"
#include "booru-build-config.h"

#define BUILD_TREE_FILE "booru-build-tree"
#define DATA_DIR_NAME "booru-host"
#define HASH_LENGTH 16
#define SYSTEM_BUS_SOCKET "/run/dbus/system_bus_socket"

typedef struct
{
  char *build_root;  /* NULL: installed */
  char *source_root; /* NULL: installed */
  char **plugin_path;
  char *host_program;
  char *backup_program;
  char *accounts_program;
  char *worker_program;
  char *decoder_program;
  char *schema_dir;
  char *locale_dir;
} Paths;

/* The folder that holds BUILD_TREE_FILE, looking upwards from the running program. */
static char *
find_build_root (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program ? g_path_get_dirname (program) : NULL;

  while (folder != NULL)
    {
      g_autofree char *marker = g_build_filename (folder, BUILD_TREE_FILE, NULL);
      g_autofree char *parent = g_path_get_dirname (folder);

      if (g_file_test (marker, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&folder);
      if (g_str_equal (parent, folder))
        return NULL;
      g_free (folder);
      folder = g_steal_pointer (&parent);
    }
  return NULL;
}

static char *
read_source_root (const char *build_root)
{
  g_autoptr (GKeyFile) keyfile = g_key_file_new ();
  g_autofree char *marker = g_build_filename (build_root, BUILD_TREE_FILE, NULL);

  if (!g_key_file_load_from_file (keyfile, marker, G_KEY_FILE_NONE, NULL))
    return NULL;
  return g_key_file_get_string (keyfile, "Tree", "SourceRoot", NULL);
}

static char **
make_plugin_path (const char *own)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) more = g_strsplit (g_getenv (BOORU_ENV_PLUGIN_PATH) ?: "", ":", -1);

  for (guint i = 0; more[i]; i++)
    {
      g_autofree char *absolute = *more[i] ? g_canonicalize_filename (more[i], NULL) : NULL;

      if (absolute)
        g_strv_builder_add (builder, absolute);
    }
  g_strv_builder_add (builder, own);
  return g_strv_builder_end (builder);
}

static gpointer
find_paths (gpointer unused)
{
  Paths *paths = g_new0 (Paths, 1);
  g_autofree char *plugins = NULL;

  paths->build_root = find_build_root ();
  if (paths->build_root)
    {
      const char *root = paths->build_root;

      paths->source_root = read_source_root (root);
      paths->host_program = g_build_filename (root, "core", "host", "booru-host", NULL);
      paths->backup_program = g_build_filename (root, "core", "backup", "booru-backup", NULL);
      paths->accounts_program = g_build_filename (root, "core", "accounts", "booru-accounts", NULL);
      paths->worker_program = g_build_filename (root, "core", "worker", "booru-worker", NULL);
      paths->decoder_program
          = g_build_filename (root, "plugins", "monitor", "decoder", "booru-decoder", NULL);
      paths->schema_dir = g_build_filename (root, "data", NULL);
      paths->locale_dir = g_build_filename (root, "po", NULL);
      plugins = g_build_filename (root, "plugins", NULL);
    }
  else
    {
      paths->host_program = g_build_filename (BOORU_BIN_DIR, "booru-host", NULL);
      paths->backup_program = g_build_filename (BOORU_BIN_DIR, "booru-backup", NULL);
      paths->accounts_program = g_build_filename (BOORU_LIBEXEC_DIR, "booru-accounts", NULL);
      paths->worker_program = g_build_filename (BOORU_LIBEXEC_DIR, "booru-worker", NULL);
      paths->decoder_program = g_build_filename (BOORU_LIBEXEC_DIR, "booru-decoder", NULL);
      paths->locale_dir = g_strdup (BOORU_LOCALE_DIR);
      plugins = g_strdup (BOORU_PLUGIN_DIR);
    }
  paths->plugin_path = make_plugin_path (plugins);
  return paths;
}

static const Paths *
get_paths (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, find_paths, NULL);
}

gboolean
booru_paths_in_build_tree (void)
{
  return get_paths ()->build_root != NULL;
}

const char *const *
booru_paths_get_plugin_path (void)
{
  return (const char *const *)get_paths ()->plugin_path;
}

const char *
booru_paths_get_host_program (void)
{
  return get_paths ()->host_program;
}

const char *
booru_paths_get_backup_program (void)
{
  return get_paths ()->backup_program;
}

const char *
booru_paths_get_accounts_program (void)
{
  return get_paths ()->accounts_program;
}

const char *
booru_paths_get_worker_program (void)
{
  return get_paths ()->worker_program;
}

const char *
booru_paths_get_decoder_program (void)
{
  return get_paths ()->decoder_program;
}

const char *
booru_paths_get_schema_dir (void)
{
  return get_paths ()->schema_dir;
}

const char *
booru_paths_get_locale_dir (void)
{
  return get_paths ()->locale_dir;
}

const char *
booru_paths_get_source_root (void)
{
  return get_paths ()->source_root;
}

char *
booru_paths_dup_session_bus (void)
{
  const char *address = g_getenv ("DBUS_SESSION_BUS_ADDRESS");
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");
  g_autofree char *path = runtime ? g_build_filename (runtime, "bus", NULL) : NULL;
  g_autofree char *escaped = NULL;

  if (address && *address)
    return g_strdup (address);
  if (path == NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  escaped = g_dbus_address_escape_value (path);
  return g_strconcat ("unix:path=", escaped, NULL);
}

char *
booru_paths_dup_system_bus (void)
{
  const char *address = g_getenv ("DBUS_SYSTEM_BUS_ADDRESS");

  return g_strdup (address && *address ? address : "unix:path=" SYSTEM_BUS_SOCKET);
}

char *
booru_paths_dup_socket_address (const char *path, int *folder)
{
  g_autofree char *short_path = NULL;
  g_autofree char *escaped = NULL;

  g_return_val_if_fail (path != NULL && folder != NULL, NULL);
  *folder = -1;
  if (strlen (path) >= sizeof (((struct sockaddr_un *)NULL)->sun_path))
    {
      g_autofree char *dir = g_path_get_dirname (path);
      g_autofree char *name = g_path_get_basename (path);

      *folder = open (dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
      if (*folder >= 0)
        short_path = g_strdup_printf ("/proc/self/fd/%d/%s", *folder, name);
    }
  escaped = g_dbus_address_escape_value (short_path ? short_path : path);
  return g_strconcat ("unix:path=", escaped, NULL);
}

gboolean
booru_paths_is_inside (const char *path, const char *folder)
{
  g_return_val_if_fail (path != NULL && folder != NULL, FALSE);

  gsize length = strlen (folder);

  if (g_str_equal (folder, "/"))
    return TRUE;
  return strncmp (path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

const char *
booru_paths_find_cover (char **folders, guint i)
{
  g_return_val_if_fail (folders != NULL, NULL);

  for (guint j = 0; folders[j]; j++)
    if (j != i && booru_paths_is_inside (folders[i], folders[j])
        && (j < i || !g_str_equal (folders[i], folders[j])))
      return folders[j];
  return NULL;
}

/* The first of the colon-separated folders that systemd names in an environment variable. */
static char *
dup_systemd_folder (const char *variable)
{
  g_auto (GStrv) folders = g_strsplit (g_getenv (variable) ?: "", ":", 2);

  return folders[0] && g_path_is_absolute (folders[0]) ? g_strdup (folders[0]) : NULL;
}

char *
booru_paths_dup_default_data_dir (void)
{
  char *state = dup_systemd_folder ("STATE_DIRECTORY");

  return state ?: g_build_filename (g_get_user_data_dir (), DATA_DIR_NAME, NULL);
}

char *
booru_paths_dup_host_list (void)
{
  const char *session = g_getenv ("XDG_RUNTIME_DIR");

  if (session && g_path_is_absolute (session) && g_file_test (session, G_FILE_TEST_IS_DIR))
    return g_build_filename (session, DATA_DIR_NAME, NULL);
  if (!g_file_test (g_get_home_dir (), G_FILE_TEST_IS_DIR))
    return NULL;
  return g_build_filename (g_get_user_cache_dir (), DATA_DIR_NAME, NULL);
}

char *
booru_paths_dup_runtime_dir (const char *data_dir)
{
  g_return_val_if_fail (data_dir != NULL, NULL);

  const char *own = g_getenv (BOORU_ENV_RUNTIME_DIR);
  const char *session = g_getenv ("XDG_RUNTIME_DIR");
  char *system = dup_systemd_folder ("RUNTIME_DIRECTORY");
  g_autofree char *canonical = NULL;
  g_autofree char *hash = NULL;
  char *resolved;

  if (own && *own)
    {
      g_free (system);
      return g_canonicalize_filename (own, NULL);
    }
  if (system)
    return system;

  resolved = realpath (data_dir, NULL);
  canonical = g_canonicalize_filename (resolved ?: data_dir, NULL);
  free (resolved);
  if (!session || !g_path_is_absolute (session) || !g_file_test (session, G_FILE_TEST_IS_DIR))
    return g_build_filename (canonical, "run", NULL);

  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, canonical, -1);
  hash[HASH_LENGTH] = '\0';
  return g_build_filename (session, DATA_DIR_NAME, hash, NULL);
}
