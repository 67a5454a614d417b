/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-pseudo.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-paths.h"

/* Numbers of statfs(2); linux/magic.h of older systems lacks some. */
static const guint32 pseudo_types[] = {
  0x00009fa0, /* proc */
  0x62656572, /* sysfs */
  0x00001cd1, /* devpts */
  0x0027e0eb, /* cgroup */
  0x63677270, /* cgroup2 */
  0x64626720, /* debugfs */
  0x74726163, /* tracefs */
  0x73636673, /* securityfs */
  0xf97cff8c, /* selinuxfs */
  0x43415d53, /* smackfs */
  0x5a3c69f0, /* apparmorfs */
  0x62656570, /* configfs */
  0xcafe4a11, /* bpf */
  0x6165676c, /* pstore */
  0xde5e81e4, /* efivarfs */
  0x19800202, /* mqueue */
  0x42494e4d, /* binfmt_misc */
  0x65735543, /* fusectl */
  0x6e736673, /* nsfs */
  0x67596969, /* rpc_pipefs */
};

static gboolean
is_pseudo_file_system (int fd)
{
  struct statfs info;

  if (fstatfs (fd, &info) != 0)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (pseudo_types); i++)
    if ((guint32)info.f_type == pseudo_types[i])
      return TRUE;
  return FALSE;
}

static gboolean
is_pseudo (const char *path)
{
  int fd = open (path, O_PATH | O_CLOEXEC);
  gboolean found = fd >= 0 && is_pseudo_file_system (fd);

  if (fd >= 0)
    close (fd);
  return found;
}

gboolean
booru_pseudo_is_mount (int parent, int fd)
{
  struct stat above, here;

  return fstat (parent, &above) == 0 && fstat (fd, &here) == 0 && above.st_dev != here.st_dev
         && is_pseudo_file_system (fd);
}

gboolean
booru_pseudo_check_folder (const char *path, const char *what, GError **error)
{
  g_return_val_if_fail (path != NULL && what != NULL, FALSE);

  g_autofree char *shown = g_filename_display_name (path);
  char *resolved = realpath (path, NULL);
  const char *why = NULL;

  if (resolved == NULL)
    return TRUE;
  if (g_str_equal (resolved, "/"))
    why = "is the whole system";
  else if (is_pseudo (resolved))
    why = "is a virtual file system of the kernel";
  /* The kernel gives devices the number of tmpfs, which may well hold pictures. */
  else if (booru_paths_is_inside (resolved, "/dev")
           && !booru_paths_is_inside (resolved, "/dev/shm"))
    why = "is for devices";
  free (resolved);
  if (why == NULL)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_USAGE,
               "The %s “%s” %s: choose the folder that holds your pictures", what, shown, why);
  return FALSE;
}
