/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Describes the host's state in words, alike in booructl and on /system. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BooruTone:
 * @BOORU_TONE_GOOD: works
 * @BOORU_TONE_FAIR: on its way
 * @BOORU_TONE_BAD: failed
 * @BOORU_TONE_QUIET: off, as somebody wants it to be
 *
 * How good a state is, for colours.
 */
typedef enum
{
  BOORU_TONE_GOOD,
  BOORU_TONE_FAIR,
  BOORU_TONE_BAD,
  BOORU_TONE_QUIET,
} BooruTone;

/**
 * booru_tone_of_state:
 * @state: of a host, a service, a process or a plugin
 *
 * Returns: how good it is
 */
BooruTone booru_tone_of_state (const char *state);

/**
 * booru_text_from_count:
 * @count: a number
 *
 * Returns: (transfer full): "1,234,567"
 */
char *booru_text_from_count (gint64 count);

/**
 * booru_text_from_seconds:
 * @seconds: a duration
 *
 * Returns: (transfer full): "3 min 20 s"
 */
char *booru_text_from_seconds (guint64 seconds);

/**
 * booru_text_from_service_state:
 * @service: an a{sv} of org.booru.Host1
 *
 * Returns: (transfer none): its state; "troubled" if it reports trouble
 */
const char *booru_text_from_service_state (GVariant *service);

/**
 * booru_text_from_process_state:
 * @process: an a{sv} of org.booru.Host1
 *
 * Returns: (transfer full): "starting: migrates the database"
 */
char *booru_text_from_process_state (GVariant *process);

/**
 * booru_text_from_scan:
 * @scan: an a{sv} of %BOORU_EVENT_STATUS
 *
 * Returns: (transfer full): "120 of 4,000 files (3 %), 12 new, 33 files/s, 2.0 MB/s" while it runs,
 *   later "4,000 files, 12 new, in 3.2 s, 5 min 0 s ago"
 */
char *booru_text_from_scan (GVariant *scan);

/**
 * booru_text_from_ingest:
 * @ingest: an a{sv} of %BOORU_EVENT_STATUS
 *
 * Returns: (transfer full): what all folders together have to do
 */
char *booru_text_from_ingest (GVariant *ingest);

/**
 * booru_text_from_left:
 * @progress: either of them
 *
 * Returns: (transfer full) (nullable): "5 min 0 s left"; %NULL if it is not known
 */
char *booru_text_from_left (GVariant *progress);

G_END_DECLS
