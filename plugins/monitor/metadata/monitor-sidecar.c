/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which files are sidecars of which pictures, and reading them. */
#include "monitor-sidecar.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/monitor-content.h"

static const char *const sidecar_suffixes[] = { ".json", ".txt", ".xmp" };

/* Animations of numbered frames come as archives. */
#define SUFFIX_ARCHIVE "zip"

static gboolean
may_have_sidecars (const char *path)
{
  const char *dot = strrchr (path, '.');

  return monitor_name_is_media (path)
         || (dot != NULL && g_ascii_strcasecmp (dot + 1, SUFFIX_ARCHIVE) == 0);
}

gboolean
monitor_sidecar_is_named_like (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (sidecar_suffixes); i++)
    if (g_str_has_suffix (path, sidecar_suffixes[i]) && !g_str_has_suffix (path, ".reason.txt"))
      return TRUE;
  return FALSE;
}

static gboolean
is_regular (int root_fd, const char *path)
{
  struct stat st;

  return fstatat (root_fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG (st.st_mode);
}

/* Where the suffix of a path begins; its end if it has none. */
static gsize
stem_length (const char *path)
{
  const char *slash = strrchr (path, '/');
  const char *dot = strrchr (slash ? slash : path, '.');

  return dot != NULL && dot != path && dot[-1] != '/' ? (gsize)(dot - path) : strlen (path);
}

/* Names that pictures of a stem may have. */
static void
add_names_of_stem (const char *path, gsize length, GPtrArray *names)
{
  const char *const *suffixes = monitor_media_suffixes ();
  guint n = g_strv_length ((char **)suffixes);

  for (guint i = 0; i <= n; i++)
    for (guint upper = 0; upper < 2; upper++)
      {
        const char *lower = i < n ? suffixes[i] : SUFFIX_ARCHIVE;
        g_autofree char *suffix = upper ? g_ascii_strup (lower, -1) : g_strdup (lower);

        g_ptr_array_add (names, g_strdup_printf ("%.*s.%s", (int)length, path, suffix));
      }
}

GPtrArray *
monitor_sidecar_list_names (const char *path)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  gsize length = stem_length (path);
  g_autofree char *stem = g_strndup (path, length);

  if (may_have_sidecars (stem))
    g_ptr_array_add (names, g_strdup (stem));
  add_names_of_stem (path, length, names);
  return names;
}

/* Asked for one by one, since a folder can be large. */
static void
keep_regular (int root_fd, GPtrArray *names)
{
  for (guint i = names->len; i-- > 0;)
    if (!is_regular (root_fd, names->pdata[i]))
      g_ptr_array_remove_index (names, i);
}

GPtrArray *
monitor_sidecar_list_pictures (int root_fd, const char *path)
{
  GPtrArray *pictures = monitor_sidecar_list_names (path);

  keep_regular (root_fd, pictures);
  return pictures;
}

/* "a.json" belongs to "a.jpg" unless there is an "a.png", too. */
static gboolean
has_others_of_stem (int root_fd, const char *path, gsize length)
{
  g_autoptr (GPtrArray) pictures = g_ptr_array_new_with_free_func (g_free);

  add_names_of_stem (path, length, pictures);
  keep_regular (root_fd, pictures);
  for (guint i = 0; i < pictures->len; i++)
    if (!g_str_equal (pictures->pdata[i], path))
      return TRUE;
  return FALSE;
}

GPtrArray *
monitor_sidecar_list (int root_fd, const char *path)
{
  GPtrArray *sidecars = g_ptr_array_new_with_free_func (g_free);
  gsize length = stem_length (path);

  for (guint i = 0; i < G_N_ELEMENTS (sidecar_suffixes); i++)
    {
      g_autofree char *whole = g_strconcat (path, sidecar_suffixes[i], NULL);
      g_autofree char *of_stem = g_strdup_printf ("%.*s%s", (int)length, path, sidecar_suffixes[i]);

      if (is_regular (root_fd, whole))
        g_ptr_array_add (sidecars, g_steal_pointer (&whole));
      if (length < strlen (path) && is_regular (root_fd, of_stem)
          && !has_others_of_stem (root_fd, path, length))
        g_ptr_array_add (sidecars, g_steal_pointer (&of_stem));
    }
  return sidecars;
}

static char *
read_whole (int fd, gsize size, GError **error)
{
  g_autofree char *text = g_malloc (size + 1);
  gsize length = 0;

  while (length < size)
    {
      ssize_t n = pread (fd, text + length, size - length, (off_t)length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          booru_set_errno_error (error, n < 0 ? errno : EIO, "It cannot be read");
          return NULL;
        }
      length += (gsize)n;
    }
  text[size] = '\0';
  return g_steal_pointer (&text);
}

MonitorSidecarResult
monitor_sidecar_read (MonitorTags *self, int root_fd, const char *path, GError **error)
{
  booru_autofd int fd = booru_open_beneath (root_fd, path, O_RDONLY | O_NONBLOCK, error);
  g_autofree char *text = NULL;
  struct stat st;

  if (fd < 0)
    return MONITOR_SIDECAR_BROKEN;
  if (fstat (fd, &st) < 0 || !S_ISREG (st.st_mode))
    return MONITOR_SIDECAR_NONE;
  if (st.st_size > MONITOR_SIDECAR_MAX_SIZE)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                 "It has %" G_GINT64_FORMAT " bytes; at most %d are read", (gint64)st.st_size,
                 MONITOR_SIDECAR_MAX_SIZE);
  else
    text = read_whole (fd, (gsize)st.st_size, error);
  if (text == NULL)
    return MONITOR_SIDECAR_BROKEN;
  if (g_str_has_suffix (path, ".json"))
    return monitor_sidecar_parse_json (self, text, (gsize)st.st_size, error);
  if (g_str_has_suffix (path, ".xmp"))
    return monitor_sidecar_parse_xmp (self, text, (gsize)st.st_size, error);
  return monitor_sidecar_parse_text (self, text, (gsize)st.st_size, error);
}

/* Its own look at each that is broken records why: here the others count. */
MonitorTags *
monitor_sidecar_collect (int root_fd, const char *path)
{
  g_autoptr (GPtrArray) sidecars = monitor_sidecar_list (root_fd, path);
  g_autoptr (MonitorTags) tags = monitor_tags_new ();
  gboolean found = FALSE;

  for (guint i = 0; i < sidecars->len; i++)
    if (monitor_sidecar_read (tags, root_fd, sidecars->pdata[i], NULL) == MONITOR_SIDECAR_READ)
      {
        monitor_tags_add_note (tags, sidecars->pdata[i]);
        found = TRUE;
      }
  tags->says_nothing = !found;
  return found || tags->left_out->len > 0 ? g_steal_pointer (&tags) : NULL;
}

char *
monitor_sidecar_dup_name_for (const char *sidecar, const char *picture, const char *new_picture)
{
  gsize length = strlen (picture);

  if (g_str_has_prefix (sidecar, picture))
    return g_strconcat (new_picture, sidecar + length, NULL);
  return g_strdup_printf ("%.*s%s", (int)stem_length (new_picture), new_picture,
                          sidecar + stem_length (sidecar));
}
