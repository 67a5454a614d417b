/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The data folder: whether the host can use it, and for how long. */
#include "ctl/doctor/doctor.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/booru-names.h"
#include "ctl/doctor/doctor-filesystem.h"

#define SUBJECT "data folder"

/* Space that the database and its log need to work at all; and what thumbnails soon fill. */
#define LITTLE_SPACE (G_GUINT64_CONSTANT (100) << 20)
#define TIGHT_SPACE (G_GUINT64_CONSTANT (1) << 30)

/* Before the first start: the host creates it, if it may. */
static void
check_parent (Doctor *self)
{
  g_autofree char *parent = g_path_get_dirname (self->data_dir);

  while (!g_file_test (parent, G_FILE_TEST_EXISTS))
    {
      char *above = g_path_get_dirname (parent);

      g_free (parent);
      parent = above;
    }
  if (doctor_user_may (self, parent, W_OK | X_OK))
    {
      doctor_note (self->report, SUBJECT, "“%s” does not exist yet: the first start creates it",
                   self->data_dir);
      return;
    }
  doctor_error (self->report, SUBJECT,
                "“%s” does not exist, and the user %s can't create it in “%s”", self->data_dir,
                self->user.name, parent);
  doctor_report_advise (self->report,
                        "Create it as root and give it to that user: “install -d -m 750 -o %s %s”; "
                        "or name another with --data-dir",
                        self->user.name, self->data_dir);
}

/* The caller may simply be the wrong user. */
static void
advise_owner (Doctor *self)
{
  if (self->user.owner)
    doctor_report_advise (self->report,
                          "The folder belongs to the user %s: run booructl as that user, or as "
                          "root, to check that user's rights",
                          self->user.owner);
  else
    doctor_report_advise (self->report,
                          "Run “chown -R %s: %s” as root, and start booru-host as that user only",
                          self->user.name, self->data_dir);
}

/* The host was once started as another user, most likely root. */
static gboolean
check_contents (Doctor *self)
{
  static const struct
  {
    const char *name;
    int mode;
  } entries[] = {
    { BOORU_FILE_DATABASE, R_OK | W_OK },        { BOORU_FILE_DATABASE "-wal", R_OK | W_OK },
    { BOORU_FILE_DATABASE "-shm", R_OK | W_OK }, { BOORU_FILE_WRITE_LOCK, R_OK | W_OK },
    { BOORU_FILE_HOST_LOCK, R_OK | W_OK },       { BOORU_DIR_THUMBNAILS, R_OK | W_OK | X_OK },
    { BOORU_DIR_ORIGINALS, R_OK | W_OK | X_OK }, { BOORU_DIR_TEMPORARY, R_OK | W_OK | X_OK },
  };
  gboolean good = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autofree char *path = g_build_filename (self->data_dir, entries[i].name, NULL);

      if (doctor_user_may (self, path, entries[i].mode) || errno == ENOENT)
        continue;
      doctor_error (self->report, SUBJECT, "“%s” is not writable by the user %s: %s", path,
                    self->user.name, g_strerror (errno));
      advise_owner (self);
      good = FALSE;
    }
  return good;
}

static void
check_privacy (Doctor *self)
{
  struct stat info;

  if (stat (self->data_dir, &info) != 0 || (info.st_mode & S_IWOTH) == 0)
    return;
  doctor_warning (self->report, SUBJECT, "is writable by every user of this computer");
  doctor_report_advise (self->report, "Run “chmod o-w %s”", self->data_dir);
}

static void
check_filesystem (Doctor *self, const DoctorFilesystem *filesystem)
{
  if (filesystem->kind == DOCTOR_FILESYSTEM_NETWORK && !g_str_equal (filesystem->name, "FUSE"))
    {
      doctor_error (self->report, SUBJECT,
                    "is on a network file system (%s), where SQLite's locks and log do not work "
                    "reliably: the database may be damaged",
                    filesystem->name);
      doctor_report_advise (self->report,
                            "Move it to a local disk, with the host stopped. Library folders may "
                            "stay where they are");
    }
  else if (filesystem->kind == DOCTOR_FILESYSTEM_NETWORK)
    {
      doctor_warning (self->report, SUBJECT,
                      "is on a FUSE file system; where that is one over a network, the database "
                      "may be damaged");
      doctor_report_advise (self->report, "Move it to a local disk if it is");
    }
  else if (filesystem->kind == DOCTOR_FILESYSTEM_MEMORY)
    {
      doctor_warning (self->report, SUBJECT, "is in memory (%s): all tags are lost at a reboot",
                      filesystem->name);
      doctor_report_advise (self->report, "Move it to a disk, with the host stopped");
    }
}

static void
check_space (Doctor *self, const DoctorFilesystem *filesystem)
{
  g_autofree char *available = g_format_size (filesystem->available);

  if (filesystem->available < TIGHT_SPACE)
    {
      doctor_report_add (self->report,
                         filesystem->available < LITTLE_SPACE ? DOCTOR_ERROR : DOCTOR_WARNING,
                         "free space", "only %s left for the data folder", available);
      doctor_report_advise (
          self->report, "Free some space. Thumbnails may be deleted with the host stopped: they "
                        "are made again as needed");
    }
  else if (filesystem->few_inodes)
    {
      doctor_warning (
          self->report, "free space",
          "hardly any more files can be created: the file system is running out of inodes");
      doctor_report_advise (self->report, "“df -i” shows how many; move the data folder to a file "
                                          "system that has more");
    }
  else
    doctor_ok (self->report, "free space", "%s for the data folder", available);
}

void
doctor_check_data_dir (Doctor *self)
{
  DoctorFilesystem filesystem;
  gboolean exists = g_file_test (self->data_dir, G_FILE_TEST_EXISTS);

  if (!exists)
    {
      check_parent (self);
      return;
    }
  if (!g_file_test (self->data_dir, G_FILE_TEST_IS_DIR))
    {
      doctor_error (self->report, SUBJECT, "“%s” is not a folder", self->data_dir);
      doctor_report_advise (self->report, "Name another with --data-dir, or move the file away");
      return;
    }
  if (!doctor_user_may (self, self->data_dir, R_OK | W_OK | X_OK))
    {
      gboolean mounted_read_only = errno == EROFS;

      doctor_error (self->report, SUBJECT, "“%s” is not writable by the user %s: %s",
                    self->data_dir, self->user.name, g_strerror (errno));
      if (mounted_read_only)
        doctor_report_advise (self->report, "Mount its file system for writing");
      else
        advise_owner (self);
    }
  else if (check_contents (self))
    doctor_ok (self->report, SUBJECT, "“%s” can be used by the user %s", self->data_dir,
               self->user.name);
  check_privacy (self);
  if (!doctor_filesystem_look (&filesystem, self->data_dir))
    return;
  check_filesystem (self, &filesystem);
  check_space (self, &filesystem);
}
