/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-job.h"

static const char *const kinds[BOORU_N_JOB_KINDS] = {
  [BOORU_JOB_RELATE] = "relate", [BOORU_JOB_BULK] = "bulk", [BOORU_JOB_UNDO] = "undo",
  [BOORU_JOB_TAG] = "tag",       [BOORU_JOB_META] = "meta",
};

static const char *const states[BOORU_N_JOB_STATES] = {
  [BOORU_JOB_QUEUED] = "queued", [BOORU_JOB_RUNNING] = "running",
  [BOORU_JOB_DONE] = "done",     [BOORU_JOB_FAILED] = "failed",
  [BOORU_JOB_UNDONE] = "undone", [BOORU_JOB_CANCELLED] = "cancelled",
};

void
booru_job_free (BooruJob *self)
{
  g_free (self->title);
  g_free (self->params);
  g_free (self->error);
  g_free (self);
}

const char *
booru_job_kind_to_string (BooruJobKind kind)
{
  g_return_val_if_fail (kind < BOORU_N_JOB_KINDS, NULL);

  return kinds[kind];
}

const char *
booru_job_state_to_string (BooruJobState state)
{
  g_return_val_if_fail (state < BOORU_N_JOB_STATES, NULL);

  return states[state];
}

gboolean
booru_job_state_from_string (const char *string, BooruJobState *state)
{
  for (guint i = 0; i < BOORU_N_JOB_STATES; i++)
    if (g_ascii_strcasecmp (string, states[i]) == 0)
      {
        *state = (BooruJobState)i;
        return TRUE;
      }
  return FALSE;
}

gboolean
booru_job_is_over (const BooruJob *self)
{
  return self->state != BOORU_JOB_QUEUED && self->state != BOORU_JOB_RUNNING;
}

gboolean
booru_job_can_undo (const BooruJob *self)
{
  return booru_job_is_over (self) && self->state != BOORU_JOB_UNDONE && self->undone_by == 0;
}
