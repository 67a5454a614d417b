/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOORU_BACKOFF_FIRST_DELAY (G_USEC_PER_SEC / 10)
#define BOORU_BACKOFF_LAST_DELAY (30 * G_USEC_PER_SEC)
#define BOORU_BACKOFF_RARE_DELAY (60 * G_USEC_PER_SEC)
#define BOORU_BACKOFF_LAST_WAIT (5 * G_USEC_PER_SEC)
#define BOORU_BACKOFF_MAX_FAILURES 5
#define BOORU_BACKOFF_WINDOW (60 * G_USEC_PER_SEC)

/**
 * BooruBackoff:
 *
 * When a process that failed is started again, or that it is not. Pure: the caller brings the time
 * (monotonic, µs) and the randomness. All zero is a fresh one that gives up some time.
 */
typedef struct
{
  gint64 failures[BOORU_BACKOFF_MAX_FAILURES]; /* when, newest last */
  guint n_failures;                            /* in a row; may exceed the array */
  guint n_waits;                               /* since it was last ready */
  gint64 up_since;                             /* 0: not ready since the last failure */
  gboolean for_ever;                           /* never gives up, but tries once a minute at last */
} BooruBackoff;

void booru_backoff_reset (BooruBackoff *self);
void booru_backoff_up (BooruBackoff *self, gint64 now);
gboolean booru_backoff_fail (BooruBackoff *self, gint64 now, double chance, gint64 *delay);
/* It has failed so often in a row that others are given up. */
gboolean booru_backoff_is_failing (const BooruBackoff *self);
gint64 booru_backoff_wait (BooruBackoff *self, double chance);

G_END_DECLS
