/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* How long a line waits for a reader that does not read before it is dropped. */
#define PATIENCE_MS 200

typedef enum
{
  SINK_JOURNAL,
  SINK_TERMINAL,
  SINK_PLAIN,
} Sink;

static struct
{
  GMutex lock;
  gboolean installed;
  Sink sink;
  int fd;             /* stderr, or a non-blocking twin of it */
  gboolean is_socket; /* fd is one: written with MSG_DONTWAIT */
  char *process;
  int verbose;     /* atomic */
  guint n_dropped; /* lines since the reader last read */
  gboolean torn;   /* the last of them was written in part */
} logger = { .fd = STDERR_FILENO };

static const char *
level_name (GLogLevelFlags level)
{
  if (level & G_LOG_LEVEL_ERROR)
    return "ERROR";
  if (level & G_LOG_LEVEL_CRITICAL)
    return "CRITICAL";
  if (level & G_LOG_LEVEL_WARNING)
    return "WARNING";
  if (level & G_LOG_LEVEL_INFO)
    return "INFO";
  if (level & G_LOG_LEVEL_DEBUG)
    return "DEBUG";
  return NULL; /* a message is what one expects to read: it needs no label */
}

static const char *
level_colour (GLogLevelFlags level)
{
  if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL))
    return "\033[1;31m";
  if (level & G_LOG_LEVEL_WARNING)
    return "\033[1;33m";
  return "\033[2m";
}

/* Messages carry file names, that is, any bytes. Nothing in them can start a line of its own or
 * steer a terminal: continued lines are indented, and what is no printable UTF-8 becomes \xNN. */
static void
append_escaped (GString *line, const char *text, gsize length)
{
  const char *end = text + length;

  while (text < end)
    {
      gunichar character = g_utf8_get_char_validated (text, end - text);
      gsize size = 1;

      if (character == '\n')
        g_string_append (line, "\n  ");
      else if (character == '\t')
        g_string_append_c (line, '\t');
      else if (character >= (gunichar)-2 || g_unichar_iscntrl (character))
        g_string_append_printf (line, "\\x%02x", (guchar)*text);
      else
        {
          size = (gsize)(g_utf8_next_char (text) - text);
          g_string_append_len (line, text, (gssize)size);
        }
      text += size;
    }
}

static void
append_prefix (GString *line, GLogLevelFlags level)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  const char *name = level_name (level);

  if (logger.sink == SINK_TERMINAL)
    {
      g_autofree char *time = g_date_time_format (now, "%H:%M:%S");

      g_string_append_printf (line, "\033[2m%s\033[0m \033[1m%s\033[0m ", time, logger.process);
      if (name)
        g_string_append_printf (line, "%s%s:\033[0m ", level_colour (level), name);
      return;
    }

  {
    g_autofree char *time = g_date_time_format (now, "%Y-%m-%d %H:%M:%S");

    g_string_append_printf (line, "%s %s[%d]%s%s: ", time, logger.process, (int)getpid (),
                            name ? " " : "", name ?: "");
  }
}

/* Writes what can be written within @patience_ms. Returns how much that was. */
static gsize
write_patiently (const char *data, gsize length, int patience_ms)
{
  struct pollfd poll_fd = { .fd = logger.fd, .events = POLLOUT };
  gsize written = 0;

  while (written < length)
    {
      /* A pipe that polls as writable takes this much even if its twin blocks. */
      gsize chunk = MIN (length - written, 4096);
      gssize n = -1;

      if (poll (&poll_fd, 1, patience_ms) > 0)
        n = logger.is_socket ? send (logger.fd, data + written, chunk, MSG_DONTWAIT | MSG_NOSIGNAL)
                             : write (logger.fd, data + written, chunk);
      else
        break;

      if (n > 0)
        written += (gsize)n;
      else if (n < 0 && errno != EINTR && errno != EAGAIN)
        return length; /* nobody will ever read it: EPIPE, EIO, EBADF */
    }
  return written;
}

/* Tells the reader, who has come back, what it missed. While it has not, a line costs no time. */
static gboolean
write_note (void)
{
  g_autofree char *note
      = g_strdup_printf ("%s%s[%d]: %u log lines were lost because they were not read\n",
                         logger.torn ? "\n" : "", logger.process, (int)getpid (), logger.n_dropped);

  if (write_patiently (note, strlen (note), 0) < strlen (note))
    return FALSE;
  logger.n_dropped = 0;
  logger.torn = FALSE;
  return TRUE;
}

static void
write_line (GString *line)
{
  gsize written = 0;

  g_mutex_lock (&logger.lock);
  if (logger.n_dropped == 0 || write_note ())
    written = write_patiently (line->str, line->len, PATIENCE_MS);
  if (written < line->len)
    {
      logger.n_dropped++;
      logger.torn = logger.torn || written > 0;
    }
  g_mutex_unlock (&logger.lock);
}

static const GLogField *
find_field (const GLogField *fields, gsize n_fields, const char *key)
{
  for (gsize i = 0; i < n_fields; i++)
    {
      if (g_str_equal (fields[i].key, key))
        return &fields[i];
    }
  return NULL;
}

static gboolean
is_dropped (GLogLevelFlags level, const char *domain)
{
  if (!(level & (G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG)))
    return FALSE;
  /* "Verbose" is about this program; its libraries' chatter is had with G_MESSAGES_DEBUG. */
  if (g_atomic_int_get (&logger.verbose) && domain && g_str_has_prefix (domain, "booru"))
    return FALSE;
  return g_log_writer_default_would_drop (level, domain);
}

static gboolean
write_to_journal (GLogLevelFlags level, const GLogField *fields, gsize n_fields)
{
  g_autofree GLogField *all = g_new (GLogField, n_fields + 1);

  memcpy (all, fields, n_fields * sizeof *fields);
  all[n_fields] = (GLogField){ "SYSLOG_IDENTIFIER", logger.process, -1 };
  return g_log_writer_journald (level, all, n_fields + 1, NULL) == G_LOG_WRITER_HANDLED;
}

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer unused)
{
  const GLogField *message = find_field (fields, n_fields, "MESSAGE");
  const GLogField *domain = find_field (fields, n_fields, "GLIB_DOMAIN");
  g_autoptr (GString) line = NULL;

  if (message == NULL || is_dropped (level, domain ? domain->value : NULL))
    return G_LOG_WRITER_HANDLED;
  if (logger.sink == SINK_JOURNAL && write_to_journal (level, fields, n_fields))
    return G_LOG_WRITER_HANDLED;

  line = g_string_sized_new (256);
  append_prefix (line, level);
  if (domain && !g_str_has_prefix (domain->value, "booru"))
    g_string_append_printf (line, "%s: ", (const char *)domain->value);
  append_escaped (line, message->value,
                  message->length < 0 ? strlen (message->value) : (gsize)message->length);
  g_string_append_c (line, '\n');
  write_line (line);
  return G_LOG_WRITER_HANDLED;
}

/* Without blocking others that share stderr's open file description (O_NONBLOCK is a flag of that,
 * not of the descriptor), stderr is opened once more. */
static void
open_sink (void)
{
  const char *terminal = g_getenv ("TERM");
  gboolean colours = !g_getenv ("NO_COLOR") && terminal && !g_str_equal (terminal, "dumb");
  struct stat st;

  logger.sink = SINK_PLAIN;
  if (g_log_writer_is_journald (STDERR_FILENO))
    logger.sink = SINK_JOURNAL;
  else if (colours && isatty (STDERR_FILENO))
    logger.sink = SINK_TERMINAL;

  if (fstat (STDERR_FILENO, &st) < 0)
    return;
  logger.is_socket = S_ISSOCK (st.st_mode);
  if (S_ISFIFO (st.st_mode) || S_ISCHR (st.st_mode))
    {
      int twin = open ("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

      if (twin >= 0)
        logger.fd = twin;
    }
}

void
booru_log_init (const char *process, gboolean verbose)
{
  g_return_if_fail (process != NULL);
  g_mutex_lock (&logger.lock);
  g_free (logger.process);
  logger.process = g_strdup (process);
  g_atomic_int_set (&logger.verbose, verbose);
  if (!logger.installed)
    {
      /* A log reader that went away is no reason to end. */
      signal (SIGPIPE, SIG_IGN);
      open_sink ();
      g_log_set_writer_func (write_log, NULL, NULL);
      logger.installed = TRUE;
    }
  g_mutex_unlock (&logger.lock);
}

void
booru_log_set_verbose (gboolean verbose)
{
  g_atomic_int_set (&logger.verbose, verbose);
}
