/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-passwords.h"

#include <string.h>

#include <booru.h>

#define MAX_WAITING 16

struct _WebPasswords
{
  GThreadPool *pool;
};

typedef struct
{
  char *password, *hash;
  gboolean is_check;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  explicit_bzero (job->password, strlen (job->password));
  g_free (job->password);
  g_free (job->hash);
  g_free (job);
}

static void
run (gpointer data, gpointer user_data)
{
  g_autoptr (GTask) task = data;
  const Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  char *hash;

  if (job->is_check)
    {
      g_task_return_boolean (task, booru_password_check (job->password, job->hash));
      return;
    }
  hash = booru_password_hash (job->password, &error);
  if (hash)
    g_task_return_pointer (task, hash, g_free);
  else
    g_task_return_error (task, error);
}

WebPasswords *
web_passwords_new (void)
{
  WebPasswords *self = g_new0 (WebPasswords, 1);

  self->pool = g_thread_pool_new_full (run, NULL, g_object_unref, 1, FALSE, NULL);
  return self;
}

void
web_passwords_free (WebPasswords *self)
{
  g_thread_pool_free (self->pool, TRUE, TRUE);
  g_free (self);
}

static void
begin (WebPasswords *self,
       const char *password,
       const char *hash,
       gboolean is_check,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Job *job = g_new (Job, 1);

  *job = (Job){ g_strdup (password), g_strdup (hash), is_check };
  g_task_set_task_data (task, job, job_free);
  if (g_thread_pool_unprocessed (self->pool) >= MAX_WAITING)
    {
      g_task_return_new_error (task, BOORU_ERROR, BOORU_ERROR_BUSY,
                               "Too many people are signing in. Try again in a moment");
      g_object_unref (task);
      return;
    }
  g_thread_pool_push (self->pool, task, NULL);
}

void
web_passwords_check_async (WebPasswords *self,
                           const char *password,
                           const char *hash,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  begin (self, password, hash, TRUE, callback, user_data);
}

gboolean
web_passwords_check_finish (GAsyncResult *result, gboolean *is_right, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  *is_right = g_task_propagate_boolean (G_TASK (result), &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

void
web_passwords_hash_async (WebPasswords *self,
                          const char *password,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  begin (self, password, NULL, FALSE, callback, user_data);
}

char *
web_passwords_hash_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
