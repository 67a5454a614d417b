/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/booru-settings.h"
#include "host/settings/booru-host-options.h"

G_BEGIN_DECLS

/**
 * BooruPluginSwitch:
 *
 * A plugin that an administrator enabled or disabled, in the settings and against what options and
 * environment of this run say; can be put back.
 */
typedef struct _BooruPluginSwitch BooruPluginSwitch;

/* @options, @settings (BOORU_SCHEMA_HOST): to be changed; unowned, outlive it. @available: all
 * plugins (BooruPluginInfo). */
BooruPluginSwitch *booru_plugin_switch_new (BooruHostOptions *options,
                                            BooruSettings *settings,
                                            GPtrArray *available,
                                            const char *name,
                                            gboolean enabled,
                                            GError **error);
void booru_plugin_switch_undo (BooruPluginSwitch *self);
void booru_plugin_switch_free (BooruPluginSwitch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruPluginSwitch, booru_plugin_switch_free)

G_END_DECLS
