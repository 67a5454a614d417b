/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* Whether a file is complete. A file is taken when it was closed after writing (or moved in), has
 * not changed for a moment, and nobody has it open for writing, as far as the kernel can tell. */

/* One look at a file. */
typedef struct
{
  BooruFileStat stat;

  /* When content or inode last changed (the later of mtime and ctime), since 1970. */
  gint64 change_ns;
} MonitorLook;

typedef enum
{
  MONITOR_LEASE_GRANTED,     /* nobody has it open for writing */
  MONITOR_LEASE_REFUSED,     /* somebody has */
  MONITOR_LEASE_UNAVAILABLE, /* not our file, or not a file system that knows */
} MonitorLease;

/* What is remembered of a file between two looks. All zero at first. */
typedef struct
{
  gboolean seen;
  MonitorLook look;
  gint64 looked_at; /* monotonic µs */
  guint refusals;
  guint changes; /* looks that showed something else than the one before */
} MonitorSettle;

#define MONITOR_SETTLE_TIME (25 * G_TIME_SPAN_MILLISECOND)

/* @look: (out caller-allocates): filled
 * @stat_buffer: a struct stat */
void monitor_look_from_stat (MonitorLook *look, gconstpointer stat_buffer);

/* Asks by F_SETLEASE whether anybody has the file open for writing, or mapped so. The lease is
 * given back at once.
 * @fd: a regular file, open for reading only */
MonitorLease monitor_settle_ask_lease (int fd);

/* Nobody is known to write the file: once it was watched for a while, it is complete. */
gboolean monitor_settle_is_brief (const MonitorSettle *self);

/* @self: what earlier looks have shown
 * @look: what this one shows
 * @lease: whether somebody is writing
 * @closed: whether the file was seen being closed or moved in since it last changed
 * @now: monotonic time, µs
 * @now_ns: time since 1970, ns
 * Returns: 0 if the file is complete, else in how many microseconds to look again */
gint64 monitor_settle_check (MonitorSettle *self,
                             const MonitorLook *look,
                             MonitorLease lease,
                             gboolean closed,
                             gint64 now,
                             gint64 now_ns);

G_END_DECLS
