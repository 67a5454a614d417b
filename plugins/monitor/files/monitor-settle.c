/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-settle.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#define NS_PER_US G_GINT64_CONSTANT (1000)
#define STABLE_NS (20 * G_TIME_SPAN_MILLISECOND * NS_PER_US)

/* Without a close event and without a lease, time is all there is to go by; and the clock that
 * stamps the file may be another machine's. */
#define UNSURE_TIME (2 * G_TIME_SPAN_SECOND)
#define UNSURE_AGE_NS (60 * G_TIME_SPAN_SECOND * NS_PER_US)

/* How long to wait while somebody has the file open: doubled each time. If the folder is watched,
 * the writer's close ends the wait at once. */
#define REFUSED_FIRST (50 * G_TIME_SPAN_MILLISECOND)
#define REFUSED_LAST (10 * G_TIME_SPAN_SECOND)

static gint64
to_ns (const struct timespec *time)
{
  return time->tv_sec * G_GINT64_CONSTANT (1000000000) + time->tv_nsec;
}

void
monitor_look_from_stat (MonitorLook *look, gconstpointer stat_buffer)
{
  const struct stat *st = stat_buffer;

  look->stat.size = st->st_size;
  look->stat.mtime_ns = to_ns (&st->st_mtim);
  look->stat.inode = st->st_ino;
  look->stat.device = st->st_dev;
  look->change_ns = MAX (look->stat.mtime_ns, to_ns (&st->st_ctim));
}

MonitorLease
monitor_settle_ask_lease (int fd)
{
  /* Who opens the file in this very moment breaks the lease, of which the kernel tells by a signal:
   * by default SIGIO, which kills; SIGURG is ignored unless somebody wants it. */
  fcntl (fd, F_SETSIG, SIGURG);
  if (fcntl (fd, F_SETLEASE, F_RDLCK) == 0)
    {
      fcntl (fd, F_SETLEASE, F_UNLCK);
      return MONITOR_LEASE_GRANTED;
    }
  return errno == EAGAIN ? MONITOR_LEASE_REFUSED : MONITOR_LEASE_UNAVAILABLE;
}

static gboolean
look_equal (const MonitorLook *a, const MonitorLook *b)
{
  return a->stat.size == b->stat.size && a->stat.mtime_ns == b->stat.mtime_ns
         && a->stat.inode == b->stat.inode && a->stat.device == b->stat.device
         && a->change_ns == b->change_ns;
}

gint64
monitor_settle_check (MonitorSettle *self,
                      const MonitorLook *look,
                      MonitorLease lease,
                      gboolean closed,
                      gint64 now,
                      gint64 now_ns)
{
  gboolean sure = closed || lease == MONITOR_LEASE_GRANTED;
  gint64 needed = sure ? MONITOR_SETTLE_TIME : UNSURE_TIME;
  gint64 age_ns = now_ns - look->change_ns;
  gint64 watched;

  /* The age says it at once, unless the clock that stamps the file is ahead. */
  gboolean stable = age_ns >= (sure ? STABLE_NS : UNSURE_AGE_NS);

  if (!self->seen || !look_equal (&self->look, look))
    {
      self->changes += self->seen;
      self->seen = TRUE;
      self->look = *look;
      self->looked_at = now;
      self->refusals = 0;
    }
  watched = now - self->looked_at;
  stable = stable || watched >= needed;

  if (lease == MONITOR_LEASE_REFUSED)
    return MIN (REFUSED_FIRST << MIN (self->refusals++, 16), REFUSED_LAST);
  if (stable)
    return 0;
  return MAX (needed - watched, G_TIME_SPAN_MILLISECOND);
}

gboolean
monitor_settle_is_brief (const MonitorSettle *self)
{
  return self->changes == 0 && self->refusals == 0;
}
