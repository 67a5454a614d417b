/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doctor-fixture.h"

#include <string.h>

#include "../test-util.h"

void
doctor_fixture_setenv (DoctorFixture *f, const char *name, const char *value)
{
  f->environment = value ? g_environ_setenv (f->environment, name, value, TRUE)
                         : g_environ_unsetenv (f->environment, name);
  test_host_setenv (f->host, name, value);
}

void
doctor_fixture_set_up (DoctorFixture *f, gconstpointer unused)
{
  f->host = test_host_new ();
  f->root = g_path_get_dirname (test_host_get_data_dir (f->host));
  f->run = g_build_filename (f->root, "run", NULL);
  f->settings = g_build_filename (f->root, "settings.conf", NULL);
  f->environment = g_get_environ ();
  doctor_fixture_setenv (f, "BOORU_RUNTIME_DIR", f->run);
  doctor_fixture_setenv (f, "BOORU_SETTINGS", f->settings);
  doctor_fixture_setenv (f, "GSETTINGS_BACKEND", NULL);
}

void
doctor_fixture_tear_down (DoctorFixture *f, gconstpointer unused)
{
  test_host_free (f->host);
  g_strfreev (f->environment);
  g_free (f->root);
  g_free (f->run);
  g_free (f->settings);
}

void
doctor_fixture_write_settings (DoctorFixture *f, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_free (test_write_file (f->root, "settings.conf", text));
}

/* The port is picked by the kernel: others than this test use theirs. */
void
doctor_fixture_write_library (DoctorFixture *f)
{
  doctor_fixture_write_settings (f, "[host]\nport=0\nlibrary-folders=[b'%s']\n",
                                 test_host_get_library (f->host));
}

/* Running it */

static GSubprocess *
start_program (DoctorFixture *f, GPtrArray *argv)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_set_environ (launcher, f->environment);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *)argv->pdata, &error);
  g_assert_no_error (error);
  return process;
}

char *
doctor_fixture_run (DoctorFixture *f,
                    const char *shell,
                    const char *const *arguments,
                    int *exit_code)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  const char *const shell_words[] = { "/bin/sh", "-c", shell, "sh" };

  for (guint i = 0; shell && i < G_N_ELEMENTS (shell_words); i++)
    g_ptr_array_add (argv, g_strdup (shell_words[i]));
  g_ptr_array_add (argv, test_host_build_path ("core/ctl/booructl"));
  g_ptr_array_add (argv, g_strdup_printf ("--data-dir=%s", test_host_get_data_dir (f->host)));
  g_ptr_array_add (argv, g_strdup ("doctor"));
  for (guint i = 0; arguments[i]; i++)
    g_ptr_array_add (argv, g_strdup (arguments[i]));
  g_ptr_array_add (argv, NULL);
  process = start_program (f, argv);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  *exit_code = g_subprocess_get_exit_status (process);
  return output;
}

JsonArray *
doctor_fixture_examine_in (DoctorFixture *f, const char *shell, const char *check, int *exit_code)
{
  const char *const arguments[] = { "--json", check, NULL };
  g_autofree char *output = doctor_fixture_run (f, shell, arguments, exit_code);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (output, &error);

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    g_error ("No JSON array: %s", output);
  return json_array_ref (json_node_get_array (node));
}

JsonArray *
doctor_fixture_examine (DoctorFixture *f, const char *check, int *exit_code)
{
  return doctor_fixture_examine_in (f, NULL, check, exit_code);
}

static char *
print_findings (JsonArray *findings)
{
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), findings);

  return json_to_string (node, TRUE);
}

static gboolean
matches (JsonObject *finding, const char *status, const char *subject, const char *text)
{
  return g_str_equal (json_object_get_string_member (finding, "status"), status)
         && strstr (json_object_get_string_member (finding, "subject"), subject)
         && strstr (json_object_get_string_member (finding, "message"), text);
}

void
doctor_require (JsonArray *findings, const char *status, const char *subject, const char *text)
{
  gboolean wrong = g_str_equal (status, "warning") || g_str_equal (status, "error");
  g_autofree char *all = NULL;

  for (guint i = 0; i < json_array_get_length (findings); i++)
    {
      JsonObject *finding = json_array_get_object_element (findings, i);

      if (!matches (finding, status, subject, text))
        continue;
      if (wrong)
        g_assert_cmpstr (json_object_get_string_member (finding, "advice"), !=, "");
      return;
    }
  all = print_findings (findings);
  g_error ("No %s of “%s” with “%s” in\n%s", status, subject, text, all);
}

void
doctor_require_advice (JsonArray *findings, const char *subject, const char *text)
{
  for (guint i = 0; i < json_array_get_length (findings); i++)
    {
      JsonObject *finding = json_array_get_object_element (findings, i);

      if (g_str_equal (json_object_get_string_member (finding, "subject"), subject)
          && strstr (json_object_get_string_member (finding, "advice"), text))
        return;
    }
  g_error ("No advice about %s with “%s”", subject, text);
}

void
doctor_prohibit (JsonArray *findings, const char *status)
{
  for (guint i = 0; i < json_array_get_length (findings); i++)
    if (matches (json_array_get_object_element (findings, i), status, "", ""))
      {
        g_autofree char *all = print_findings (findings);

        g_error ("There is a finding “%s” in\n%s", status, all);
      }
}
