/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is special to wiki pages and artists: their names are those of tags. */
#include "board/store/booru-store-records-private.h"

#include <string.h>

#include "base/booru-error.h"

/* Nobody looks through more artists. */
#define MAX_ARTISTS 100

/* @statement finds the record that has the name. */
static gboolean
check_free (BooruStore *store,
            const BooruRecordWrite *write,
            const char *field,
            const char *statement,
            GError **error)
{
  const char *name = booru_record_get_text (write->after, field);
  gint64 found;

  if (!booru_sql_read_number (store->sql, &found, error, statement, "s", name))
    return FALSE;
  if (found == 0 || found == booru_record_get_id (write->after))
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "%s has already been taken by %s %" G_GINT64_FORMAT, field, write->type->title,
               found);
  return FALSE;
}

/* Wiki pages. */

static gboolean
check_wiki_page (BooruStore *store, BooruRecordWrite *write, GError **error)
{
  gboolean locked
      = booru_record_get_number (write->after, "is_locked") != 0
        || (write->before != NULL && booru_record_get_number (write->before, "is_locked") != 0);

  if (locked && write->by->access < BOORU_ACCESS_ADMIN)
    {
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_DENIED,
                           "Only administrators lock wiki pages, and change locked ones");
      return FALSE;
    }
  return check_free (store, write, "title", "find-wiki-page", error);
}

const BooruRecordRules booru_wiki_page_rules = { .check = check_wiki_page };

static gint64
find_named (BooruStore *self,
            const char *name,
            const char *statement,
            const char *title,
            GError **error)
{
  g_autofree char *lower = g_utf8_strdown (name, -1);
  gint64 id = 0;

  g_strstrip (lower);
  g_strdelimit (lower, " ", '_');
  if (!booru_sql_read_number (self->sql, &id, error, statement, "s", lower))
    return 0;
  if (id == 0)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no %s “%.80s”", title, lower);
  return id;
}

gint64
booru_store_find_wiki_page (BooruStore *self, const char *title, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && title != NULL, 0);

  return find_named (self, title, "find-wiki-page", "wiki page", error);
}

gint64
booru_store_find_artist (BooruStore *self, const char *name, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && name != NULL, 0);

  return find_named (self, name, "find-artist", "artist", error);
}

/* Addresses of artists. */

/* What two addresses of one page can differ in is left out: http or https, "www.", the case of the
 * host, slashes at the end, a fragment. */
static char *
make_comparable (const char *url)
{
  const char *scheme = strstr (url, "://");
  const char *host = scheme != NULL ? scheme + 3 : url;
  const char *path;
  GString *compared = g_string_new (NULL);

  if (g_ascii_strncasecmp (host, "www.", 4) == 0)
    host += 4;
  path = host + strcspn (host, "/?#");
  for (const char *at = host; at < path; at++)
    g_string_append_c (compared, g_ascii_tolower (*at));
  g_string_append_len (compared, path, (gssize)strcspn (path, "#"));
  while (compared->len > 0 && compared->str[compared->len - 1] == '/')
    g_string_truncate (compared, compared->len - 1);
  g_string_append_c (compared, '/');
  return g_string_free (compared, FALSE);
}

static gboolean
check_urls (const char *const *urls, GError **error)
{
  for (guint i = 0; urls[i] != NULL; i++)
    {
      const char *url = urls[i] + (*urls[i] == '-');

      if (!g_str_has_prefix (url, "http://") && !g_str_has_prefix (url, "https://"))
        {
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                       "urls include “%.80s”, which does not begin with http:// or https://", url);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
check_artist (BooruStore *store, BooruRecordWrite *write, GError **error)
{
  return check_urls (booru_record_get_names (write->after, "urls"), error)
         && check_free (store, write, "name", "find-artist", error);
}

/* The rows follow the list. */
static gboolean
follow_artist (BooruStore *store, BooruRecordWrite *write, GError **error)
{
  const char *const *urls = booru_record_get_names (write->after, "urls");
  gint64 id = booru_record_get_id (write->after);
  g_autoptr (GPtrArray) plain = g_ptr_array_new ();
  g_autofree char *json = NULL;

  for (guint i = 0; urls[i] != NULL; i++)
    g_ptr_array_add (plain, (gpointer)(urls[i] + (*urls[i] == '-')));
  json = booru_sql_strings_to_json ((const char *const *)plain->pdata, plain->len);
  if (!booru_sql_run (store->sql, error, "delete-artist-urls", "xs", id, json))
    return FALSE;
  for (guint i = 0; urls[i] != NULL; i++)
    {
      g_autofree char *compared = make_comparable (plain->pdata[i]);

      if (!booru_sql_run (store->sql, error, "put-artist-url", "xssbx", id, plain->pdata[i],
                          compared, *urls[i] != '-', write->now))
        return FALSE;
    }
  return TRUE;
}

const BooruRecordRules booru_artist_rules = { check_artist, follow_artist };

static gboolean
find_by_pattern (BooruStore *store, const char *pattern, GArray *ids, GError **error)
{
  g_autofree char *like = booru_sql_pattern_to_like (pattern);
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (store->sql, error, "find-artists-by-url", "si", like, MAX_ARTISTS);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      gint64 id = booru_sql_get_number (rows, 0);

      g_array_append_val (ids, id);
    }
  return step == BOORU_SQL_DONE;
}

/* An address is looked for, then what it lies in, up to the host's first folder: the page of a
 * picture leads to the artist whose profile is above it. */
static gboolean
find_by_address (BooruStore *store, char *address, GArray *ids, GError **error)
{
  for (;;)
    {
      char *slash;

      if (!find_by_pattern (store, address, ids, error))
        return FALSE;
      address[strlen (address) - 1] = '\0';
      slash = strrchr (address, '/');
      if (ids->len > 0 || slash == NULL)
        return TRUE;
      slash[1] = '\0';
      /* A host alone is everybody's. */
      if (strchr (address, '/') == slash)
        return TRUE;
    }
}

GArray *
booru_store_find_artists_by_url (BooruStore *self, const char *url, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && url != NULL, NULL);

  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *address = make_comparable (url);
  g_autofree char *part = g_strconcat ("*", url, "*", NULL);
  gboolean is_address = g_str_has_prefix (url, "http://") || g_str_has_prefix (url, "https://");
  gboolean found;

  if (strchr (url, '*') != NULL)
    found = find_by_pattern (self, is_address ? address : url, ids, error);
  else if (is_address)
    found = find_by_address (self, address, ids, error);
  else
    found = find_by_pattern (self, part, ids, error);
  return found ? g_steal_pointer (&ids) : NULL;
}
