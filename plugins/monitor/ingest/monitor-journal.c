/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-journal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define MAGIC 0x626a6e31u /* "bjn1"; counts up with each change of the file */
#define MAX_RECORDS 65536 /* that are read of a file of somebody else's making */

typedef enum
{
  STATE_FREE,
  STATE_IN_WORK,
  STATE_WAITING, /* a suspect that was not taken up yet */
} State;

/* The file is an array of these; the first one is the Header's. */
typedef struct
{
  guint32 state;
  guint32 crashes;
  gint64 size;
  gint64 mtime_ns;
  char md5[36]; /* whose thumbnails are being placed; "": none */
  guint32 path_length;
  char path[4032]; /* not terminated; a longer one is not remembered */
} Record;

G_STATIC_ASSERT (sizeof (Record) == 4096);

typedef struct
{
  guint32 magic;
  guint32 crashed;
} Header;

typedef struct
{
  State state;
  MonitorSuspect file; /* crashes is 0 for nearly all */
  char md5[33];
} Entry;

struct _MonitorJournal
{
  int fd;
  char *path;
  gboolean begun;      /* has its header */
  GPtrArray *entries;  /* of Entry, each at its place in the file, from 1 */
  GArray *free;        /* of guint: their numbers */
  GHashTable *waiting; /* path of a suspect -> its number */
  guint n_suspects;    /* that are in work */
};

/* Crashes */

static const int crash_signals[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP };
static struct sigaction former_actions[G_N_ELEMENTS (crash_signals)];
static int crash_fd = -1;

/* Notes it, and lets happen what would have happened without. */
static void
on_crash (int number, siginfo_t *info, void *context)
{
  static const guint32 crashed = TRUE;
  int saved = errno;
  ssize_t written = pwrite (crash_fd, &crashed, sizeof crashed, offsetof (Header, crashed));

  (void)written; /* there is nobody left to tell */
  for (guint i = 0; i < G_N_ELEMENTS (crash_signals); i++)
    if (crash_signals[i] == number)
      sigaction (number, &former_actions[i], NULL);
  errno = saved;
  /* What the processor refused to do it refuses again, and then with its true circumstances. */
  if (info->si_code <= 0 || number == SIGTRAP || number == SIGSYS)
    raise (number);
}

static void
watch_crashes (int fd)
{
  struct sigaction action = { .sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_NODEFER };

  crash_fd = fd;
  sigemptyset (&action.sa_mask);
  for (guint i = 0; i < G_N_ELEMENTS (crash_signals); i++)
    sigaction (crash_signals[i], &action, &former_actions[i]);
}

static void
ignore_crashes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (crash_signals); i++)
    sigaction (crash_signals[i], &former_actions[i], NULL);
  crash_fd = -1;
}

/* The file */

static off_t
get_offset (guint number)
{
  return (off_t)number * (off_t)sizeof (Record);
}

static gboolean
write_at (MonitorJournal *self, gconstpointer data, gsize size, off_t offset, GError **error)
{
  ssize_t n;

  do
    n = pwrite (self->fd, data, size, offset);
  while (n < 0 && errno == EINTR);
  if (n == (ssize_t)size)
    return TRUE;
  return booru_set_errno_error (error, n < 0 ? errno : ENOSPC, "Writing %s", self->path);
}

/* Where there is no room for it at first, there may be later. */
static gboolean
begin (MonitorJournal *self, GError **error)
{
  Header header = { .magic = MAGIC };

  if (!self->begun)
    self->begun = write_at (self, &header, sizeof header, 0, error);
  return self->begun;
}

static gboolean
write_entry (MonitorJournal *self, guint number, GError **error)
{
  const Entry *entry = g_ptr_array_index (self->entries, number - 1);
  Record record = { .state = entry->state,
                    .crashes = entry->file.crashes,
                    .size = entry->file.size,
                    .mtime_ns = entry->file.mtime_ns };
  gsize length = strlen (entry->file.path);

  g_strlcpy (record.md5, entry->md5, sizeof record.md5);
  if (length <= sizeof record.path)
    {
      memcpy (record.path, entry->file.path, length);
      record.path_length = (guint32)length;
    }
  return begin (self, error)
         && write_at (self, &record, offsetof (Record, path) + record.path_length,
                      get_offset (number), error);
}

static gboolean
read_record (int fd, guint number, Record *record)
{
  ssize_t n;

  *record = (Record){ 0 };
  do
    n = pread (fd, record, sizeof *record, get_offset (number));
  while (n < 0 && errno == EINTR);
  return n >= (ssize_t)offsetof (Record, path)
         && record->path_length <= (gsize)n - offsetof (Record, path)
         && memchr (record->path, '\0', record->path_length) == NULL;
}

static gboolean
is_md5 (const char *text)
{
  return strspn (text, "0123456789abcdef") == 32 && text[32] == '\0';
}

static void
add_suspect (GPtrArray *suspects, const Record *record, gboolean crashed)
{
  MonitorSuspect *suspect;
  guint crashes = record->crashes + (crashed && record->state == STATE_IN_WORK);

  if (crashes == 0 || record->path_length == 0)
    return;
  suspect = g_new0 (MonitorSuspect, 1);
  suspect->path = g_strndup (record->path, record->path_length);
  suspect->size = record->size;
  suspect->mtime_ns = record->mtime_ns;
  suspect->crashes = crashes;
  g_ptr_array_add (suspects, suspect);
}

void
monitor_journal_read (int fd,
                      MonitorJournalPlacingFunc placing,
                      gpointer user_data,
                      GPtrArray *suspects)
{
  Header header;
  Record record;

  if (pread (fd, &header, sizeof header, 0) != sizeof header || header.magic != MAGIC)
    return;
  for (guint i = 1; i < MAX_RECORDS && read_record (fd, i, &record); i++)
    {
      if (record.state != STATE_IN_WORK && record.state != STATE_WAITING)
        continue;
      record.md5[sizeof record.md5 - 1] = '\0';
      if (is_md5 (record.md5))
        placing (record.md5, user_data);
      add_suspect (suspects, &record, header.crashed != 0);
    }
}

/* Entries */

void
monitor_suspect_free (MonitorSuspect *self)
{
  g_free (self->path);
  g_free (self);
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->file.path);
  g_free (entry);
}

static Entry *
get_entry (MonitorJournal *self, guint number)
{
  return g_ptr_array_index (self->entries, number - 1);
}

static guint
add_entry (MonitorJournal *self)
{
  guint number;

  if (self->free->len > 0)
    {
      number = g_array_index (self->free, guint, self->free->len - 1);
      g_array_set_size (self->free, self->free->len - 1);
      return number;
    }
  g_ptr_array_add (self->entries, g_new0 (Entry, 1));
  return self->entries->len;
}

static void
remove_entry (MonitorJournal *self, guint number)
{
  static const guint32 state = STATE_FREE;
  Entry *entry = get_entry (self, number);

  write_at (self, &state, sizeof state, get_offset (number), NULL);
  g_free (entry->file.path);
  *entry = (Entry){ 0 };
  g_array_append_val (self->free, number);
}

static guint
add_suspected (MonitorJournal *self, const MonitorSuspect *suspect)
{
  guint number = add_entry (self);
  Entry *entry = get_entry (self, number);

  entry->state = STATE_WAITING;
  entry->file = *suspect;
  entry->file.path = g_strdup (suspect->path);
  g_hash_table_insert (self->waiting, entry->file.path, GUINT_TO_POINTER (number));
  return number;
}

MonitorJournal *
monitor_journal_new (const char *folder, GPtrArray *suspects, GError **error)
{
  g_autoptr (MonitorJournal) self = g_new0 (MonitorJournal, 1);

  self->path = g_build_filename (folder, MONITOR_JOURNAL_NAME, NULL);
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->free = g_array_new (FALSE, FALSE, sizeof (guint));
  self->waiting = g_hash_table_new (g_str_hash, g_str_equal);
  self->fd = open (self->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->fd < 0)
    {
      booru_set_errno_error (error, errno, "Making the file %s", self->path);
      return NULL;
    }
  begin (self, NULL);
  for (guint i = 0; i < suspects->len; i++)
    write_entry (self, add_suspected (self, g_ptr_array_index (suspects, i)), NULL);
  if (suspects->len > 0)
    g_message (
        "The monitor crashed; the %u files that it was working on are processed one at a time",
        suspects->len);
  watch_crashes (self->fd);
  return g_steal_pointer (&self);
}

void
monitor_journal_free (MonitorJournal *self)
{
  if (self->fd >= 0 && crash_fd == self->fd)
    ignore_crashes ();
  if (self->fd >= 0)
    {
      unlink (self->path);
      close (self->fd);
    }
  g_hash_table_unref (self->waiting);
  g_array_unref (self->free);
  g_ptr_array_unref (self->entries);
  g_free (self->path);
  g_free (self);
}

guint
monitor_journal_enter (MonitorJournal *self, const char *path, const BooruFileStat *stat)
{
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->waiting, path));
  Entry *entry;

  if (number != 0)
    g_hash_table_remove (self->waiting, path);
  else
    number = add_entry (self);
  entry = get_entry (self, number);
  if (entry->file.path == NULL)
    entry->file.path = g_strdup (path);
  if (entry->file.size != stat->size || entry->file.mtime_ns != stat->mtime_ns)
    entry->file.crashes = 0; /* it is another file now */
  entry->file.size = stat->size;
  entry->file.mtime_ns = stat->mtime_ns;
  entry->state = STATE_IN_WORK;
  self->n_suspects += entry->file.crashes > 0;
  write_entry (self, number, NULL);
  return number;
}

guint
monitor_journal_get_crashes (MonitorJournal *self, guint entry)
{
  return get_entry (self, entry)->file.crashes;
}

void
monitor_journal_acquit (MonitorJournal *self, guint entry)
{
  MonitorSuspect *file = &get_entry (self, entry)->file;

  self->n_suspects -= file->crashes > 0;
  file->crashes = 0;
  write_entry (self, entry, NULL);
}

gboolean
monitor_journal_place (MonitorJournal *self, guint entry, const char *md5, GError **error)
{
  Entry *placing = get_entry (self, entry);

  g_strlcpy (placing->md5, md5, sizeof placing->md5);
  if (write_entry (self, entry, error))
    return TRUE;
  placing->md5[0] = '\0';
  return FALSE;
}

void
monitor_journal_placed (MonitorJournal *self, guint entry)
{
  get_entry (self, entry)->md5[0] = '\0';
  write_entry (self, entry, NULL);
}

void
monitor_journal_leave (MonitorJournal *self, guint entry, gboolean done)
{
  Entry *leaving = get_entry (self, entry);

  self->n_suspects -= leaving->file.crashes > 0;
  if (done)
    leaving->file.crashes = 0;
  if (leaving->md5[0] == '\0' && leaving->file.crashes == 0)
    {
      remove_entry (self, entry);
      return;
    }
  leaving->state = STATE_WAITING;
  if (leaving->file.crashes > 0)
    g_hash_table_insert (self->waiting, leaving->file.path, GUINT_TO_POINTER (entry));
  write_entry (self, entry, NULL);
}

gboolean
monitor_journal_has_suspect_in_work (MonitorJournal *self)
{
  return self->n_suspects > 0;
}
