/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-iqdb.h"

#include <math.h>
#include <string.h>

#include "web-hashes.h"

#define DEFAULT_LIMIT 20
#define MAX_LIMIT 1000
/* Below this score matches are coincidences. */
#define DEFAULT_SIMILARITY 50

double
web_iqdb_get_score (guint distance)
{
  double part = 1 - (double)distance / BOORU_SIMILAR_MAX_DISTANCE;

  return round (MAX (part, 0) * 10000) / 100;
}

static guint
get_limit (WebRequest *request)
{
  const char *text = web_request_get_search (request, "limit");
  gint64 limit;

  if (text && g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &limit, NULL))
    return (guint)CLAMP (limit, 1, MAX_LIMIT);
  return DEFAULT_LIMIT;
}

/* The farthest that scores as high as is asked for. */
static guint
get_max_distance (WebRequest *request)
{
  const char *text = web_request_get_search (request, "similarity");
  double similarity = text && *text ? g_ascii_strtod (text, NULL) : DEFAULT_SIMILARITY;
  guint distance = BOORU_SIMILAR_MAX_DISTANCE;

  while (distance > 0 && web_iqdb_get_score (distance) < similarity)
    distance--;
  return distance;
}

static void
search_by_hashes (WebRequest *request, const guint64 *hashes, guint n_hashes, WebIqdbFunc done)
{
  BooruStore *store = web_worker_get_store (web_request_get_worker (request));
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) matches = booru_store_find_similar (
      store, hashes, n_hashes, get_max_distance (request), get_limit (request), &error);

  done (request, matches, error);
}

static void
search_by_hash (WebRequest *request, const char *text, WebIqdbFunc done)
{
  g_autoptr (GError) error = NULL;
  guint64 hash;

  if (strlen (text) == 16 && g_ascii_string_to_unsigned (text, 16, 0, G_MAXUINT64, &hash, NULL))
    {
      search_by_hashes (request, &hash, 1, done);
      return;
    }
  g_set_error (&error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "“%s” is not a hash: give 16 hexadecimal digits", text);
  done (request, NULL, error);
}

static BooruPost *
get_post_of_media_asset (BooruStore *store, gint64 id, GError **error)
{
  g_autoptr (BooruPost) post = NULL;
  g_autoptr (BooruAsset) asset = NULL;

  if (booru_store_find_media_asset (store, id, &post, &asset, error) && post == NULL)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                 "The media asset %" G_GINT64_FORMAT " has no post yet", id);
  return g_steal_pointer (&post);
}

/* @get: finds the post by the number that @text is. */
static void
search_by_post (WebRequest *request,
                const char *text,
                BooruPost *(*get) (BooruStore *store, gint64 id, GError **error),
                WebIqdbFunc done)
{
  BooruStore *store = web_worker_get_store (web_request_get_worker (request));
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPost) post = NULL;
  g_autoptr (GArray) hashes = NULL;
  guint64 id;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &id, NULL))
    g_set_error (&error, BOORU_ERROR, BOORU_ERROR_INVALID, "“%s” is not an id", text);
  else
    post = get (store, (gint64)id, &error);
  if (post)
    hashes = booru_store_list_hashes (store, post->id, &error);
  if (hashes)
    search_by_hashes (request, (const guint64 *)(gpointer)hashes->data, hashes->len, done);
  else
    done (request, NULL, error);
}

typedef struct
{
  WebRequest *request;
  WebIqdbFunc done;
} Waiting;

static void
on_hashes (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Waiting *waiting = user_data;
  g_autoptr (WebRequest) request = waiting->request;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) hashes
      = web_hashes_find_finish (web_request_get_worker (request), result, &error);

  if (hashes)
    search_by_hashes (request, (const guint64 *)(gpointer)hashes->data, hashes->len, waiting->done);
  else
    waiting->done (request, NULL, error);
}

/* "file" or "search[file]" of the form; NULL: there is none, or an empty one. */
static const WebBodyFile *
find_picture (WebRequest *request)
{
  WebBody *body = web_request_get_upload (request);
  GPtrArray *files = body ? web_body_get_files (body) : NULL;

  for (guint i = 0; files && i < files->len; i++)
    {
      const WebBodyFile *file = files->pdata[i];

      if (file->size > 0
          && (g_str_equal (file->field, "file") || g_str_equal (file->field, "search[file]")))
        return file;
    }
  return NULL;
}

gboolean
web_iqdb_has_picture (WebRequest *request)
{
  return find_picture (request) != NULL;
}

gboolean
web_iqdb_is_pictures_fault (WebRequest *request, const GError *error)
{
  return web_iqdb_has_picture (request) && booru_err_file (error);
}

static void
search_by_file (WebRequest *request, const WebBodyFile *file, WebIqdbFunc done)
{
  Waiting *waiting = g_new0 (Waiting, 1);

  waiting->request = g_object_ref (request);
  waiting->done = done;
  web_hashes_find_async (web_request_get_worker (request), file->fd,
                         web_request_watch_client (request), on_hashes, waiting);
}

static const char *
get_search (WebRequest *request, const char *name)
{
  const char *value = web_request_get_search (request, name);

  return value && *value ? value : NULL;
}

static gboolean
names_url (WebRequest *request)
{
  return get_search (request, "url") || get_search (request, "file_url")
         || get_search (request, "image_url");
}

void
web_iqdb_search (WebRequest *request, WebIqdbFunc done)
{
  const WebBodyFile *file = find_picture (request);
  const char *text;

  /* As Danbooru: a hash before anything else, a picture before a post. */
  if ((text = get_search (request, "hash")))
    search_by_hash (request, text, done);
  else if (file)
    search_by_file (request, file, done);
  else if (names_url (request))
    {
      g_autoptr (GError) error = g_error_new_literal (
          BOORU_ERROR, BOORU_ERROR_UNSUPPORTED,
          "Pictures are not fetched from URLs: save the picture and send the file");

      done (request, NULL, error);
    }
  else if ((text = get_search (request, "post_id")))
    search_by_post (request, text, booru_store_get_post, done);
  else if ((text = get_search (request, "media_asset_id")))
    search_by_post (request, text, get_post_of_media_asset, done);
  else
    done (request, NULL, NULL);
}
