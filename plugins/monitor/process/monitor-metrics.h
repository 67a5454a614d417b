/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* What came of a file. */
typedef enum
{
  MONITOR_RESULT_ADDED,  /* a new post */
  MONITOR_RESULT_LINKED, /* another file of a known post */
  MONITOR_RESULT_FAILED,
  MONITOR_RESULT_IGNORED,
  MONITOR_RESULT_MOVED,
  MONITOR_RESULT_REMOVED,
  MONITOR_RESULT_TOUCHED,
  MONITOR_RESULT_IMPORTED,  /* what is said of it was looked at anew */
  MONITOR_RESULT_DUPLICATE, /* in the inbox: set aside */
  MONITOR_N_RESULTS,
} MonitorResult;

/**
 * MonitorMetrics:
 *
 * What the monitor counts and measures. All zero: nothing is counted.
 */
typedef struct
{
  BooruMetric *files[MONITOR_N_RESULTS];
  BooruMetric *decoded, *not_decoded; /* durations */
  BooruMetric *bytes;
  BooruMetric *files_rate, *bytes_rate, *time_left; /* gauges, as below */
  BooruMetric *scans;
  BooruMetric *overflows;
  BooruMetric *queue_length, *scans_running, *watches; /* gauges: set when somebody asks */
  BooruMetric *decoders, *decoders_started, *decoder_failures;
} MonitorMetrics;

/* registry: may be NULL. */
void monitor_metrics_init (MonitorMetrics *self, BooruMetrics *registry);

/* @change: what the store has taken */
void monitor_metrics_count_change (MonitorMetrics *self, const BooruFileChange *change);

G_END_DECLS
