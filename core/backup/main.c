/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* booru-backup: copies of the database, made, looked at and put back. */
#include <gio/gio.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/booru-error.h"
#include "base/booru-i18n.h"
#include "base/booru-names.h"
#include "base/booru-paths.h"
#include "base/booru-process.h"
#include "board/drivers/booru-migrate.h"
#include "board/sqlite/booru-sqlite-backup.h"
#include "board/sqlite/booru-sqlite-repair.h"
#include "booru-build-config.h"

#define MAX_KEEP 10000

typedef struct
{
  char *data_dir;
  char *restore; /* a copy to put back; or NULL */
  char *check;   /* what to look at; or NULL */
  char *folder;  /* where to put a copy; or NULL */
  int keep;      /* 0: all */
  gboolean repair;
  char *migrate_to, *migrate_from; /* databases; or NULL */
  char *using;                     /* what to fill the gaps from, or NULL */
  gboolean show_version;
  gboolean describe; /* what --check found, for booructl doctor */
} Options;

static void
options_clear (Options *self)
{
  g_free (self->data_dir);
  g_free (self->restore);
  g_free (self->check);
  g_free (self->using);
  g_free (self->migrate_to);
  g_free (self->migrate_from);
  g_free (self->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
check_options (Options *self, char **rest, GError **error)
{
  guint n_rest = rest ? g_strv_length (rest) : 0;
  guint n_tasks = (self->restore != NULL) + (self->check != NULL) + self->repair
                  + (self->migrate_to != NULL) + (n_rest > 0);
  const char *wrong = NULL;

  if (self->show_version)
    return TRUE;
  if (n_tasks == 0)
    wrong = "give the FOLDER to put a backup into, --check, --restore, --repair or --migrate-to";
  else if (n_tasks > 1)
    wrong = "give one of FOLDER, --check, --restore, --repair and --migrate-to";
  else if (n_rest > 1)
    wrong = "give one FOLDER";
  else if (self->keep < 0 || self->keep > MAX_KEEP)
    wrong = "--keep takes a number from 1 to 10000; 0: all";
  else if (self->keep > 0 && n_rest == 0)
    wrong = "--keep needs a FOLDER";
  else if (self->using && !self->repair)
    wrong = "--using needs --repair";
  else if (self->migrate_from && !self->migrate_to)
    wrong = "--from needs --migrate-to";
  else if (self->describe && !self->check)
    wrong = "--describe needs --check";
  else if ((n_rest && !*rest[0]) || (self->check && !*self->check)
           || (self->restore && !*self->restore) || (self->data_dir && !*self->data_dir))
    wrong = "a folder or file was given with an empty name";

  if (wrong)
    g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_USAGE, wrong);
  return wrong == NULL;
}

static gboolean
parse (Options *self, int argc, char **argv, GError **error)
{
  g_auto (GStrv) rest = NULL;
  const GOptionEntry entries[] = {
    { "data-dir", 'd', 0, G_OPTION_ARG_FILENAME, &self->data_dir, "The data folder of booru-host",
      "FOLDER" },
    { "keep", 'k', 0, G_OPTION_ARG_INT, &self->keep,
      "Keep the N newest backups in FOLDER and delete older ones (default: keep all)", "N" },
    { "check", 'c', 0, G_OPTION_ARG_FILENAME, &self->check,
      "Look for damage in the database of a data folder, or in a backup", "PATH" },
    { "restore", 'r', 0, G_OPTION_ARG_FILENAME, &self->restore,
      "Put a backup back into the data folder; the host must not run", "FILE" },
    { "repair", 0, 0, G_OPTION_ARG_NONE, &self->repair,
      "Build a sound database from a damaged one; the host must not run", NULL },
    { "using", 0, 0, G_OPTION_ARG_FILENAME, &self->using,
      "With --repair: fill gaps from this backup (default: the newest one known)", "FILE" },
    { "migrate-to", 0, 0, G_OPTION_ARG_STRING, &self->migrate_to,
      "Move the board to another database, or back (“sqlite:”); no host may run", "DATABASE" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &self->migrate_from,
      "With --migrate-to: the database to move from (default: that of the data folder)",
      "DATABASE" },
    { "describe", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &self->describe, NULL, NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->show_version, "Print the version, and exit",
      NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, "[FOLDER]" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (
      context, "Copies booru-host's database into FOLDER, also while the host runs.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, error) || !check_options (self, rest, error))
    return FALSE;
  if (rest && rest[0])
    self->folder = g_strdup (rest[0]);
  if (self->data_dir == NULL && *(g_getenv (BOORU_ENV_DATA_DIR) ?: ""))
    self->data_dir = g_strdup (g_getenv (BOORU_ENV_DATA_DIR));
  if (self->data_dir == NULL)
    self->data_dir = booru_paths_dup_default_data_dir ();
  return TRUE;
}

static gboolean
check (const char *path, GError **error)
{
  BooruSqliteSummary summary;

  if (!booru_sqlite_check (path, &summary, error))
    return FALSE;
  printf ("%s is sound: version %" G_GINT64_FORMAT "%s, %" G_GINT64_FORMAT " posts\n", path,
          summary.version, summary.current ? "" : " (booru-host brings it up to date)",
          MAX (summary.n_posts, 0));
  return TRUE;
}

/* Records where the newest copy is, for “booructl doctor”. */

#define NOTE_GROUP "backup"
#define NOTE_FILE "File"
#define NOTE_TIME "Time"

static void
note_backup (const char *data_dir, const char *path)
{
  g_autoptr (GKeyFile) note = g_key_file_new ();
  g_autofree char *note_path = g_build_filename (data_dir, BOORU_FILE_LAST_BACKUP, NULL);
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *uri = g_filename_to_uri (absolute, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_key_file_set_string (note, NOTE_GROUP, NOTE_FILE, uri);
  g_key_file_set_int64 (note, NOTE_GROUP, NOTE_TIME, g_get_real_time () / G_USEC_PER_SEC);
  if (!g_key_file_save_to_file (note, note_path, &error))
    fprintf (stderr, "booru-backup: the backup was made, but could not be recorded: %s\n",
             error->message);
}

/* NULL: none is known. *seconds: since 1970. */
static char *
dup_last_backup (const char *folder, gint64 *seconds)
{
  g_autoptr (GKeyFile) note = g_key_file_new ();
  g_autofree char *note_path = g_build_filename (folder, BOORU_FILE_LAST_BACKUP, NULL);
  g_autofree char *uri = NULL;

  if (!g_key_file_load_from_file (note, note_path, G_KEY_FILE_NONE, NULL))
    return NULL;
  uri = g_key_file_get_string (note, NOTE_GROUP, NOTE_FILE, NULL);
  *seconds = g_key_file_get_int64 (note, NOTE_GROUP, NOTE_TIME, NULL);
  return uri ? g_filename_from_uri (uri, NULL, NULL) : NULL;
}

static void
add_last_backup (GVariantDict *facts, const char *folder)
{
  gint64 seconds = 0;
  g_autofree char *path = dup_last_backup (folder, &seconds);

  if (path)
    g_variant_dict_insert (facts, "backup", "^ay", path);
  if (path)
    g_variant_dict_insert (facts, "backup-time", "x", seconds);
}

/* A text of the GVariant type a{sv}: version (s); schema and posts (x), current (b), or error (s)
 * and exit-code (u); backup (ay) and backup-time (x, seconds since 1970) if one is known. */
static gboolean
describe (const char *path)
{
  g_auto (GVariantDict) facts = G_VARIANT_DICT_INIT (NULL);
  BooruSqliteSummary summary = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) all = NULL;
  g_autofree char *text = NULL;

  g_variant_dict_insert (&facts, "version", "s", BOORU_VERSION);
  if (booru_sqlite_check (path, &summary, &error))
    {
      g_variant_dict_insert (&facts, "schema", "x", summary.version);
      g_variant_dict_insert (&facts, "posts", "x", summary.n_posts);
      g_variant_dict_insert (&facts, "current", "b", summary.current);
    }
  else
    {
      g_variant_dict_insert (&facts, "error", "s", error->message);
      g_variant_dict_insert (&facts, "exit-code", "u", (guint)booru_error_to_exit_code (error));
    }
  add_last_backup (&facts, path);
  all = g_variant_ref_sink (g_variant_dict_end (&facts));
  text = g_variant_print (all, TRUE);
  return printf ("%s\n", text) > 0;
}

static gboolean
restore (const Options *options, GError **error)
{
  g_autofree char *replaced = NULL;

  if (!booru_sqlite_restore (options->data_dir, options->restore, &replaced, error))
    return FALSE;
  printf ("Restored %s into %s\n", options->restore, options->data_dir);
  if (replaced)
    printf ("The previous database was kept as %s\n", replaced);
  return TRUE;
}

static void
tell_repair (const BooruSqliteRepair *repair, const char *backup)
{
  printf ("%" G_GUINT64_FORMAT " rows were recovered from the damaged database; %" G_GUINT64_FORMAT
          " places could not be read\n",
          repair->n_rows, repair->n_gaps);
  if (backup)
    printf ("%" G_GUINT64_FORMAT " rows were added from %s\n", repair->n_rows_added, backup);
  else
    printf ("There is no known backup to fill the gaps from; name one with --using=FILE\n");
  if (repair->n_remade > 0)
    printf ("%" G_GUINT64_FORMAT " posts were recreated from their files\n", repair->n_remade);
  if (repair->n_unnamed > 0)
    printf ("The names of %" G_GUINT64_FORMAT " tags are lost: they are now called lost_tag_…\n",
            repair->n_unnamed);
  printf ("The database now has %" G_GINT64_FORMAT " posts. The damaged one was kept as %s\n",
          repair->n_posts, repair->aside);
}

static gboolean
repair (const Options *options, GError **error)
{
  g_auto (BooruSqliteRepair) done = { 0 };
  gint64 seconds;
  g_autofree char *known = dup_last_backup (options->data_dir, &seconds);
  const char *backup = options->using;

  if (backup == NULL && known && g_file_test (known, G_FILE_TEST_EXISTS))
    backup = known;
  if (!booru_sqlite_repair (options->data_dir, backup, &done, error))
    return FALSE;
  if (done.was_sound)
    printf ("The database in %s is sound: there is nothing to repair\n", options->data_dir);
  else
    tell_repair (&done, backup);
  return TRUE;
}

static void
on_progress (const char *what, guint seconds, gpointer user_data)
{
  fprintf (stderr, "booru-backup: %s\n", what);
}

static gboolean
migrate (const Options *options, GError **error)
{
  g_auto (BooruMigration) done = { 0 };
  gboolean to_folder = g_str_equal (options->migrate_to, "sqlite:");

  if (!booru_migrate (options->data_dir, options->migrate_from, options->migrate_to, on_progress,
                      NULL, &done, error))
    return FALSE;
  printf ("Moved %" G_GINT64_FORMAT " posts with %" G_GINT64_FORMAT " files; both databases were "
          "compared row by row and are equal. Now set “database” to “%s”, and start the host\n",
          done.n_posts, done.n_files, to_folder ? "" : options->migrate_to);
  if (done.aside != NULL)
    printf ("The database that was moved from before is %s now; delete it when all is well\n",
            done.aside);
  return TRUE;
}

static gboolean
back_up (const Options *options, GError **error)
{
  g_autofree char *path = booru_sqlite_backup (options->data_dir, options->folder, error);
  int n_deleted = 0;

  if (path == NULL)
    return FALSE;
  printf ("%s\n", path);
  note_backup (options->data_dir, path);
  if (options->keep > 0)
    n_deleted = booru_sqlite_backup_rotate (options->folder, (guint)options->keep, error);
  if (n_deleted > 0)
    fprintf (stderr, "booru-backup: deleted %d old backup%s\n", n_deleted,
             n_deleted == 1 ? "" : "s");
  return n_deleted >= 0;
}

static gboolean
run (const Options *options, GError **error)
{
  if (options->show_version)
    return printf ("booru-backup %s\n", BOORU_VERSION) > 0;
  if (options->describe)
    return describe (options->check);
  if (options->check)
    return check (options->check, error);
  if (options->repair)
    return repair (options, error);
  if (options->migrate_to)
    return migrate (options, error);
  return options->restore ? restore (options, error) : back_up (options, error);
}

int
main (int argc, char **argv)
{
  g_auto (Options) options = { NULL };
  g_autoptr (GError) error = NULL;

  booru_process_open_standard_files ();
  booru_i18n_init ();
  g_set_prgname ("booru-backup");
  if (parse (&options, argc, argv, &error) && run (&options, &error))
    return fflush (stdout) == 0 ? EX_OK : EX_IOERR;
  fprintf (stderr, "booru-backup: %s\n", error->message);
  return booru_error_to_exit_code (error);
}
