/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-hashes.h"

#include <fcntl.h>
#include <unistd.h>

#define TIMEOUT 60 /* seconds: a decoder's own limit is the same, and there may be a queue */
#define MAX_PENDING 16

/* The questions of this process. Made with the first one; belongs to the service's context. */
typedef struct
{
  WebWorker *worker;
  GHashTable *pending; /* name of the file → Question */
} Hashes;

typedef struct
{
  Hashes *hashes;
  BooruSpool *spool;
  GTask *task;
  guint timeout; /* source */
  GSource *cancelled;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_clear_handle_id (&question->timeout, g_source_remove);
  if (question->cancelled)
    g_source_destroy (question->cancelled);
  g_clear_pointer (&question->cancelled, g_source_unref);
  booru_spool_free (question->spool);
  g_object_unref (question->task);
  g_free (question);
}

/* Takes the question out of the table; answering may lead to the next one. */
static void
finish (Question *question, GArray *found, GError *error)
{
  g_autoptr (GTask) task = g_object_ref (question->task);

  g_hash_table_remove (question->hashes->pending, booru_spool_get_name (question->spool));
  if (found)
    g_task_return_pointer (task, found, (GDestroyNotify)g_array_unref);
  else
    g_task_return_error (task, error);
}

static GError *
new_busy (const char *message)
{
  return g_error_new_literal (BOORU_ERROR, BOORU_ERROR_BUSY, message);
}

/* The monitor need not go on either. Takes @error. */
static void
give_up (Question *question, GError *error)
{
  g_autoptr (GVariant) name
      = g_variant_ref_sink (g_variant_new_string (booru_spool_get_name (question->spool)));
  BooruServiceContext *context = web_worker_get_context (question->hashes->worker);

  finish (question, NULL, error);
  booru_service_context_publish (context, BOORU_EVENT_HASHES_CANCELLED, name);
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  give_up (user_data, g_error_new_literal (BOORU_ERROR, BOORU_ERROR_CANCELLED,
                                           "Nobody waits for the picture any more"));
  return G_SOURCE_REMOVE;
}

static gboolean
on_timeout (gpointer user_data)
{
  Question *question = user_data;

  question->timeout = 0;
  give_up (
      question,
      new_busy (
          "The picture was not decoded in time because the monitor is busy. Try again later."));
  return G_SOURCE_REMOVE;
}

static void
on_found (Hashes *self, const char *topic, GVariant *payload)
{
  g_autoptr (GVariant) list = NULL;
  const char *name, *message;
  const guint64 *hashes;
  guint32 code;
  gsize n;
  GArray *found;
  Question *question;

  if (!g_variant_is_of_type (payload, G_VARIANT_TYPE ("(satus)")))
    return;
  g_variant_get (payload, "(&s@atu&s)", &name, &list, &code, &message);
  question = g_hash_table_lookup (self->pending, name);
  if (question == NULL)
    return; /* another process's, or given up */
  hashes = g_variant_get_fixed_array (list, &n, sizeof *hashes);
  if (*message)
    {
      finish (question, NULL, g_error_new_literal (BOORU_ERROR, (int)code, message));
      return;
    }
  found = g_array_new (FALSE, FALSE, sizeof *hashes);
  if (n > 0)
    g_array_append_vals (found, hashes, (guint)n);
  finish (question, found, NULL);
}

/* NULL: it works, or the host has not said yet. */
static GError *
look_at_monitor (WebWorker *worker)
{
  GVariant *services = web_worker_get_services (worker);
  const char *state = "";

  if (services == NULL
      || (g_variant_lookup (services, BOORU_PLUGIN_MONITOR, "&s", &state)
          && g_str_equal (state, "ready")))
    return NULL;
  if (*state == '\0')
    return new_busy (
        "Searching by picture needs the monitor, which is disabled. Enable the plugin monitor.");
  if (g_str_equal (state, "failed"))
    return new_busy (
        "Searching by picture needs the monitor, which failed. “booructl status” says why.");
  return new_busy (
      "Searching by picture needs the monitor, which is starting. Try again in a moment.");
}

/* A monitor that ended took the question with it. */
static void
on_services (Hashes *self)
{
  g_autoptr (GError) error = look_at_monitor (self->worker);
  GHashTableIter iter;
  gpointer question;

  while (error && g_hash_table_size (self->pending) > 0)
    {
      g_hash_table_iter_init (&iter, self->pending);
      if (g_hash_table_iter_next (&iter, NULL, &question))
        finish (question, NULL, g_error_copy (error));
    }
}

static void
hashes_free (gpointer data)
{
  Hashes *self = data;

  g_hash_table_unref (self->pending);
  g_free (self);
}

static Hashes *
ensure_hashes (WebWorker *worker)
{
  BooruServiceContext *context = web_worker_get_context (worker);
  Hashes *self = g_object_get_data (G_OBJECT (context), "web-hashes");

  if (self)
    return self;
  self = g_new0 (Hashes, 1);
  self->worker = worker;
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, question_free);
  g_object_set_data_full (G_OBJECT (context), "web-hashes", self, hashes_free);
  g_signal_connect_swapped (context, "event::" BOORU_EVENT_HASHES_FOUND, G_CALLBACK (on_found),
                            self);
  /* Later than the service itself, which notes what was said. */
  g_signal_connect_swapped (context, "event::" BOORU_EVENT_SERVICES, G_CALLBACK (on_services),
                            self);
  return self;
}

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
  WebWorker *worker = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  Hashes *self = ensure_hashes (worker);
  GError *error = NULL;
  BooruSpool *spool = g_task_propagate_pointer (G_TASK (result), &error);
  Question *question;

  if (spool == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  question = g_new0 (Question, 1);
  question->hashes = self;
  question->spool = spool;
  question->task = task;
  question->timeout = g_timeout_add_seconds (TIMEOUT, on_timeout, question);
  question->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (question->cancelled, G_SOURCE_FUNC (on_cancelled), question, NULL);
  g_source_attach (question->cancelled, g_main_context_get_thread_default ());
  g_hash_table_insert (self->pending, (gpointer)booru_spool_get_name (spool), question);
  booru_service_context_publish (web_worker_get_context (worker), BOORU_EVENT_HASHES_REQUESTED,
                                 g_variant_new_string (booru_spool_get_name (spool)));
}

/**
 * web_hashes_find_async:
 * @worker: the worker
 * @fd: an open file with the picture; not taken
 * @cancellable: cancelled when nobody waits for the answer any more; decoding stops then
 * @callback: called with what it looks like
 * @user_data: for @callback
 *
 * Gives the file a name that goes when the answer comes, and asks the monitor.
 */
void
web_hashes_find_async (WebWorker *worker,
                       int fd,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  GError *error = look_at_monitor (worker);
  g_autoptr (GTask) writing = NULL;
  Spooling *spooling;

  g_task_set_source_tag (task, web_hashes_find_async);
  g_task_set_check_cancellable (task, FALSE); /* it is told by an error of ours */
  g_task_set_task_data (task, worker, NULL);
  if (error == NULL && g_hash_table_size (ensure_hashes (worker)->pending) >= MAX_PENDING)
    error = new_busy ("Too many searches are running. Try again in a moment.");
  if (error)
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

/**
 * web_hashes_is_files_fault:
 * @error: why there are no hashes
 *
 * Returns: whether trying again with the same picture makes no sense
 */
gboolean
web_hashes_is_files_fault (const GError *error)
{
  return error->domain == BOORU_ERROR
         && (error->code == BOORU_ERROR_UNSUPPORTED || error->code == BOORU_ERROR_INVALID
             || error->code == BOORU_ERROR_LIMIT || error->code == BOORU_ERROR_FAILED);
}
