/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-process.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#include "decoder-check.h"

/* Of what a decoder writes to stderr, the end is kept to explain a crash. */
#define STDERR_KEPT 2000

struct _MonitorDecoderProcess
{
  grefcount ref_count;
  GSubprocess *subprocess;
  int socket_fd;
  int stderr_fd;
  GSource *socket_source;
  GSource *stderr_source;
  GString *said;                             /* end of stderr */
  const MonitorDecoderProcessEvents *events; /* NULL: freed, waits for its end */
  gpointer user_data;
  gboolean garbled; /* said something that makes no sense */
};

static void
process_unref (MonitorDecoderProcess *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;
  g_clear_object (&self->subprocess);
  g_string_free (self->said, TRUE);
  g_free (self);
}

static void
clear_fd_source (int *fd, GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static void
process_disconnect (MonitorDecoderProcess *self)
{
  clear_fd_source (&self->socket_fd, &self->socket_source);
  clear_fd_source (&self->stderr_fd, &self->stderr_source);
}

static GSource *
watch_fd (int fd, GUnixFDSourceFunc callback, MonitorDecoderProcess *self)
{
  GSource *source = g_unix_fd_source_new (fd, G_IO_IN | G_IO_HUP | G_IO_ERR);

  g_source_set_callback (source, G_SOURCE_FUNC (callback), self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}

/* Reads one message. FALSE: nothing there now, or never again. */
static gboolean
read_message (MonitorDecoderProcess *self, gboolean *at_end)
{
  union
  {
    DecoderHello hello;
    DecoderReply reply;
  } message;
  ssize_t n;

  *at_end = self->garbled;
  if (self->garbled)
    return FALSE;
  do
    n = recv (self->socket_fd, &message, sizeof message, MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  *at_end = n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
  if (n <= 0)
    return FALSE;

  if (n == sizeof message.hello && message.hello.magic == DECODER_MAGIC)
    {
      self->events->ready (self, self->user_data);
    }
  else if (n == sizeof message.reply && message.reply.magic == DECODER_MAGIC
           && monitor_decoder_check_answer (&message.reply))
    {
      self->events->reply (self, &message.reply, self->user_data);
    }
  else
    {
      g_warning ("A decoder answers %zd bytes that make no sense; it is ended", n);
      self->garbled = TRUE;
      monitor_decoder_process_kill (self);
      *at_end = TRUE;
      return FALSE;
    }
  return TRUE;
}

static gboolean
on_socket (gint fd, GIOCondition condition, gpointer user_data)
{
  MonitorDecoderProcess *self = user_data;
  gboolean at_end;

  g_ref_count_inc (&self->ref_count);
  read_message (self, &at_end);
  if (at_end && self->socket_source != NULL)
    {
      /* It is ending or has ended; whatever it started ends too. The descriptor stays, for the
       * messages before the end. */
      monitor_decoder_process_kill (self);
      g_source_destroy (self->socket_source);
      g_clear_pointer (&self->socket_source, g_source_unref);
    }
  process_unref (self);
  return G_SOURCE_CONTINUE;
}

/* FALSE: nothing there now, or never again. */
static gboolean
read_stderr (MonitorDecoderProcess *self, gboolean *at_end)
{
  char text[1024];
  ssize_t n = self->stderr_fd >= 0 ? read (self->stderr_fd, text, sizeof text) : 0;

  *at_end = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
  if (n <= 0)
    return FALSE;
  g_string_append_len (self->said, text, n);
  if (self->said->len > STDERR_KEPT)
    g_string_erase (self->said, 0, self->said->len - STDERR_KEPT);
  return TRUE;
}

static gboolean
on_stderr (gint fd, GIOCondition condition, gpointer user_data)
{
  MonitorDecoderProcess *self = user_data;
  gsize before = self->said->len;
  gboolean at_end;

  if (read_stderr (self, &at_end) && self->said->len > before)
    g_debug ("Decoder says: %s", self->said->str + before);
  if (at_end)
    clear_fd_source (&self->stderr_fd, &self->stderr_source);
  return G_SOURCE_CONTINUE;
}

static void
on_ended (GObject *object, GAsyncResult *result, gpointer user_data)
{
  MonitorDecoderProcess *self = user_data;
  gboolean at_end;

  g_subprocess_wait_finish (G_SUBPROCESS (object), result, NULL);
  /* Its last words may still be under way. */
  while (self->events != NULL && self->socket_fd >= 0 && read_message (self, &at_end))
    ;
  while (self->events != NULL && read_stderr (self, &at_end))
    ;
  process_disconnect (self);
  if (self->events != NULL)
    {
      const MonitorDecoderProcessEvents *events = g_steal_pointer (&self->events);

      events->ended (self, self->user_data);
    }
  process_unref (self);
}

/* Nothing of the monitor's environment is of use to a decoder, but for where libraries and fonts
 * lie, and what a sanitizer is told. */
static char **
build_environment (gboolean warm_up)
{
  static const char *const kept[] = { "PATH",
                                      "LANG",
                                      "LC_ALL",
                                      "LC_CTYPE",
                                      "LD_LIBRARY_PATH",
                                      "FONTCONFIG_FILE",
                                      "FONTCONFIG_PATH",
                                      "ASAN_OPTIONS",
                                      "UBSAN_OPTIONS",
                                      "LSAN_OPTIONS",
                                      "TSAN_OPTIONS",
                                      "G_DEBUG" };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      const char *value = g_getenv (kept[i]);
      g_autofree char *line = value != NULL ? g_strconcat (kept[i], "=", value, NULL) : NULL;

      if (line != NULL)
        g_strv_builder_add (builder, line);
    }
  /* One thread a decoder: the pool has one decoder a core. One arena keeps it small. */
  g_strv_builder_add (builder, "VIPS_CONCURRENCY=1");
  g_strv_builder_add (builder, "MALLOC_ARENA_MAX=1");
  g_strv_builder_add (builder, "HOME=/nonexistent");
  if (warm_up)
    g_strv_builder_add (builder, DECODER_WARM_UP "=1");
  return g_strv_builder_end (builder);
}

/* *stderr_fd: our end of a pipe. The launcher takes the others. */
static GSubprocess *
spawn (const char *program, gboolean warm_up, int child_socket, int *stderr_fd, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_auto (GStrv) environment = build_environment (warm_up);
  int pipe_fds[2];

  g_subprocess_launcher_take_fd (launcher, child_socket, DECODER_SOCKET_FD);
  if (!g_unix_open_pipe (pipe_fds, FD_CLOEXEC, error))
    return NULL;
  *stderr_fd = pipe_fds[0];
  g_unix_set_fd_nonblocking (*stderr_fd, TRUE, NULL);
  g_subprocess_launcher_take_stderr_fd (launcher, pipe_fds[1]);
  g_subprocess_launcher_set_environ (launcher, environment);
  return g_subprocess_launcher_spawn (launcher, error, program, NULL);
}

MonitorDecoderProcess *
monitor_decoder_process_start (const char *program,
                               gboolean warm_up,
                               const MonitorDecoderProcessEvents *events,
                               gpointer user_data,
                               GError **error)
{
  MonitorDecoderProcess *self;
  g_autoptr (GSubprocess) subprocess = NULL;
  g_autoptr (GError) spawn_error = NULL;
  int sockets[2];
  int stderr_fd = -1;

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_IO, "Cannot make a socket for a decoder: %s",
                   g_strerror (errno));
      return NULL;
    }
  subprocess = spawn (program, warm_up, sockets[1], &stderr_fd, &spawn_error);
  if (subprocess == NULL)
    {
      close (sockets[0]);
      if (stderr_fd >= 0)
        close (stderr_fd);
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_IO, "Cannot start the decoder %s: %s", program,
                   spawn_error->message);
      return NULL;
    }

  self = g_new0 (MonitorDecoderProcess, 1);
  g_ref_count_init (&self->ref_count);
  self->subprocess = g_steal_pointer (&subprocess);
  self->socket_fd = sockets[0];
  self->stderr_fd = stderr_fd;
  self->said = g_string_new (NULL);
  self->events = events;
  self->user_data = user_data;
  self->socket_source = watch_fd (self->socket_fd, on_socket, self);
  self->stderr_source = watch_fd (self->stderr_fd, on_stderr, self);
  g_ref_count_inc (&self->ref_count);
  g_subprocess_wait_async (self->subprocess, NULL, on_ended, self);
  return self;
}

gboolean
monitor_decoder_process_send (MonitorDecoderProcess *self,
                              const DecoderRequest *request,
                              const int *fds,
                              guint n_fds,
                              GError **error)
{
  union
  {
    char bytes[CMSG_SPACE ((DECODER_N_FDS + DECODER_MAX_VARIANTS) * sizeof (int))];
    struct cmsghdr align;
  } control = { 0 };
  struct iovec vector = { (gpointer)request, sizeof *request };
  struct msghdr message = { .msg_iov = &vector,
                            .msg_iovlen = 1,
                            .msg_control = &control,
                            .msg_controllen = CMSG_SPACE (n_fds * sizeof (int)) };
  struct cmsghdr *header = CMSG_FIRSTHDR (&message);
  ssize_t n;

  g_return_val_if_fail (n_fds <= DECODER_N_FDS + DECODER_MAX_VARIANTS, FALSE);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN (n_fds * sizeof (int));
  memcpy (CMSG_DATA (header), fds, n_fds * sizeof (int));

  do
    n = sendmsg (self->socket_fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  if (n == (ssize_t)sizeof *request)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_IO, "Cannot send a file to a decoder: %s",
               g_strerror (errno));
  return FALSE;
}

void
monitor_decoder_process_close (MonitorDecoderProcess *self)
{
  if (self->socket_fd >= 0)
    shutdown (self->socket_fd, SHUT_WR);
}

void
monitor_decoder_process_kill (MonitorDecoderProcess *self)
{
  /* NULL once it is reaped, after which the number may be somebody else's. */
  const char *identifier = g_subprocess_get_identifier (self->subprocess);
  pid_t pid = identifier != NULL ? (pid_t)g_ascii_strtoll (identifier, NULL, 10) : 0;

  if (pid <= 1)
    return;
  /* Before it leads a group, it has started nothing. */
  if (kill (-pid, SIGKILL) != 0)
    kill (pid, SIGKILL);
}

void
monitor_decoder_process_free (MonitorDecoderProcess *self)
{
  monitor_decoder_process_kill (self);
  self->events = NULL;
  process_disconnect (self);
  process_unref (self);
}

/* What libraries write before they give up for want of memory: GLib, C++, Rust. */
static gboolean
ran_out_of_memory (const char *said)
{
  return strstr (said, "failed to allocate") != NULL || strstr (said, "bad_alloc") != NULL
         || strstr (said, "memory allocation of") != NULL;
}

static char *
dup_last_line (const GString *said)
{
  g_autofree char *text = g_utf8_make_valid (said->str, said->len);
  const char *newline;

  g_strstrip (text);
  newline = strrchr (text, '\n');
  return g_strdup (newline != NULL ? newline + 1 : text);
}

/* Neither a file nor the kernel, for what a file does, ends a process by one of these; but one that
 * runs out of memory, administrators and service managers do. */
static gboolean
is_from_outside (int number)
{
  return number == SIGKILL || number == SIGTERM || number == SIGINT || number == SIGHUP
         || number == SIGQUIT;
}

static GError *
error_of_signal (int number, const GString *said, guint64 memory_limit)
{
  const char *name = sigabbrev_np (number);

  if (number == SIGXCPU)
    return g_error_new (BOORU_ERROR, BOORU_ERROR_LIMIT,
                        "Decoding exceeded the limit of processor time (setting decode-timeout)");
  if (is_from_outside (number))
    return g_error_new (BOORU_ERROR, BOORU_ERROR_LIMIT,
                        "The decoder was killed from outside (SIG%s), most likely because the "
                        "system ran out of memory",
                        name);
  if (ran_out_of_memory (said->str))
    return g_error_new (BOORU_ERROR, BOORU_ERROR_LIMIT,
                        "Decoding needs more memory than the limit of %" G_GUINT64_FORMAT
                        " MB (setting decode-memory)",
                        memory_limit >> 20);
  return g_error_new (BOORU_ERROR, BOORU_ERROR_FAILED, "The decoder crashed (SIG%s)",
                      name != NULL ? name : "?");
}

gboolean
monitor_decoder_process_was_killed (MonitorDecoderProcess *self)
{
  return !self->garbled && g_subprocess_get_if_signaled (self->subprocess)
         && is_from_outside (g_subprocess_get_term_sig (self->subprocess));
}

GError *
monitor_decoder_process_get_end_error (MonitorDecoderProcess *self, guint64 memory_limit)
{
  g_autofree char *line = dup_last_line (self->said);
  int code;

  if (self->garbled)
    return g_error_new (BOORU_ERROR, BOORU_ERROR_FAILED, "The decoder gave an invalid answer");
  if (g_subprocess_get_if_signaled (self->subprocess))
    return error_of_signal (g_subprocess_get_term_sig (self->subprocess), self->said, memory_limit);
  code = g_subprocess_get_exit_status (self->subprocess);
  /* These are about the decoder, not about a file. */
  if (code == EX_OSERR || code == EX_CONFIG || code == EX_PROTOCOL || code == 127)
    return g_error_new (BOORU_ERROR, BOORU_ERROR_IO, "The decoder cannot work (exit code %d): %s",
                        code, *line ? line : "no reason given");
  return g_error_new (BOORU_ERROR, BOORU_ERROR_FAILED,
                      "The decoder gave up without an answer (exit code %d)%s%s", code,
                      *line ? ": " : "", line);
}
