/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Variables that a host started from here would use. A running one has its own. */
#include "ctl/doctor/doctor.h"

#include "base/booru-error.h"
#include "base/booru-names.h"

static const char *
get_variable (const char *name)
{
  const char *text = g_getenv (name);

  return text && *text ? text : NULL;
}

static void
say_invalid (Doctor *self, const char *variable, const char *why)
{
  doctor_error (self->report, variable, "%s", why);
  doctor_report_advise (self->report,
                        "Correct the variable or unset it: a host does not start with it");
}

/* Checked one by one, with settings that know of no other variable. */
static void
check_bound (Doctor *self, const BooruSettingsVariable *variable, const char *first)
{
  g_autoptr (BooruSettings) settings = NULL;
  g_autoptr (GError) error = NULL;
  const char *text = get_variable (variable->variable);

  if (text == NULL)
    return;
  if (first)
    {
      doctor_note (self->report, variable->variable,
                   "is “%s”, and is ignored because %s is set, too", text, first);
      return;
    }
  /* The stored values do not matter here, and the file may be broken. */
  settings = booru_settings_new (BOORU_SCHEMA_HOST, "/dev/null", NULL);
  if (settings == NULL)
    return;
  if (!booru_settings_bind_environment (settings, variable->key, variable->variable, &error))
    say_invalid (self, variable->variable, error->message);
  else
    doctor_note (self->report, variable->variable,
                 "is “%s”: it overrides the stored setting %s in hosts that are started with it",
                 text, variable->key);
}

static void
check_monitor (Doctor *self)
{
  static const char *const names[]
      = { BOORU_ENV_MONITOR_ENABLED, BOORU_ENV_MONITOR_ENABLED_ORIGINAL };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *text = get_variable (names[i]);
      g_autofree char *why = NULL;
      gboolean enabled;

      if (text == NULL)
        continue;
      if (booru_settings_parse_boolean (text, &enabled))
        doctor_note (self->report, names[i],
                     "is “%s”: hosts that are started with it run %s monitor, whatever "
                     "enabled-plugins says",
                     text, enabled ? "the" : "no");
      else
        {
          why = g_strdup_printf ("is “%s”, but takes 1 or 0", text);
          say_invalid (self, names[i], why);
        }
      return; /* the first that is set counts */
    }
}

static void
check_places (Doctor *self)
{
  static const struct
  {
    const char *name, *effect;
  } places[] = {
    { BOORU_ENV_DATA_DIR, "the data folder, unless --data-dir names another" },
    { BOORU_ENV_SETTINGS, "the settings file, unless --settings names another" },
    { BOORU_ENV_PLUGIN_PATH, "plugins are looked for there first" },
    { BOORU_ENV_RUNTIME_DIR, "the folder for pid files and the private socket" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      const char *text = get_variable (places[i].name);

      if (text)
        doctor_note (self->report, places[i].name, "is “%s”: %s", text, places[i].effect);
    }
}

void
doctor_check_environment (Doctor *self)
{
  const BooruSettingsVariable *variables = booru_settings_list_variables ();
  const char *set = NULL;

  for (const BooruSettingsVariable *each = variables; each->key; each++)
    {
      if (each > variables && !g_str_equal (each->key, each[-1].key))
        set = NULL;
      check_bound (self, each, set);
      if (set == NULL && get_variable (each->variable))
        set = each->variable;
    }
  check_monitor (self);
  check_places (self);
}
