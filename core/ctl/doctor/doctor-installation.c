/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether all parts of the program exist and belong together. */
#include "ctl/doctor/doctor.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/booru-names.h"
#include "base/booru-paths.h"
#include "booru-build-config.h"

#define REINSTALL                                                                                  \
  "Install booru-host again, all of its parts from one package or one “meson install”"

/* Programs */

static gboolean
check_program (Doctor *self, const char *name, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *version = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    doctor_error (self->report, name, "is missing: “%s” does not exist", path);
  else if (!doctor_user_may (self, path, X_OK))
    doctor_error (self->report, name, "“%s” can't be run by the user %s", path, self->user.name);
  else if ((version = doctor_ask_version (self, path, &error)) == NULL)
    doctor_error (self->report, name, "does not run: %s", error->message);
  else if (!g_str_equal (version, BOORU_VERSION))
    doctor_error (self->report, name, "“%s” has version %s, but booructl has %s", path, version,
                  BOORU_VERSION);
  else
    return TRUE;
  doctor_report_advise (self->report, REINSTALL);
  return FALSE;
}

static void
check_programs (Doctor *self)
{
  const struct
  {
    const char *name, *path;
  } programs[] = {
    { "booru-host", booru_paths_get_host_program () },
    { "booru-worker", booru_paths_get_worker_program () },
    { "booru-decoder", booru_paths_get_decoder_program () },
    { "booru-backup", booru_paths_get_backup_program () },
  };
  gboolean good = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    good &= check_program (self, programs[i].name, programs[i].path);
  if (good)
    doctor_ok (self->report, "programs",
               "booru-host, booru-worker, booru-decoder, booru-backup and booructl are there, of "
               "version %s%s",
               BOORU_VERSION, booru_paths_in_build_tree () ? ", in a build tree" : "");
}

/* A host earlier in PATH would be started instead of the examined one. */
static void
check_path (Doctor *self)
{
  const char *ours = booru_paths_get_host_program ();
  g_autofree char *found = g_find_program_in_path ("booru-host");
  char *found_resolved = found ? realpath (found, NULL) : NULL;
  char *ours_resolved = realpath (ours, NULL);

  if (!booru_paths_in_build_tree () && found_resolved && ours_resolved
      && !g_str_equal (found_resolved, ours_resolved))
    {
      doctor_warning (self->report, "PATH",
                      "leads to another booru-host, “%s”, while this booructl belongs to “%s”",
                      found, ours);
      doctor_report_advise (self->report, "Remove the one you don't want, or change PATH");
    }
  free (found_resolved);
  free (ours_resolved);
}

/* Schemas */

static gboolean
is_older (const char *folder)
{
  g_autofree char *source = g_build_filename (folder, "org.booru.host.gschema.xml", NULL);
  g_autofree char *compiled = g_build_filename (folder, "gschemas.compiled", NULL);
  struct stat source_info, compiled_info;

  return stat (source, &source_info) == 0 && stat (compiled, &compiled_info) == 0
         && source_info.st_mtime > compiled_info.st_mtime;
}

static void
check_schema_folder (Doctor *self, const char *folder)
{
  if (!is_older (folder))
    return;
  doctor_warning (self->report, "settings schemas",
                  "in “%s” were replaced after they were compiled: old ones are in use", folder);
  doctor_report_advise (self->report, "Run “glib-compile-schemas %s” as root", folder);
}

static void
check_schemas (Doctor *self)
{
  static const char *const ids[] = { BOORU_SCHEMA_HOST, BOORU_SCHEMA_HOST "." BOORU_PLUGIN_WEB,
                                     BOORU_SCHEMA_HOST "." BOORU_PLUGIN_MONITOR };
  g_autoptr (GString) missing = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    if (!booru_settings_has_schema (ids[i]))
      g_string_append_printf (missing, "%s%s", missing->len > 0 ? ", " : "", ids[i]);
  if (missing->len == 0)
    doctor_ok (self->report, "settings schemas", "are installed and compiled");
  else
    {
      doctor_error (self->report, "settings schemas", "not installed: %s", missing->str);
      doctor_report_advise (self->report,
                            "Install booru-host again, and run “glib-compile-schemas” on the "
                            "folder glib-2.0/schemas that it was installed into. Below a prefix "
                            "such as /opt, name that prefix's share folder in XDG_DATA_DIRS");
    }
  if (booru_paths_get_schema_dir ())
    check_schema_folder (self, booru_paths_get_schema_dir ());
  for (const char *const *data = g_get_system_data_dirs (); *data; data++)
    {
      g_autofree char *folder = g_build_filename (*data, "glib-2.0", "schemas", NULL);

      check_schema_folder (self, folder);
    }
}

void
doctor_check_installation (Doctor *self)
{
  check_programs (self);
  check_path (self);
  check_schemas (self);
  doctor_check_plugins (self);
}
