/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* booru-accounts: the accounts of a board, for “booructl user”, and for the host, which asks
 * whether there are any before it lets others reach the board. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "accounts.h"
#include "base/booru-error.h"
#include "base/booru-i18n.h"
#include "base/booru-names.h"
#include "base/booru-paths.h"
#include "base/booru-process.h"
#include "base/booru-settings.h"

typedef struct
{
  char *data_dir, *database, *settings;
  gboolean json;
  char **words;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->data_dir);
  g_free (self->database);
  g_free (self->settings);
  g_strfreev (self->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* What was not given is as for the host. */
static gboolean
complete (Options *self, GError **error)
{
  const char *environment = g_getenv (BOORU_ENV_DATA_DIR);
  g_autoptr (BooruSettings) settings = NULL;

  if (self->data_dir && self->database)
    return TRUE;
  settings = booru_settings_new (BOORU_SCHEMA_HOST, self->settings, error);
  if (settings == NULL)
    return FALSE;
  if (self->database == NULL)
    self->database = booru_settings_get_string (settings, "database");
  if (self->data_dir == NULL && environment && *environment)
    self->data_dir = g_strdup (environment);
  if (self->data_dir == NULL)
    self->data_dir = booru_settings_get_string (settings, "data-dir");
  if (*self->data_dir == '\0')
    {
      g_free (self->data_dir);
      self->data_dir = booru_paths_dup_default_data_dir ();
    }
  return TRUE;
}

static gboolean
parse (Options *self, int argc, char **argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "data-dir", 'd', 0, G_OPTION_ARG_FILENAME, &self->data_dir, "The data folder of booru-host",
      "FOLDER" },
    { "database", 0, 0, G_OPTION_ARG_STRING, &self->database, "The setting “database”",
      "DATABASE" },
    { "settings", 's', 0, G_OPTION_ARG_FILENAME, &self->settings, "Read the settings in FILE",
      "FILE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, "list: print JSON, an object a line", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->words, NULL, "VERB [WORD…]" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, &argc, &argv, error) && complete (self, error);
}

static const AccountsVerb *
find_verb (const Options *options, GError **error)
{
  const char *name = options->words ? options->words[0] : "";
  const AccountsVerb *verb = accounts_verbs;
  guint n_words = options->words ? g_strv_length (options->words) : 0;

  while (verb->name && !g_str_equal (verb->name, name))
    verb++;
  if (verb->name == NULL)
    g_set_error_literal (
        error, BOORU_ERROR, BOORU_ERROR_USAGE,
        "Say what to do: add, list, passwd, key, level, remove, restore or invite");
  else if (n_words - 1 < verb->min_words || n_words - 1 > verb->max_words)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_USAGE, "Usage: “booructl user %s %s”", verb->name,
                 verb->usage);
  else
    return verb;
  return NULL;
}

static gboolean
run (const Options *options, GError **error)
{
  const AccountsVerb *verb = find_verb (options, error);
  gboolean makes = verb && !g_str_equal (verb->name, "check");
  g_autoptr (BooruStore) store = NULL;
  Accounts accounts;

  if (verb == NULL)
    return FALSE;
  if (makes && g_mkdir_with_parents (options->data_dir, 0700) != 0)
    return booru_set_errno_error (error, errno, "Cannot create the folder “%s”", options->data_dir);
  store = booru_store_open (options->data_dir, options->database,
                            makes ? BOORU_STORE_CREATE : BOORU_STORE_READ_WRITE, NULL, NULL, error);
  if (store == NULL)
    return FALSE;
  accounts = (Accounts){ store, options->words + 1, options->json };
  return verb->run (&accounts, error);
}

int
main (int argc, char **argv)
{
  g_auto (Options) options = { NULL };
  g_autoptr (GError) error = NULL;

  booru_process_open_standard_files ();
  booru_i18n_init ();
  g_set_prgname ("booructl");
  if (parse (&options, argc, argv, &error) && run (&options, &error))
    return fflush (stdout) == 0 ? EX_OK : EX_IOERR;
  fprintf (stderr, "booructl: %s\n", error->message);
  return booru_error_to_exit_code (error);
}
