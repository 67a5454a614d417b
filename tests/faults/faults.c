/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "faults.h"

#include <stdlib.h>
#include <string.h>

#define URL "http://127.0.0.1:"

guint
faults_get_port (TestHost *host)
{
  g_autofree char *log = test_host_dup_log (host);
  const char *at = strstr (log, URL);

  g_assert_nonnull (at);
  return (guint)atoi (at + strlen (URL));
}
