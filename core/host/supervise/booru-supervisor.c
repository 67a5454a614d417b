/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-supervisor-private.h"

#include "base/booru-error.h"
#include "booru-backoff.h"
#include "booru-child-one.h"
#include "booru-child-worker.h"
#include "booru-pid-files.h"

G_DEFINE_FINAL_TYPE (BooruSupervisor, booru_supervisor, G_TYPE_OBJECT)

enum
{
  SIGNAL_STARTED,
  SIGNAL_FAILED,
  SIGNAL_STOPPED,
  SIGNAL_PUBLISH,
  SIGNAL_ROLLED,
  SIGNAL_EVENT,
  SIGNAL_CHANGED,
  SIGNAL_ASK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* One that fails before it is ready will most likely do so again: it waits this much longer. */
#define BOOT_FACTOR 3

static void
slot_free (Slot *slot)
{
  g_clear_handle_id (&slot->restart, g_source_remove);
  g_clear_object (&slot->child);
  g_clear_object (&slot->next);
  g_free (slot->recycling);
  g_free (slot);
}

/* The slot whose process, or next process, @child is; NULL if it is leaving. */
static Slot *
find_slot (BooruSupervisor *self, BooruChild *child)
{
  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = self->slots->pdata[i];

      if (slot->child == child || slot->next == child)
        return slot;
    }
  return NULL;
}

void
booru_supervisor_changed (BooruSupervisor *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
booru_supervisor_rolled (BooruSupervisor *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_ROLLED], 0, error);
}

void
booru_supervisor_event (BooruSupervisor *self, const char *topic, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, topic, text);
  booru_supervisor_changed (self);
}

/* Takes a process out of its slot and asks it to go. @handover: others go on. */
void
booru_supervisor_dismiss (BooruSupervisor *self, BooruChild **child, gboolean handover)
{
  if (*child == NULL)
    return;
  g_ptr_array_add (self->leaving, *child);
  booru_child_quiesce (g_steal_pointer (child), handover);
}

static void
finish_stop (BooruSupervisor *self)
{
  if (self->stopping && self->leaving->len == 0)
    g_signal_emit (self, signals[SIGNAL_STOPPED], 0);
}

/* Failing */

void
booru_supervisor_remember_failure (BooruSupervisor *self, const char *what)
{
  g_free (self->error);
  self->error = g_strdup (what);
}

/* Nothing of the service is started any more; what still runs of it is stopped. */
static void
give_up_service (BooruSupervisor *self, const GError *error)
{
  if (self->failed)
    return;
  self->failed = TRUE;
  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = self->slots->pdata[i];

      g_clear_handle_id (&slot->restart, g_source_remove);
      slot->given_up = TRUE;
      slot->stale = FALSE;
      booru_supervisor_dismiss (self, &slot->child, FALSE);
      booru_supervisor_dismiss (self, &slot->next, FALSE);
    }
  booru_supervisor_remember_failure (self, error->message);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
  booru_supervisor_end_roll (self, error);
}

static void
give_up_slot (Slot *slot, const GError *error)
{
  BooruSupervisor *self = slot->owner;
  guint n_given_up = 0;

  slot->given_up = TRUE;
  for (guint i = 0; i < self->slots->len; i++)
    n_given_up += ((Slot *)self->slots->pdata[i])->given_up;
  if (n_given_up == self->slots->len)
    give_up_service (self, error);
  else
    g_warning ("Giving up %s, process %u of %u, until the next reload; the others keep running",
               self->spec->service->process_name, slot->index + 1, self->slots->len);
}

static gboolean
is_permanent (const GError *error)
{
  static const BooruError codes[] = { BOORU_ERROR_CONFIG, BOORU_ERROR_CORRUPT, BOORU_ERROR_TOO_NEW,
                                      BOORU_ERROR_DENIED, BOORU_ERROR_USAGE };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, BOORU_ERROR, codes[i]))
      return TRUE;
  return FALSE;
}

static gboolean
on_restart (gpointer user_data)
{
  Slot *slot = user_data;

  slot->restart = 0;
  slot->owner->n_restarts++;
  slot->owner->restarts_after[slot->end]++;
  booru_slot_start (slot);
  return G_SOURCE_REMOVE;
}

/* @what: a sentence saying what became of the process; @why: what it said itself, or NULL. */
static void
slot_failed (Slot *slot, const char *what, const GError *why)
{
  g_autoptr (GError) error = NULL;
  gint64 delay;

  booru_supervisor_remember_failure (slot->owner, what);
  if (why && is_permanent (why))
    {
      g_warning ("%s", what);
      give_up_service (slot->owner, why);
    }
  else if (booru_backoff_fail (&slot->backoff, g_get_monotonic_time (), g_random_double (), &delay))
    {
      if (slot->failed_at_boot)
        delay = MIN (BOOT_FACTOR * delay, BOORU_BACKOFF_LAST_DELAY);
      g_warning ("%s; restarting in %.1f s", what, (double)delay / G_USEC_PER_SEC);
      slot->restart = g_timeout_add (delay / 1000, on_restart, slot);
      booru_supervisor_event (slot->owner, "process-failed", "%s; restarting in %.1f s", what,
                              (double)delay / G_USEC_PER_SEC);
      booru_supervisor_refuse_roll (slot->owner, what);
    }
  else
    {
      g_warning ("%s; giving up after %d failures within %d s", what, BOORU_BACKOFF_MAX_FAILURES,
                 (int)(BOORU_BACKOFF_WINDOW / G_USEC_PER_SEC));
      error = g_error_new (BOORU_ERROR, why ? why->code : BOORU_ERROR_FAILED, "%s", what);
      booru_supervisor_event (slot->owner, "process-given-up", "%s; giving up", what);
      give_up_slot (slot, error);
      booru_supervisor_refuse_roll (slot->owner, what);
    }
}

/* For want of descriptors, memory or processes. The service is not to blame: it is not given up. */
static void
slot_wait (Slot *slot, const GError *error)
{
  gint64 delay = booru_backoff_wait (&slot->backoff, g_random_double ());

  booru_supervisor_remember_failure (slot->owner, error->message);
  g_warning ("%s; trying again in %.1f s", error->message, (double)delay / G_USEC_PER_SEC);
  slot->restart = g_timeout_add (delay / 1000, on_restart, slot);
  booru_supervisor_event (slot->owner, "process-failed", "%s; trying again in %.1f s",
                          error->message, (double)delay / G_USEC_PER_SEC);
  booru_supervisor_refuse_roll (slot->owner, error->message);
}

static char *
describe_end (BooruChild *child)
{
  const GError *failure = booru_child_get_failure (child);
  g_autofree char *end = booru_child_dup_end (child);

  return g_strdup_printf ("%s %s%s%s%s", booru_child_get_name (child), end,
                          booru_child_was_ready (child) ? "" : " before it was ready",
                          failure ? ": " : "", failure ? failure->message : "");
}

/* What children do */

static void
on_ready (BooruSupervisor *self, BooruChild *child)
{
  const BooruServiceSpec *spec = self->spec;
  Slot *slot = find_slot (self, child);

  booru_pid_files_write (spec->pid_dir, booru_child_get_file_name (child),
                         booru_child_get_pid (child));
  g_info ("%s is ready", booru_child_get_name (child));
  if (slot == NULL)
    return;

  booru_backoff_up (&slot->backoff, g_get_monotonic_time ());
  slot->jitter = g_random_double ();
  if (slot->next == child)
    {
      booru_slot_recycled (slot, child);
      booru_supervisor_dismiss (self, &slot->child, TRUE);
      slot->child = g_steal_pointer (&slot->next);
    }
  if (booru_supervisor_is_one (self))
    g_message ("%s service started", spec->service->label);
  if (booru_supervisor_is_healthy (self) && !self->started)
    {
      self->started = TRUE;
      g_signal_emit (self, signals[SIGNAL_STARTED], 0);
    }
  booru_supervisor_event (self, "process-ready", "%s is ready", booru_child_get_name (child));
  booru_supervisor_continue_roll (self);
}

static void
on_trouble (BooruSupervisor *self, BooruChild *child)
{
  const char *trouble = booru_child_get_trouble (child);

  /* Until it is ready, there is more amiss than that. */
  if (booru_child_get_state (child) != BOORU_CHILD_READY)
    return;
  if (trouble)
    g_warning ("%s: %s", booru_child_get_name (child), trouble);
  else
    g_message ("%s has recovered", booru_child_get_name (child));
  booru_supervisor_event (self, trouble ? "trouble" : "trouble-over", "%s%s %s",
                          booru_child_get_name (child), trouble ? ":" : "",
                          trouble ? trouble : "has recovered");
}

static void
on_publish (BooruSupervisor *self, const char *topic, GVariant *payload, BooruChild *child)
{
  g_signal_emit (self, signals[SIGNAL_PUBLISH], 0, child, topic, payload);
}

static void
on_ask (BooruSupervisor *self, guint question, GVariant *argument, GTask *task, BooruChild *child)
{
  g_signal_emit (self, signals[SIGNAL_ASK], 0, question, argument, task);
}

static void
on_left (BooruSupervisor *self, BooruChild *child)
{
  g_autofree char *what = describe_end (child);
  g_autofree char *end = booru_child_dup_end (child);

  if (g_str_equal (end, "exited with code 0"))
    g_info ("%s", what);
  else
    g_warning ("%s while stopping", what);
  booru_supervisor_event (self, "process-ended", "%s", what);
  g_ptr_array_remove_fast (self->leaving, child);
  booru_supervisor_continue_roll (self);
  finish_stop (self);
}

static void
on_ended (BooruSupervisor *self, BooruChild *child)
{
  g_autoptr (BooruChild) guard = g_object_ref (child);
  g_autofree char *what = describe_end (child);
  Slot *slot = find_slot (self, child);

  g_signal_handlers_disconnect_by_data (child, self);
  booru_pid_files_remove (self->spec->pid_dir, booru_child_get_file_name (child),
                          booru_child_get_pid (child));
  if (slot == NULL)
    {
      on_left (self, child);
      return;
    }

  if (slot->next == child)
    {
      g_clear_object (&slot->next);
      booru_slot_abandon_roll (slot, what);
      return;
    }

  slot->failed_at_boot = !booru_child_was_ready (child);
  slot->crashed_at_boot = slot->failed_at_boot && booru_child_has_crashed (child);
  slot->end = booru_child_get_end (child);
  g_clear_object (&slot->child);
  if (slot->next)
    {
      /* Its successor is on its way already. */
      g_warning ("%s", what);
      g_clear_pointer (&slot->recycling, g_free);
      slot->child = g_steal_pointer (&slot->next);
      booru_supervisor_remember_failure (self, what);
      booru_supervisor_event (self, "process-failed", "%s", what);
    }
  else
    slot_failed (slot, what, booru_child_get_failure (child));
  booru_supervisor_changed (self);
}

/* Starting */

BooruChild *
booru_slot_spawn (Slot *slot, GError **error)
{
  BooruSupervisor *self = slot->owner;
  g_autoptr (BooruChild) child = g_object_new (
      booru_supervisor_is_one (self) ? BOORU_TYPE_CHILD_ONE : BOORU_TYPE_CHILD_WORKER, NULL);

  if (!booru_child_start (child, self->spec, slot->index, self->config, error))
    return NULL;
  g_signal_connect_swapped (child, "starting", G_CALLBACK (booru_supervisor_changed), self);
  g_signal_connect_swapped (child, "ready", G_CALLBACK (on_ready), self);
  g_signal_connect_swapped (child, "trouble", G_CALLBACK (on_trouble), self);
  g_signal_connect_swapped (child, "publish", G_CALLBACK (on_publish), self);
  g_signal_connect_swapped (child, "ask", G_CALLBACK (on_ask), self);
  g_signal_connect_swapped (child, "ended", G_CALLBACK (on_ended), self);
  booru_supervisor_event (self, "process-started", "%s was started", booru_child_get_name (child));
  return g_steal_pointer (&child);
}

void
booru_slot_start (Slot *slot)
{
  g_autoptr (GError) error = NULL;

  slot->stale = FALSE;
  slot->child = booru_slot_spawn (slot, &error);
  if (slot->child)
    return;
  slot->end = BOORU_CHILD_NOT_SPAWNED;
  if (booru_err_limit (error))
    slot_wait (slot, error);
  else
    {
      /* As a rule, it is being installed anew: waiting may help. */
      error->code = BOORU_ERROR_FAILED;
      slot_failed (slot, error->message, error);
    }
}

static void
add_slots (BooruSupervisor *self)
{
  while (self->slots->len < booru_supervisor_get_target (self) && !self->failed)
    {
      Slot *slot = g_new0 (Slot, 1);

      slot->owner = self;
      slot->index = self->slots->len;
      g_ptr_array_add (self->slots, slot);
      booru_slot_start (slot);
    }
}

static void
remove_slots (BooruSupervisor *self)
{
  while (self->slots->len > booru_supervisor_get_target (self))
    {
      Slot *slot = self->slots->pdata[self->slots->len - 1];

      booru_supervisor_dismiss (self, &slot->child, TRUE);
      booru_supervisor_dismiss (self, &slot->next, TRUE);
      g_ptr_array_set_size (self->slots, self->slots->len - 1);
    }
}

void
booru_supervisor_start (BooruSupervisor *self)
{
  add_slots (self);
}

void
booru_supervisor_stop (BooruSupervisor *self)
{
  self->stopping = TRUE;
  booru_supervisor_refuse_roll (self, "The service is about to stop");
  for (guint i = 0; i < self->leaving->len; i++)
    booru_child_quiesce (self->leaving->pdata[i], FALSE);
  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = self->slots->pdata[i];

      g_clear_handle_id (&slot->restart, g_source_remove);
      booru_supervisor_dismiss (self, &slot->child, FALSE);
      booru_supervisor_dismiss (self, &slot->next, FALSE);
    }
  booru_supervisor_changed (self);
  finish_stop (self);
}

static void
kill_child (gpointer child, gpointer unused)
{
  booru_child_kill (child);
}

void
booru_supervisor_kill (BooruSupervisor *self)
{
  booru_supervisor_foreach (self, kill_child, NULL);
}

static void
configure_child (gpointer child, gpointer config)
{
  booru_child_configure (child, config);
}

void
booru_supervisor_configure (BooruSupervisor *self, BooruConfig *config)
{
  booru_config_ref (config);
  g_clear_pointer (&self->config, booru_config_unref);
  self->config = config;
  if (self->stopping)
    return;
  remove_slots (self);
  booru_supervisor_foreach (self, configure_child, config);
  add_slots (self);
  booru_supervisor_changed (self);
  booru_supervisor_continue_roll (self);
}

typedef struct
{
  gpointer origin;
  const char *topic;
  GVariant *payload;
} Event;

static void
deliver_to_child (gpointer child, gpointer data)
{
  const Event *event = data;

  if (child != event->origin)
    booru_child_deliver (child, event->topic, event->payload);
}

void
booru_supervisor_deliver (BooruSupervisor *self,
                          gpointer origin,
                          const char *topic,
                          GVariant *payload)
{
  Event event = { origin, topic, payload };

  booru_supervisor_foreach (self, deliver_to_child, &event);
}

static void
check_child (gpointer child, gpointer now)
{
  booru_child_check (child, *(gint64 *)now);
}

void
booru_supervisor_check (BooruSupervisor *self, gint64 now)
{
  booru_supervisor_foreach (self, check_child, &now);
  booru_supervisor_recycle (self, now);
}

static void
disconnect_child (gpointer child, gpointer self)
{
  g_signal_handlers_disconnect_by_data (child, self);
}

static void
booru_supervisor_finalize (GObject *object)
{
  BooruSupervisor *self = BOORU_SUPERVISOR (object);

  booru_supervisor_foreach (self, disconnect_child, self);
  g_clear_pointer (&self->config, booru_config_unref);
  g_free (self->error);
  g_ptr_array_unref (self->slots);
  g_ptr_array_unref (self->leaving);
  G_OBJECT_CLASS (booru_supervisor_parent_class)->finalize (object);
}

static void
booru_supervisor_class_init (BooruSupervisorClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = booru_supervisor_finalize;
  signals[SIGNAL_STARTED]
      = g_signal_new ("started", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_STOPPED]
      = g_signal_new ("stopped", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_PUBLISH]
      = g_signal_new ("publish", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                      G_TYPE_POINTER, G_TYPE_STRING, G_TYPE_VARIANT);
  signals[SIGNAL_ROLLED] = g_signal_new ("rolled", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_EVENT] = g_signal_new ("event", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_ASK] = g_signal_new ("ask", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 3, G_TYPE_UINT, G_TYPE_VARIANT, G_TYPE_TASK);
  signals[SIGNAL_CHANGED]
      = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
booru_supervisor_init (BooruSupervisor *self)
{
  self->slots = g_ptr_array_new_with_free_func ((GDestroyNotify)slot_free);
  self->leaving = g_ptr_array_new_with_free_func (g_object_unref);
}

BooruSupervisor *
booru_supervisor_new (const BooruServiceSpec *spec, BooruConfig *config)
{
  BooruSupervisor *self = g_object_new (BOORU_TYPE_SUPERVISOR, NULL);

  self->spec = spec;
  self->config = booru_config_ref (config);
  return self;
}
