/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-hash.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_SIZE (256 * 1024)

struct _MonitorThreads
{
  GThreadPool *pool;
  GMainContext *context;
};

typedef struct
{
  MonitorThreadFunc work, done;
  gpointer data;
  MonitorThreads *threads;
} Task;

static gboolean
task_return (gpointer user_data)
{
  Task *task = user_data;

  task->done (task->data);
  g_free (task);
  return G_SOURCE_REMOVE;
}

static void
task_run (gpointer data, gpointer user_data)
{
  Task *task = data;
  g_autoptr (GSource) source = g_idle_source_new ();

  task->work (task->data);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, task_return, task, NULL);
  g_source_attach (source, task->threads->context);
}

MonitorThreads *
monitor_threads_new (guint max)
{
  MonitorThreads *self = g_new0 (MonitorThreads, 1);

  /* Of its own, from the start: where no thread can be had at the moment, a pool that makes them as
   * they are needed leaves what was pushed lying until something else is. */
  self->pool = g_thread_pool_new (task_run, NULL, (gint)max, TRUE, NULL);
  self->context = g_main_context_ref_thread_default ();
  return self;
}

void
monitor_threads_free (MonitorThreads *self)
{
  g_thread_pool_free (self->pool, FALSE, TRUE);
  g_main_context_unref (self->context);
  g_free (self);
}

void
monitor_threads_run (MonitorThreads *self,
                     MonitorThreadFunc work,
                     MonitorThreadFunc done,
                     gpointer data)
{
  Task *task = g_new0 (Task, 1);

  task->work = work;
  task->done = done;
  task->data = data;
  task->threads = self;
  g_thread_pool_push (self->pool, task, NULL);
}

static gssize
read_at (int fd, guint8 *buffer, gsize size, goffset offset)
{
  gssize n;

  do
    n = pread (fd, buffer, size, offset);
  while (n < 0 && errno == EINTR);
  return n;
}

static gboolean
check_cancelled (GCancellable *cancellable, GError **error)
{
  if (!g_cancellable_is_cancelled (cancellable))
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CANCELLED, "Reading a file was stopped");
  return FALSE;
}

gboolean
monitor_hash_file (int fd, char md5[33], GCancellable *cancellable, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);
  g_autofree guint8 *buffer = g_malloc (CHUNK_SIZE);
  goffset offset = 0;
  gssize n = 0;

  posix_fadvise (fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  while (check_cancelled (cancellable, error))
    {
      n = read_at (fd, buffer, CHUNK_SIZE, offset);
      if (n < 0)
        return booru_set_errno_error (error, errno, "Reading the file");
      if (n == 0)
        {
          g_strlcpy (md5, g_checksum_get_string (checksum), 33);
          return TRUE;
        }
      g_checksum_update (checksum, buffer, n);
      offset += n;
    }
  return FALSE;
}

/* As much as there is up to @size, so that two files are read in step. */
static gssize
read_full (int fd, guint8 *buffer, gsize size, goffset offset)
{
  gsize done = 0;

  while (done < size)
    {
      gssize n = read_at (fd, buffer + done, size - done, offset + (goffset)done);

      if (n < 0)
        return n;
      if (n == 0)
        break;
      done += (gsize)n;
    }
  return (gssize)done;
}

static gboolean
is_same_file (int fd, int other_fd)
{
  struct stat a, b;

  return fstat (fd, &a) == 0 && fstat (other_fd, &b) == 0 && a.st_dev == b.st_dev
         && a.st_ino == b.st_ino;
}

MonitorComparison
monitor_hash_compare (int fd, int other_fd, GCancellable *cancellable, GError **error)
{
  g_autofree guint8 *left = NULL;
  g_autofree guint8 *right = NULL;

  if (is_same_file (fd, other_fd))
    return MONITOR_COMPARE_EQUAL;

  left = g_malloc (CHUNK_SIZE);
  right = g_malloc (CHUNK_SIZE);
  for (goffset offset = 0; check_cancelled (cancellable, error); offset += CHUNK_SIZE)
    {
      gssize n = read_full (fd, left, CHUNK_SIZE, offset);
      gssize m = n < 0 ? -1 : read_full (other_fd, right, CHUNK_SIZE, offset);

      if (n < 0 || m < 0)
        {
          booru_set_errno_error (error, errno, "Comparing two files");
          return MONITOR_COMPARE_FAILED;
        }
      if (n != m || memcmp (left, right, (gsize)n) != 0)
        return MONITOR_COMPARE_DIFFERENT;
      if (n < CHUNK_SIZE)
        return MONITOR_COMPARE_EQUAL;
    }
  return MONITOR_COMPARE_FAILED;
}
