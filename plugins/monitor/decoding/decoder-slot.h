/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One decoder of the pool, and the file in its hands. */
#pragma once

#include "decoder-output.h"
#include "decoder-pool.h"
#include "decoder-process.h"

G_BEGIN_DECLS

typedef struct _Slot Slot;

/* One call of monitor_decoder_pool_decode_async(). Owned by the queue, then by a slot. */
typedef struct
{
  MonitorDecoderPool *pool;
  GTask *task;
  int fd;
  guint16 *delays; /* as in MonitorDecodeHints, or NULL */
  guint n_delays;
  gboolean display;
  gboolean is_video;   /* needs a process that has done nothing else, and does nothing afterwards */
  gboolean for_person; /* as in MonitorDecodeHints */
  gboolean slow;       /* likewise */
  gboolean killed; /* its decoder was killed from outside: once more, with no other one running */
  MonitorDecoderOutput *output;
  GSource *cancelled;
  Slot *slot; /* NULL: waits */
} Job;

/* One process, from its start to its end. */
struct _Slot
{
  MonitorDecoderPool *pool;
  MonitorDecoderProcess *process;
  Job *job;
  GSource *timer; /* of its start, its file, or its idleness */
  GSource *slice; /* until the file is overdue */
  gint64 began;   /* the file; monotonic µs */
  guint generation;
  guint n_files;
  gboolean ready;
  gboolean retiring; /* was told to end */
  gboolean overdue;  /* its file takes long */
};

void decoder_job_fail (Job *job, GError *error);               /* frees it; error: transfer full */
void decoder_job_finish (Job *job, const DecoderReply *reply); /* frees it */

void decoder_slot_free (Slot *slot);
void decoder_slot_release_job (Slot *slot); /* which is the caller's then */
void decoder_slot_kill (Slot *slot);

void decoder_slot_retire (Slot *slot); /* lets a process without work end by itself */
gboolean decoder_slot_is_worn (const Slot *slot, guint64 resident_size);

GSource *decoder_add_timer (guint milliseconds, GSourceFunc callback, gpointer user_data);
void decoder_clear_timer (GSource **timer);

G_END_DECLS
