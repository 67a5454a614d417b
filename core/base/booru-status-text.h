/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's state in words for people: booructl and /system say the same. Dictionaries are those
 * of org.booru.Host1. What is returned is transfer full, unless it is const. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  BOORU_TONE_GOOD,
  BOORU_TONE_FAIR, /* on its way */
  BOORU_TONE_BAD,
  BOORU_TONE_QUIET, /* as somebody wants it to be */
} BooruTone;

BooruTone booru_tone_of_state (const char *state); /* of a host, a service, a process or a plugin */

char *booru_text_from_count (gint64 count);                    /* "1,234,567" */
char *booru_text_from_seconds (guint64 seconds);               /* "3 min 20 s" */
const char *booru_text_from_service_state (GVariant *service); /* "troubled" if it is */
/* "starting: migrates the database". */
char *booru_text_from_process_state (GVariant *process);

/* Of one scan: "120 of 4,000 files (3 %), 12 new, 33 files/s, 2.0 MB/s", or "4,000 files, 12 new,
 * in 3.2 s, 5 min 0 s ago". */
char *booru_text_from_scan (GVariant *scan);
char *booru_text_from_ingest (GVariant *ingest); /* what all folders together have to do */
char *booru_text_from_left (GVariant *progress); /* of either: "5 min 0 s left"; NULL: not known */

G_END_DECLS
