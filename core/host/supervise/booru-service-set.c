/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-service-set.h"

#include "base/booru-error.h"
#include "base/booru-names.h"

struct _BooruServiceSet
{
  GObject parent_instance;

  GPtrArray *services; /* BooruHostedService */
  gboolean settled;
  gboolean stopping;
  guint purge; /* source */
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_EVENT,
  SIGNAL_ASK,
  SIGNAL_FAULT,
  SIGNAL_FAILED,
  SIGNAL_SETTLED,
  SIGNAL_STOPPED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BooruServiceSet, booru_service_set, G_TYPE_OBJECT)

guint
booru_service_set_get_n (BooruServiceSet *self)
{
  return self->services->len;
}

BooruHostedService *
booru_service_set_get (BooruServiceSet *self, guint i)
{
  return self->services->pdata[i];
}

BooruHostedService *
booru_service_set_find (BooruServiceSet *self, const char *name)
{
  for (guint i = 0; i < self->services->len; i++)
    if (g_str_equal (booru_hosted_service_get_name (self->services->pdata[i]), name))
      return self->services->pdata[i];
  return NULL;
}

/* Events between services */

static void
deliver (BooruServiceSet *self, gpointer origin, const char *topic, GVariant *payload)
{
  for (guint i = 0; i < self->services->len; i++)
    booru_supervisor_deliver (booru_hosted_service_get_supervisor (self->services->pdata[i]),
                              origin, topic, payload);
}

/* Every process can say how the whole is: web workers do, when somebody asks for the health. */
static void
publish_states (BooruServiceSet *self)
{
  g_autoptr (GVariant) payload = NULL;
  GVariantBuilder states;

  if (self->stopping)
    return;
  g_variant_builder_init (&states, G_VARIANT_TYPE ("a{ss}"));
  for (guint i = 0; i < self->services->len; i++)
    {
      BooruHostedService *each = self->services->pdata[i];

      if (!booru_hosted_service_is_removed (each))
        g_variant_builder_add (&states, "{ss}", booru_hosted_service_get_name (each),
                               booru_hosted_service_get_state (each));
    }
  payload = g_variant_ref_sink (g_variant_builder_end (&states));
  deliver (self, NULL, BOORU_EVENT_SERVICES, payload);
}

/* What services say */

static void
changed (BooruServiceSet *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
on_changed (BooruServiceSet *self)
{
  publish_states (self);
  changed (self);
}

static void
on_event (BooruServiceSet *self, const char *topic, const char *text)
{
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, topic, text);
}

static void
on_ask (BooruServiceSet *self, guint question, GVariant *argument, GTask *task)
{
  g_signal_emit (self, signals[SIGNAL_ASK], 0, question, argument, task);
}

static void
on_fault (BooruServiceSet *self, gconstpointer end)
{
  g_signal_emit (self, signals[SIGNAL_FAULT], 0, end);
}

static void
on_failed (BooruHostedService *service, const GError *error, gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_FAILED], 0, service, error);
}

static void
on_settled (BooruServiceSet *self)
{
  for (guint i = 0; i < self->services->len; i++)
    if (!booru_hosted_service_is_settled (self->services->pdata[i]))
      return;
  if (self->settled || self->stopping)
    return;
  self->settled = TRUE;
  g_signal_emit (self, signals[SIGNAL_SETTLED], 0);
}

/* Stops the last service that still runs; the next one when that has stopped. */
static void
stop_next (BooruServiceSet *self)
{
  for (guint i = self->services->len; i > 0; i--)
    if (!booru_hosted_service_is_stopped (self->services->pdata[i - 1]))
      {
        booru_hosted_service_stop (self->services->pdata[i - 1]);
        return;
      }
  g_signal_emit (self, signals[SIGNAL_STOPPED], 0);
}

/* A service that was removed is freed outside of its own signal. */
static gboolean
on_purge (gpointer user_data)
{
  BooruServiceSet *self = user_data;

  self->purge = 0;
  for (guint i = self->services->len; i > 0; i--)
    if (booru_hosted_service_is_removed (self->services->pdata[i - 1])
        && booru_hosted_service_is_stopped (self->services->pdata[i - 1]))
      {
        g_signal_handlers_disconnect_by_data (self->services->pdata[i - 1], self);
        g_ptr_array_remove_index (self->services, i - 1);
      }
  on_changed (self);
  return G_SOURCE_REMOVE;
}

static void
on_stopped (BooruHostedService *service, gpointer user_data)
{
  BooruServiceSet *self = user_data;

  if (self->stopping)
    stop_next (self);
  else if (booru_hosted_service_is_removed (service) && self->purge == 0)
    self->purge = g_idle_add (on_purge, self);
}

static void
on_publish (BooruServiceSet *self, gpointer origin, const char *topic, GVariant *payload)
{
  deliver (self, origin, topic, payload);
}

/* What is done with them */

void
booru_service_set_add (BooruServiceSet *self, BooruHostedService *service)
{
  g_ptr_array_add (self->services, g_object_ref (service));
  g_signal_connect_swapped (service, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect_swapped (service, "event", G_CALLBACK (on_event), self);
  g_signal_connect_swapped (service, "publish", G_CALLBACK (on_publish), self);
  g_signal_connect_swapped (service, "ask", G_CALLBACK (on_ask), self);
  g_signal_connect_swapped (service, "settled", G_CALLBACK (on_settled), self);
  g_signal_connect_swapped (service, "fault", G_CALLBACK (on_fault), self);
  g_signal_connect (service, "failed", G_CALLBACK (on_failed), self);
  g_signal_connect (service, "stopped", G_CALLBACK (on_stopped), self);
}

void
booru_service_set_start (BooruServiceSet *self)
{
  for (guint i = 0; i < self->services->len && !self->stopping; i++)
    booru_hosted_service_start (self->services->pdata[i]);
  changed (self);
}

void
booru_service_set_stop (BooruServiceSet *self)
{
  if (self->stopping)
    return;
  self->stopping = TRUE;
  changed (self);
  stop_next (self);
}

void
booru_service_set_kill (BooruServiceSet *self)
{
  for (guint i = self->services->len; i > 0; i--)
    booru_hosted_service_kill (self->services->pdata[i - 1]);
}

gboolean
booru_service_set_check (BooruServiceSet *self, gint64 now, gboolean late)
{
  gboolean healthy = TRUE;

  for (guint i = 0; i < self->services->len; i++)
    {
      BooruSupervisor *supervisor = booru_hosted_service_get_supervisor (self->services->pdata[i]);

      if (!late)
        booru_supervisor_check (supervisor, now);
      healthy
          &= !booru_hosted_service_get_spec (self->services->pdata[i])->essential
             || booru_supervisor_is_healthy (supervisor)
             || g_str_equal (booru_hosted_service_get_state (self->services->pdata[i]), "failing");
    }
  return healthy;
}

/* Waiting */

typedef struct
{
  guint n_pending;
  GError *error; /* the first one */
} Wait;

static void
wait_free (gpointer data)
{
  Wait *wait = data;

  g_clear_error (&wait->error);
  g_free (wait);
}

static void
end_wait (GTask *task)
{
  Wait *wait = g_task_get_task_data (task);

  if (--wait->n_pending > 0)
    return;
  if (wait->error)
    g_task_return_error (task, g_steal_pointer (&wait->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
on_waited (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Wait *wait = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!booru_hosted_service_wait_finish (BOORU_HOSTED_SERVICE (source), result, &error)
      && wait->error == NULL)
    wait->error = g_steal_pointer (&error);
  end_wait (task);
}

void
booru_services_wait_async (GPtrArray *services, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Wait *wait = g_new0 (Wait, 1);

  g_task_set_task_data (task, wait, wait_free);
  wait->n_pending = 1 + services->len;
  for (guint i = 0; i < services->len; i++)
    booru_hosted_service_wait_async (services->pdata[i], on_waited, g_object_ref (task));
  end_wait (task);
}

gboolean
booru_services_wait_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Reports */

typedef struct
{
  char *name;
  GVariant *arguments;
  GPtrArray *supervisors; /* that were not asked yet, last one first */
  GError *why;            /* there is no answer so far */
} Report;

static void ask_next (GTask *task, GError *why);

static void
report_free (gpointer data)
{
  Report *report = data;

  g_free (report->name);
  g_variant_unref (report->arguments);
  g_ptr_array_unref (report->supervisors);
  g_clear_error (&report->why);
  g_free (report);
}

static void
on_reported (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GVariant *answer = g_task_propagate_pointer (G_TASK (result), &error);

  if (answer)
    g_task_return_pointer (task, answer, (GDestroyNotify)g_variant_unref);
  else if (g_error_matches (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED)
           || g_error_matches (error, BOORU_ERROR, BOORU_ERROR_BUSY))
    ask_next (task, error);
  else
    g_task_return_error (task, error);
}

/* @why: (transfer full) (nullable): what the last one said. One that is not ready may know it. */
static void
ask_next (GTask *task, GError *why)
{
  Report *report = g_task_get_task_data (task);
  g_autoptr (BooruSupervisor) supervisor = NULL;

  if (why && !g_error_matches (report->why, BOORU_ERROR, BOORU_ERROR_BUSY))
    {
      g_clear_error (&report->why);
      report->why = g_steal_pointer (&why);
    }
  g_clear_error (&why);
  if (report->supervisors->len == 0)
    {
      if (report->why == NULL)
        g_set_error (&report->why, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED, "There is no report “%s”",
                     report->name);
      g_task_return_error (task, g_steal_pointer (&report->why));
      return;
    }
  supervisor = g_ptr_array_steal_index (report->supervisors, report->supervisors->len - 1);
  booru_supervisor_report (supervisor, report->name, report->arguments,
                           g_task_new (NULL, NULL, on_reported, g_object_ref (task)));
}

void
booru_service_set_report (BooruServiceSet *self, const char *name, GVariant *arguments, GTask *task)
{
  g_autoptr (GTask) owned = task;
  Report *report = g_new0 (Report, 1);

  report->name = g_strdup (name);
  report->arguments = g_variant_ref (arguments);
  report->supervisors = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = self->services->len; i > 0; i--)
    if (!booru_hosted_service_is_stopping (self->services->pdata[i - 1]))
      g_ptr_array_add (report->supervisors, g_object_ref (booru_hosted_service_get_supervisor (
                                                self->services->pdata[i - 1])));
  g_task_set_task_data (task, report, report_free);
  ask_next (task, NULL);
}

/* How they are */

GVariant *
booru_service_set_dup_published (BooruServiceSet *self, const char *key, const GVariantType *type)
{
  for (guint i = 0; i < self->services->len; i++)
    {
      GVariant *published = booru_hosted_service_get_published (self->services->pdata[i]);
      GVariant *value = published ? g_variant_lookup_value (published, key, type) : NULL;

      if (value)
        return value;
    }
  return NULL;
}

const char *
booru_service_set_get_state (BooruServiceSet *self)
{
  gboolean healthy = TRUE, rolling = FALSE;

  for (guint i = 0; i < self->services->len; i++)
    {
      BooruHostedService *service = self->services->pdata[i];

      if (booru_hosted_service_is_removed (service))
        continue;
      rolling |= booru_hosted_service_is_rolling (service);
      healthy &= g_str_equal (booru_hosted_service_get_state (service), "ready");
    }
  if (self->stopping)
    return "stopping";
  if (rolling)
    return "reloading";
  if (!self->settled)
    return "starting";
  return healthy ? "ready" : "degraded";
}

gboolean
booru_service_set_is_settled (BooruServiceSet *self)
{
  return self->settled;
}

gboolean
booru_service_set_is_stopping (BooruServiceSet *self)
{
  return self->stopping;
}

/* Life */

static void
booru_service_set_finalize (GObject *object)
{
  BooruServiceSet *self = BOORU_SERVICE_SET (object);

  g_clear_handle_id (&self->purge, g_source_remove);
  for (guint i = 0; i < self->services->len; i++)
    g_signal_handlers_disconnect_by_data (self->services->pdata[i], self);
  g_ptr_array_unref (self->services);
  G_OBJECT_CLASS (booru_service_set_parent_class)->finalize (object);
}

static void
booru_service_set_class_init (BooruServiceSetClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = booru_service_set_finalize;
  signals[SIGNAL_CHANGED]
      = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_EVENT] = g_signal_new ("event", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_ASK] = g_signal_new ("ask", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 3, G_TYPE_UINT, G_TYPE_VARIANT, G_TYPE_TASK);
  signals[SIGNAL_FAULT] = g_signal_new ("fault", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, BOORU_TYPE_HOSTED_SERVICE, G_TYPE_ERROR);
  signals[SIGNAL_SETTLED]
      = g_signal_new ("settled", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_STOPPED]
      = g_signal_new ("stopped", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
booru_service_set_init (BooruServiceSet *self)
{
  self->services = g_ptr_array_new_with_free_func (g_object_unref);
}

BooruServiceSet *
booru_service_set_new (void)
{
  return g_object_new (BOORU_TYPE_SERVICE_SET, NULL);
}
