/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/booru-settings.h"
#include "booru-host-options.h"
#include "plugin/booru-config.h"

G_BEGIN_DECLS

/**
 * BooruHostConfig:
 *
 * What the settings come to, looked at against the file system: absolute, resolved, and fit to be
 * told to the services.
 */
typedef struct
{
  GVariant *given; /* a{sv}: the settings that it was made from */
  char *data_dir;
  char *runtime_dir; /* if shared: replaced by the host with one of its own */
  GStrv library_folders;
  char *ingest_folder; /* or NULL */
  guint workers;
  guint max_requests, max_memory, max_age; /* of a worker; MiB, seconds; 0: no limit */
  GVariant *service_limits;                /* BOORU_CONFIG_SERVICE_LIMITS */
  gboolean shared;                         /* the data folder, with other hosts */
  gboolean dev;
  gboolean verbose;
  char *address; /* what the listener is bound to; set by the host */
  guint port;
} BooruHostConfig;

char *booru_host_config_prepare_data_dir (const BooruHostOptions *options,
                                          BooruSettings *settings,
                                          GError **error);
BooruHostConfig *booru_host_config_new (const char *data_dir,
                                        const BooruHostOptions *options,
                                        BooruSettings *settings,
                                        GError **error);
/* What stays while the host runs is as in @before: lock, runtime folder; @bound: and the socket. */
void
booru_host_config_inherit (BooruHostConfig *self, const BooruHostConfig *before, gboolean bound);

/* Whether the next start could work with the value of a setting that takes effect then (NULL: the
 * default), with what to do if not. */
gboolean booru_host_config_check_later (const char *schema,
                                        const char *key,
                                        GVariant *value,
                                        GError **error);
void booru_host_config_free (BooruHostConfig *self);
BooruConfig *booru_host_config_for_service (const BooruHostConfig *self,
                                            BooruSettings *plugin_settings);

/* What a service is told (@told), but with the settings as they were given: what does not exist, or
 * is written oddly, is still in it. For checks of settings. Transfer full. */
BooruConfig *booru_host_config_as_given (const BooruHostConfig *self, BooruConfig *told);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruHostConfig, booru_host_config_free)

G_END_DECLS
