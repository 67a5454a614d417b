/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  BOORU_CHILD_EXITED,
  BOORU_CHILD_SIGNALED,
  BOORU_CHILD_HUNG,        /* the host aborted it */
  BOORU_CHILD_NOT_STARTED, /* it ended before it was ready */
  BOORU_CHILD_NOT_SPAWNED,
  BOORU_CHILD_OVER_LIMIT, /* the host killed it */
  BOORU_N_CHILD_ENDS,
} BooruChildEndKind;

/* How a process came to its end. */
typedef struct
{
  BooruChildEndKind kind;
  gboolean at_boot; /* it never was ready */
  gboolean clean;   /* exit code 0 */
  gboolean crashed; /* by a fault of its own, or found hanging; not killed by somebody */
  char *text;       /* a sentence: who, how, doing what, why */
  char *task;       /* what it was doing; or NULL */
  char *extension;  /* the plugin whose code was running, if not the service's own; or NULL */
  GError *error;    /* what it, or its supervisor, says is wrong; or NULL */
} BooruChildEnd;

/* how: HUNG or OVER_LIMIT if the host ended it; else EXITED. task, extension, error: transfer full,
 * may be NULL. */
BooruChildEnd *booru_child_end_new (const char *name,
                                    int wait_status,
                                    gboolean was_ready,
                                    BooruChildEndKind how,
                                    char *task,
                                    char *extension,
                                    GError *error);

/* Of a process that there never was. error: transfer full. */
BooruChildEnd *booru_child_end_new_not_spawned (GError *error);
void booru_child_end_free (BooruChildEnd *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruChildEnd, booru_child_end_free)

/* The process said that trying again is pointless. */
gboolean booru_child_end_is_permanent (const BooruChildEnd *self);

/* What to report if the service is given up for it; transfer full. */
GError *booru_child_end_dup_error (const BooruChildEnd *self);

G_END_DECLS
