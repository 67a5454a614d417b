/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-host-options.h"

#include "base/booru-error.h"
#include "base/booru-names.h"

#define MAX_PORT 65535
#define MAX_WORKERS 64

void
booru_host_options_free (BooruHostOptions *self)
{
  g_strfreev (self->enable_plugins);
  g_strfreev (self->disable_plugins);
  g_strfreev (self->folders);
  g_free (self->ingest);
  g_free (self->data_dir);
  g_free (self->files_dir);
  g_free (self->database);
  g_free (self->settings);
  g_free (self->address);
  g_free (self);
}

static gboolean G_GNUC_PRINTF (2, 3) usage_error (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error)
    *error = g_error_new_valist (BOORU_ERROR, BOORU_ERROR_USAGE, format, args);
  va_end (args);
  return FALSE;
}

/* Relative paths are meant from where the command was typed. */
static void
make_absolute (char **path)
{
  char *absolute;

  if (*path == NULL)
    return;
  absolute = g_canonicalize_filename (*path, NULL);
  g_free (*path);
  *path = absolute;
}

static GStrv
join (GStrv first, GStrv second)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_addv (builder, (const char **)first);
  if (second)
    g_strv_builder_addv (builder, (const char **)second);
  return g_strv_builder_end (builder);
}

static gboolean
parse_bus (const char *name, const char *value, gpointer data, GError **error)
{
  static const struct
  {
    const char *word;
    BooruHostBus bus;
  } words[] = { { "session", BOORU_HOST_BUS_SESSION },
                { "system", BOORU_HOST_BUS_SYSTEM },
                { "none", BOORU_HOST_BUS_NONE } };
  BooruHostOptions *self = data;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (value, words[i].word))
      {
        self->bus = words[i].bus;
        return TRUE;
      }
  return usage_error (error, "--bus=%s cannot be: give session, system or none", value);
}

static gboolean
parse (BooruHostOptions *self, GStrv *arguments, GStrv *libraries, GStrv *rest, GError **error)
{
  const GOptionEntry entries[] = {
    { "library", 'l', 0, G_OPTION_ARG_FILENAME_ARRAY, libraries,
      "Show the pictures in FOLDER and below; may be repeated. Nothing in it is changed",
      "FOLDER" },
    { "ingest", 'i', 0, G_OPTION_ARG_FILENAME, &self->ingest,
      "Move files put into FOLDER into the managed library", "FOLDER" },
    { "data-dir", 'd', 0, G_OPTION_ARG_FILENAME, &self->data_dir,
      "Keep database, thumbnails and originals in FOLDER", "FOLDER" },
    { "files-dir", 0, 0, G_OPTION_ARG_FILENAME, &self->files_dir,
      "Keep thumbnails and originals in FOLDER, which several machines may share", "FOLDER" },
    { "database", 0, 0, G_OPTION_ARG_STRING, &self->database,
      "Keep posts and tags in a database of PostgreSQL, such as postgresql://HOST/NAME", "URL" },
    { "address", 'a', 0, G_OPTION_ARG_STRING, &self->address,
      "Listen on ADDRESS (default: 127.0.0.1)", "ADDRESS" },
    { "port", 'p', 0, G_OPTION_ARG_INT, &self->port,
      "Listen on PORT (default: 5000; 0: any that is free)", "PORT" },
    { "workers", 'w', 0, G_OPTION_ARG_INT, &self->workers, "Run N web processes (default: 4)",
      "N" },
    { "enable-plugin", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->enable_plugins,
      "Run the plugin NAME too; may be repeated", "NAME" },
    { "disable-plugin", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->disable_plugins,
      "Do not run the plugin NAME; may be repeated", "NAME" },
    { "list-plugins", 0, 0, G_OPTION_ARG_NONE, &self->list_plugins,
      "List the plugins there are, and exit", NULL },
    { "bus", 0, 0, G_OPTION_ARG_CALLBACK, parse_bus,
      "Be controlled over the message bus BUS: session, system or none", "BUS" },
    { "settings", 's', 0, G_OPTION_ARG_FILENAME, &self->settings,
      "Keep settings in FILE instead of in the desktop's", "FILE" },
    { "dev", 0, 0, G_OPTION_ARG_NONE, &self->dev,
      "Development: one web process, pages from the source tree, no monitor", NULL },
    { "shared", 0, 0, G_OPTION_ARG_NONE, &self->shared,
      "Share the data folder with other hosts that are started with this option", NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &self->verbose, "Log details", NULL },
    { "describe", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &self->describe, NULL, NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->show_version, "Print the version, and exit",
      NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, rest, NULL, "[FOLDER…]" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  GOptionGroup *group;

  g_option_context_set_summary (
      context, "Serves the pictures and videos in each FOLDER as a tag-searchable image board.\n"
               "Open http://127.0.0.1:5000/ when it says that it has started.");
  g_option_context_set_description (
      context, "An option goes before its environment variable, that before the stored setting:\n"
               "  BOORU_WORKERS, BOORU_HOST, BOORU_PORT, BOORU_DATA_DIR, BOORU_DATABASE,\n"
               "  BOORU_FILES_DIR, BOORU_SETTINGS, BOORU_SHARED, BOORU_MONITOR_ENABLED (0: do not "
               "run the monitor),\n"
               "  BOORU_WORKER_MAX_REQUESTS, BOORU_WORKER_MAX_MEMORY, BOORU_WORKER_MAX_AGE");
  group = g_option_group_new ("", "", "", self, NULL);
  g_option_group_add_entries (group, entries);
  g_option_context_set_main_group (context, group);
  return g_option_context_parse_strv (context, arguments, error);
}

static gboolean
check_numbers (const BooruHostOptions *self,
               gboolean port_given,
               gboolean workers_given,
               GError **error)
{
  if (port_given && (self->port < 0 || self->port > MAX_PORT))
    return usage_error (error, "--port=%d is no TCP port: give a number from 0 to %d", self->port,
                        MAX_PORT);
  if (workers_given && (self->workers < 1 || self->workers > MAX_WORKERS))
    return usage_error (error, "--workers=%d cannot be: give a number from 1 to %d", self->workers,
                        MAX_WORKERS);
  return TRUE;
}

static gboolean
check_contradictions (const BooruHostOptions *self, GError **error)
{
  const char *const *enabled = (const char *const *)self->enable_plugins;

  for (char **name = self->disable_plugins; *name; name++)
    if (g_strv_contains (enabled, *name))
      return usage_error (error, "--enable-plugin=%s and --disable-plugin=%s contradict each other",
                          *name, *name);

  if (self->dev && self->workers > 1)
    return usage_error (error,
                        "--dev and --workers=%d contradict each other: development mode runs one "
                        "worker",
                        self->workers);

  for (char **folder = self->folders; *folder; folder++)
    if (g_strcmp0 (*folder, self->ingest) == 0)
      {
        g_autofree char *shown = g_filename_display_name (*folder);

        return usage_error (error,
                            "--ingest and a library folder are both “%s”, but files are moved out "
                            "of the one and never touched in the other: give two folders",
                            shown);
      }
  return TRUE;
}

static void
fill_in (BooruHostOptions *self, GStrv libraries, GStrv rest)
{
  if (self->enable_plugins == NULL)
    self->enable_plugins = g_new0 (char *, 1);
  if (self->disable_plugins == NULL)
    self->disable_plugins = g_new0 (char *, 1);
  self->folders = libraries ? join (libraries, rest) : rest ? g_strdupv (rest) : g_new0 (char *, 1);
  for (char **folder = self->folders; *folder; folder++)
    make_absolute (folder);
  make_absolute (&self->ingest);
  make_absolute (&self->data_dir);
  make_absolute (&self->files_dir);
  make_absolute (&self->settings);
}

/* An empty FOLDER is an unset variable in somebody's script, not the current folder. */
static gboolean
check_not_empty (const BooruHostOptions *self, GStrv libraries, GStrv rest, GError **error)
{
  const char *const single[]
      = { self->ingest ? self->ingest : "x", self->data_dir ? self->data_dir : "x",
          self->files_dir ? self->files_dir : "x", self->settings ? self->settings : "x", NULL };

  if ((libraries && g_strv_contains ((const char *const *)libraries, ""))
      || (rest && g_strv_contains ((const char *const *)rest, "")) || g_strv_contains (single, ""))
    return usage_error (error, "A folder or file was given with an empty name");
  return TRUE;
}

/**
 * booru_host_options_parse:
 * @argc: main()'s
 * @argv: main()'s; not changed
 * @error: return location: G_OPTION_ERROR, or BOORU_ERROR_USAGE naming what contradicts what
 *
 * Reads the command line. --help prints the help and ends the process.
 *
 * Returns: (transfer full): the options
 */
BooruHostOptions *
booru_host_options_parse (int argc, char **argv, GError **error)
{
  g_autoptr (BooruHostOptions) self = g_new0 (BooruHostOptions, 1);
  g_auto (GStrv) arguments = g_new0 (char *, argc + 1);
  g_auto (GStrv) libraries = NULL;
  g_auto (GStrv) rest = NULL;

  for (int i = 0; i < argc; i++)
    arguments[i] = g_strdup (argv[i]);
  /* No number that can be typed, so that even -1 is seen. */
  self->port = G_MININT;
  self->workers = G_MININT;

  if (!parse (self, &arguments, &libraries, &rest, error)
      || !check_not_empty (self, libraries, rest, error)
      || !check_numbers (self, self->port != G_MININT, self->workers != G_MININT, error))
    return NULL;
  self->port = MAX (self->port, -1);
  self->workers = MAX (self->workers, -1);

  fill_in (self, libraries, rest);
  if (!check_contradictions (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* Settings are text. */
static gboolean
apply_files_dir (const char *path, BooruSettings *settings, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  if (!g_utf8_validate (path, -1, NULL))
    return usage_error (error, "--files-dir=%s: the name of that folder must be UTF-8", shown);
  return booru_settings_set_option (settings, "files-dir", g_variant_new_string (path), error);
}

/**
 * booru_host_options_apply:
 * @self: the options
 * @settings: those of BOORU_SCHEMA_HOST
 * @error: return location
 *
 * Lets the options stand above the environment and the stored settings, for this run.
 */
gboolean
booru_host_options_apply (const BooruHostOptions *self, BooruSettings *settings, GError **error)
{
  const char *const *folders = (const char *const *)self->folders;

  if (self->address
      && !booru_settings_set_option (settings, "address", g_variant_new_string (self->address),
                                     error))
    return FALSE;
  if (self->port >= 0
      && !booru_settings_set_option (settings, "port", g_variant_new_uint16 (self->port), error))
    return FALSE;
  if ((self->workers > 0 || self->dev)
      && !booru_settings_set_option (settings, "workers",
                                     g_variant_new_uint32 (self->dev ? 1 : self->workers), error))
    return FALSE;
  if (self->shared
      && !booru_settings_set_option (settings, "shared", g_variant_new_boolean (TRUE), error))
    return FALSE;
  if (self->database
      && !booru_settings_set_option (settings, "database", g_variant_new_string (self->database),
                                     error))
    return FALSE;
  if (self->files_dir && !apply_files_dir (self->files_dir, settings, error))
    return FALSE;
  if (self->verbose
      && !booru_settings_set_option (settings, "verbose", g_variant_new_boolean (TRUE), error))
    return FALSE;
  if (self->ingest
      && !booru_settings_set_option (settings, "ingest-folder",
                                     g_variant_new_bytestring (self->ingest), error))
    return FALSE;
  return *folders == NULL
         || booru_settings_set_option (settings, "library-folders",
                                       g_variant_new_bytestring_array (folders, -1), error);
}
