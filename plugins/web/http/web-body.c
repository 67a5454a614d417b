/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-body.h"

#include <booru.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "web-multipart.h"

#define MAX_FILES 1000
#define WRITE_BACK (8 * 1024 * 1024) /* bytes after which the disk is asked to begin */

struct _WebBody
{
  char *spool_dir; /* NULL: files are left out */
  int dir_fd;
  WebMultipart *parser;
  GPtrArray *files;
  WebParams *fields; /* NULL: taken away */
  GError *error;

  /* The part that is coming. */
  WebBodyFile *file; /* in files; NULL: a field */
  char *name;
  GString *value;
  gboolean skip; /* a field of files that was left empty */
};

static void
file_free (gpointer data)
{
  WebBodyFile *file = data;

  if (file->fd >= 0)
    close (file->fd);
  g_free (file->field);
  g_free (file->file_name);
  g_free (file->spool);
  g_free (file);
}

static gboolean
set_write_error (GError **error, int errnum)
{
  if (errnum == ENOSPC || errnum == EDQUOT)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                   "The disk with the originals is full: the upload was not kept");
      return FALSE;
    }
  return booru_set_errno_error (error, errnum, "Storing the upload");
}

/* Without a name where the file system supports that: the file then vanishes with the process. */
static int
open_spooled (WebBody *self, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *uuid = NULL;
  int fd = openat (self->dir_fd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0644);

  if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT || errno == EINVAL))
    {
      uuid = g_uuid_string_random ();
      name = g_strconcat (".part-", uuid, NULL);
      fd = openat (self->dir_fd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
      if (fd >= 0)
        self->file->spool = g_steal_pointer (&name);
    }
  if (fd < 0)
    set_write_error (error, errno);
  return fd;
}

static gboolean
begin_file (WebBody *self, const char *name, const char *file_name, GError **error)
{
  const char *slash = strrchr (file_name, '/'), *backslash = strrchr (file_name, '\\');

  if (self->files->len >= MAX_FILES)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "More than %d files in one upload: send the rest separately", MAX_FILES);
      return FALSE;
    }
  /* Some clients send the path. */
  if (slash)
    file_name = slash + 1;
  else if (backslash)
    file_name = backslash + 1;
  self->file = g_new0 (WebBodyFile, 1);
  self->file->fd = -1;
  self->file->field = g_strdup (name);
  self->file->file_name = g_utf8_make_valid (file_name, -1);
  g_ptr_array_add (self->files, self->file);
  self->file->fd = open_spooled (self, error);
  return self->file->fd >= 0;
}

static gboolean
on_begin (const char *name, const char *file_name, gpointer user_data, GError **error)
{
  WebBody *self = user_data;

  self->file = NULL;
  self->skip = file_name != NULL && (*file_name == '\0' || self->spool_dir == NULL);
  if (file_name != NULL && !self->skip)
    return begin_file (self, name, file_name, error);
  g_free (self->name);
  self->name = g_strdup (name);
  g_string_truncate (self->value, 0);
  return TRUE;
}

static gboolean
write_file (WebBodyFile *file, const char *data, gsize size, GError **error)
{
  gint64 before = file->size;

  while (size > 0)
    {
      gssize written = write (file->fd, data, size);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return set_write_error (error, errno);
      data += written;
      size -= (gsize)written;
      file->size += written;
    }
  /* So that the last fsync() has little left to wait for. */
  if (file->size / WRITE_BACK != before / WRITE_BACK)
    sync_file_range (file->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
  return TRUE;
}

static gboolean
on_data (const void *data, gsize size, gpointer user_data, GError **error)
{
  WebBody *self = user_data;

  if (self->file)
    return write_file (self->file, data, size, error);
  if (self->skip)
    return TRUE;
  if (!web_params_check_room (self->fields, self->value->len + size, error))
    return FALSE;
  g_string_append_len (self->value, data, (gssize)size);
  return TRUE;
}

static gboolean
on_end (gpointer user_data, GError **error)
{
  WebBody *self = user_data;

  if (self->file == NULL && !self->skip)
    return web_params_add (self->fields, self->name, self->value->str, self->value->len, error);
  self->file = NULL;
  return TRUE;
}

static const WebMultipartFuncs funcs = { on_begin, on_data, on_end };

static gboolean
open_spool (WebBody *self, GError **error)
{
  g_autofree char *originals = g_path_get_dirname (self->spool_dir);

  /* As the monitor makes them: of the originals others may read, such as a web server in front. */
  if (g_mkdir_with_parents (originals, 0755) < 0
      || g_mkdir_with_parents (self->spool_dir, 0700) < 0)
    return booru_set_errno_error (error, errno, "Creating the folder %s", self->spool_dir);
  self->dir_fd = open (self->spool_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return self->dir_fd >= 0
         || booru_set_errno_error (error, errno, "Opening the folder %s", self->spool_dir);
}

WebBody *
web_body_new (const char *files_dir, const char *content_type)
{
  WebBody *self = g_new0 (WebBody, 1);

  self->spool_dir = files_dir ? g_build_filename (files_dir, BOORU_DIR_SPOOL, NULL) : NULL;
  self->dir_fd = -1;
  self->files = g_ptr_array_new_with_free_func (file_free);
  self->fields = web_params_new ();
  self->value = g_string_new (NULL);
  if (files_dir == NULL || open_spool (self, &self->error))
    self->parser = web_multipart_new (content_type, &funcs, self, &self->error);
  return self;
}

/* Files that are not the board's yet. */
static void
drop_files (WebBody *self)
{
  for (guint i = 0; i < self->files->len; i++)
    {
      WebBodyFile *file = self->files->pdata[i];

      if (file->spool && g_str_has_prefix (file->spool, ".part-"))
        unlinkat (self->dir_fd, file->spool, 0);
    }
}

void
web_body_free (WebBody *self)
{
  drop_files (self);
  g_clear_pointer (&self->parser, web_multipart_free);
  g_ptr_array_unref (self->files);
  g_clear_pointer (&self->fields, web_params_free);
  g_free (self->name);
  g_string_free (self->value, TRUE);
  g_clear_error (&self->error);
  if (self->dir_fd >= 0)
    close (self->dir_fd);
  g_free (self->spool_dir);
  g_free (self);
}

void
web_body_feed (WebBody *self, GBytes *chunk)
{
  gsize size;
  const void *data = g_bytes_get_data (chunk, &size);

  if (self->error == NULL && size > 0
      && !web_multipart_feed (self->parser, data, size, &self->error))
    {
      drop_files (self);
      g_ptr_array_set_size (self->files, 0);
    }
}

const GError *
web_body_get_error (WebBody *self)
{
  if (self->error == NULL)
    web_multipart_finish (self->parser, &self->error);
  return self->error;
}

GPtrArray *
web_body_get_files (WebBody *self)
{
  return self->files;
}

WebParams *
web_body_steal_fields (WebBody *self)
{
  return g_steal_pointer (&self->fields);
}

static gboolean
name_file (WebBody *self, WebBodyFile *file, GError **error)
{
  g_autofree char *name = g_uuid_string_random ();
  g_autofree char *magic = g_strdup_printf ("/proc/self/fd/%d", file->fd);
  int result;

  if (file->spool)
    result = renameat (self->dir_fd, file->spool, self->dir_fd, name);
  else
    result = linkat (AT_FDCWD, magic, self->dir_fd, name, AT_SYMLINK_FOLLOW);
  if (result < 0)
    return set_write_error (error, errno);
  g_free (file->spool);
  file->spool = g_steal_pointer (&name);
  return TRUE;
}

static void
store (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  WebBody *self = data;
  GError *error = NULL;

  for (guint i = 0; i < self->files->len; i++)
    {
      WebBodyFile *file = self->files->pdata[i];

      if (fsync (file->fd) < 0)
        set_write_error (&error, errno);
      if (error != NULL || !name_file (self, file, &error))
        {
          g_task_return_error (task, error);
          return;
        }
    }
  if (self->files->len > 0 && fsync (self->dir_fd) < 0 && !set_write_error (&error, errno))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
web_body_store_async (WebBody *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, store);
}

gboolean
web_body_store_finish (WebBody *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
