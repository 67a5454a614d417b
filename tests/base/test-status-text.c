/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib.h>

#include "base/booru-dict.h"
#include "base/booru-status-text.h"

static GVariant *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *value = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);

  g_assert_no_error (error);
  return value;
}

static void
require (char *found, const char *expected)
{
  g_assert_cmpstr (found, ==, expected);
  g_free (found);
}

static void
test_dict (void)
{
  g_autoptr (GVariant) dict = parse (
      "{'u': <uint32 7>, 't': <uint64 8>, 's': <'x'>, 'y': <b'/\\377'>, 'b': <true>, 'd': <1.5>}");

  g_assert_cmpuint (booru_dict_get_count (dict, "u"), ==, 7);
  g_assert_cmpuint (booru_dict_get_count (dict, "t"), ==, 8);
  g_assert_cmpuint (booru_dict_get_count (dict, "s"), ==, 0);
  g_assert_cmpstr (booru_dict_get_text (dict, "s"), ==, "x");
  g_assert_cmpstr (booru_dict_get_text (dict, "u"), ==, "");
  g_assert_cmpstr (booru_dict_get_path (dict, "y"), ==, "/\377");
  g_assert_cmpstr (booru_dict_get_path (dict, "none"), ==, "");
  g_assert_true (booru_dict_get_flag (dict, "b"));
  g_assert_false (booru_dict_get_flag (dict, "none"));
  g_assert_cmpfloat (booru_dict_get_number (dict, "d"), ==, 1.5);
}

static void
test_counts (void)
{
  require (booru_text_from_count (0), "0");
  require (booru_text_from_count (999), "999");
  require (booru_text_from_count (1000), "1,000");
  require (booru_text_from_count (1234567), "1,234,567");
  require (booru_text_from_count (-123456), "-123,456");
}

static void
test_durations (void)
{
  require (booru_text_from_seconds (0), "0 s");
  require (booru_text_from_seconds (59), "59 s");
  require (booru_text_from_seconds (60), "1 min 0 s");
  require (booru_text_from_seconds (3599), "59 min 59 s");
  require (booru_text_from_seconds (3661), "1 h 1 min");
  require (booru_text_from_seconds (86400), "1 d 0 h");
}

static void
test_running_scan (void)
{
  g_autoptr (GVariant) scan
      = parse ("{'running': <true>, 'passed': <uint64 1200>, 'total': <uint64 5000>,"
               " 'new': <uint64 1000>, 'failed': <uint64 2>, 'waiting': <uint64 1>,"
               " 'files-rate': <33.4>, 'bytes-rate': <2e6>, 'left': <uint64 200>}");
  g_autoptr (GVariant) first
      = parse ("{'running': <true>, 'passed': <uint64 3>, 'files-rate': <0.5>}");

  require (booru_text_from_scan (scan), "1,200 of 5,000 files (24 %), 1,000 new, 2 failed, "
                                        "1 not ready yet, 33 files/s, 2.0\u00a0MB/s");
  require (booru_text_from_left (scan), "3 min 20 s left");
  require (booru_text_from_scan (first), "3 files, 0.5 files/s");
  g_assert_null (booru_text_from_left (first));
}

static void
test_finished_scan (void)
{
  gint64 now = g_get_real_time ();
  g_autoptr (GVariant) scan = g_variant_ref_sink (g_variant_new_parsed (
      "{'running': <false>, 'files-seen': <uint64 4000>, 'seconds': <3.21>, 'time': <%x>}",
      now - (gint64)7300 * G_USEC_PER_SEC));
  g_autoptr (GVariant) later
      = g_variant_ref_sink (g_variant_new_parsed ("{'time': <%x>}", now + G_USEC_PER_SEC * 60));

  require (booru_text_from_scan (scan), "4,000 files, in 3.2 s, 2 h 1 min ago");
  /* The clock was set back. */
  require (booru_text_from_scan (later), "0 files, in 0.0 s, 0 s ago");
}

static void
test_ingest (void)
{
  g_autoptr (GVariant) none = parse ("@a{sv} {}");
  g_autoptr (GVariant) waits = parse ("{'running': <false>, 'waiting': <uint64 3>}");
  g_autoptr (GVariant) runs
      = parse ("{'running': <true>, 'queued': <uint64 5000>, 'working': <uint64 2>,"
               " 'done': <uint64 7>, 'files-rate': <12.0>, 'bytes-rate': <0.0>}");

  require (booru_text_from_ingest (none), "Idle: nothing to do");
  require (booru_text_from_ingest (waits), "Idle: nothing to do, 3 to be checked again");
  require (booru_text_from_ingest (runs), "5,000 queued, 2 in progress, 7 done, 12 files/s");
}

static void
test_states (void)
{
  g_autoptr (GVariant) well = parse ("{'State': <'ready'>, 'Trouble': <''>}");
  g_autoptr (GVariant) troubled = parse ("{'State': <'ready'>, 'Trouble': <'no descriptors'>}");
  g_autoptr (GVariant) busy = parse ("{'State': <'starting'>, 'Activity': <'migrates'>}");

  g_assert_cmpstr (booru_text_from_service_state (well), ==, "ready");
  g_assert_cmpstr (booru_text_from_service_state (troubled), ==, "troubled");
  require (booru_text_from_process_state (busy), "starting: migrates");
  require (booru_text_from_process_state (well), "ready");
  g_assert_cmpint (booru_tone_of_state ("ready"), ==, BOORU_TONE_GOOD);
  g_assert_cmpint (booru_tone_of_state ("enabled"), ==, BOORU_TONE_GOOD);
  g_assert_cmpint (booru_tone_of_state ("troubled"), ==, BOORU_TONE_FAIR);
  g_assert_cmpint (booru_tone_of_state ("failed"), ==, BOORU_TONE_BAD);
  g_assert_cmpint (booru_tone_of_state ("broken"), ==, BOORU_TONE_BAD);
  g_assert_cmpint (booru_tone_of_state ("disabled"), ==, BOORU_TONE_QUIET);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/status-text/dict", test_dict);
  g_test_add_func ("/status-text/counts", test_counts);
  g_test_add_func ("/status-text/durations", test_durations);
  g_test_add_func ("/status-text/running-scan", test_running_scan);
  g_test_add_func ("/status-text/finished-scan", test_finished_scan);
  g_test_add_func ("/status-text/ingest", test_ingest);
  g_test_add_func ("/status-text/states", test_states);
  return g_test_run ();
}
