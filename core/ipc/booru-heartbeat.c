/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ipc/booru-heartbeat.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-fd.h"
#include "ipc/booru-mailbox.h"

#define PAGE_SIZE 4096

/* What lies in the page. Both sides are of one build: booru-worker belongs to its booru-host. */
typedef struct
{
  _Atomic gint64 busy_since; /* µs of CLOCK_MONOTONIC; 0: the main loop waits in poll() */
  _Atomic guint64 requests;  /* answered so far */
  /* Strings in printable ASCII, "" for none. */
  _Atomic char task[256];
  _Atomic char plugin[64];
} Page;

struct _BooruHeartbeat
{
  int fd; /* -1 in the child */
  Page *page;
};

/* A poll function gets no user data, and a process has one main loop that is watched. */
static struct
{
  BooruHeartbeat *heartbeat;
  GMainContext *context;
  GPollFunc poll;
} attached;

static BooruHeartbeat *
map_page (int fd, GError **error)
{
  void *page = mmap (NULL, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  BooruHeartbeat *self;

  if (page == MAP_FAILED)
    {
      booru_set_errno_error (error, errno, "Cannot map the page shared by host and child");
      return NULL;
    }

  self = g_new0 (BooruHeartbeat, 1);
  self->fd = -1;
  self->page = page;
  return self;
}

/**
 * booru_heartbeat_new:
 * @error: return location
 *
 * Makes the page. It is sealed, so that no child can shorten it and kill the host with SIGBUS.
 *
 * Returns: (transfer full): the host's side
 */
BooruHeartbeat *
booru_heartbeat_new (GError **error)
{
  booru_autofd int fd = booru_sealed_memory_new ("booru-heartbeat", PAGE_SIZE, error);
  BooruHeartbeat *self = fd < 0 ? NULL : map_page (fd, error);

  if (self)
    self->fd = booru_steal_fd (&fd);
  return self;
}

/**
 * booru_heartbeat_new_for_fd:
 * @fd: (transfer full): the page as inherited from the host
 * @error: return location
 *
 * Returns: (transfer full): the child's side
 */
BooruHeartbeat *
booru_heartbeat_new_for_fd (int fd, GError **error)
{
  BooruHeartbeat *self = map_page (fd, error);

  close (fd);
  return self;
}

void
booru_heartbeat_free (BooruHeartbeat *self)
{
  if (attached.heartbeat == self)
    {
      g_main_context_set_poll_func (attached.context, attached.poll);
      g_clear_pointer (&attached.context, g_main_context_unref);
      attached.heartbeat = NULL;
    }
  booru_clear_fd (&self->fd);
  munmap (self->page, PAGE_SIZE);
  g_free (self);
}

/**
 * booru_heartbeat_dup_fd:
 * @self: the host's side
 * @error: return location
 *
 * Returns: a new descriptor of the page, close-on-exec, or -1
 */
int
booru_heartbeat_dup_fd (BooruHeartbeat *self, GError **error)
{
  int fd = fcntl (self->fd, F_DUPFD_CLOEXEC, 0);

  if (fd < 0)
    booru_set_errno_error (error, errno, "Cannot hand the shared page to a child");
  return fd;
}

static gint
heartbeat_poll (GPollFD *fds, guint n_fds, gint timeout)
{
  Page *page = attached.heartbeat->page;
  gint n;

  atomic_store_explicit (&page->busy_since, 0, memory_order_relaxed);
  n = attached.poll (fds, n_fds, timeout);
  atomic_store_explicit (&page->busy_since, g_get_monotonic_time (), memory_order_relaxed);
  return n;
}

/**
 * booru_heartbeat_attach:
 * @self: the child's side; is not to be freed while @context runs
 * @context: (nullable): the main loop's context; %NULL: the default one
 *
 * Writes down from now on since when @context has been dispatching.
 */
void
booru_heartbeat_attach (BooruHeartbeat *self, GMainContext *context)
{
  g_return_if_fail (attached.heartbeat == NULL);

  attached.heartbeat = self;
  attached.context = g_main_context_ref (context ? context : g_main_context_default ());
  attached.poll = g_main_context_get_poll_func (context);
  atomic_store_explicit (&self->page->busy_since, g_get_monotonic_time (), memory_order_relaxed);
  g_main_context_set_poll_func (context, heartbeat_poll);
}

/**
 * booru_heartbeat_get_busy_since:
 * @self: the host's side
 *
 * Returns: since when the child's main loop has not been back in poll(), in µs of
 *   g_get_monotonic_time() (one clock for all processes); 0 if it waits there
 */
gint64
booru_heartbeat_get_busy_since (BooruHeartbeat *self)
{
  return atomic_load_explicit (&self->page->busy_since, memory_order_relaxed);
}

/**
 * booru_heartbeat_count_request:
 * @self: the child's side
 *
 * Writes down that one more request is answered. From any thread.
 */
void
booru_heartbeat_count_request (BooruHeartbeat *self)
{
  atomic_fetch_add_explicit (&self->page->requests, 1, memory_order_relaxed);
}

/**
 * booru_heartbeat_get_requests:
 * @self: the host's side
 *
 * Returns: how many requests the child has answered
 */
guint64
booru_heartbeat_get_requests (BooruHeartbeat *self)
{
  return atomic_load_explicit (&self->page->requests, memory_order_relaxed);
}

/* What is not printable ASCII is replaced, and what is too long is cut. */
static void
set_text (_Atomic char *place, gsize size, const char *text)
{
  gsize length = 0;

  for (; text && text[length] && length < size - 1; length++)
    atomic_store_explicit (&place[length], g_ascii_isprint (text[length]) ? text[length] : '?',
                           memory_order_relaxed);
  atomic_store_explicit (&place[length], '\0', memory_order_relaxed);
}

/* The child may have written anything, and may be writing just now. */
static char *
dup_text (const _Atomic char *place, gsize size)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < size; i++)
    {
      char c = atomic_load_explicit (&place[i], memory_order_relaxed);

      if (c == '\0')
        break;
      g_string_append_c (text, g_ascii_isprint (c) ? c : '?');
    }
  return g_string_free (text, text->len == 0);
}

void
booru_heartbeat_set_task (BooruHeartbeat *self, const char *task)
{
  set_text (self->page->task, sizeof self->page->task, task);
}

char *
booru_heartbeat_dup_task (BooruHeartbeat *self)
{
  return dup_text (self->page->task, sizeof self->page->task);
}

void
booru_heartbeat_set_plugin (BooruHeartbeat *self, const char *plugin)
{
  set_text (self->page->plugin, sizeof self->page->plugin, plugin);
}

char *
booru_heartbeat_dup_plugin (BooruHeartbeat *self)
{
  return dup_text (self->page->plugin, sizeof self->page->plugin);
}
