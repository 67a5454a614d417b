/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-descendants.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/booru-names.h"

/* Processes that start others while they are being killed need several looks. */
#define MAX_LOOKS 20

/* That of a zombie is empty. */
static gboolean
carries (const char *pid, const char *mark)
{
  g_autofree char *path = g_build_filename ("/proc", pid, "environ", NULL);
  g_autofree char *environment = NULL;
  gsize length;

  return g_file_get_contents (path, &environment, &length, NULL)
         && memmem (environment, length, mark, strlen (mark)) != NULL;
}

/* Of pid_t: those that carry @cookie. */
static GArray *
list_carriers (const char *cookie)
{
  g_autofree char *mark = g_strdup_printf (BOORU_ENV_COOKIE "=%s", cookie);
  GArray *carriers = g_array_new (FALSE, FALSE, sizeof (pid_t));
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while (proc && (name = g_dir_read_name (proc)) != NULL)
    {
      pid_t pid = (pid_t)g_ascii_strtoll (name, NULL, 10);

      if (pid > 1 && pid != getpid () && carries (name, mark))
        g_array_append_val (carriers, pid);
    }
  return carriers;
}

guint
booru_descendants_count (const char *cookie)
{
  g_autoptr (GArray) carriers = list_carriers (cookie);

  return carriers->len;
}

guint
booru_descendants_kill (GPid leader, const char *cookie)
{
  g_autoptr (GHashTable) killed = g_hash_table_new (NULL, NULL);
  gboolean again = TRUE;

  for (guint look = 0; look < MAX_LOOKS && again; look++)
    {
      g_autoptr (GArray) carriers = list_carriers (cookie);

      again = FALSE;
      for (guint i = 0; i < carriers->len; i++)
        {
          pid_t pid = g_array_index (carriers, pid_t, i);

          kill (pid, SIGKILL);
          again |= g_hash_table_add (killed, GINT_TO_POINTER (pid));
        }
    }
  kill (-leader, SIGKILL);
  return g_hash_table_size (killed);
}
