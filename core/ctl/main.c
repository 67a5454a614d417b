/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/booru-error.h"
#include "base/booru-i18n.h"
#include "base/booru-process.h"
#include "booru-build-config.h"
#include "ctl.h"

static const CtlVerb *const verbs[] = {
  &ctl_verb_status,   &ctl_verb_health,   &ctl_verb_plugins, &ctl_verb_enable,
  &ctl_verb_disable,  &ctl_verb_restart,  &ctl_verb_reload,  &ctl_verb_stop,
  &ctl_verb_scan,     &ctl_verb_failures, &ctl_verb_retry,   &ctl_verb_workers,
  &ctl_verb_settings, &ctl_verb_events,   &ctl_verb_doctor,  &ctl_verb_apply_rules,
  &ctl_verb_migrate,  &ctl_verb_jobs,     &ctl_verb_user,
};

static char *
describe_verbs (void)
{
  g_autoptr (GString) text = g_string_new ("Verbs:\n");

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_autofree char *usage = g_strdup_printf ("%s %s", verbs[i]->name, verbs[i]->arguments);

      g_string_append_printf (text, "  %-26s %s\n", usage, verbs[i]->summary);
    }
  g_string_append (text,
                   "\nThe host is searched for on its private socket, the session bus and the "
                   "system bus.\nbooructl(1) describes all of this.");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
parse (Ctl *ctl, GStrv *arguments, GStrv *rest, GError **error)
{
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &ctl->json, "Print JSON, for scripts", NULL },
    { "data-dir", 'd', 0, G_OPTION_ARG_FILENAME, &ctl->data_dir,
      "Talk to the host that uses FOLDER", "FOLDER" },
    { "socket", 0, 0, G_OPTION_ARG_FILENAME, &ctl->socket, "Talk to the host on the socket PATH",
      "PATH" },
    { "settings", 's', 0, G_OPTION_ARG_FILENAME, &ctl->settings,
      "doctor, user: the settings in FILE", "FILE" },
    { "session", 0, 0, G_OPTION_ARG_NONE, &ctl->session, "Talk to the host on the session bus",
      NULL },
    { "system", 0, 0, G_OPTION_ARG_NONE, &ctl->system, "Talk to the host on the system bus", NULL },
    { "follow", 'f', 0, G_OPTION_ARG_NONE, &ctl->follow, "status, events: keep showing changes",
      NULL },
    { "reset", 0, 0, G_OPTION_ARG_NONE, &ctl->reset, "settings: reset to the default", NULL },
    { "all", 0, 0, G_OPTION_ARG_NONE, &ctl->all, "retry: all files", NULL },
    { "to", 0, 0, G_OPTION_ARG_STRING, &ctl->to, "migrate: the database to move to", "DATABASE" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &ctl->from,
      "migrate: the database to move from (default: that of the data folder)", "DATABASE" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &ctl->show_version, "Print the version, and exit", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, rest, NULL, "VERB [ARGUMENT…]" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree char *description = describe_verbs ();

  g_option_context_set_summary (context, "Shows and controls a running booru-host.");
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse_strv (context, arguments, error);
}

static gboolean G_GNUC_PRINTF (2, 3) usage_error (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  *error = g_error_new_valist (BOORU_ERROR, BOORU_ERROR_USAGE, format, args);
  va_end (args);
  return FALSE;
}

static const CtlVerb *
find_verb (GStrv rest, GError **error)
{
  if (rest == NULL || rest[0] == NULL)
    {
      usage_error (error,
                   "No command given, such as “booructl status”: “booructl --help” lists all");
      return NULL;
    }
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (verbs[i]->name, rest[0]))
      return verbs[i];
  usage_error (error, "There is no command “%s”: “booructl --help” lists all", rest[0]);
  return NULL;
}

static gboolean
check (const Ctl *ctl, const CtlVerb *verb, GError **error)
{
  guint n = g_strv_length (ctl->arguments);

  if (n < verb->min_arguments || n > verb->max_arguments)
    return usage_error (error, "Usage: “booructl %s %s”", verb->name, verb->arguments);
  if (ctl->follow && verb != &ctl_verb_events && verb != &ctl_verb_status)
    return usage_error (error, "--follow belongs to “booructl events” and “booructl status”");
  if (ctl->reset && verb != &ctl_verb_settings)
    return usage_error (error, "--reset belongs to “booructl settings”");
  if (ctl->settings && verb != &ctl_verb_doctor && verb != &ctl_verb_user)
    return usage_error (error, "--settings belongs to “booructl doctor” and “booructl user”");
  if (ctl->all && verb != &ctl_verb_retry)
    return usage_error (error, "--all belongs to “booructl retry”");
  if ((ctl->to || ctl->from) && verb != &ctl_verb_migrate)
    return usage_error (error, "--to and --from belong to “booructl migrate”");
  if ((ctl->session != FALSE) + (ctl->system != FALSE) + (ctl->socket != NULL) > 1)
    return usage_error (error, "Give only one of --socket, --session and --system");
  if (ctl->socket && ctl->data_dir)
    return usage_error (error, "Give only one of --socket and --data-dir");
  return TRUE;
}

static void
ctl_clear (Ctl *ctl)
{
  g_clear_object (&ctl->host);
  g_clear_object (&ctl->connection);
  g_strfreev (ctl->sockets);
  g_free (ctl->via_socket);
  g_strfreev (ctl->arguments);
  g_free (ctl->data_dir);
  g_free (ctl->socket);
  g_free (ctl->settings);
  g_free (ctl->from);
  g_free (ctl->to);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ctl, ctl_clear)

/* The worst exit code counts. */
static int
run_on_each (Ctl *ctl, const CtlVerb *verb, GError **error)
{
  int exit_code = EX_OK;

  for (char **socket = ctl->sockets; *socket; socket++)
    {
      g_autoptr (GError) local_error = NULL;
      int code = EX_OK;

      if (socket != ctl->sockets && !ctl->json)
        g_print ("\n");
      if (ctl_connect_to (ctl, *socket, &local_error))
        code = verb->run (ctl, &local_error);
      if (local_error)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return code;
        }
      exit_code = MAX (exit_code, code);
    }
  return exit_code;
}

static int
run (Ctl *ctl, GStrv *arguments, GError **error)
{
  g_auto (GStrv) rest = NULL;
  const CtlVerb *verb;

  if (!parse (ctl, arguments, &rest, error))
    return EX_USAGE;
  if (ctl->show_version)
    {
      g_print ("booructl %s\n", BOORU_VERSION);
      return EX_OK;
    }
  verb = find_verb (rest, error);
  if (verb == NULL)
    return EX_USAGE;
  ctl->arguments = g_strdupv (rest + 1);
  if (!check (ctl, verb, error) || (!verb->finds_host && !ctl_connect (ctl, verb->each, error)))
    return EX_USAGE;
  return ctl->sockets ? run_on_each (ctl, verb, error) : verb->run (ctl, error);
}

int
main (int argc, char **argv)
{
  g_auto (Ctl) ctl = { 0 };
  g_auto (GStrv) arguments = g_new0 (char *, argc + 1);
  g_autoptr (GError) error = NULL;
  int exit_code;

  booru_process_open_standard_files ();
  booru_i18n_init ();
  booru_error_quark (); /* so that errors of the host are known by their names */
  for (int i = 0; i < argc; i++)
    arguments[i] = g_strdup (argv[i]);

  exit_code = run (&ctl, &arguments, &error);
  if (error)
    {
      g_dbus_error_strip_remote_error (error);
      exit_code = ctl_exit_code (error);
      ctl_print_error (&ctl, error);
    }
  return exit_code;
}
