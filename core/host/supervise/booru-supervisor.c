/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-supervisor.h"

#include <string.h>

#include "base/booru-error.h"
#include "booru-recycle.h"
#include "booru-slots.h"

/* After a replacement that did not become ready: the next one would not either, most likely. */
#define RECYCLING_PAUSE (60 * G_USEC_PER_SEC)

struct _BooruSupervisor
{
  GObject parent_instance;
  const BooruServiceSpec *spec;
  BooruConfig *config;
  GPtrArray *slots;   /* BooruSlot */
  GPtrArray *retired; /* BooruSlot: wanted no more; until their processes have left */
  guint n_restarts;
  guint restarts_after[BOORU_N_CHILD_ENDS];
  guint recycled[BOORU_N_RECYCLE_REASONS];
  char *error;          /* of the last failure; NULL: none yet */
  gint64 recycle_after; /* monotonic time, µs: not before, as it went wrong */
  gboolean rolling;
  gboolean started;
  gboolean stopping;
  gboolean failed;
  gboolean failing;
};

G_DEFINE_FINAL_TYPE (BooruSupervisor, booru_supervisor, G_TYPE_OBJECT)

enum
{
  SIGNAL_STARTED,
  SIGNAL_FAILED,
  SIGNAL_FAULT,
  SIGNAL_STOPPED,
  SIGNAL_PUBLISH,
  SIGNAL_ROLLED,
  SIGNAL_EVENT,
  SIGNAL_CHANGED,
  SIGNAL_ASK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
emit_changed (BooruSupervisor *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static gboolean
is_one (BooruSupervisor *self)
{
  return self->spec->service->instances == BOORU_SERVICE_ONE;
}

static guint
get_target (BooruSupervisor *self)
{
  return is_one (self) ? 1 : MAX (1, booru_config_get_uint (self->config, BOORU_CONFIG_WORKERS, 1));
}

/* Processes that were asked to go. */
static guint
count_leaving (BooruSupervisor *self)
{
  return booru_slots_count_leaving (self->slots) + booru_slots_count_leaving (self->retired);
}

/* Of BooruChild. */
static void
foreach_child (BooruSupervisor *self, GFunc func, gpointer data)
{
  booru_slots_foreach_child (self->slots, func, data);
  booru_slots_foreach_child (self->retired, func, data);
}

/* Replacing processes that work, one after the other */

/* Whoever waits for a replacement hears of its end, once. */
static void
end_roll (BooruSupervisor *self, const GError *error)
{
  if (!self->rolling)
    return;
  self->rolling = FALSE;
  g_signal_emit (self, signals[SIGNAL_ROLLED], 0, error);
}

static void
refuse_roll (BooruSupervisor *self, const char *why)
{
  g_autoptr (GError) error = g_error_new_literal (BOORU_ERROR, BOORU_ERROR_FAILED, why);

  end_roll (self, error);
}

static void
continue_roll (BooruSupervisor *self)
{
  BooruSlot *stale;

  if (self->stopping || self->failed || booru_slots_find (self->slots, booru_slot_is_replacing)
      || (is_one (self) && count_leaving (self) > 0))
    return;
  stale = booru_slots_find (self->slots, booru_slot_is_stale);
  if (stale)
    booru_slot_replace (stale);
  else if (booru_supervisor_is_healthy (self))
    end_roll (self, NULL);
}

void
booru_supervisor_roll (BooruSupervisor *self)
{
  self->rolling = TRUE;
  if (self->stopping)
    {
      refuse_roll (self, "The service is about to stop");
      return;
    }
  self->failed = FALSE;
  self->failing = FALSE;
  booru_slots_foreach (self->slots, booru_slot_renew);
  continue_roll (self);
}

static gboolean
is_quiet (BooruSupervisor *self)
{
  return !booru_slots_find (self->slots, booru_slot_is_stale) && !self->stopping && !self->failed
         && !booru_slots_find (self->slots, booru_slot_is_replacing) && count_leaving (self) == 0
         && booru_supervisor_is_healthy (self);
}

/* Has a worker replaced that has done enough, if nothing else is going on. */
static void
recycle (BooruSupervisor *self, gint64 now)
{
  if (!is_one (self) && now >= self->recycle_after && is_quiet (self)
      && booru_recycle_mark (self->slots, self->config, now))
    continue_roll (self);
}

/* What the slots do */

static void
remember_failure (BooruSupervisor *self, const char *what)
{
  g_free (self->error);
  self->error = g_strdup (what);
}

/* Says so when an essential service begins to fail again and again, and when that is over. */
static void
note_failing (BooruSupervisor *self)
{
  const char *label = self->spec->service->label;
  gboolean failing = booru_slots_count (self->slots, booru_slot_is_failing) == self->slots->len;
  g_autofree char *text = NULL;

  if (self->failing == failing)
    return;
  self->failing = failing;
  if (self->failing)
    {
      text = g_strdup_printf ("%s keeps failing, and is tried again at least once a minute: %s",
                              label, self->error);
      g_warning ("%s", text);
    }
  else
    {
      text = g_strdup_printf ("%s works again", label);
      g_message ("%s", text);
    }
  g_signal_emit (self, signals[SIGNAL_EVENT], 0,
                 self->failing ? "service-failing" : "service-recovered", text);
}

/* Nothing of the service is started any more; what still runs of it is stopped. */
static void
give_up (BooruSupervisor *self, const BooruChildEnd *end)
{
  g_autoptr (GError) error = booru_child_end_dup_error (end);

  if (self->failed)
    return;
  self->failed = TRUE;
  booru_slots_foreach (self->slots, booru_slot_give_up);
  remember_failure (self, error->message);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
  end_roll (self, error);
}

static void
on_given_up (BooruSupervisor *self, const BooruChildEnd *end)
{
  if (booru_slots_count (self->slots, booru_slot_is_given_up) == self->slots->len
      || booru_child_end_is_permanent (end))
    give_up (self, end);
  else
    g_warning ("Giving up one of %u processes of %s until the next reload; the others keep running",
               self->slots->len, self->spec->service->process_name);
}

static void
on_failed (BooruSupervisor *self, const BooruChildEnd *end, BooruSlot *slot)
{
  remember_failure (self, end->text);
  g_signal_emit (self, signals[SIGNAL_FAULT], 0, end);
  if (booru_slot_is_given_up (slot))
    on_given_up (self, end);
  if (booru_slot_get_child (slot) == NULL)
    refuse_roll (self, end->text);
  note_failing (self);
}

/* The replacement did not become ready: the old generation keeps serving. */
static void
on_abandoned (BooruSupervisor *self, const BooruChildEnd *end)
{
  g_autofree char *text = g_strdup_printf ("%s; the current processes keep running", end->text);

  booru_slots_foreach (self->slots, booru_slot_spare);
  self->recycle_after = g_get_monotonic_time () + RECYCLING_PAUSE;
  g_warning ("%s; not replacing %s, the current processes keep running", end->text,
             self->spec->service->process_name);
  remember_failure (self, end->text);
  g_signal_emit (self, signals[SIGNAL_FAULT], 0, end);
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, "process-failed", text);
  refuse_roll (self, end->text);
}

static void
on_ready (BooruSupervisor *self)
{
  if (is_one (self))
    g_message ("%s service started", self->spec->service->label);
  if (!self->started && booru_supervisor_is_healthy (self))
    {
      self->started = TRUE;
      g_signal_emit (self, signals[SIGNAL_STARTED], 0);
    }
  note_failing (self);
  emit_changed (self);
  continue_roll (self);
}

static void
finish_stop (BooruSupervisor *self)
{
  if (self->stopping && count_leaving (self) == 0)
    g_signal_emit (self, signals[SIGNAL_STOPPED], 0);
}

static void
on_left (BooruSupervisor *self, BooruSlot *slot)
{
  if (booru_slot_get_n_leaving (slot) == 0)
    g_ptr_array_remove_fast (self->retired, slot);
  continue_roll (self);
  finish_stop (self);
}

static void
on_restarted (BooruSupervisor *self, guint end)
{
  self->n_restarts++;
  self->restarts_after[end]++;
}

static void
on_recycled (BooruSupervisor *self, guint reason)
{
  self->recycled[reason]++;
}

static void
on_event (BooruSupervisor *self, const char *topic, const char *text)
{
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, topic, text);
  emit_changed (self);
}

static void
on_publish (BooruSupervisor *self, const char *topic, GVariant *payload, BooruChildChannel *channel)
{
  g_signal_emit (self, signals[SIGNAL_PUBLISH], 0, channel, topic, payload);
}

static void
on_ask (BooruSupervisor *self, guint question, GVariant *argument, GTask *task)
{
  g_signal_emit (self, signals[SIGNAL_ASK], 0, question, argument, task);
}

static void
on_spawned (BooruSupervisor *self, BooruChild *child)
{
  BooruChildChannel *channel = booru_child_get_channel (child);

  g_signal_connect_object (channel, "publish", G_CALLBACK (on_publish), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "ask", G_CALLBACK (on_ask), self, G_CONNECT_SWAPPED);
}

/* Adding and removing slots */

static BooruSlot *
make_slot (BooruSupervisor *self)
{
  static const struct
  {
    const char *signal;
    GCallback callback;
  } handlers[] = {
    { "spawned", G_CALLBACK (on_spawned) },   { "ready", G_CALLBACK (on_ready) },
    { "failed", G_CALLBACK (on_failed) },     { "abandoned", G_CALLBACK (on_abandoned) },
    { "left", G_CALLBACK (on_left) },         { "restarted", G_CALLBACK (on_restarted) },
    { "recycled", G_CALLBACK (on_recycled) }, { "event", G_CALLBACK (on_event) },
    { "changed", G_CALLBACK (emit_changed) },
  };
  BooruSlot *slot = booru_slot_new (self->spec, self->slots->len, self->config);

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (slot, handlers[i].signal, handlers[i].callback, self,
                             G_CONNECT_SWAPPED);
  return slot;
}

static void
add_slots (BooruSupervisor *self)
{
  while (self->slots->len < get_target (self) && !self->failed)
    {
      BooruSlot *slot = make_slot (self);

      g_ptr_array_add (self->slots, slot);
      booru_slot_start (slot);
    }
}

static void
remove_slots (BooruSupervisor *self)
{
  while (self->slots->len > get_target (self))
    {
      BooruSlot *slot = g_ptr_array_steal_index (self->slots, self->slots->len - 1);

      g_ptr_array_add (self->retired, slot);
      booru_slot_retire (slot);
      if (booru_slot_get_n_leaving (slot) == 0)
        g_ptr_array_remove_fast (self->retired, slot);
    }
}

/* Running */

void
booru_supervisor_start (BooruSupervisor *self)
{
  add_slots (self);
}

void
booru_supervisor_stop (BooruSupervisor *self)
{
  self->stopping = TRUE;
  refuse_roll (self, "The service is about to stop");
  booru_slots_foreach (self->retired, booru_slot_stop);
  booru_slots_foreach (self->slots, booru_slot_stop);
  emit_changed (self);
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
  foreach_child (self, kill_child, NULL);
}

void
booru_supervisor_configure (BooruSupervisor *self, BooruConfig *config)
{
  booru_config_ref (config);
  booru_config_unref (self->config);
  self->config = config;
  if (self->stopping)
    return;
  remove_slots (self);
  g_ptr_array_foreach (self->retired, (GFunc)booru_slot_configure, config);
  g_ptr_array_foreach (self->slots, (GFunc)booru_slot_configure, config);
  add_slots (self);
  emit_changed (self);
  continue_roll (self);
}

typedef struct
{
  gpointer origin;
  const char *topic;
  GVariant *payload;
} Event;

/* A process that is not ready, or is about to go, does not hear of it. */
static void
deliver_to_child (gpointer child, gpointer data)
{
  const Event *event = data;
  BooruChildChannel *channel = booru_child_get_channel (child);

  if (booru_child_get_state (child) == BOORU_CHILD_READY && (gpointer)channel != event->origin)
    booru_child_channel_deliver (channel, event->topic, event->payload);
}

void
booru_supervisor_deliver (BooruSupervisor *self,
                          gpointer origin,
                          const char *topic,
                          GVariant *payload)
{
  Event event = { origin, topic, payload };

  foreach_child (self, deliver_to_child, &event);
}

typedef struct
{
  gint64 now;
  BooruUseLimits limits;
} Check;

static void
check_child (gpointer child, gpointer data)
{
  const Check *check = data;

  booru_child_check (child, check->now, check->limits);
}

void
booru_supervisor_check (BooruSupervisor *self, gint64 now)
{
  Check check = { now, booru_limits_get_use (self->spec->service, self->config) };

  foreach_child (self, check_child, &check);
  recycle (self, now);
}

/* One process a slot: while one is being replaced, the old one speaks. */
void
booru_supervisor_collect (BooruSupervisor *self, BooruCollector *collector)
{
  const char *service = self->spec->service->name;

  for (guint i = 0; i < self->slots->len; i++)
    {
      BooruSlot *slot = self->slots->pdata[i];
      BooruChild *child = booru_slot_get_child (slot);
      g_autofree char *process
          = is_one (self) ? g_strdup (service) : g_strdup_printf ("%s-%u", service, i + 1);

      booru_collector_ask (collector, process, child ? booru_child_get_pid (child) : 0,
                           booru_slot_is_ready (slot)
                               ? booru_child_channel_get_proxy (booru_child_get_channel (child))
                               : NULL);
    }
}

/* The first one that is ready speaks for all. */
void
booru_supervisor_report (BooruSupervisor *self, const char *name, GVariant *arguments, GTask *task)
{
  BooruSlot *slot = booru_slots_find (self->slots, booru_slot_is_ready);

  if (slot)
    {
      BooruChild *child = booru_slot_get_child (slot);

      booru_child_channel_report (booru_child_get_channel (child), name, arguments, task);
      return;
    }
  g_task_return_new_error (task, BOORU_ERROR, BOORU_ERROR_BUSY,
                           "No process of the service %s is ready: try again in a moment",
                           self->spec->service->name);
  g_object_unref (task);
}

/* Status */

gboolean
booru_supervisor_is_healthy (BooruSupervisor *self)
{
  return booru_slots_count (self->slots, booru_slot_is_ready) == self->slots->len;
}

guint
booru_supervisor_get_n_processes (BooruSupervisor *self)
{
  return self->slots->len;
}

void
booru_supervisor_describe (BooruSupervisor *self, GString *out)
{
  for (guint i = 0; i < self->slots->len; i++)
    booru_slot_describe (self->slots->pdata[i], out);
  for (guint i = 0; i < self->retired->len; i++)
    booru_slot_describe (self->retired->pdata[i], out);
}

static BooruServiceState
get_state (BooruSupervisor *self)
{
  if (self->stopping)
    return BOORU_SERVICE_STOPPING;
  if (self->failed)
    return BOORU_SERVICE_FAILED;
  if (self->failing)
    return BOORU_SERVICE_FAILING;
  if (booru_supervisor_is_healthy (self))
    return BOORU_SERVICE_READY;
  return booru_slots_find (self->slots, booru_slot_is_waiting) ? BOORU_SERVICE_BACKOFF
                                                               : BOORU_SERVICE_STARTING;
}

void
booru_supervisor_get_status (BooruSupervisor *self, BooruServiceStatus *status)
{
  *status = (BooruServiceStatus){ .state = get_state (self),
                                  .wanted = get_target (self),
                                  .restarts = self->n_restarts,
                                  .error = self->error };
  memcpy (status->restarts_after, self->restarts_after, sizeof self->restarts_after);
  memcpy (status->recycled, self->recycled, sizeof self->recycled);
  booru_slots_fill_status (self->slots, status);
  booru_slots_fill_status (self->retired, status);
}

GArray *
booru_supervisor_list_processes (BooruSupervisor *self)
{
  GArray *processes = g_array_new (FALSE, FALSE, sizeof (BooruProcessStatus));

  booru_slots_list_processes (self->slots, processes);
  booru_slots_list_processes (self->retired, processes);
  return processes;
}

static void
booru_supervisor_finalize (GObject *object)
{
  BooruSupervisor *self = BOORU_SUPERVISOR (object);

  g_ptr_array_unref (self->slots);
  g_ptr_array_unref (self->retired);
  booru_config_unref (self->config);
  g_free (self->error);
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
  signals[SIGNAL_FAULT] = g_signal_new ("fault", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_POINTER);
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
  self->slots = booru_slots_new ();
  self->retired = booru_slots_new ();
}

BooruSupervisor *
booru_supervisor_new (const BooruServiceSpec *spec, BooruConfig *config)
{
  BooruSupervisor *self = g_object_new (BOORU_TYPE_SUPERVISOR, NULL);

  self->spec = spec;
  self->config = booru_config_ref (config);
  return self;
}
