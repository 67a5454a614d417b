/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-slot.h"

#include "base/booru-error.h"
#include "booru-backoff.h"
#include "booru-child-one.h"
#include "booru-child-worker.h"
#include "booru-pid-files.h"

/* One that fails before it is ready will most likely do so again: it waits this much longer. */
#define BOOT_FACTOR 3

struct _BooruSlot
{
  GObject parent_instance;
  const BooruServiceSpec *spec;
  guint index;
  BooruConfig *config;
  BooruChild *child;  /* starting or ready; NULL: waiting to be started, or given up */
  BooruChild *next;   /* is to take the child's place as soon as it is ready */
  GPtrArray *leaving; /* BooruChild: asked to go */
  BooruBackoff backoff;
  guint restart;         /* source */
  BooruChildEndKind end; /* of the process that the restart replaces */
  gboolean given_up;
  gboolean crashed_at_boot;
  gboolean stale;
  char *recycling; /* why it is being replaced, if it is for having done enough; or NULL */
  BooruRecycleReason reason;
};

G_DEFINE_FINAL_TYPE (BooruSlot, booru_slot, G_TYPE_OBJECT)

enum
{
  SIGNAL_SPAWNED,
  SIGNAL_READY,
  SIGNAL_FAILED,
  SIGNAL_ABANDONED,
  SIGNAL_LEFT,
  SIGNAL_RESTARTED,
  SIGNAL_RECYCLED,
  SIGNAL_EVENT,
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void emit_event (BooruSlot *self, const char *topic, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static void
emit_event (BooruSlot *self, const char *topic, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, topic, text);
}

static gboolean
is_one (BooruSlot *self)
{
  return self->spec->service->instances == BOORU_SERVICE_ONE;
}

static void
dismiss (BooruSlot *self, BooruChild **child, gboolean handover)
{
  if (*child == NULL)
    return;
  g_ptr_array_add (self->leaving, *child);
  booru_child_quiesce (g_steal_pointer (child), handover);
}

/* Failing */

static gboolean
on_restart (gpointer user_data)
{
  BooruSlot *self = user_data;

  self->restart = 0;
  g_signal_emit (self, signals[SIGNAL_RESTARTED], 0, self->end);
  booru_slot_start (self);
  return G_SOURCE_REMOVE;
}

static void
restart_after (BooruSlot *self, gint64 delay, const char *what, const char *verb)
{
  g_autofree char *text
      = g_strdup_printf ("%s; %s in %.1f s", what, verb, (double)delay / G_USEC_PER_SEC);

  g_warning ("%s", text);
  self->restart = g_timeout_add (delay / 1000, on_restart, self);
  emit_event (self, "process-failed", "%s", text);
}

static void
restart_or_give_up (BooruSlot *self, const BooruChildEnd *end)
{
  gint64 delay;

  if (booru_backoff_fail (&self->backoff, g_get_monotonic_time (), g_random_double (), &delay))
    {
      if (end->at_boot)
        delay = MIN (BOOT_FACTOR * delay, MAX (delay, BOORU_BACKOFF_LAST_DELAY));
      restart_after (self, delay, end->text, "restarting");
      return;
    }
  self->given_up = TRUE;
  g_warning ("%s; giving up after %d failures within %d s", end->text, BOORU_BACKOFF_MAX_FAILURES,
             (int)(BOORU_BACKOFF_WINDOW / G_USEC_PER_SEC));
  emit_event (self, "process-given-up", "%s; giving up", end->text);
}

static void
fail (BooruSlot *self, const BooruChildEnd *end)
{
  self->end = end->kind;
  if (booru_child_end_is_permanent (end))
    {
      self->given_up = TRUE;
      g_warning ("%s", end->text);
    }
  else if (end->kind == BOORU_CHILD_NOT_SPAWNED && booru_err_limit (end->error))
    /* For want of descriptors, memory or processes. The service is not to blame. */
    restart_after (self, booru_backoff_wait (&self->backoff, g_random_double ()), end->text,
                   "trying again");
  else
    restart_or_give_up (self, end);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, end);
}

/* What its processes do */

static void
on_starting (BooruSlot *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
take_over (BooruSlot *self)
{
  g_autofree char *recycling = g_steal_pointer (&self->recycling);

  if (recycling && self->child)
    {
      g_signal_emit (self, signals[SIGNAL_RECYCLED], 0, self->reason);
      emit_event (self, "process-recycled", "%s replaces %s, which %s",
                  booru_child_get_name (self->next), booru_child_get_name (self->child), recycling);
    }
  dismiss (self, &self->child, TRUE);
  self->child = g_steal_pointer (&self->next);
}

static void
on_ready (BooruSlot *self, BooruChild *child)
{
  booru_pid_files_write (self->spec->pid_dir, booru_child_get_file_name (child),
                         booru_child_get_pid (child));
  g_info ("%s is ready", booru_child_get_name (child));
  booru_backoff_up (&self->backoff, g_get_monotonic_time ());
  if (self->next == child)
    take_over (self);
  emit_event (self, "process-ready", "%s is ready", booru_child_get_name (child));
  g_signal_emit (self, signals[SIGNAL_READY], 0);
}

static void
on_trouble (BooruSlot *self, BooruChild *child)
{
  const char *trouble = booru_child_get_trouble (child);

  /* Until it is ready, there is more amiss than that. */
  if (booru_child_get_state (child) != BOORU_CHILD_READY)
    return;
  if (trouble)
    g_warning ("%s: %s", booru_child_get_name (child), trouble);
  else
    g_message ("%s has recovered", booru_child_get_name (child));
  emit_event (self, trouble ? "trouble" : "trouble-over", "%s%s %s", booru_child_get_name (child),
              trouble ? ":" : "", trouble ? trouble : "has recovered");
}

static void
on_left (BooruSlot *self, BooruChild *child, const BooruChildEnd *end)
{
  if (end->clean)
    g_info ("%s", end->text);
  else
    g_warning ("%s while stopping", end->text);
  g_ptr_array_remove_fast (self->leaving, child);
  emit_event (self, "process-ended", "%s", end->text);
  g_signal_emit (self, signals[SIGNAL_LEFT], 0);
}

static void
on_child_failed (BooruSlot *self, const BooruChildEnd *end)
{
  self->crashed_at_boot = end->at_boot && end->crashed;
  g_clear_object (&self->child);
  if (self->next == NULL)
    {
      fail (self, end);
      return;
    }

  /* Its successor is on its way already. */
  g_warning ("%s", end->text);
  g_clear_pointer (&self->recycling, g_free);
  self->child = g_steal_pointer (&self->next);
  emit_event (self, "process-failed", "%s", end->text);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, end);
}

static void
on_ended (BooruSlot *self, const BooruChildEnd *end, BooruChild *child)
{
  g_autoptr (BooruSlot) guard = g_object_ref (self);
  g_autoptr (BooruChild) ended = g_object_ref (child);

  booru_pid_files_remove (self->spec->pid_dir, booru_child_get_file_name (child),
                          booru_child_get_pid (child));
  if (child == self->child)
    on_child_failed (self, end);
  else if (child == self->next)
    {
      g_clear_object (&self->next);
      g_signal_emit (self, signals[SIGNAL_ABANDONED], 0, end);
    }
  else
    on_left (self, child, end);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Starting */

static BooruChild *
spawn (BooruSlot *self, GError **error)
{
  g_autoptr (BooruChild) child
      = g_object_new (is_one (self) ? BOORU_TYPE_CHILD_ONE : BOORU_TYPE_CHILD_WORKER, NULL);

  if (!booru_child_start (child, self->spec, self->index, self->config, error))
    return NULL;
  g_signal_connect_object (child, "starting", G_CALLBACK (on_starting), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (child, "ready", G_CALLBACK (on_ready), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (child, "trouble", G_CALLBACK (on_trouble), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (child, "ended", G_CALLBACK (on_ended), self, G_CONNECT_SWAPPED);
  g_signal_emit (self, signals[SIGNAL_SPAWNED], 0, child);
  emit_event (self, "process-started", "%s was started", booru_child_get_name (child));
  return g_steal_pointer (&child);
}

void
booru_slot_start (BooruSlot *self)
{
  g_autoptr (BooruChildEnd) end = NULL;
  GError *error = NULL;

  self->stale = FALSE;
  self->child = spawn (self, &error);
  if (self->child)
    return;
  end = booru_child_end_new_not_spawned (error);
  fail (self, end);
}

static void
stop (BooruSlot *self, gboolean handover)
{
  g_clear_handle_id (&self->restart, g_source_remove);
  for (guint i = 0; i < self->leaving->len && !handover; i++)
    booru_child_quiesce (self->leaving->pdata[i], FALSE);
  dismiss (self, &self->child, handover);
  dismiss (self, &self->next, handover);
}

void
booru_slot_stop (BooruSlot *self)
{
  stop (self, FALSE);
}

void
booru_slot_retire (BooruSlot *self)
{
  stop (self, TRUE);
}

void
booru_slot_give_up (BooruSlot *self)
{
  self->given_up = TRUE;
  self->stale = FALSE;
  stop (self, FALSE);
}

static void
configure_child (gpointer child, gpointer config)
{
  booru_child_channel_configure (booru_child_get_channel (child), config);
}

void
booru_slot_configure (BooruSlot *self, BooruConfig *config)
{
  booru_config_ref (config);
  booru_config_unref (self->config);
  self->config = config;
  booru_slot_foreach (self, configure_child, config);
}

/* Replacing */

void
booru_slot_renew (BooruSlot *self)
{
  booru_backoff_reset (&self->backoff);
  self->given_up = FALSE;
  self->stale = TRUE;
}

void
booru_slot_recycle (BooruSlot *self, BooruRecycleReason reason, char *why)
{
  self->stale = TRUE;
  self->reason = reason;
  g_free (self->recycling);
  self->recycling = why;
  g_info ("%s is to be replaced: it %s", booru_child_get_name (self->child), why);
}

void
booru_slot_spare (BooruSlot *self)
{
  self->stale = FALSE;
  g_clear_pointer (&self->recycling, g_free);
}

void
booru_slot_replace (BooruSlot *self)
{
  g_autoptr (BooruChildEnd) end = NULL;
  GError *error = NULL;

  if (self->child && is_one (self))
    {
      dismiss (self, &self->child, TRUE);
      return;
    }
  self->stale = FALSE;
  if (self->child == NULL)
    {
      g_clear_handle_id (&self->restart, g_source_remove);
      booru_slot_start (self);
      return;
    }
  self->next = spawn (self, &error);
  if (self->next)
    return;
  end = booru_child_end_new_not_spawned (error);
  g_signal_emit (self, signals[SIGNAL_ABANDONED], 0, end);
}

/* What can be known of it */

BooruChild *
booru_slot_get_child (BooruSlot *self)
{
  return self->child;
}

gboolean
booru_slot_is_ready (BooruSlot *self)
{
  return self->child && booru_child_get_state (self->child) == BOORU_CHILD_READY;
}

gboolean
booru_slot_is_stale (BooruSlot *self)
{
  return self->stale;
}

gboolean
booru_slot_is_replacing (BooruSlot *self)
{
  return self->next != NULL;
}

gboolean
booru_slot_is_given_up (BooruSlot *self)
{
  return self->given_up;
}

gboolean
booru_slot_is_failing (BooruSlot *self)
{
  return self->backoff.for_ever && booru_backoff_is_failing (&self->backoff)
         && !booru_slot_is_ready (self);
}

gboolean
booru_slot_is_waiting (BooruSlot *self)
{
  return self->child == NULL && (self->restart || self->given_up);
}

gboolean
booru_slot_crashed_at_boot (BooruSlot *self)
{
  return self->crashed_at_boot;
}

guint
booru_slot_get_n_leaving (BooruSlot *self)
{
  return self->leaving->len;
}

void
booru_slot_foreach (BooruSlot *self, GFunc func, gpointer data)
{
  if (self->child)
    func (self->child, data);
  if (self->next)
    func (self->next, data);
  g_ptr_array_foreach (self->leaving, func, data);
}

static void
describe_child (gpointer child, gpointer out)
{
  g_string_append (out, "\n  ");
  booru_child_describe (child, out);
}

void
booru_slot_describe (BooruSlot *self, GString *out)
{
  booru_slot_foreach (self, describe_child, out);
  if (booru_slot_is_waiting (self))
    g_string_append_printf (out, "\n  %s, process %u: %s after %u failures",
                            self->spec->service->process_name, self->index + 1,
                            self->given_up ? "given up" : "waiting to restart",
                            self->backoff.n_failures);
}

static void
booru_slot_finalize (GObject *object)
{
  BooruSlot *self = BOORU_SLOT (object);

  g_clear_handle_id (&self->restart, g_source_remove);
  g_clear_object (&self->child);
  g_clear_object (&self->next);
  g_ptr_array_unref (self->leaving);
  booru_config_unref (self->config);
  g_free (self->recycling);
  G_OBJECT_CLASS (booru_slot_parent_class)->finalize (object);
}

static void
booru_slot_class_init (BooruSlotClass *klass)
{
  static const struct
  {
    const char *name;
    GType argument; /* G_TYPE_NONE: none */
  } described[N_SIGNALS] = {
    [SIGNAL_SPAWNED] = { "spawned", G_TYPE_OBJECT },
    [SIGNAL_READY] = { "ready", G_TYPE_NONE },
    [SIGNAL_FAILED] = { "failed", G_TYPE_POINTER },
    [SIGNAL_ABANDONED] = { "abandoned", G_TYPE_POINTER },
    [SIGNAL_LEFT] = { "left", G_TYPE_NONE },
    [SIGNAL_RESTARTED] = { "restarted", G_TYPE_UINT },
    [SIGNAL_RECYCLED] = { "recycled", G_TYPE_UINT },
    [SIGNAL_CHANGED] = { "changed", G_TYPE_NONE },
  };
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = booru_slot_finalize;
  for (guint i = 0; i < N_SIGNALS; i++)
    if (described[i].name)
      signals[i]
          = g_signal_new (described[i].name, type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                          G_TYPE_NONE, described[i].argument != G_TYPE_NONE, described[i].argument);
  signals[SIGNAL_EVENT] = g_signal_new ("event", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
booru_slot_init (BooruSlot *self)
{
  self->leaving = g_ptr_array_new_with_free_func (g_object_unref);
}

BooruSlot *
booru_slot_new (const BooruServiceSpec *spec, guint index, BooruConfig *config)
{
  BooruSlot *self = g_object_new (BOORU_TYPE_SLOT, NULL);

  self->spec = spec;
  self->index = index;
  self->config = booru_config_ref (config);
  self->backoff.for_ever = spec->essential;
  return self;
}
