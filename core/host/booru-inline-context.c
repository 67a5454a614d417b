/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-inline-context.h"

#include "base/booru-error.h"
#include "plugin/booru-plugin-extend.h"

struct _BooruInlineContext
{
  BooruServiceContext parent_instance;
  BooruServiceRunner *runner; /* not owned */
};

G_DEFINE_FINAL_TYPE (BooruInlineContext, booru_inline_context, BOORU_TYPE_SERVICE_CONTEXT)

struct _BooruInlineRunner
{
  BooruServiceRunner parent_instance;
  BooruServiceContext *context;
  gboolean ready, stopping, stopped;
  guint deadline; /* source: not stopped by then */
};

G_DEFINE_FINAL_TYPE (BooruInlineRunner, booru_inline_runner, BOORU_TYPE_SERVICE_RUNNER)

/* The runner's side */

static void
inline_runner_ready (BooruInlineRunner *self)
{
  self->ready = TRUE;
  booru_service_runner_started (BOORU_SERVICE_RUNNER (self));
  booru_service_runner_changed (BOORU_SERVICE_RUNNER (self));
}

static gboolean
report_stopped (gpointer user_data)
{
  booru_service_runner_stopped (user_data);
  return G_SOURCE_REMOVE;
}

/* Not at once: the service is still in the call that says so. */
static void
inline_runner_stopped (BooruInlineRunner *self)
{
  if (self->stopped)
    return;
  self->stopped = TRUE;
  self->ready = FALSE;
  g_clear_handle_id (&self->deadline, g_source_remove);
  if (self->stopping)
    g_idle_add_full (G_PRIORITY_DEFAULT, report_stopped, g_object_ref (self), g_object_unref);
}

static gboolean
on_not_stopped (gpointer user_data)
{
  BooruInlineRunner *self = user_data;

  self->deadline = 0;
  g_warning ("%s did not stop in time",
             booru_service_runner_get_spec (user_data)->service->process_name);
  inline_runner_stopped (self);
  return G_SOURCE_REMOVE;
}

static void
inline_runner_start (BooruServiceRunner *runner)
{
  BooruInlineRunner *self = BOORU_INLINE_RUNNER (runner);
  const BooruServiceSpec *spec = booru_service_runner_get_spec (runner);
  g_autoptr (GError) error = NULL;

  self->context = booru_inline_context_new (runner);
  booru_service_context_take_config (self->context,
                                     booru_config_ref (booru_service_runner_get_config (runner)));
  booru_service_context_set_listener (self->context, spec->listener);
  if (booru_plugin_extend (spec->plugins, booru_service_context_get_extensions (self->context),
                           spec->service->name, &error)
      && spec->service->start (self->context, &error))
    return;
  if (error == NULL)
    error = g_error_new (BOORU_ERROR, BOORU_ERROR_FAILED, "The service did not say why");
  booru_service_context_fail (self->context, error);
}

static void
inline_runner_stop (BooruServiceRunner *runner)
{
  BooruInlineRunner *self = BOORU_INLINE_RUNNER (runner);

  self->stopping = TRUE;
  if (self->context == NULL || self->stopped || !self->ready)
    {
      self->stopped = FALSE;
      inline_runner_stopped (self);
      return;
    }
  self->deadline = g_timeout_add_seconds (
      booru_service_runner_get_spec (runner)->service->stop_timeout, on_not_stopped, self);
  booru_service_context_emit_quiesce (self->context, FALSE);
}

static void
inline_runner_kill (BooruServiceRunner *runner)
{
  inline_runner_stopped (BOORU_INLINE_RUNNER (runner));
}

static void
inline_runner_configure (BooruServiceRunner *runner, BooruConfig *config)
{
  BooruInlineRunner *self = BOORU_INLINE_RUNNER (runner);

  if (self->ready)
    booru_service_context_take_config (self->context, booru_config_ref (config));
}

static void
inline_runner_deliver (BooruServiceRunner *runner,
                       gpointer origin,
                       const char *topic,
                       GVariant *payload)
{
  BooruInlineRunner *self = BOORU_INLINE_RUNNER (runner);

  if (self->ready && origin != self)
    booru_service_context_emit_event (self->context, topic, payload);
}

static void
inline_runner_roll (BooruServiceRunner *runner)
{
  g_message ("%s runs within the host: restart booru-host to replace it",
             booru_service_runner_get_spec (runner)->service->process_name);
  booru_service_runner_rolled (runner, NULL);
}

static void
inline_runner_check (BooruServiceRunner *runner, gint64 now)
{
}

static gboolean
inline_runner_is_healthy (BooruServiceRunner *runner)
{
  return BOORU_INLINE_RUNNER (runner)->ready;
}

static guint
inline_runner_get_n_processes (BooruServiceRunner *runner)
{
  return 1;
}

static void
inline_runner_describe (BooruServiceRunner *runner, GString *out)
{
  g_string_append_printf (out, "\n  %s: within the host, %s",
                          booru_service_runner_get_spec (runner)->service->process_name,
                          BOORU_INLINE_RUNNER (runner)->ready ? "ready" : "not ready");
}

static void
inline_runner_get_status (BooruServiceRunner *runner, BooruServiceStatus *status)
{
  BooruInlineRunner *self = BOORU_INLINE_RUNNER (runner);

  status->wanted = 1;
  status->ready = self->ready;
  status->state = self->ready ? BOORU_SERVICE_READY : BOORU_SERVICE_STARTING;
}

static void
inline_runner_list_processes (BooruServiceRunner *runner, GArray *processes)
{
  /* It has none of its own. */
}

static void
inline_runner_collect (BooruServiceRunner *runner, BooruCollector *collector)
{
  BooruInlineRunner *self = BOORU_INLINE_RUNNER (runner);
  const char *service = booru_service_runner_get_spec (runner)->service->name;

  if (self->ready)
    booru_collector_tell (collector, service, 0, booru_service_context_get_metrics (self->context));
  else
    booru_collector_ask (collector, service, 0, NULL);
}

static void
inline_runner_report (BooruServiceRunner *runner,
                      const char *name,
                      GVariant *arguments,
                      GTask *task)
{
  g_autoptr (GTask) owned = task;
  GError *error = NULL;
  GVariant *report = booru_service_context_make_report (BOORU_INLINE_RUNNER (runner)->context, name,
                                                        arguments, &error);

  if (report)
    g_task_return_pointer (task, report, (GDestroyNotify)g_variant_unref);
  else
    g_task_return_error (task, error);
}

static void
booru_inline_runner_finalize (GObject *object)
{
  BooruInlineRunner *self = BOORU_INLINE_RUNNER (object);

  g_clear_handle_id (&self->deadline, g_source_remove);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (booru_inline_runner_parent_class)->finalize (object);
}

static void
booru_inline_runner_class_init (BooruInlineRunnerClass *klass)
{
  BooruServiceRunnerClass *runner_class = BOORU_SERVICE_RUNNER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = booru_inline_runner_finalize;
  runner_class->start = inline_runner_start;
  runner_class->stop = inline_runner_stop;
  runner_class->kill = inline_runner_kill;
  runner_class->configure = inline_runner_configure;
  runner_class->deliver = inline_runner_deliver;
  runner_class->roll = inline_runner_roll;
  runner_class->check = inline_runner_check;
  runner_class->is_healthy = inline_runner_is_healthy;
  runner_class->get_n_processes = inline_runner_get_n_processes;
  runner_class->describe = inline_runner_describe;
  runner_class->get_status = inline_runner_get_status;
  runner_class->list_processes = inline_runner_list_processes;
  runner_class->collect = inline_runner_collect;
  runner_class->report = inline_runner_report;
}

static void
booru_inline_runner_init (BooruInlineRunner *self)
{
}

/**
 * booru_inline_runner_new:
 * @spec: the service; must outlive the runner
 * @config: its configuration
 *
 * Returns: (transfer full): a runner that has started nothing yet
 */
BooruServiceRunner *
booru_inline_runner_new (const BooruServiceSpec *spec, BooruConfig *config)
{
  BooruServiceRunner *self = g_object_new (BOORU_TYPE_INLINE_RUNNER, NULL);

  booru_service_runner_set_spec (self, spec, config);
  return self;
}

/* The service's side */

static void
inline_context_ready (BooruServiceContext *context)
{
  inline_runner_ready (BOORU_INLINE_RUNNER (BOORU_INLINE_CONTEXT (context)->runner));
}

static void
inline_context_stopped (BooruServiceContext *context)
{
  inline_runner_stopped (BOORU_INLINE_RUNNER (BOORU_INLINE_CONTEXT (context)->runner));
}

static void
inline_context_fail (BooruServiceContext *context, const GError *error)
{
  BooruServiceRunner *runner = BOORU_INLINE_CONTEXT (context)->runner;

  BOORU_INLINE_RUNNER (runner)->ready = FALSE;
  booru_service_runner_failed (runner, error);
}

static void
inline_context_publish (BooruServiceContext *context, const char *topic, GVariant *payload)
{
  BooruServiceRunner *runner = BOORU_INLINE_CONTEXT (context)->runner;

  booru_service_runner_publish (runner, runner, topic, payload);
}

static void
inline_context_ask_host (BooruServiceContext *context,
                         BooruHostQuestion question,
                         GVariant *argument,
                         GTask *task)
{
  g_autoptr (GTask) owned = task;

  booru_service_runner_ask (BOORU_INLINE_CONTEXT (context)->runner, question, argument, owned);
}

static void
booru_inline_context_class_init (BooruInlineContextClass *klass)
{
  BooruServiceContextClass *context_class = BOORU_SERVICE_CONTEXT_CLASS (klass);

  context_class->ready = inline_context_ready;
  context_class->stopped = inline_context_stopped;
  context_class->fail = inline_context_fail;
  context_class->publish = inline_context_publish;
  context_class->ask_host = inline_context_ask_host;
}

static void
booru_inline_context_init (BooruInlineContext *self)
{
}

BooruServiceContext *
booru_inline_context_new (BooruServiceRunner *runner)
{
  BooruInlineContext *self = g_object_new (BOORU_TYPE_INLINE_CONTEXT, NULL);

  self->runner = runner;
  return BOORU_SERVICE_CONTEXT (self);
}
