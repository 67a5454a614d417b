/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/booru-plugin-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/booru-error.h"

#define MAX_SIZE (64 * 1024)

static const char *const known_keys[] = {
  "Name", "Description", "Module", "ABI", "Depends", "Extends", "Essential", NULL,
};

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error)
    *error = g_error_new_valist (BOORU_ERROR, BOORU_ERROR_CONFIG, format, args);
  va_end (args);
  return FALSE;
}

static gboolean
check_kind (const struct stat *info, GError **error)
{
  if (S_ISDIR (info->st_mode))
    return refuse (error, "it is a folder, not a file");
  if (!S_ISREG (info->st_mode))
    return refuse (error, "it is not a regular file");
  if (info->st_uid != 0 && info->st_uid != geteuid ())
    return refuse (error, "it belongs to neither root nor the user %s: change its owner",
                   g_get_user_name ());
  if (info->st_mode & (S_IWGRP | S_IWOTH))
    return refuse (error,
                   "others than its owner can change it: “chmod go-w” takes that away from them");
  return TRUE;
}

/* A socket cannot be opened at all, and a FIFO not be read from without O_NONBLOCK. */
static int
open_checked (const char *path, struct stat *info, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

  if (fd < 0)
    {
      if (errno == ENOENT)
        refuse (error, "there is no such file");
      else if (errno == ENXIO)
        refuse (error, "it is not a regular file");
      else
        refuse (error, "%s", g_strerror (errno));
    }
  else if (fstat (fd, info) < 0 || !check_kind (info, error))
    {
      close (fd);
      return -1;
    }
  return fd;
}

gboolean
booru_plugin_file_check (const char *path, GError **error)
{
  struct stat info;
  int fd = open_checked (path, &info, error);

  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

char *
booru_plugin_file_read (const char *path, gsize *length, GError **error)
{
  struct stat info;
  int fd = open_checked (path, &info, error);
  g_autofree char *text = NULL;
  gssize n = 0;

  if (fd < 0)
    return NULL;
  text = g_malloc (MAX_SIZE + 1);
  for (*length = 0; *length < MAX_SIZE + 1; *length += (gsize)n)
    if ((n = read (fd, text + *length, MAX_SIZE + 1 - *length)) <= 0)
      break;
  close (fd);
  if (n < 0)
    refuse (error, "%s", g_strerror (errno));
  else if (*length > MAX_SIZE)
    refuse (error, "it is larger than %d KiB", MAX_SIZE / 1024);
  else
    {
      text[*length] = '\0';
      return g_steal_pointer (&text);
    }
  return NULL;
}

/* Keys */

/* How many letters have to be put in, left out or replaced (Levenshtein). */
static guint
get_distance (const char *a, const char *b)
{
  gsize length = strlen (b);
  g_autofree guint *row = g_new (guint, length + 1);

  for (gsize j = 0; j <= length; j++)
    row[j] = (guint)j;
  for (gsize i = 0; a[i]; i++)
    {
      guint diagonal = row[0];

      row[0] = (guint)i + 1;
      for (gsize j = 0; j < length; j++)
        {
          guint replaced = diagonal + (g_ascii_tolower (a[i]) != g_ascii_tolower (b[j]));

          diagonal = row[j + 1];
          row[j + 1] = MIN (replaced, MIN (row[j], diagonal) + 1);
        }
    }
  return row[length];
}

static const char *
find_nearest (const char *key)
{
  const char *nearest = known_keys[0];

  for (guint i = 1; known_keys[i]; i++)
    if (get_distance (key, known_keys[i]) < get_distance (key, nearest))
      nearest = known_keys[i];
  return nearest;
}

/* "Description[de]" is a Description. */
static gboolean
is_known_key (const char *key)
{
  g_autofree char *bare = g_strndup (key, strcspn (key, "["));

  return g_strv_contains (known_keys, bare);
}

GStrv
booru_plugin_file_list_unknown_keys (GKeyFile *keyfile)
{
  g_autoptr (GStrvBuilder) warnings = g_strv_builder_new ();
  g_auto (GStrv) groups = g_key_file_get_groups (keyfile, NULL);
  g_auto (GStrv) keys = g_key_file_get_keys (keyfile, "Plugin", NULL, NULL);

  for (guint i = 0; groups[i]; i++)
    if (!g_str_equal (groups[i], "Plugin"))
      {
        g_autofree char *text
            = g_strdup_printf ("the group [%s] is not known, only [Plugin]", groups[i]);

        g_strv_builder_add (warnings, text);
      }
  for (guint i = 0; keys && keys[i]; i++)
    if (!is_known_key (keys[i]))
      {
        g_autofree char *text = g_strdup_printf ("the key %s= is not known; did you mean %s=?",
                                                 keys[i], find_nearest (keys[i]));

        g_strv_builder_add (warnings, text);
      }
  return g_strv_builder_end (warnings);
}
