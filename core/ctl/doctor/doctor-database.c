/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The database, as booru-backup finds it: nothing here opens it, because SQLite's locks are lost
 * when a process closes a second descriptor of the file. Sizes are asked by name. */
#include "ctl/doctor/doctor.h"

#include <sys/stat.h>
#include <sysexits.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-paths.h"
#include "base/booru-status-text.h"

/* Reading all of a large database from a slow disk. */
#define PATIENCE (30 * 60)

/* The log is emptied into the database every 1,000 pages or so, which is 4 MB. */
#define LARGE_LOG (G_GUINT64_CONSTANT (64) << 20)

#define OLD_BACKUP (7 * 24 * 3600) /* s */

static guint64
get_size (Doctor *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->data_dir, name, NULL);
  struct stat info;

  return stat (path, &info) == 0 ? (guint64)info.st_size : 0;
}

static void
check_log (Doctor *self)
{
  guint64 size = get_size (self, BOORU_FILE_DATABASE "-wal");
  g_autofree char *shown = g_format_size (size);

  if (size <= LARGE_LOG)
    return;
  doctor_warning (self->report, "database log",
                  "is %s, far larger than it should be: a program has been reading the database "
                  "for a very long time, or the disk is too slow to keep up",
                  shown);
  doctor_report_advise (self->report,
                        "End programs that have the database open (“fuser -v %s/%s”), then restart "
                        "the host. Never delete the log: it holds the latest changes",
                        self->data_dir, BOORU_FILE_DATABASE);
}

/* Damage is a fault of the data; other errors are circumstances. */
static void
say_fault (Doctor *self, const char *why, guint exit_code)
{
  doctor_error (self->report, "database", "%s", why);
  if (exit_code == EX_DATAERR)
    doctor_report_advise (
        self->report,
        "Stop the host. “booru-backup --data-dir=%s --repair” saves what can be read, fills the "
        "gaps from the newest backup, and keeps the damaged one",
        self->data_dir);
  else if (exit_code == EX_NOPERM)
    doctor_report_advise (self->report, "Run this as root, or as the user that the host runs as");
  else
    doctor_report_advise (self->report, "Try “booru-backup --check=%s”", self->data_dir);
}

static void
say_sound (Doctor *self, GVariant *facts)
{
  g_autofree char *size = g_format_size (get_size (self, BOORU_FILE_DATABASE));
  g_autofree char *log = g_format_size (get_size (self, BOORU_FILE_DATABASE "-wal"));
  gint64 schema = 0, posts = 0;
  gboolean current = TRUE;

  g_variant_lookup (facts, "schema", "x", &schema);
  g_variant_lookup (facts, "posts", "x", &posts);
  g_variant_lookup (facts, "current", "b", &current);
  doctor_ok (self->report, "database",
             "is sound: %" G_GINT64_FORMAT " posts in %s, and %s of log; version %" G_GINT64_FORMAT
             "%s",
             MAX (posts, 0), size, log, schema,
             current ? "" : ", which the next start of the host brings up to date");
}

/* Without a record there may still be backups made in another way. */
static void
check_backup (Doctor *self, GVariant *facts)
{
  const char *path = "";
  gint64 time = 0;
  gint64 age;
  g_autofree char *shown = NULL;

  g_variant_lookup (facts, "backup", "^&ay", &path);
  if (!g_variant_lookup (facts, "backup-time", "x", &time))
    {
      doctor_note (
          self->report, "backup",
          "booru-backup has not made one yet. “booru-backup --data-dir=%s --keep=7 FOLDER” "
          "makes one, also while the host runs",
          self->data_dir);
      return;
    }
  age = MAX (0, g_get_real_time () / G_USEC_PER_SEC - time);
  shown = booru_text_from_seconds ((guint64)age);
  if (age > OLD_BACKUP)
    {
      doctor_warning (self->report, "backup", "the newest is %s old: “%s”", shown, path);
      doctor_report_advise (
          self->report, "Find out why none was made since then: “systemctl status "
                        "booru-host-backup.timer booru-host-backup.service”, or your own timer");
    }
  else if (!g_file_test (path, G_FILE_TEST_EXISTS))
    doctor_note (self->report, "backup", "the newest, made %s ago, is no longer at “%s”", shown,
                 path);
  else
    doctor_ok (self->report, "backup", "the newest is %s old: “%s”", shown, path);
}

void
doctor_check_database (Doctor *self)
{
  g_autofree char *path = g_build_filename (self->data_dir, BOORU_FILE_DATABASE, NULL);
  g_autofree char *option = g_strconcat ("--check=", self->data_dir, NULL);
  g_autoptr (GVariant) facts = NULL;
  g_autoptr (GError) error = NULL;
  const char *why = NULL;
  guint exit_code = 0;

  if (self->blind)
    {
      doctor_note (self->report, "database", "is not accessible to the user %s", self->user.name);
      return;
    }
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      doctor_note (self->report, "database", "“%s” has none yet: the first start creates it",
                   self->data_dir);
      return;
    }
  facts = doctor_ask (self, PATIENCE, &error, booru_paths_get_backup_program (), "--describe",
                      option, NULL);
  if (facts == NULL)
    {
      say_fault (self, error->message, 0);
      return;
    }
  if (g_variant_lookup (facts, "error", "&s", &why))
    {
      g_variant_lookup (facts, "exit-code", "u", &exit_code);
      say_fault (self, why, exit_code);
    }
  else
    say_sound (self, facts);
  check_log (self);
  doctor_check_index (self);
  check_backup (self, facts);
}
