/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/booru-settings.h"
#include "booru-host-options.h"
#include "plugin/booru-config.h"

G_BEGIN_DECLS

/**
 * BooruHostConfig:
 *
 * The settings, with what the host makes of them. It passes them on to the services as they are:
 * what they mean there, plugins know.
 */
typedef struct
{
  GVariant *given;   /* a{sv}: the settings that it was made from */
  GVariant *lasting; /* likewise, without the options of this run */
  char *data_dir;
  char *files_dir;   /* of originals and thumbnails; usually the data folder */
  char *database;    /* empty: SQLite's in the data folder */
  char *runtime_dir; /* if shared: replaced by the host with one of its own */
  guint workers;
  gboolean shared; /* the data folder, with other hosts */
  gboolean dev;
  gboolean verbose;
  char *address; /* what the listener is bound to; set by the host */
  guint port;
} BooruHostConfig;

char *booru_host_config_prepare_data_dir (const BooruHostOptions *options,
                                          BooruSettings *settings,
                                          GError **error);

/* The folder of originals and thumbnails by setting, or @data_dir: sees that it is there and can be
 * written to. Transfer full: its resolved path. */
char *
booru_host_config_prepare_files_dir (BooruSettings *settings, const char *data_dir, GError **error);

/* @data_dir: resolved. @files_dir: NULL: to be inherited. @settings: those of BOORU_SCHEMA_HOST,
 * with the options applied. */
BooruHostConfig *booru_host_config_new (const char *data_dir,
                                        const char *files_dir,
                                        const BooruHostOptions *options,
                                        BooruSettings *settings);

/* What stays while the host runs is as in @before: lock, runtime folder; @bound: and the socket. */
void
booru_host_config_inherit (BooruHostConfig *self, const BooruHostConfig *before, gboolean bound);

/* @now: the present ones. Whether the next start could work with the value of a setting that takes
 * effect then (NULL: the default), with what to do if not. */
gboolean booru_host_config_check_later (const BooruHostConfig *now,
                                        const char *schema,
                                        const char *key,
                                        GVariant *value,
                                        GError **error);
void booru_host_config_free (BooruHostConfig *self);

/* What a service is told. @plugin_settings: those of its own schema, or NULL. @options: with those
 * of this run. Transfer full. */
BooruConfig *booru_host_config_for_service (const BooruHostConfig *self,
                                            BooruSettings *plugin_settings,
                                            gboolean options);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruHostConfig, booru_host_config_free)

G_END_DECLS
