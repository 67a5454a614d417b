/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replacing processes that work, one after the other. */
#include "booru-supervisor-private.h"

#include "base/booru-error.h"

/* Whoever waits for a replacement hears of its end, once. */
void
booru_supervisor_end_roll (BooruSupervisor *self, const GError *error)
{
  if (!self->rolling)
    return;
  self->rolling = FALSE;
  booru_supervisor_rolled (self, error);
}

void
booru_supervisor_refuse_roll (BooruSupervisor *self, const char *why)
{
  g_autoptr (GError) error = g_error_new_literal (BOORU_ERROR, BOORU_ERROR_FAILED, why);

  booru_supervisor_end_roll (self, error);
}

/* The replacement did not become ready: the old generation keeps serving. */
void
booru_slot_abandon_roll (Slot *slot, const char *what)
{
  BooruSupervisor *self = slot->owner;

  for (guint i = 0; i < self->slots->len; i++)
    ((Slot *)self->slots->pdata[i])->stale = FALSE;
  booru_supervisor_pause_recycling (self);
  g_warning ("%s; not replacing %s, the current processes keep running", what,
             self->spec->service->process_name);
  booru_supervisor_remember_failure (self, what);
  booru_supervisor_event (self, "process-failed", "%s; the current processes keep running", what);
  booru_supervisor_refuse_roll (self, what);
}

/* Is a replacement on its way that the next one waits for? */
static gboolean
is_rolling (BooruSupervisor *self)
{
  for (guint i = 0; i < self->slots->len; i++)
    if (((Slot *)self->slots->pdata[i])->next)
      return TRUE;
  return FALSE;
}

/* Replaces the process of one stale slot. A ONE service's successor is started when its predecessor
 * is reaped, as there are never to be two; a worker's before that is asked to go, so that no
 * request finds nobody. */
static void
replace (Slot *slot)
{
  g_autoptr (GError) error = NULL;

  slot->stale = FALSE;
  if (slot->child == NULL)
    {
      g_clear_handle_id (&slot->restart, g_source_remove);
      booru_slot_start (slot);
      return;
    }

  slot->next = booru_slot_spawn (slot, &error);
  if (slot->next == NULL)
    booru_slot_abandon_roll (slot, error->message);
}

void
booru_supervisor_continue_roll (BooruSupervisor *self)
{
  if (self->stopping || self->failed || is_rolling (self))
    return;
  if (booru_supervisor_is_one (self) && self->leaving->len > 0)
    return;

  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = self->slots->pdata[i];

      if (!slot->stale)
        continue;
      if (booru_supervisor_is_one (self) && slot->child)
        booru_supervisor_dismiss (self, &slot->child, TRUE);
      else
        replace (slot);
      return;
    }
  if (booru_supervisor_is_healthy (self))
    booru_supervisor_end_roll (self, NULL);
}

void
booru_supervisor_roll (BooruSupervisor *self)
{
  self->rolling = TRUE;
  if (self->stopping)
    {
      booru_supervisor_refuse_roll (self, "The service is about to stop");
      return;
    }
  self->failed = FALSE;
  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = self->slots->pdata[i];

      booru_backoff_reset (&slot->backoff);
      slot->given_up = FALSE;
      slot->stale = TRUE;
    }
  booru_supervisor_continue_roll (self);
}
