/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks the other programs: each knows its own subject, and this one links none of it. For
 * “--describe” they print one line, a GVariant as text. */
#include "ctl/doctor/doctor.h"

#include <string.h>

#include "base/booru-error.h"
#include "base/booru-paths.h"

#define VERSION_PATIENCE 30 /* s */
#define PLUGINS_PATIENCE 60

typedef struct
{
  GMainLoop *loop;
  GSubprocess *process;
  char *output, *errors;
  GError *error;
  gboolean late;
} Question;

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *self = user_data;

  g_subprocess_communicate_utf8_finish (self->process, result, &self->output, &self->errors,
                                        &self->error);
  g_main_loop_quit (self->loop);
}

static gboolean
on_late (gpointer user_data)
{
  Question *self = user_data;

  self->late = TRUE;
  g_subprocess_force_exit (self->process);
  return G_SOURCE_REMOVE;
}

/* Waits in its own main context, so that nothing else happens meanwhile. */
static void
await (Question *self, guint seconds)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  g_autoptr (GSource) patience = g_timeout_source_new_seconds (seconds);

  self->loop = loop;
  g_main_context_push_thread_default (context);
  g_source_set_callback (patience, on_late, self, NULL);
  g_source_attach (patience, context);
  g_subprocess_communicate_utf8_async (self->process, NULL, NULL, on_answered, self);
  g_main_loop_run (loop);
  g_source_destroy (patience);
  g_main_context_pop_thread_default (context);
}

static gboolean
judge (Question *self, const char *program, guint seconds, GError **error)
{
  g_autofree char *words = g_strdup (self->errors ? g_strstrip (self->errors) : "");

  if (self->late)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT, "%s did not answer within %u seconds",
                 program, seconds);
  else if (self->error)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_IO, "%s: %s", program, self->error->message);
  else if (g_subprocess_get_if_signaled (self->process))
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_FAILED, "%s crashed: %s%s%s", program,
                 g_strsignal (g_subprocess_get_term_sig (self->process)), *words ? ": " : "",
                 words);
  else if (g_subprocess_get_exit_status (self->process) != 0)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_FAILED, "%s ended with the code %d%s%s", program,
                 g_subprocess_get_exit_status (self->process), *words ? ": " : "", words);
  else
    return TRUE;
  return FALSE;
}

/* What a program prints; NULL if it fails. */
static char *
run (Doctor *self, GPtrArray *argv, guint seconds, GError **error)
{
  const char *program = argv->pdata[0];
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GError) local_error = NULL;
  Question question = { NULL };
  gboolean good;

  if (self->user.switched)
    g_subprocess_launcher_set_child_setup (launcher, doctor_user_become, self, NULL);
  question.process
      = g_subprocess_launcher_spawnv (launcher, (const char *const *)argv->pdata, &local_error);
  if (question.process == NULL)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG, "%s cannot be run: %s", program,
                   local_error->message);
      return NULL;
    }
  await (&question, seconds);
  good = judge (&question, program, seconds, error);
  g_object_unref (question.process);
  g_clear_error (&question.error);
  g_free (question.errors);
  if (good)
    return question.output;
  g_free (question.output);
  return NULL;
}

/**
 * doctor_ask:
 * @self: the doctor
 * @seconds: how long to wait
 * @error: BOORU_ERROR_LIMIT if it takes longer, BOORU_ERROR_CONFIG if it cannot be run, else
 *   BOORU_ERROR_FAILED
 * @program: its path; arguments follow
 *
 * Returns: (transfer full): what the program says, of type a{sv}
 */
GVariant *
doctor_ask (Doctor *self, guint seconds, GError **error, const char *program, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *output = NULL;
  g_autoptr (GError) local_error = NULL;
  GVariant *answer;
  va_list args;

  va_start (args, program);
  for (const char *each = program; each; each = va_arg (args, const char *))
    g_ptr_array_add (argv, (char *)each);
  va_end (args);
  g_ptr_array_add (argv, NULL);
  output = run (self, argv, seconds, error);
  if (output == NULL)
    return NULL;
  answer = g_variant_parse (G_VARIANT_TYPE_VARDICT, g_strstrip (output), NULL, NULL, &local_error);
  if (answer == NULL)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_FAILED, "The answer of %s is invalid: %s", program,
                 local_error->message);
  return answer;
}

/**
 * doctor_ask_version:
 * @self: the doctor
 * @program: its path
 * @error: as doctor_ask()
 *
 * Returns: (transfer full): the second word of what it prints for “--version”
 */
char *
doctor_ask_version (Doctor *self, const char *program, GError **error)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *output = NULL;
  const char *space;

  g_ptr_array_add (argv, (char *)program);
  g_ptr_array_add (argv, (char *)"--version");
  g_ptr_array_add (argv, NULL);
  output = run (self, argv, VERSION_PATIENCE, error);
  if (output == NULL)
    return NULL;
  g_strstrip (output);
  space = strchr (output, ' ');
  return g_strdup (space ? space + 1 : output);
}

/* Asked only once, even if it fails: each plugin is loaded on trial for it. */
GVariant *
doctor_list_plugins (Doctor *self)
{
  g_autofree char *option = NULL;
  g_autoptr (GError) error = NULL;

  if (self->plugins)
    return self->plugins;
  option = g_strconcat ("--data-dir=", self->data_dir, NULL);
  self->described = doctor_ask (self, PLUGINS_PATIENCE, &error, booru_paths_get_host_program (),
                                "--describe", option, NULL);
  if (self->described)
    self->plugins
        = g_variant_lookup_value (self->described, "plugins", G_VARIANT_TYPE ("a(sa{sv})"));
  if (self->plugins == NULL)
    self->plugins = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("(sa{sv})"), NULL, 0));
  return self->plugins;
}
