/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-metrics.h"

static const BooruMetricInfo files = {
  .name = "booru_ingest_files_total",
  .help = "Files that were looked at and written to the store, by what came of them.",
  .kind = BOORU_METRIC_COUNTER,
  .labels = { "result" },
};
static const BooruMetricInfo decode_durations = {
  .name = "booru_decode_duration_seconds",
  .help = "Time from a file being given to the decoders to its result, waiting included.",
  .kind = BOORU_METRIC_HISTOGRAM,
  .labels = { "result" },
  .buckets = { 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60 },
};
static const BooruMetricInfo bytes = {
  .name = "booru_ingest_bytes_total",
  .help = "Bytes of the files whose content was read.",
  .kind = BOORU_METRIC_COUNTER,
};
static const BooruMetricInfo files_rate = {
  .name = "booru_ingest_files_per_second",
  .help = "Files done with in a second, smoothed over some seconds; 0 when nothing is to be done.",
  .kind = BOORU_METRIC_GAUGE,
};
static const BooruMetricInfo bytes_rate = {
  .name = "booru_ingest_bytes_per_second",
  .help = "Bytes of content read in a second, smoothed over some seconds.",
  .kind = BOORU_METRIC_GAUGE,
};
static const BooruMetricInfo time_left = {
  .name = "booru_ingest_left_seconds",
  .help = "Time until all that is to be done is done, at that rate; NaN while nobody can say.",
  .kind = BOORU_METRIC_GAUGE,
};
static const BooruMetricInfo scans = {
  .name = "booru_scans_total",
  .help = "Folders that were looked through to the end.",
  .kind = BOORU_METRIC_COUNTER,
};
static const BooruMetricInfo scans_running = {
  .name = "booru_scans_running",
  .help = "Folders and directories that are being looked through.",
  .kind = BOORU_METRIC_GAUGE,
};
static const BooruMetricInfo queue_length = {
  .name = "booru_ingest_queue_length",
  .help = "Files that wait or are worked on.",
  .kind = BOORU_METRIC_GAUGE,
};
static const BooruMetricInfo watches = {
  .name = "booru_watched_directories",
  .help = "Directories watched by inotify.",
  .kind = BOORU_METRIC_GAUGE,
};
static const BooruMetricInfo overflows = {
  .name = "booru_inotify_overflows_total",
  .help = "Times that changes came faster than they could be followed.",
  .kind = BOORU_METRIC_COUNTER,
};
static const BooruMetricInfo decoders = {
  .name = "booru_decoders",
  .help = "Decoder processes that run.",
  .kind = BOORU_METRIC_GAUGE,
};
static const BooruMetricInfo decoders_started = {
  .name = "booru_decoders_started_total",
  .help = "Decoder processes that were started.",
  .kind = BOORU_METRIC_COUNTER,
};
static const BooruMetricInfo decoder_failures = {
  .name = "booru_decoder_failures_total",
  .help = "Decoder processes that crashed, hung or grew too large, or did not start.",
  .kind = BOORU_METRIC_COUNTER,
};

void
monitor_metrics_init (MonitorMetrics *self, BooruMetrics *registry)
{
  static const char *const results[] = { "added",   "linked",  "failed",   "ignored",  "moved",
                                         "removed", "touched", "imported", "duplicate" };

  for (guint i = 0; i < MONITOR_N_RESULTS; i++)
    self->files[i] = booru_metrics_get (registry, &files, results[i]);
  self->decoded = booru_metrics_get (registry, &decode_durations, "decoded");
  self->not_decoded = booru_metrics_get (registry, &decode_durations, "failed");
  self->bytes = booru_metrics_get (registry, &bytes);
  self->files_rate = booru_metrics_get (registry, &files_rate);
  self->bytes_rate = booru_metrics_get (registry, &bytes_rate);
  self->time_left = booru_metrics_get (registry, &time_left);
  self->scans = booru_metrics_get (registry, &scans);
  self->scans_running = booru_metrics_get (registry, &scans_running);
  self->queue_length = booru_metrics_get (registry, &queue_length);
  self->watches = booru_metrics_get (registry, &watches);
  self->overflows = booru_metrics_get (registry, &overflows);
  self->decoders = booru_metrics_get (registry, &decoders);
  self->decoders_started = booru_metrics_get (registry, &decoders_started);
  self->decoder_failures = booru_metrics_get (registry, &decoder_failures);
}

static MonitorResult
get_result (const BooruFileChange *change)
{
  switch (change->kind)
    {
    case BOORU_FILE_ADD:
      return change->created ? MONITOR_RESULT_ADDED : MONITOR_RESULT_LINKED;
    case BOORU_FILE_LINK:
      return MONITOR_RESULT_LINKED;
    case BOORU_FILE_MOVE:
      return MONITOR_RESULT_MOVED;
    case BOORU_FILE_TOUCH:
      return MONITOR_RESULT_TOUCHED;
    case BOORU_FILE_IMPORT:
      return MONITOR_RESULT_IMPORTED;
    case BOORU_FILE_REMOVE:
      return MONITOR_RESULT_REMOVED;
    case BOORU_FILE_FAIL:
      return MONITOR_RESULT_FAILED;
    case BOORU_FILE_IGNORE:
    default:
      return MONITOR_RESULT_IGNORED;
    }
}

void
monitor_metrics_count_change (MonitorMetrics *self, const BooruFileChange *change)
{
  booru_metric_inc (self->files[get_result (change)]);
}
