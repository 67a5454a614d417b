/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-hashes.h"

#include <fcntl.h>
#include <unistd.h>

#include "web-questions.h"

static gboolean
read_answer (GVariant *answer, const char **name, GError **error)
{
  const char *message;
  guint32 code;

  if (!g_variant_is_of_type (answer, G_VARIANT_TYPE ("(satus)")))
    return FALSE;
  g_variant_get (answer, "(&s@atu&s)", name, NULL, &code, &message);
  if (*message)
    g_set_error_literal (error, BOORU_ERROR, (int)code, message);
  return TRUE;
}

static void
give (GTask *task, GVariant *answer)
{
  g_autoptr (GVariant) list = g_variant_get_child_value (answer, 1);
  gsize n;
  const guint64 *hashes = g_variant_get_fixed_array (list, &n, sizeof *hashes);
  GArray *found = g_array_new (FALSE, FALSE, sizeof *hashes);

  if (n > 0)
    g_array_append_vals (found, hashes, (guint)n);
  g_task_return_pointer (task, found, (GDestroyNotify)g_array_unref);
}

static const WebQuestionKind kind = {
  .request_topic = BOORU_EVENT_HASHES_REQUESTED,
  .answer_topic = BOORU_EVENT_HASHES_FOUND,
  .cancel_topic = BOORU_EVENT_HASHES_CANCELLED,
  .purpose = "Searching by picture",
  .timeout = 60, /* a decoder's own limit is the same, and there may be a queue */
  .max_pending = 16,
  .read = read_answer,
  .give = give,
};

/* What a thread needs to hand a picture over. */
typedef struct
{
  char *data_dir;
  int fd;
} Spooling;

static void
spooling_free (gpointer data)
{
  Spooling *spooling = data;

  g_free (spooling->data_dir);
  if (spooling->fd >= 0)
    close (spooling->fd);
  g_free (spooling);
}

/* It may have to be copied: not in the main loop. */
static void
spool_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Spooling *spooling = task_data;
  GError *error = NULL;
  BooruSpool *spool = booru_spool_new_for_fd (spooling->data_dir, spooling->fd, &error);

  if (spool)
    g_task_return_pointer (task, spool, (GDestroyNotify)booru_spool_free);
  else
    g_task_return_error (task, error);
}

static void
on_spooled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  BooruSpool *spool = g_task_propagate_pointer (G_TASK (result), &error);

  if (spool)
    {
      web_question_ask (g_task_get_task_data (task), &kind, booru_spool_get_name (spool), task,
                        spool, (GDestroyNotify)booru_spool_free);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

void
web_hashes_find_async (WebWorker *worker,
                       int fd,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GTask) writing = NULL;
  GError *error = NULL;
  Spooling *spooling;

  g_task_set_source_tag (task, web_hashes_find_async);
  g_task_set_check_cancellable (task, FALSE); /* it is told by an error of ours */
  g_task_set_task_data (task, worker, NULL);
  if (!web_question_check (worker, &kind, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  spooling = g_new0 (Spooling, 1);
  spooling->data_dir = g_strdup (web_worker_get_settings (worker)->data_dir);
  spooling->fd = fcntl (fd, F_DUPFD_CLOEXEC, 3);
  writing = g_task_new (NULL, NULL, on_spooled, task);
  g_task_set_source_tag (writing, spool_in_thread);
  g_task_set_task_data (writing, spooling, spooling_free);
  g_task_run_in_thread (writing, spool_in_thread);
}

GArray *
web_hashes_find_finish (WebWorker *worker, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
