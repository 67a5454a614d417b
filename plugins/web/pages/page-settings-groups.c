/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which settings belong together, for people: what is needed often first. */
#include "page-settings.h"

static const PageSettingGroup groups[] = {
  { "Folders", FALSE, { "folder-rules" } },
  { "Import", FALSE, { "max-upload-size", "max-pixels", "decode-timeout", "upload-keep-days" } },
  { "Duplicates", FALSE, { "duplicate-distance" } },
  { "Server",
    FALSE,
    { "address", "port", "base-url", "trusted-hosts", "trusted-proxies", "workers", "data-dir",
      "files-dir" } },
  { "Limits",
    TRUE,
    { "max-connections", "max-connections-per-address", "header-timeout", "idle-timeout",
      "worker-max-requests", "worker-max-memory", "worker-max-age", "decoders-max", "decoders-min",
      "decoder-idle-timeout", "decode-memory" } },
  { "Other",
    TRUE,
    { "verbose", "reconcile-interval", "accel-redirect", "shared", "lease-seconds" } },
};

const PageSettingGroup *
page_setting_groups (gsize *n_groups)
{
  *n_groups = G_N_ELEMENTS (groups);
  return groups;
}

const char *
page_setting_get_unit (const char *key)
{
  static const struct
  {
    const char *key, *unit;
  } units[] = {
    { "max-upload-size", "MiB" },
    { "max-pixels", "pixels" },
    { "decode-timeout", "seconds" },
    { "duplicate-distance", "bits" },
    { "workers", "processes" },
    { "header-timeout", "seconds" },
    { "idle-timeout", "seconds" },
    { "worker-max-memory", "MiB" },
    { "worker-max-requests", "requests" },
    { "worker-max-age", "seconds" },
    { "decoders-max", "processes" },
    { "decoders-min", "processes" },
    { "decoder-idle-timeout", "seconds" },
    { "decode-memory", "MiB" },
    { "reconcile-interval", "seconds" },
    { "lease-seconds", "seconds" },
    { "max-connections", "connections" },
    { "max-connections-per-address", "connections" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_equal (units[i].key, key))
      return units[i].unit;
  return "";
}
