/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-source.h"

#include <string.h>

/* What ends a part of a path. */
#define ENDS "/?#"

/* Greater ones are no works. */
#define MOST_DIGITS 12

/* The digits at @text, if what follows them is one of @followers or the end. */
static gint64
read_number (const char *text, const char *followers)
{
  gsize n = strspn (text, "0123456789");

  if (n == 0 || n > MOST_DIGITS || (text[n] != '\0' && strchr (followers, text[n]) == NULL))
    return -1;
  return g_ascii_strtoll (text, NULL, 10);
}

/* What follows @name in @path as a part of its own, or NULL. */
static const char *
find_part (const char *path, const char *name)
{
  gsize length = strlen (name);

  for (const char *at = strstr (path, name); at; at = strstr (at + 1, name))
    if (at > path && at[-1] == '/' && at[length] == '/')
      return at + length + 1;
  return NULL;
}

static gboolean
is_host (const char *host, gsize length, const char *domain)
{
  gsize tail = strlen (domain);

  return length >= tail && g_ascii_strncasecmp (host + length - tail, domain, tail) == 0
         && (length == tail || host[length - tail - 1] == '.');
}

/* "…/img/2014/10/03/18/10/20/46324488_p0.png", "…/img/NAME/14901720_m.png" */
static gint64
read_file (const char *path)
{
  const char *img = find_part (path, "img"), *name;
  gsize length;

  if (img == NULL || find_part (path, "user-profile") || find_part (path, "background"))
    return -1;
  length = strcspn (img, "?#");
  name = g_strrstr_len (img, (gssize)length, "/");
  return name ? read_number (name + 1, "_.-?#") : -1;
}

/* "/artworks/46324488", with a language before it or not, "/i/46324488",
 * "/member_illust.php?mode=medium&illust_id=46324488" */
static gint64
read_page (const char *path)
{
  const char *artworks = find_part (path, "artworks"), *query = strchr (path, '?');

  if (artworks)
    return read_number (artworks, ENDS);
  if (g_str_has_prefix (path, "/i/"))
    return read_number (path + strlen ("/i/"), ENDS);
  while (query)
    {
      query++;
      if (g_str_has_prefix (query, "illust_id="))
        return read_number (query + strlen ("illust_id="), "&#");
      query = strchr (query, '&');
    }
  return -1;
}

gint64
booru_source_get_pixiv_id (const char *source)
{
  g_return_val_if_fail (source != NULL, -1);

  const char *host = strstr (source, "://"), *path;
  gsize length;
  gint64 id;

  if (host == NULL)
    return -1;
  host += strlen ("://");
  length = strcspn (host, ENDS);
  path = host + length;
  if (is_host (host, length, "pximg.net"))
    return read_file (path);
  if (!is_host (host, length, "pixiv.net") && !is_host (host, length, "phixiv.net"))
    return -1;
  id = read_page (path);
  return id >= 0 ? id : read_file (path);
}
