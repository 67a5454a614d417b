/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "web-routes.h"
#include "view/web-content.h"
#include "board/web-display.h"
#include "http/web-error.h"
#include "http/web-file.h"
#include "http/web-request.h"

/* Thumbnails up to this are answered with in one piece. */
#define SMALL_FILE (256 * 1024)

/* Reads "MD5.EXT" or, as Danbooru also names files, "__some_tags__MD5.EXT". */
static gboolean
parse_file_name (const char *name, char md5[33], const char **ext)
{
  const char *dot = strrchr (name, '.');

  if (dot == NULL || dot - name < 32)
    return FALSE;
  for (guint i = 0; i < 32; i++)
    {
      char c = dot[(gint)i - 32];

      if (!g_ascii_isdigit (c) && !(c >= 'a' && c <= 'f'))
        return FALSE;
      md5[i] = c;
    }
  md5[32] = '\0';
  *ext = dot + 1;
  return TRUE;
}

static void
fail_missing (WebRequest *request)
{
  if (!web_worker_has_files (web_request_get_worker (request)))
    {
      web_request_fail_status (request, 503, web_error_get_class (503),
                               "The folder of this file is not accessible now. Try again later.");
      return;
    }
  web_request_fail_status (request, 404, web_error_get_class (404), "That file was not found.");
}

/* Where nginx stands in front it may send the file by itself: PREFIX/ABSOLUTE/PATH, with
 * "location PREFIX/ { internal; alias /; }". */
static gboolean
answer_by_proxy (WebRequest *request, const WebFile *file, const char *path)
{
  const WebSettings *settings = web_worker_get_settings (web_request_get_worker (request));
  g_autofree char *escaped = NULL, *target = NULL, *disposition = NULL;

  /* nginx forgets the encoding. */
  if (settings->accel_redirect == NULL || file->encoding)
    return FALSE;

  escaped = g_uri_escape_bytes ((const guint8 *)path, strlen (path), "/");
  target = g_strconcat (settings->accel_redirect, escaped, NULL);
  booru_request_set_header (BOORU_REQUEST (request), "X-Accel-Redirect", target);
  booru_request_set_header (BOORU_REQUEST (request), "Cache-Control",
                            "public, max-age=31536000, immutable");
  if (file->active)
    booru_request_set_header (BOORU_REQUEST (request), "Content-Security-Policy",
                              "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  if (file->file_name)
    {
      disposition = web_content_make_disposition (file->file_name);
      booru_request_set_header (BOORU_REQUEST (request), "Content-Disposition", disposition);
    }
  close (file->fd);
  booru_request_respond (BOORU_REQUEST (request), 200, file->content_type, NULL);
  return TRUE;
}

/* A compressed SVG has two names: by its own it is handed out as what it is; as "svg", browsers are
 * told to unpack and to draw it. */
static gboolean
is_unpacked_svg (const BooruPost *post, const char *ext)
{
  return g_str_equal (post->media.ext, "svgz") && g_str_equal (ext, "svg");
}

static gboolean
answer_with_file (WebRequest *request,
                  const BooruPost *post,
                  const char *ext,
                  const BooruFolder *folder,
                  const BooruFile *file)
{
  g_autofree char *name = g_path_get_basename (file->path);
  gboolean unpacked = is_unpacked_svg (post, ext);
  g_autofree char *path = NULL;
  struct stat info;
  WebFile answer = {
    .fd = booru_file_open (file, folder, &info),
    .content_type = web_content_get_type (ext),
    .encoding = unpacked ? "gzip" : NULL,
    .tag = post->media.md5,
    .file_name = unpacked ? NULL : name,
    .active = web_content_is_active (ext),
  };

  if (answer.fd < 0)
    return FALSE;
  answer.size = info.st_size;
  answer.mtime = info.st_mtime;
  path = g_build_filename (folder->path, file->path, NULL);
  if (!answer_by_proxy (request, &answer, path))
    web_request_respond_file (request, &answer);
  return TRUE;
}

static void
handle_original (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  BooruStore *store = web_worker_get_store (web_request_get_worker (request));
  g_autoptr (BooruPost) post = NULL;
  g_autoptr (GPtrArray) files = NULL, folders = NULL;
  g_autoptr (GError) error = NULL;
  const char *ext;
  char md5[33];

  if (!parse_file_name (booru_request_get_capture (base, "file"), md5, &ext))
    {
      fail_missing (request);
      return;
    }
  post = booru_store_get_post_by_md5 (store, md5, &error);
  if (post)
    files = booru_store_list_post_files (store, post->id, &error);
  if (files)
    folders = booru_store_list_folders (store, &error);
  if (folders == NULL)
    {
      booru_request_fail (base, error);
      return;
    }

  if (!g_str_equal (ext, post->media.ext) && !is_unpacked_svg (post, ext))
    g_ptr_array_set_size (files, 0);
  for (guint i = 0; i < files->len; i++)
    {
      const BooruFile *file = files->pdata[i];
      const BooruFolder *folder = booru_folder_find (folders, file->folder_id);

      if (folder && answer_with_file (request, post, ext, folder, file))
        return;
    }
  fail_missing (request);
}

static int
open_variant (WebWorker *worker, const char *path, struct stat *info)
{
  g_autofree char *full
      = g_build_filename (web_worker_get_settings (worker)->files_dir, path, NULL);
  int fd = open (full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

  if (fd >= 0 && (fstat (fd, info) != 0 || !S_ISREG (info->st_mode)))
    {
      close (fd);
      return -1;
    }
  return fd;
}

static char *
make_variant_tag (const char *md5, BooruVariant variant, const struct stat *info)
{
  return g_strdup_printf ("%s-%s-%" G_GINT64_MODIFIER "x", md5, booru_variant_get_name (variant),
                          (gint64)info->st_mtim.tv_sec * 1000000 + info->st_mtim.tv_nsec / 1000);
}

static gboolean
answer_with_variant (WebRequest *request, BooruVariant variant, const char *md5)
{
  WebWorker *worker = web_request_get_worker (request);
  g_autofree char *path = booru_variant_get_path (variant, md5);
  g_autofree char *tag = NULL, *full = NULL;
  struct stat info;
  WebFile file = { .fd = open_variant (worker, path, &info) };

  if (file.fd < 0)
    return FALSE;
  tag = make_variant_tag (md5, variant, &info);
  file.size = info.st_size;
  file.mtime = info.st_mtime;
  file.content_type = web_content_get_type (booru_variant_get_ext (variant));
  file.tag = tag;
  full = g_build_filename (web_worker_get_settings (worker)->files_dir, path, NULL);
  if (!answer_by_proxy (request, &file, full))
    web_request_respond_file (request, &file);
  return TRUE;
}

typedef struct
{
  WebRequest *request;
  char md5[33];
} Waiting;

/* Falls back to a smaller variant for now if the rendition cannot be made. */
static void
on_display_made (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Waiting *waiting = user_data;
  g_autoptr (WebRequest) request = waiting->request;
  WebWorker *worker = web_request_get_worker (request);
  g_autoptr (GError) error = NULL;
  g_autofree char *smaller = NULL, *url = NULL;

  if (web_display_make_finish (worker, result, &error)
      && answer_with_variant (request, BOORU_VARIANT_DISPLAY, waiting->md5))
    return;
  g_debug ("No picture for the page of %s: %s", waiting->md5,
           error ? error->message : "it disappeared");
  smaller = booru_variant_get_path (BOORU_VARIANT_720, waiting->md5);
  url = g_strconcat ("/", smaller, NULL);
  booru_request_set_header (BOORU_REQUEST (request), "Cache-Control", "no-store");
  web_request_redirect (request, 302, url);
}

static void
wait_for_display (WebRequest *request, const char *md5)
{
  Waiting *waiting = g_new0 (Waiting, 1);

  waiting->request = g_object_ref (request);
  g_strlcpy (waiting->md5, md5, sizeof waiting->md5);
  web_display_make_async (web_request_get_worker (request), md5, on_display_made, waiting);
}

static void
handle_variant (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const char *ext = NULL;
  char md5[33];
  BooruVariant variant;

  if (!booru_variant_from_name (booru_request_get_capture (base, "variant"), &variant)
      || !parse_file_name (booru_request_get_capture (base, "file"), md5, &ext)
      || !g_str_equal (ext, booru_variant_get_ext (variant)))
    fail_missing (request);
  else if (answer_with_variant (request, variant, md5))
    return;
  else if (variant == BOORU_VARIANT_DISPLAY
           && web_worker_has_files (web_request_get_worker (request)))
    wait_for_display (request, md5);
  else
    fail_missing (request);
}

static GBytes *
read_small (int fd, gsize size)
{
  guint8 *data = g_malloc (size);

  if (read (fd, data, size) == (gssize)size)
    return g_bytes_new_take (data, size);
  g_free (data);
  return NULL;
}

/* Recognises "/thumbnails/180x180/ab/cd/MD5.webp" and nothing else. */
static gboolean
parse_thumbnail (const WebSlice *slice, BooruVariant *variant, char md5[33])
{
  g_autofree char *path = NULL;
  char copy[128];
  g_auto (GStrv) parts = NULL;
  const char *ext;

  if (slice->length >= sizeof copy)
    return FALSE;
  memcpy (copy, slice->data, slice->length);
  copy[slice->length] = '\0';
  parts = g_strsplit (copy + 1, "/", 6);
  if (g_strv_length (parts) != 5 || !booru_variant_from_name (parts[1], variant)
      || !parse_file_name (parts[4], md5, &ext))
    return FALSE;
  path = booru_variant_get_path (*variant, md5);
  return g_str_equal (path, copy + 1);
}

static const BooruRoute thumbnails
    = { "GET", "/thumbnails/:variant/:a/:b/:file", 0, handle_variant };

gboolean
web_files_answer_thumbnail (WebWorker *worker, const WebSlice *slice, WebPrefilter *answer)
{
  g_autofree char *path = NULL, *tag = NULL;
  BooruVariant variant;
  struct stat info;
  char md5[33];
  WebFile file = { .fd = -1 };

  if (web_worker_get_settings (worker)->accel_redirect || !parse_thumbnail (slice, &variant, md5))
    return FALSE;
  path = booru_variant_get_path (variant, md5);
  file.fd = open_variant (worker, path, &info);
  if (file.fd < 0)
    return FALSE;
  if (info.st_size <= SMALL_FILE)
    answer->body = read_small (file.fd, (gsize)info.st_size);
  close (file.fd);
  if (answer->body == NULL)
    return FALSE;

  answer->route = &thumbnails;
  tag = make_variant_tag (md5, variant, &info);
  file.mtime = info.st_mtime;
  file.content_type = web_content_get_type (booru_variant_get_ext (variant));
  file.tag = tag;
  g_string_append_printf (answer->head, "Content-Length: %" G_GINT64_FORMAT "\r\n",
                          (gint64)info.st_size);
  web_file_append_headers (&file, answer->head);
  g_string_append_len (answer->head, "\r\n", 2);
  return TRUE;
}

static const BooruRoute routes[] = {
  { "GET", "/original/:a/:b/:file", 0, handle_original },
  { "GET", "/data/original/:a/:b/:file", 0, handle_original },
  { "GET", "/data/:variant/:a/:b/:file", 0, handle_variant },
};

void
web_routes_add_files (BooruExtensions *extensions)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    booru_extensions_add_route (extensions, &routes[i], NULL);
  booru_extensions_add_route (extensions, &thumbnails, NULL);
}
