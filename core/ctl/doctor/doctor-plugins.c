/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plugins: whether they are found and load, and whether the enabled ones can run. */
#include "ctl/doctor/doctor.h"

#include "base/booru-names.h"

GStrv
doctor_list_enabled (Doctor *self)
{
  g_autoptr (GVariant) value = doctor_get_setting (self, NULL, "enabled-plugins");

  if (value && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return g_variant_dup_strv (value, NULL);
  return g_new0 (char *, 1);
}

/* A plugin that is not enabled may be broken. */
static gboolean
check_plugin (Doctor *self, const char *name, GVariant *facts, gboolean enabled)
{
  g_autofree char *subject = g_strconcat ("plugin ", name, NULL);
  DoctorStatus status;
  gboolean essential = FALSE;
  const char *why = NULL;

  g_variant_lookup (facts, "essential", "b", &essential);
  status = !enabled ? DOCTOR_NOTE : essential ? DOCTOR_ERROR : DOCTOR_WARNING;
  if (g_variant_lookup (facts, "error", "&s", &why))
    {
      doctor_report_add (self->report, status, subject, "%s%s", why,
                         enabled ? "" : ". It is not enabled");
      if (enabled)
        doctor_report_advise (self->report,
                              "Install a version of the plugin that fits, or disable it: take it "
                              "out of the setting enabled-plugins");
      return FALSE;
    }
  if (g_variant_lookup (facts, "avoided", "&s", &why))
    {
      doctor_report_add (self->report, status, subject, "is skipped because it failed before: %s%s",
                         why, enabled ? "" : ". It is not enabled");
      if (enabled)
        doctor_report_advise (self->report,
                              "Replace its module with a working one; or try it again with "
                              "“booructl enable %s”, or by starting with --enable-plugin=%s",
                              name, name);
      return FALSE;
    }
  return TRUE;
}

static void
check_known (Doctor *self, GStrv enabled, GVariant *plugins)
{
  for (char **name = enabled; *name; name++)
    {
      GVariantIter iter;
      const char *known;
      gboolean found = FALSE;

      g_variant_iter_init (&iter, plugins);
      while (!found && g_variant_iter_next (&iter, "(&s@a{sv})", &known, NULL))
        found = g_str_equal (known, *name);
      if (found)
        continue;
      doctor_warning (self->report, "enabled-plugins", "names “%s”, but there is no such plugin",
                      *name);
      doctor_report_advise (
          self->report,
          "Correct the name in the settings, install the plugin, or name its folder in %s",
          BOORU_ENV_PLUGIN_PATH);
    }
}

static void
check_board (Doctor *self, GStrv enabled)
{
  const char *const *names = (const char *const *)enabled;

  if (self->stored == NULL && self->running == NULL)
    return; /* unknown which plugins are enabled */
  if (*enabled == NULL)
    {
      doctor_error (self->report, "enabled-plugins", "is empty: nothing runs");
      doctor_report_advise (self->report, "Set it to ['web', 'monitor'], its default");
      return;
    }
  if (!g_strv_contains (names, BOORU_PLUGIN_WEB))
    doctor_note (self->report, "enabled-plugins", "lacks “web”: there are no pages and no API");
  if (!g_strv_contains (names, BOORU_PLUGIN_MONITOR))
    doctor_note (self->report, "enabled-plugins",
                 "lacks “monitor”: changes in the folders are not noticed");
}

static void
check_metadata (Doctor *self)
{
  g_autofree const char **faults = NULL;

  if (!g_variant_lookup (self->described, "faults", "^a&s", &faults))
    return;
  for (guint i = 0; faults[i]; i++)
    {
      doctor_warning (self->report, "plugins", "%s", faults[i]);
      doctor_report_advise (self->report, "Correct or remove the file; the plugin is ignored");
    }
}

void
doctor_check_plugins (Doctor *self)
{
  GVariant *plugins = doctor_list_plugins (self);
  g_auto (GStrv) enabled = doctor_list_enabled (self);
  g_autoptr (GString) good = g_string_new (NULL);
  GVariantIter iter;
  const char *name;
  GVariant *facts;

  if (self->described == NULL)
    return; /* the program does not run, which was reported */
  check_metadata (self);
  g_variant_iter_init (&iter, plugins);
  while (g_variant_iter_loop (&iter, "(&s@a{sv})", &name, &facts))
    if (check_plugin (self, name, facts, g_strv_contains ((const char *const *)enabled, name)))
      g_string_append_printf (good, "%s%s", good->len > 0 ? ", " : "", name);
  if (good->len > 0)
    doctor_ok (self->report, "plugins", "%s can be loaded", good->str);
  else
    {
      g_autofree const char **folders = NULL;
      g_autofree char *shown = NULL;

      if (g_variant_lookup (self->described, "plugin-path", "^a&ay", &folders))
        shown = g_strjoinv (", ", (char **)folders);
      doctor_error (self->report, "plugins", "none can be loaded from %s",
                    shown ? shown : "anywhere");
      doctor_report_advise (self->report, "Install booru-host again");
    }
  check_known (self, enabled, plugins);
  check_board (self, enabled);
}
