/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/settings/booru-host-options.h"

#include <string.h>
#include <sysexits.h>

#include "base/booru-error.h"

static BooruHostOptions *
parse (GError **error, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  const char *argument;
  va_list arguments;

  g_ptr_array_add (argv, (gpointer) "booru-host");
  va_start (arguments, error);
  while ((argument = va_arg (arguments, const char *)))
    g_ptr_array_add (argv, (gpointer)argument);
  va_end (arguments);
  g_ptr_array_add (argv, NULL);
  return booru_host_options_parse ((int)argv->len - 1, (char **)argv->pdata, error);
}

static void
test_nothing (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruHostOptions) options = parse (&error, NULL);

  g_assert_no_error (error);
  g_assert_cmpint (options->port, ==, -1);
  g_assert_cmpint (options->workers, ==, -1);
  g_assert_cmpuint (g_strv_length (options->folders), ==, 0);
  g_assert_cmpuint (g_strv_length (options->enable_plugins), ==, 0);
  g_assert_null (options->data_dir);
}

static void
test_folders (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruHostOptions) options
      = parse (&error, "/a/../b", "--library=/c/", "-l", "/d", "odd \xff\n", NULL);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (options->folders), ==, 4);
  g_assert_cmpstr (options->folders[0], ==, "/c");
  g_assert_cmpstr (options->folders[1], ==, "/d");
  g_assert_cmpstr (options->folders[2], ==, "/b");
  g_assert_true (g_str_has_suffix (options->folders[3], "/odd \xff\n"));
  g_assert_true (g_path_is_absolute (options->folders[3]));
}

static void
test_values (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruHostOptions) options
      = parse (&error, "--port=0", "--workers=64", "--address=::1", "--enable-plugin=a",
               "--enable-plugin=b", "--disable-plugin=c", "--ingest=/in", "--data-dir=/data",
               "--settings=/file", "--shared", "--verbose", NULL);

  g_assert_no_error (error);
  g_assert_cmpint (options->port, ==, 0);
  g_assert_cmpint (options->workers, ==, 64);
  g_assert_cmpstr (options->address, ==, "::1");
  g_assert_cmpstr (options->enable_plugins[1], ==, "b");
  g_assert_cmpstr (options->disable_plugins[0], ==, "c");
  g_assert_cmpstr (options->ingest, ==, "/in");
  g_assert_cmpstr (options->data_dir, ==, "/data");
  g_assert_cmpstr (options->settings, ==, "/file");
  g_assert_true (options->shared);
  g_assert_true (options->verbose);
  g_assert_false (options->dev);
}

static void
assert_refused (BooruHostOptions *options, GError *error, const char *first, const char *second)
{
  g_assert_null (options);
  g_assert_nonnull (error);
  g_assert_cmpint (booru_error_to_exit_code (error), ==, EX_USAGE);
  if (!strstr (error->message, first) || !strstr (error->message, second))
    g_error ("“%s” names not both of “%s” and “%s”", error->message, first, second);
  g_error_free (error);
}

#define REFUSE(first, second, ...)                                                                 \
  G_STMT_START                                                                                     \
  {                                                                                                \
    GError *refusal = NULL;                                                                        \
    BooruHostOptions *refused = parse (&refusal, __VA_ARGS__, NULL);                               \
    assert_refused (refused, refusal, first, second);                                              \
  }                                                                                                \
  G_STMT_END

static void
test_refused (void)
{
  REFUSE ("--enable-plugin=x", "--disable-plugin=x", "--disable-plugin=x", "--enable-plugin=x");
  REFUSE ("--dev", "--workers=3", "--dev", "--workers=3");
  REFUSE ("--ingest", "/x", "--ingest=/x", "/y", "/x/");
  REFUSE ("--port=70000", "65535", "--port=70000");
  REFUSE ("--port=-1", "65535", "--port=-1");
  REFUSE ("--workers=0", "64", "--workers=0");
  REFUSE ("--workers=-1", "64", "--workers=-1");
  REFUSE ("--workers=65", "64", "--workers=65");
  REFUSE ("five", "port", "--port=five");
  REFUSE ("--nonsense", "", "--nonsense");
  REFUSE ("empty", "", "");
  REFUSE ("empty", "", "--data-dir=");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/options/nothing", test_nothing);
  g_test_add_func ("/options/folders", test_folders);
  g_test_add_func ("/options/values", test_values);
  g_test_add_func ("/options/refused", test_refused);
  return g_test_run ();
}
