/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A sidecar in the inbox goes where its picture goes: beside it in the managed folder, in
 * duplicates/ or in failed/. One that comes after its picture follows it; one that has none waits.
 */
#pragma once

#include "ingest-task.h"

G_BEGIN_DECLS

/* Of a picture that was stored: moves those that were beside it to where it is now. */
void inbox_sidecar_move (IngestTask *task);

/* Of a picture that was set aside: moves those beside it to @target, both below the inbox. */
void inbox_sidecar_set_aside (IngestTask *task, int inbox_fd, const char *target);

/* Of a sidecar without a picture beside it: whether its picture was taken in not long ago, so that
 * it follows it. */
gboolean inbox_sidecar_find_taken (IngestTask *task);

/* A stage: it is brought to its picture. */
void inbox_sidecar_read (IngestTask *task); /* in a thread */

IngestStep inbox_sidecar_follow (IngestTask *task);

G_END_DECLS
