/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of the search index, as files: what is in them is checked by whoever maps them. */
#include "ctl/doctor/doctor.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/booru-names.h"
#include "base/booru-status-text.h"

#define SUBJECT "search index"

typedef struct
{
  guint64 n_bytes;
  gint64 written; /* seconds since 1970 */
  guint n_files, n_foreign;
  char *inaccessible; /* the first; or NULL */
  int problem;        /* errno, of that */
} Files;

static gboolean
is_ours (const char *name)
{
  return g_str_equal (name, "manifest") || g_str_equal (name, "names")
         || g_str_has_suffix (name, ".block");
}

/* A file that is just being written has another name. */
static void
look_at_file (Doctor *self, Files *files, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  struct stat info;

  if (g_str_has_suffix (name, ".new"))
    return;
  if (!is_ours (name))
    files->n_foreign++;
  else if (stat (path, &info) != 0)
    return; /* replaced meanwhile */
  else if (!S_ISREG (info.st_mode) || !doctor_user_may (self, path, R_OK))
    {
      files->problem = S_ISREG (info.st_mode) ? errno : EINVAL;
      if (files->inaccessible == NULL)
        files->inaccessible = g_steal_pointer (&path);
    }
  else
    {
      files->n_files++;
      files->n_bytes += (guint64)info.st_size;
      files->written = MAX (files->written, (gint64)info.st_mtim.tv_sec);
    }
}

static void
say_unusable (Doctor *self, const char *path, int problem)
{
  doctor_warning (self->report, SUBJECT,
                  "“%s” can't be used by the user %s: %s. Searches work, but each process keeps "
                  "the index in memory of its own, and builds it at its start",
                  path, self->user.name, g_strerror (problem));
  doctor_report_advise (self->report,
                        "Delete “%s/%s”, also while the host runs: it is built again from the "
                        "database",
                        self->data_dir, BOORU_DIR_INDEX);
}

static void
say_files (Doctor *self, const Files *files)
{
  gint64 age = g_get_real_time () / G_USEC_PER_SEC - files->written;
  g_autofree char *size = g_format_size (files->n_bytes);
  g_autofree char *shown = booru_text_from_seconds ((guint64)MAX (age, 0));

  if (files->n_files == 0)
    doctor_note (self->report, SUBJECT, "has no files yet: the monitor writes them");
  else
    doctor_ok (self->report, SUBJECT, "%s in %u files, the newest written %s ago", size,
               files->n_files, shown);
  if (files->n_foreign > 0)
    doctor_note (self->report, SUBJECT, "“%s/%s” holds %u foreign file%s", self->data_dir,
                 BOORU_DIR_INDEX, files->n_foreign, files->n_foreign == 1 ? "" : "s");
}

void
doctor_check_index (Doctor *self)
{
  g_autofree char *folder = g_build_filename (self->data_dir, BOORU_DIR_INDEX, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  Files files = { 0 };
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL)
    look_at_file (self, &files, folder, name);
  if (g_file_test (folder, G_FILE_TEST_EXISTS) && !g_file_test (folder, G_FILE_TEST_IS_DIR))
    say_unusable (self, folder, ENOTDIR);
  else if (!doctor_user_may (self, folder, R_OK | W_OK | X_OK) && errno != ENOENT)
    say_unusable (self, folder, errno);
  else if (files.inaccessible)
    say_unusable (self, files.inaccessible, files.problem);
  else
    say_files (self, &files);
  g_free (files.inaccessible);
}
