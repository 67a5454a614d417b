/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-failures.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ASIDE "failed"       /* in the ingest folder */
#define NOTE ".reason.txt"   /* beside what was set aside there */
#define NOTE_LIMIT 4096      /* bytes that are read of one */
#define ASIDE_LIMIT 10000    /* files: nobody looks through more */
#define WITHOUT_LIMIT 100000 /* where all have to be gone through to count them */
#define DEFAULT_LIMIT 100
#define MAX_LIMIT 500

static void
failure_free (gpointer data)
{
  WebFailure *failure = data;

  g_free (failure->path);
  g_free (failure->folder);
  g_free (failure->reason);
  g_free (failure);
}

void
web_failures_clear (WebFailures *self)
{
  g_clear_pointer (&self->list, g_ptr_array_unref);
}

/* What of @path lies below @folder: "" for all of it; NULL if it does not. */
static const char *
get_below (const char *path, const char *folder)
{
  gsize length = strlen (folder);

  if (strncmp (path, folder, length) != 0)
    return NULL;
  if (path[length] == '\0')
    return "";
  return path[length] == '/' ? path + length + 1 : NULL;
}

/* The ingest folder */

static char *
read_note (int dir_fd, const char *name)
{
  g_autofree char *note = g_strconcat (name, NOTE, NULL);
  int fd = openat (dir_fd, note, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  char text[NOTE_LIMIT + 1];
  gssize n = fd >= 0 ? read (fd, text, NOTE_LIMIT) : -1;

  if (fd >= 0)
    close (fd);
  if (n <= 0)
    return g_strdup ("unknown reason");
  text[n] = '\0';
  return g_utf8_make_valid (g_strchomp (text), -1);
}

static WebFailure *
look_at_set_aside (int dir_fd, const char *inbox, const char *name)
{
  WebFailure *failure;
  struct stat st;

  if (g_str_has_suffix (name, NOTE) || fstatat (dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0
      || !S_ISREG (st.st_mode))
    return NULL;
  failure = g_new0 (WebFailure, 1);
  failure->path = g_build_filename (inbox, ASIDE, name, NULL);
  failure->folder = g_strdup (inbox);
  failure->size = st.st_size;
  /* Moving a file changes its inode: that is when it was set aside. */
  failure->time = st.st_ctim.tv_sec * G_USEC_PER_SEC + st.st_ctim.tv_nsec / 1000;
  failure->inbox = TRUE;
  return failure;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const WebFailure *left = *(const WebFailure *const *)a, *right = *(const WebFailure *const *)b;

  return (left->time < right->time) - (left->time > right->time);
}

static GPtrArray *
list_set_aside (const char *inbox, const char *below)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (failure_free);
  g_autofree char *path = inbox ? g_build_filename (inbox, ASIDE, NULL) : NULL;
  g_autoptr (GDir) dir = path ? g_dir_open (path, 0, NULL) : NULL;
  int dir_fd = dir ? open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  const char *name;

  while (dir_fd >= 0 && list->len < ASIDE_LIMIT && (name = g_dir_read_name (dir)) != NULL)
    {
      WebFailure *failure = look_at_set_aside (dir_fd, inbox, name);

      if (failure && (below == NULL || get_below (failure->path, below)))
        g_ptr_array_add (list, failure);
      else if (failure)
        failure_free (failure);
    }
  g_ptr_array_sort (list, compare_times);
  if (dir_fd >= 0)
    close (dir_fd);
  return list;
}

static void
read_reasons (WebFailures *failures, const char *inbox)
{
  g_autofree char *path = inbox ? g_build_filename (inbox, ASIDE, NULL) : NULL;
  int dir_fd = path ? open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

  for (guint i = 0; i < failures->list->len; i++)
    {
      WebFailure *failure = failures->list->pdata[i];

      if (failure->inbox && dir_fd >= 0)
        failure->reason = read_note (dir_fd, strrchr (failure->path, '/') + 1);
      else if (failure->reason == NULL)
        failure->reason = g_strdup ("unknown reason");
    }
  if (dir_fd >= 0)
    close (dir_fd);
}

guint64
web_failures_count_set_aside (const char *inbox)
{
  g_autoptr (GPtrArray) list = list_set_aside (inbox, NULL);

  return list->len;
}

/* The store */

/* The innermost folder that @below lies in; FALSE if there is none. */
static gboolean
find_filter (GPtrArray *folders, const char *below, BooruFailureFilter *filter)
{
  gsize length = 0;

  for (guint i = 0; i < folders->len; i++)
    {
      const BooruFolder *folder = folders->pdata[i];
      const char *rest = get_below (below, folder->path);

      if (rest == NULL || strlen (folder->path) < length)
        continue;
      length = strlen (folder->path);
      filter->folder_id = folder->id;
      filter->below = rest;
    }
  return filter->folder_id != 0;
}

static WebFailure *
failure_new (GPtrArray *folders, const BooruFile *file)
{
  const BooruFolder *folder = booru_folder_find (folders, file->folder_id);
  WebFailure *failure = g_new0 (WebFailure, 1);

  failure->folder = g_strdup (folder ? folder->path : "");
  failure->path = g_build_filename (failure->folder, file->path, NULL);
  failure->reason = g_strdup (file->failure);
  failure->size = file->stat.size;
  failure->time = file->failed_at;
  return failure;
}

static gboolean
count_stored (BooruStore *store,
              GPtrArray *folders,
              const BooruFailureFilter *filter,
              guint *n,
              GError **error)
{
  BooruFailureFilter all = { filter->folder_id, filter->below, WITHOUT_LIMIT, 0, -1 };
  g_autoptr (GPtrArray) found = NULL;

  *n = 0;
  for (guint i = 0; i < folders->len; i++)
    {
      const BooruFolder *folder = folders->pdata[i];

      if (folder->present && (filter->folder_id == 0 || filter->folder_id == folder->id))
        *n += (guint)folder->n_failed;
    }
  if (filter->below == NULL || *filter->below == '\0')
    return TRUE;
  found = booru_store_list_failures (store, &all, error);
  *n = found ? found->len : 0;
  return found != NULL;
}

static gboolean
add_stored (const WebFailureQuery *query,
            GPtrArray *folders,
            BooruFailureFilter *filter,
            WebFailures *failures,
            GError **error)
{
  g_autoptr (GPtrArray) files = NULL;
  guint n_stored;

  if (!count_stored (query->store, folders, filter, &n_stored, error))
    return FALSE;
  filter->offset = query->offset - MIN (query->offset, failures->total);
  filter->limit = query->limit - MIN (query->limit, failures->list->len);
  failures->total += n_stored;
  files = booru_store_list_failures (query->store, filter, error);
  for (guint i = 0; files && i < files->len; i++)
    g_ptr_array_add (failures->list, failure_new (folders, files->pdata[i]));
  return files != NULL;
}

gboolean
web_failures_list (const WebFailureQuery *query, WebFailures *failures, GError **error)
{
  g_autoptr (BooruFolders) watched = booru_folders_new (query->config, FALSE);
  const char *inbox = watched->ingest;
  g_autoptr (GPtrArray) folders = booru_store_list_folders (query->store, error);
  g_autoptr (GPtrArray) aside = NULL;
  BooruFailureFilter filter = BOORU_FAILURE_FILTER_INIT;
  gboolean stored;

  *failures = (WebFailures){ .list = g_ptr_array_new_with_free_func (failure_free) };
  if (folders == NULL)
    return FALSE;
  stored = query->below == NULL || find_filter (folders, query->below, &filter);
  if (!stored && (inbox == NULL || !get_below (query->below, inbox)))
    {
      g_autofree char *shown = g_filename_display_name (query->below);

      g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                   "“%s” is not in a folder that Booru watches", shown);
      return FALSE;
    }
  for (guint i = 0; i < folders->len; i++)
    failures->ignored += (guint64)((BooruFolder *)folders->pdata[i])->n_ignored;

  aside = list_set_aside (inbox, query->below);
  failures->total = aside->len;
  for (guint i = query->offset; i < aside->len && failures->list->len < query->limit; i++)
    g_ptr_array_add (failures->list, g_steal_pointer (&aside->pdata[i]));
  g_ptr_array_set_free_func (aside, NULL);
  for (guint i = 0; i < aside->len; i++)
    if (aside->pdata[i])
      failure_free (aside->pdata[i]);
  if (stored && !add_stored (query, folders, &filter, failures, error))
    return FALSE;
  read_reasons (failures, inbox);
  return TRUE;
}

/* The report */

static GVariant *
describe (const WebFailure *failure)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "path", "^ay", failure->path);
  g_variant_dict_insert (&dict, "folder", "^ay", failure->folder);
  g_variant_dict_insert (&dict, "reason", "s", failure->reason);
  g_variant_dict_insert (&dict, "size", "x", failure->size);
  g_variant_dict_insert (&dict, "time", "x", failure->time);
  g_variant_dict_insert (&dict, "inbox", "b", failure->inbox);
  return g_variant_dict_end (&dict);
}

static GVariant *
make_report (BooruServiceContext *context, GVariant *arguments, GError **error)
{
  BooruConfig *config = booru_service_context_get_config (context);
  WebFailureQuery query = { .config = config, .limit = DEFAULT_LIMIT };
  g_autoptr (BooruStore) store
      = booru_store_open (booru_config_get_path (config, BOORU_CONFIG_DATA_DIR),
                          booru_config_get_string (config, BOORU_CONFIG_DATABASE, NULL),
                          BOORU_STORE_READ_WRITE, NULL, NULL, error);
  g_auto (WebFailures) failures = { 0 };
  GVariantBuilder list;
  GVariantDict dict;

  if (store == NULL)
    return NULL;
  g_variant_lookup (arguments, "folder", "^&ay", &query.below);
  g_variant_lookup (arguments, "limit", "u", &query.limit);
  g_variant_lookup (arguments, "offset", "u", &query.offset);
  query.limit = MIN (query.limit, MAX_LIMIT);
  query.store = store;
  if (!web_failures_list (&query, &failures, error))
    return NULL;

  g_variant_builder_init (&list, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < failures.list->len; i++)
    g_variant_builder_add_value (&list, describe (failures.list->pdata[i]));
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "total", "t", (guint64)failures.total);
  g_variant_dict_insert (&dict, "ignored", "t", failures.ignored);
  g_variant_dict_insert_value (&dict, "failures", g_variant_builder_end (&list));
  return g_variant_dict_end (&dict);
}

const BooruReport web_failures_report = { "failures", make_report };
