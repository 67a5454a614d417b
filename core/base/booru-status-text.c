/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-status-text.h"

#include <string.h>

#include "base/booru-dict.h"

BooruTone
booru_tone_of_state (const char *state)
{
  g_return_val_if_fail (state != NULL, BOORU_TONE_FAIR);
  if (strcmp (state, "ready") == 0 || strcmp (state, "enabled") == 0)
    return BOORU_TONE_GOOD;
  if (strcmp (state, "failed") == 0 || strcmp (state, "failing") == 0
      || strcmp (state, "broken") == 0)
    return BOORU_TONE_BAD;
  return strcmp (state, "disabled") == 0 ? BOORU_TONE_QUIET : BOORU_TONE_FAIR;
}

char *
booru_text_from_count (gint64 count)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GINT64_FORMAT, count);
  gsize length = strlen (digits);
  GString *out = g_string_sized_new (length + length / 3);

  for (gsize i = 0; i < length; i++)
    {
      if (i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-')
        g_string_append_c (out, ',');
      g_string_append_c (out, digits[i]);
    }
  return g_string_free (out, FALSE);
}

char *
booru_text_from_seconds (guint64 seconds)
{
  if (seconds < 60)
    return g_strdup_printf ("%u s", (guint)seconds);
  if (seconds < 3600)
    return g_strdup_printf ("%u min %u s", (guint)(seconds / 60), (guint)(seconds % 60));
  if (seconds < 86400)
    return g_strdup_printf ("%u h %u min", (guint)(seconds / 3600), (guint)(seconds / 60 % 60));
  return g_strdup_printf ("%u d %u h", (guint)(seconds / 86400), (guint)(seconds / 3600 % 24));
}

const char *
booru_text_from_service_state (GVariant *service)
{
  g_return_val_if_fail (service != NULL, NULL);
  return *booru_dict_get_text (service, "Trouble") ? "troubled"
                                                   : booru_dict_get_text (service, "State");
}

char *
booru_text_from_process_state (GVariant *process)
{
  g_return_val_if_fail (process != NULL, NULL);

  const char *activity = booru_dict_get_text (process, "Activity");

  return g_strconcat (booru_dict_get_text (process, "State"), *activity ? ": " : "", activity,
                      NULL);
}

/* Progress */

static void
append_count (GString *text, GVariant *dict, const char *name)
{
  g_autofree char *number = booru_text_from_count ((gint64)booru_dict_get_count (dict, name));

  g_string_append (text, number);
}

static void
append_if_any (GString *text, GVariant *dict, const char *name, const char *words)
{
  if (booru_dict_get_count (dict, name) == 0)
    return;
  g_string_append (text, ", ");
  append_count (text, dict, name);
  g_string_append_printf (text, " %s", words);
}

static void
append_rates (GString *text, GVariant *dict)
{
  double files = booru_dict_get_number (dict, "files-rate");
  double bytes = booru_dict_get_number (dict, "bytes-rate");
  g_autofree char *size = g_format_size ((guint64)MAX (0, bytes));

  g_string_append_printf (text, files < 10 ? ", %.1f files/s" : ", %.0f files/s", files);
  if (bytes >= 1)
    g_string_append_printf (text, ", %s/s", size);
}

static void
append_passed (GString *text, GVariant *scan)
{
  guint64 passed = booru_dict_get_count (scan, "passed");
  guint64 total = booru_dict_get_count (scan, "total");

  append_count (text, scan, "passed");
  if (total > 0)
    {
      g_string_append (text, " of ");
      append_count (text, scan, "total");
    }
  g_string_append (text, " files");
  if (total > 0)
    g_string_append_printf (text, " (%u %%)", (guint)(100 * passed / total));
}

static void
append_end (GString *text, GVariant *scan)
{
  gint64 time = 0;
  g_autofree char *ago = NULL;

  g_variant_lookup (scan, "time", "x", &time);
  ago = booru_text_from_seconds ((guint64)MAX (0, (g_get_real_time () - time) / G_USEC_PER_SEC));
  g_string_append_printf (text, ", in %.1f s, %s ago", booru_dict_get_number (scan, "seconds"),
                          ago);
}

char *
booru_text_from_scan (GVariant *scan)
{
  g_return_val_if_fail (scan != NULL, NULL);

  gboolean running = booru_dict_get_flag (scan, "running");
  GString *text = g_string_new (NULL);

  if (running)
    append_passed (text, scan);
  else
    {
      append_count (text, scan, "files-seen");
      g_string_append (text, " files");
    }
  append_if_any (text, scan, "new", "new");
  append_if_any (text, scan, "failed", "failed");
  append_if_any (text, scan, "waiting", "not ready yet");
  if (running)
    append_rates (text, scan);
  else
    append_end (text, scan);
  return g_string_free (text, FALSE);
}

char *
booru_text_from_ingest (GVariant *ingest)
{
  g_return_val_if_fail (ingest != NULL, NULL);

  GString *text = g_string_new (NULL);

  if (!booru_dict_get_flag (ingest, "running"))
    {
      g_string_append (text, "Idle: nothing to do");
      append_if_any (text, ingest, "waiting", "to be checked again");
      return g_string_free (text, FALSE);
    }
  append_count (text, ingest, "queued");
  g_string_append (text, " queued, ");
  append_count (text, ingest, "working");
  g_string_append (text, " in progress");
  append_if_any (text, ingest, "done", "done");
  append_if_any (text, ingest, "failed", "failed");
  append_if_any (text, ingest, "waiting", "waiting");
  append_rates (text, ingest);
  return g_string_free (text, FALSE);
}

char *
booru_text_from_left (GVariant *progress)
{
  guint64 left;
  g_autofree char *duration = NULL;

  g_return_val_if_fail (progress != NULL, NULL);
  if (!g_variant_lookup (progress, "left", "t", &left))
    return NULL;
  duration = booru_text_from_seconds (left);
  return g_strconcat (duration, " left", NULL);
}
