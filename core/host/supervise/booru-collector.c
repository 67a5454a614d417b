/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-collector.h"

#include <unistd.h>

#include "base/booru-metrics-text.h"
#include "booru-process-usage.h"

#define PATIENCE 1000 /* ms for which a process is waited for */

struct _BooruCollector
{
  BooruCollectorFunc done; /* NULL: forgotten */
  gpointer user_data;
  BooruMetrics *metrics;
  BooruMetricsText *text;
  guint n_pending; /* answers; and one for whoever still asks */
};

typedef struct
{
  BooruCollector *collector;
  char *process;
} Question;

static const BooruMetricInfo up = {
  .name = "booru_up",
  .help = "Whether the process works and has answered.",
  .kind = BOORU_METRIC_GAUGE,
  .labels = { "process" },
};
static const BooruMetricInfo start_time = {
  .name = "booru_process_start_time_seconds",
  .help = "When the process was started, in seconds since 1970.",
  .kind = BOORU_METRIC_GAUGE,
  .labels = { "process" },
};
static const BooruMetricInfo cpu = {
  .name = "booru_process_cpu_seconds_total",
  .help = "Processor time that the process used.",
  .kind = BOORU_METRIC_COUNTER,
  .labels = { "process" },
};
static const BooruMetricInfo resident = {
  .name = "booru_process_resident_memory_bytes",
  .help = "Memory of the process, what it shares with others included.",
  .kind = BOORU_METRIC_GAUGE,
  .labels = { "process" },
};
static const BooruMetricInfo private_memory = {
  .name = "booru_process_private_memory_bytes",
  .help = "Memory that the process shares with nobody.",
  .kind = BOORU_METRIC_GAUGE,
  .labels = { "process" },
};
static const BooruMetricInfo open_fds = {
  .name = "booru_process_open_fds",
  .help = "Open file descriptors of the process.",
  .kind = BOORU_METRIC_GAUGE,
  .labels = { "process" },
};
static const BooruMetricInfo threads = {
  .name = "booru_process_threads",
  .help = "Threads of the process.",
  .kind = BOORU_METRIC_GAUGE,
  .labels = { "process" },
};

/**
 * booru_collector_new:
 * @done: gets the page
 * @user_data: for @done
 *
 * Returns: (transfer full): a collector, which booru_collector_run() consumes
 */
BooruCollector *
booru_collector_new (BooruCollectorFunc done, gpointer user_data)
{
  BooruCollector *self = g_new0 (BooruCollector, 1);

  self->done = done;
  self->user_data = user_data;
  self->metrics = booru_metrics_new ();
  self->text = booru_metrics_text_new ();
  self->n_pending = 1;
  return self;
}

BooruMetrics *
booru_collector_get_metrics (BooruCollector *self)
{
  return self->metrics;
}

static void
finish (BooruCollector *self)
{
  g_autoptr (GVariant) own = NULL;
  g_autofree char *text = NULL;

  if (--self->n_pending > 0)
    return;
  own = g_variant_ref_sink (booru_metrics_to_variant (self->metrics));
  booru_metrics_text_add (self->text, NULL, own);
  text = booru_metrics_text_finish (self->text);
  if (self->done)
    self->done (g_steal_pointer (&text), self->user_data);
  booru_metrics_free (self->metrics);
  g_free (self);
}

static void
set (BooruCollector *self, const BooruMetricInfo *info, const char *process, double value)
{
  booru_metric_set (booru_metrics_get (self->metrics, info, process), value);
}

static void
add_usage (BooruCollector *self, const char *process, GPid pid)
{
  BooruProcessUsage usage;

  if (pid == 0 || !booru_process_usage_read (&usage, pid))
    return;
  set (self, &start_time, process, usage.start_time);
  set (self, &cpu, process, usage.cpu_seconds);
  set (self, &resident, process, (double)usage.resident);
  set (self, &private_memory, process, (double)usage.private_memory);
  set (self, &open_fds, process, usage.open_fds);
  set (self, &threads, process, usage.threads);
}

static void
on_answer (GObject *child, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  BooruCollector *self = question->collector;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_proxy_call_finish (G_DBUS_PROXY (child), result, &error);

  if (answer)
    {
      g_autoptr (GVariant) metrics = g_variant_get_child_value (answer, 0);

      booru_metrics_text_add (self->text, question->process, metrics);
      set (self, &up, question->process, 1);
    }
  else
    g_info ("%s does not tell its metrics: %s", question->process, error->message);
  g_free (question->process);
  g_free (question);
  finish (self);
}

/**
 * booru_collector_ask:
 * @self: a collector
 * @process: name of the process, among all
 * @pid: of the process; 0: there is none
 * @child: (nullable): its end of the channel; %NULL: it is not ready
 */
void
booru_collector_ask (BooruCollector *self, const char *process, GPid pid, GDBusProxy *child)
{
  Question *question;

  set (self, &up, process, 0);
  add_usage (self, process, pid);
  if (child == NULL)
    return;
  question = g_new0 (Question, 1);
  question->collector = self;
  question->process = g_strdup (process);
  self->n_pending++;
  g_dbus_proxy_call (child, "Stats", NULL, G_DBUS_CALL_FLAGS_NONE, PATIENCE, NULL, on_answer,
                     question);
}

void
booru_collector_add_host (BooruCollector *self)
{
  set (self, &up, "host", 1);
  add_usage (self, "host", getpid ());
}

/**
 * booru_collector_run:
 * @self: (transfer full): a collector, all processes asked
 *
 * Hands the page over when the last answer is there: perhaps before this returns.
 */
void
booru_collector_run (BooruCollector *self)
{
  finish (self);
}

/**
 * booru_collector_forget:
 * @self: a collector that runs
 *
 * Nobody wants the page any more.
 */
void
booru_collector_forget (BooruCollector *self)
{
  self->done = NULL;
}
