/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-names.h"
#include "base/booru-settings.h"

static const BooruSettingsVariable variables[] = {
  { "workers", BOORU_ENV_WORKERS },
  { "workers", BOORU_ENV_WORKERS_ORIGINAL },
  { "address", BOORU_ENV_ADDRESS },
  { "address", BOORU_ENV_ADDRESS_ORIGINAL },
  { "port", BOORU_ENV_PORT },
  { "port", BOORU_ENV_PORT_ORIGINAL },
  { "database", BOORU_ENV_DATABASE },
  { "files-dir", BOORU_ENV_FILES_DIR },
  { "shared", BOORU_ENV_SHARED },
  { "worker-max-requests", BOORU_ENV_MAX_REQUESTS },
  { "worker-max-memory", BOORU_ENV_MAX_MEMORY },
  { "worker-max-age", BOORU_ENV_MAX_AGE },
  { NULL, NULL },
};

const BooruSettingsVariable *
booru_settings_list_variables (void)
{
  return variables;
}

gboolean
booru_settings_bind_variables (BooruSettings *self, GError **error)
{
  for (const BooruSettingsVariable *each = variables; each->key; each++)
    if (!booru_settings_bind_environment (self, each->key, each->variable, error))
      return FALSE;
  return TRUE;
}
