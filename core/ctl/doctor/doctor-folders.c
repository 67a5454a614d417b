/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The folders that pictures come from: there, readable, and apart from each other. */
#include "ctl/doctor/doctor.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/booru-names.h"
#include "base/booru-paths.h"
#include "base/booru-pseudo.h"
#include "ctl/doctor/doctor-filesystem.h"

/* Whether there is a folder that may be used as @mode says; if not, that is a finding. */
static gboolean
check_usable (Doctor *self, const char *subject, const char *path, int mode)
{
  gboolean writes = (mode & W_OK) != 0;

  if (doctor_user_may (self, path, mode) && g_file_test (path, G_FILE_TEST_IS_DIR))
    return TRUE;
  if (g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      doctor_error (self->report, subject, "is not a folder");
      doctor_report_advise (self->report, "Enter the folder that contains it");
    }
  else if (errno == ENOENT || errno == ENOTDIR)
    {
      doctor_warning (self->report, subject,
                      writes ? "does not exist: no files are taken from it"
                             : "does not exist: its posts are kept, but shown as missing");
      doctor_report_advise (self->report, "Mount its disk, create it, or remove it from the "
                                          "settings. The host picks it up when it appears");
    }
  else if (errno == EROFS)
    {
      doctor_error (self->report, subject, "is not writable: its file system is read-only");
      doctor_report_advise (self->report, "Mount it for writing: files are moved out of it");
    }
  else
    {
      doctor_error (self->report, subject, "can't be %s by the user %s: %s",
                    writes ? "read and written" : "read", self->user.name, g_strerror (errno));
      doctor_report_advise (self->report,
                            "Give that user the right to it and to all folders above it: “setfacl "
                            "-R -m u:%s:%s FOLDER”, or its group with chgrp and chmod",
                            self->user.name, writes ? "rwX" : "rX");
    }
  return FALSE;
}

/* What the host refuses; @other is called @what. */
static gboolean
check_outside (Doctor *self,
               const char *subject,
               const char *path,
               const char *other,
               const char *what)
{
  if (!booru_paths_is_inside (path, other))
    return TRUE;
  doctor_error (self->report, subject, "%s the %s “%s”",
                g_str_equal (path, other) ? "is also" : "is inside", what, other);
  doctor_report_advise (self->report, "Use separate folders: booru-host does not start "
                                      "like this");
  return FALSE;
}

static gboolean
check_kind (Doctor *self, const char *subject, const char *path, const char *what)
{
  g_autoptr (GError) error = NULL;

  if (booru_pseudo_check_folder (path, what, &error))
    return TRUE;
  doctor_error (self->report, subject, "can't be used: %s", error->message);
  return FALSE;
}

static void
say_network (Doctor *self, const char *subject, const DoctorFilesystem *filesystem)
{
  guint64 interval = doctor_get_number (self, "monitor", "reconcile-interval");

  if (filesystem->kind == DOCTOR_FILESYSTEM_NETWORK)
    doctor_note (self->report, subject,
                 "is on %s: changes made by other machines are only noticed when it is scanned, "
                 "every %" G_GUINT64_FORMAT " s",
                 filesystem->name, interval);
}

/* Library folders */

static void
say_tree (Doctor *self, const char *subject, const DoctorTree *tree)
{
  const char *more = tree->complete ? "" : "more than ";

  if (tree->n_unreadable > 0)
    {
      doctor_warning (self->report, subject,
                      "%" G_GUINT64_FORMAT " of its subfolders can't be read by the user %s, "
                      "such as “%s”: their files are not shown",
                      tree->n_unreadable, self->user.name, tree->first_unreadable);
      doctor_report_advise (self->report,
                            "Give that user the right to read them, if they are to be "
                            "shown");
      return;
    }
  if (tree->complete && tree->n_files == 0)
    {
      doctor_note (self->report, subject, "has no files in it; is its disk mounted?");
      return;
    }
  doctor_ok (self->report, subject,
             "%s%" G_GUINT64_FORMAT " file%s in %s%" G_GUINT64_FORMAT " folder%s", more,
             tree->n_files, tree->n_files == 1 ? "" : "s", more, tree->n_directories,
             tree->n_directories == 1 ? "" : "s");
}

static gboolean
is_nested (Doctor *self, const char *subject, GStrv folders, guint i)
{
  const char *cover = booru_paths_find_cover (folders, i);

  if (cover && g_str_equal (cover, folders[i]))
    doctor_note (self->report, subject, "is named twice");
  else if (cover)
    doctor_note (self->report, subject, "is inside “%s”, which already shows it", cover);
  return cover != NULL;
}

static void
check_library (Doctor *self, GStrv folders, guint i)
{
  const char *path = folders[i];
  g_autofree char *subject = g_strdup_printf ("library %s", path);
  DoctorFilesystem filesystem;
  const DoctorTree *tree;

  if (!check_kind (self, subject, path, "library folder")
      || !check_outside (self, subject, path, self->data_dir, "data folder")
      || is_nested (self, subject, folders, i) || !check_usable (self, subject, path, R_OK | X_OK))
    return;
  doctor_walk_libraries (self);
  tree = g_hash_table_lookup (self->walked, path);
  if (tree)
    say_tree (self, subject, tree);
  if (doctor_filesystem_look (&filesystem, path))
    say_network (self, subject, &filesystem);
  if (booru_paths_is_inside (self->data_dir, path))
    doctor_note (self->report, subject, "contains the data folder, which is skipped");
}

/* Inbox */

static guint
count_files (const char *inbox, const char *name)
{
  g_autofree char *path = g_build_filename (inbox, name, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir && g_dir_read_name (dir))
    n++;
  return n;
}

static void
check_device (Doctor *self, const char *subject, const char *path)
{
  struct stat here, there;

  if (stat (path, &here) != 0 || stat (self->data_dir, &there) != 0)
    return;
  doctor_ok (self->report, subject,
             here.st_dev == there.st_dev
                 ? "on the file system of the data folder: files are renamed into it"
                 : "on another file system than the data folder: files are copied there, and then "
                   "removed here");
}

static void
check_ingest (Doctor *self, const char *path, GStrv libraries)
{
  g_autofree char *subject = g_strdup_printf ("ingest %s", path);
  DoctorFilesystem filesystem;
  guint n_failed;

  if (!check_kind (self, subject, path, "ingest folder")
      || !check_outside (self, subject, path, self->data_dir, "data folder"))
    return;
  for (char **library = libraries; *library; library++)
    if (!check_outside (self, subject, path, *library, "library folder")
        || !check_outside (self, subject, *library, path, "ingest folder"))
      return;
  if (!check_usable (self, subject, path, R_OK | W_OK | X_OK))
    return;
  check_device (self, subject, path);
  if (doctor_filesystem_look (&filesystem, path))
    say_network (self, subject, &filesystem);
  n_failed = count_files (path, "failed");
  if (n_failed > 0)
    {
      doctor_warning (self->report, subject, "%u file%s in “failed” could not be added", n_failed,
                      n_failed == 1 ? "" : "s");
      doctor_report_advise (self->report, "Check them there, then remove them or put them back");
    }
}

void
doctor_check_folders (Doctor *self)
{
  g_auto (GStrv) libraries = doctor_get_folders (self, "library-folders");
  g_auto (GStrv) ingest = doctor_get_folders (self, "ingest-folder");

  doctor_check_data_dir (self);
  for (guint i = 0; libraries[i]; i++)
    check_library (self, libraries, i);
  if (*ingest)
    check_ingest (self, *ingest, libraries);
  if (*libraries == NULL && *ingest == NULL && (self->stored || self->running))
    doctor_note (self->report, "library",
                 "none is set: start booru-host with the folders to show, or set library-folders");
}
