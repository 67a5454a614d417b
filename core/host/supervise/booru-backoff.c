/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-backoff.h"

#include <string.h>

/* A delay is stretched or shortened by up to this part of itself, so that workers which died
 * together do not come back, and fail, together. */
#define JITTER 0.2

/**
 * booru_backoff_reset:
 * @self: a backoff
 *
 * Forgets all failures.
 */
void
booru_backoff_reset (BooruBackoff *self)
{
  *self = (BooruBackoff){ .for_ever = self->for_ever };
}

/**
 * booru_backoff_up:
 * @self: a backoff
 * @now: monotonic time, µs
 *
 * The process became ready.
 */
void
booru_backoff_up (BooruBackoff *self, gint64 now)
{
  self->up_since = now;
  self->n_waits = 0;
}

static void
remember (BooruBackoff *self, gint64 now)
{
  const guint size = G_N_ELEMENTS (self->failures);

  if (self->n_failures >= size)
    memmove (self->failures, self->failures + 1, (size - 1) * sizeof self->failures[0]);
  self->failures[MIN (self->n_failures, size - 1)] = now;
  self->n_failures++;
}

static gint64
delay_of (guint n_failures, double chance, gint64 last)
{
  gint64 delay = BOORU_BACKOFF_FIRST_DELAY;

  for (guint i = 1; i < n_failures && delay < last; i++)
    delay *= 2;
  delay *= 1 - JITTER + 2 * JITTER * chance;
  return MIN (delay, last);
}

/**
 * booru_backoff_fail:
 * @self: a backoff
 * @now: monotonic time, µs
 * @chance: random, from 0 to below 1
 * @delay: (out): µs until the next start
 *
 * The process failed: it ended without having been asked to, or could not be started. Having been
 * up for BOORU_BACKOFF_WINDOW makes up for all failures before.
 *
 * Returns: %TRUE to start it again after @delay; %FALSE if it failed BOORU_BACKOFF_MAX_FAILURES
 *   times within BOORU_BACKOFF_WINDOW and is to be given up
 */
gboolean
booru_backoff_fail (BooruBackoff *self, gint64 now, double chance, gint64 *delay)
{
  if (self->up_since != 0 && now - self->up_since >= BOORU_BACKOFF_WINDOW)
    booru_backoff_reset (self);
  self->up_since = 0;
  remember (self, now);

  if (!self->for_ever && booru_backoff_is_failing (self)
      && now - self->failures[0] <= BOORU_BACKOFF_WINDOW)
    return FALSE;
  *delay = delay_of (self->n_failures, chance,
                     self->for_ever ? BOORU_BACKOFF_RARE_DELAY : BOORU_BACKOFF_LAST_DELAY);
  return TRUE;
}

gboolean
booru_backoff_is_failing (const BooruBackoff *self)
{
  return self->n_failures >= BOORU_BACKOFF_MAX_FAILURES;
}

/**
 * booru_backoff_wait:
 * @self: a backoff
 * @chance: random, from 0 to below 1
 *
 * There was no process to fail: the system had none to give. That is no failure of the process'
 * own, and there may be enough any moment.
 *
 * Returns: µs until the next try
 */
gint64
booru_backoff_wait (BooruBackoff *self, double chance)
{
  self->up_since = 0;
  self->n_waits++;
  return delay_of (self->n_waits, chance, BOORU_BACKOFF_LAST_WAIT);
}
