/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-plugin-switch.h"

#include "booru-plugin-choice.h"

struct _BooruPluginSwitch
{
  BooruHostOptions *options; /* not owned */
  BooruSettings *settings;   /* not owned */
  char *name;
  gboolean was_stored, was_enabled, was_disabled; /* by the setting; by the options */
};

static gboolean
contains (GStrv names, const char *name)
{
  return g_strv_contains ((const char *const *)names, name);
}

static GStrv
with_name (GStrv names, const char *name, gboolean present)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; names[i]; i++)
    if (!g_str_equal (names[i], name))
      g_strv_builder_add (builder, names[i]);
  if (present)
    g_strv_builder_add (builder, name);
  return g_strv_builder_end (builder);
}

static void
set_name (GStrv *names, const char *name, gboolean present)
{
  GStrv changed = with_name (*names, name, present);

  g_strfreev (*names);
  *names = changed;
}

static gboolean
store_name (BooruPluginSwitch *self, gboolean present, GError **error)
{
  g_auto (GStrv) stored = booru_settings_get_strv (self->settings, "enabled-plugins");
  g_auto (GStrv) changed = with_name (stored, self->name, present);

  return contains (stored, self->name) == present
         || booru_settings_store (self->settings, "enabled-plugins",
                                  g_variant_new_strv ((const char *const *)changed, -1), error);
}

void
booru_plugin_switch_undo (BooruPluginSwitch *self)
{
  store_name (self, self->was_stored, NULL);
  set_name (&self->options->enable_plugins, self->name, self->was_enabled);
  set_name (&self->options->disable_plugins, self->name, self->was_disabled);
}

void
booru_plugin_switch_free (BooruPluginSwitch *self)
{
  g_free (self->name);
  g_free (self);
}

/* The administrator's word is the latest: an option says the same where the setting does not do. */
static gboolean
turn (BooruPluginSwitch *self, GPtrArray *available, gboolean enabled, GError **error)
{
  GStrv *same = enabled ? &self->options->enable_plugins : &self->options->disable_plugins;
  GStrv *opposite = enabled ? &self->options->disable_plugins : &self->options->enable_plugins;
  g_auto (GStrv) names = NULL;

  set_name (opposite, self->name, FALSE);
  if (!store_name (self, enabled, error))
    return FALSE;
  names = booru_plugin_choose (self->options, self->settings, available, error);
  if (names && contains (names, self->name) != enabled)
    set_name (same, self->name, TRUE);
  return names != NULL;
}

BooruPluginSwitch *
booru_plugin_switch_new (BooruHostOptions *options,
                         BooruSettings *settings,
                         GPtrArray *available,
                         const char *name,
                         gboolean enabled,
                         GError **error)
{
  g_autoptr (BooruPluginSwitch) self = g_new0 (BooruPluginSwitch, 1);
  g_auto (GStrv) stored = booru_settings_get_strv (settings, "enabled-plugins");

  self->options = options;
  self->settings = settings;
  self->name = g_strdup (name);
  self->was_stored = contains (stored, name);
  self->was_enabled = contains (options->enable_plugins, name);
  self->was_disabled = contains (options->disable_plugins, name);
  if (turn (self, available, enabled, error))
    return g_steal_pointer (&self);
  booru_plugin_switch_undo (self);
  return NULL;
}
