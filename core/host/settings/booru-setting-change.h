/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-host-settings.h"
#include "plugin/booru-config.h"

G_BEGIN_DECLS

/**
 * BooruSettingChange:
 *
 * A setting that was changed on an administrator's behalf, and can be put back.
 */
typedef struct _BooruSettingChange BooruSettingChange;

/* Stores @value (NULL: back to the default), for good. @now: it goes before this run's options and
 * environment, too. BOORU_ERROR_NOT_FOUND for an unknown schema or key, BOORU_ERROR_INVALID for a
 * value that does not fit, BOORU_ERROR_DENIED if it cannot be stored. */
BooruSettingChange *booru_setting_change_new (BooruHostSettings *settings,
                                              const char *schema,
                                              const char *key,
                                              GVariant *value,
                                              gboolean now,
                                              GError **error);
void booru_setting_change_free (BooruSettingChange *self);
void booru_setting_change_undo (BooruSettingChange *self);
char *booru_setting_change_describe (BooruSettingChange *self); /* for people; transfer full */

/* @config, which is for @plugin, with the value as it was stored, even where this run's options
 * override it. For checks of settings. Transfer full. */
BooruConfig *
booru_setting_change_show (const BooruSettingChange *self, const char *plugin, BooruConfig *config);

/* As above. */
char *booru_setting_describe_change (BooruSettings *settings,
                                     const char *key,
                                     GVariant *before,
                                     GVariant *after);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruSettingChange, booru_setting_change_free)

G_END_DECLS
