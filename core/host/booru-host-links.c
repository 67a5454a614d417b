/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Links by which booructl finds the runtime folder of a host, whatever environment each was started
 * with: one in the data folder, and one in the list of the user's hosts. */
#include "booru-host-links.h"

#include <errno.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/booru-names.h"
#include "base/booru-paths.h"

/* Nothing depends on a link but the comfort of who asks for this host: what cannot be is no
 * trouble. Only a link is ever replaced. */
static void
make_link (const char *path, const char *target)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *there = g_file_read_link (path, NULL);

  if (g_strcmp0 (there, target) == 0)
    return;
  if (there != NULL)
    g_unlink (path);
  if (g_mkdir_with_parents (folder, 0700) < 0 || symlink (target, path) < 0)
    g_info ("Cannot make the link “%s”: %s", path, g_strerror (errno));
}

/* Hosts that share a data folder have folders within one. */
static char *
dup_common (const char *runtime_dir)
{
  g_autofree char *name = g_path_get_basename (runtime_dir);

  return g_str_has_prefix (name, BOORU_DIR_SHARING_HOST) ? g_path_get_dirname (runtime_dir)
                                                         : g_strdup (runtime_dir);
}

/**
 * booru_host_links_make:
 * @data_dir: the data folder, whose lock is held
 * @runtime_dir: the runtime folder of this host
 *
 * They stay when the host ends: booructl removes one behind which no host answers, and the next
 * host uses the other again.
 */
void
booru_host_links_make (const char *data_dir, const char *runtime_dir)
{
  g_autofree char *common = dup_common (runtime_dir);
  g_autofree char *own = g_build_filename (data_dir, BOORU_LINK_RUNTIME, NULL);
  g_autofree char *list = booru_paths_dup_host_list ();
  g_autofree char *name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, common, -1);
  g_autofree char *entry = NULL;

  make_link (own, common);
  if (list == NULL || booru_paths_is_inside (common, list))
    return;
  name[16] = '\0';
  entry = g_build_filename (list, name, NULL);
  make_link (entry, common);
}
