/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which hosts there may be. */
#include "ctl.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/booru-names.h"
#include "base/booru-paths.h"

static guint64
get_number (const char *folder)
{
  guint64 number = 0;

  if (g_str_has_prefix (folder, BOORU_DIR_SHARING_HOST))
    g_ascii_string_to_unsigned (folder + strlen (BOORU_DIR_SHARING_HOST), 10, 1, G_MAXUINT32,
                                &number, NULL);
  return number;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint64 first = get_number (*(const char *const *)a);
  guint64 second = get_number (*(const char *const *)b);

  return (first > second) - (first < second);
}

/**
 * ctl_hosts_list_sockets:
 * @runtime_dir: a runtime folder
 *
 * Hosts that share a data folder have runtime folders of their own in the usual one.
 *
 * Returns: (transfer full): where there may be a socket: that of a host that has the folder alone
 *   comes first
 */
GPtrArray *
ctl_hosts_list_sockets (const char *runtime_dir)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) folders = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (runtime_dir, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL)
    if (get_number (name) > 0)
      g_ptr_array_add (folders, g_strdup (name));
  g_ptr_array_sort (folders, compare_numbers);
  g_ptr_array_add (paths, g_build_filename (runtime_dir, BOORU_CONTROL_SOCKET, NULL));
  for (guint i = 0; i < folders->len; i++)
    g_ptr_array_add (paths,
                     g_build_filename (runtime_dir, folders->pdata[i], BOORU_CONTROL_SOCKET, NULL));
  return paths;
}

static void
add_folders (GPtrArray *folders, const char *list)
{
  g_autoptr (GDir) dir = list ? g_dir_open (list, 0, NULL) : NULL;
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL)
    {
      char *path = g_build_filename (list, name, NULL);

      if (g_ptr_array_find_with_equal_func (folders, path, g_str_equal, NULL))
        g_free (path);
      else
        g_ptr_array_add (folders, path);
    }
}

/**
 * ctl_hosts_list_folders:
 *
 * Returns: (transfer full): runtime folders of this user's hosts, or links to them, of which some
 * may have ended. A host that was started without a session, or in one, is listed elsewhere than
 *   booructl's own environment says.
 */
GPtrArray *
ctl_hosts_list_folders (void)
{
  GPtrArray *folders = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *own = booru_paths_dup_host_list ();
  g_autofree char *cached = g_build_filename (g_get_user_cache_dir (), "booru-host", NULL);
  g_autofree char *session = g_strdup_printf ("/run/user/%u/booru-host", (guint)getuid ());

  add_folders (folders, own);
  add_folders (folders, cached);
  if (g_getenv ("XDG_RUNTIME_DIR") == NULL)
    add_folders (folders, session);
  return folders;
}

/**
 * ctl_hosts_forget:
 * @folder: one of ctl_hosts_list_folders() in which no host answers
 *
 * Takes a link of a host that was killed off the list. A folder of one is used by the next host
 * again.
 */
void
ctl_hosts_forget (const char *folder)
{
  struct stat st;

  if (lstat (folder, &st) == 0 && S_ISLNK (st.st_mode))
    unlink (folder);
}
