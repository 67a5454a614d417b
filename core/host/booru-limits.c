/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-limits.h"

#include "base/booru-names.h"

#define START 30
#define HEARTBEAT 10
#define CHECK 2

static guint
from_environment (const char *variable, guint fallback)
{
  const char *text = g_getenv (variable);
  guint64 value;

  if (text && g_ascii_string_to_unsigned (text, 10, 1, 3600, &value, NULL))
    return (guint)value;
  return fallback;
}

guint
booru_limits_get_start (void)
{
  return from_environment (BOORU_ENV_START_LIMIT, START);
}

guint
booru_limits_get_heartbeat (void)
{
  return from_environment (BOORU_ENV_HEARTBEAT_LIMIT, HEARTBEAT);
}

guint
booru_limits_get_check (void)
{
  return CLAMP (booru_limits_get_heartbeat () / 3, 1, CHECK);
}
