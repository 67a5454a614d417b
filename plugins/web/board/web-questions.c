/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-questions.h"

/* Those of one kind that this process waits for. Made with the first one; belongs to the service's
 * context. */
typedef struct
{
  WebWorker *worker;
  const WebQuestionKind *kind;
  GHashTable *pending; /* key → Question */
} Questions;

typedef struct
{
  Questions *questions;
  char *key;
  GPtrArray *tasks;
  guint timeout; /* source */
  GSource *cancelled;
  gpointer data;
  GDestroyNotify free_data;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_clear_handle_id (&question->timeout, g_source_remove);
  if (question->cancelled)
    g_source_destroy (question->cancelled);
  g_clear_pointer (&question->cancelled, g_source_unref);
  if (question->free_data)
    question->free_data (question->data);
  g_ptr_array_unref (question->tasks);
  g_free (question->key);
  g_free (question);
}

/* Takes the question out of the table; answering may lead to the next one. */
static void
finish (Question *question, GVariant *answer, const GError *error)
{
  const WebQuestionKind *kind = question->questions->kind;
  g_autoptr (GPtrArray) tasks = g_ptr_array_ref (question->tasks);

  g_hash_table_remove (question->questions->pending, question->key);
  for (guint i = 0; i < tasks->len; i++)
    if (error)
      g_task_return_error (tasks->pdata[i], g_error_copy (error));
    else
      kind->give (tasks->pdata[i], answer);
}

/* The monitor need not go on either. */
static void
give_up (Question *question, BooruError code, const char *message)
{
  const WebQuestionKind *kind = question->questions->kind;
  BooruServiceContext *context = web_worker_get_context (question->questions->worker);
  g_autoptr (GVariant) key = g_variant_ref_sink (g_variant_new_string (question->key));
  g_autoptr (GError) error = g_error_new_literal (BOORU_ERROR, (int)code, message);

  finish (question, NULL, error);
  if (kind->cancel_topic)
    booru_service_context_publish (context, kind->cancel_topic, key);
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  give_up (user_data, BOORU_ERROR_CANCELLED, "The client no longer waits for the picture");
  return G_SOURCE_REMOVE;
}

static gboolean
on_timeout (gpointer user_data)
{
  Question *question = user_data;

  question->timeout = 0;
  give_up (question, BOORU_ERROR_BUSY,
           "The picture was not decoded in time because the monitor is busy. Try again later.");
  return G_SOURCE_REMOVE;
}

static void
on_answer (Questions *self, const char *topic, GVariant *payload)
{
  g_autoptr (GError) error = NULL;
  const char *key;
  Question *question;

  if (!self->kind->read (payload, &key, &error))
    return;
  question = g_hash_table_lookup (self->pending, key);
  if (question) /* not another process's, nor given up */
    finish (question, payload, error);
}

static gboolean
check_monitor (WebWorker *worker, const WebQuestionKind *kind, GError **error)
{
  GVariant *services = web_worker_get_services (worker);
  const char *state = "", *why;

  if (services == NULL) /* the host has not said yet */
    return TRUE;
  g_variant_lookup (services, BOORU_PLUGIN_MONITOR, "&s", &state);
  if (g_str_equal (state, "ready"))
    return TRUE;
  if (*state == '\0')
    why = "is disabled. Enable the plugin monitor.";
  else if (g_str_equal (state, "failed"))
    why = "failed. “booructl status” says why.";
  else
    why = "is starting. Try again in a moment.";
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_BUSY, "%s needs the monitor, which %s",
               kind->purpose, why);
  return FALSE;
}

/* A monitor that ended took the questions with it. */
static void
on_services (Questions *self)
{
  g_autoptr (GError) error = NULL;
  GHashTableIter iter;
  gpointer question;

  while (!check_monitor (self->worker, self->kind, error ? NULL : &error)
         && g_hash_table_size (self->pending) > 0)
    {
      g_hash_table_iter_init (&iter, self->pending);
      if (g_hash_table_iter_next (&iter, NULL, &question))
        finish (question, NULL, error);
    }
}

static void
questions_free (gpointer data)
{
  Questions *self = data;

  g_hash_table_unref (self->pending);
  g_free (self);
}

static void
connect_event (Questions *self, const char *topic, GCallback callback)
{
  g_autofree char *signal = g_strconcat ("event::", topic, NULL);

  g_signal_connect_swapped (web_worker_get_context (self->worker), signal, callback, self);
}

static Questions *
ensure_questions (WebWorker *worker, const WebQuestionKind *kind)
{
  BooruServiceContext *context = web_worker_get_context (worker);
  Questions *self = g_object_get_data (G_OBJECT (context), kind->request_topic);

  if (self)
    return self;
  self = g_new0 (Questions, 1);
  self->worker = worker;
  self->kind = kind;
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, question_free);
  g_object_set_data_full (G_OBJECT (context), kind->request_topic, self, questions_free);
  connect_event (self, kind->answer_topic, G_CALLBACK (on_answer));
  /* Later than the worker itself, which notes what was said. */
  connect_event (self, BOORU_EVENT_SERVICES, G_CALLBACK (on_services));
  return self;
}

gboolean
web_question_check (WebWorker *worker, const WebQuestionKind *kind, GError **error)
{
  if (!check_monitor (worker, kind, error))
    return FALSE;
  if (g_hash_table_size (ensure_questions (worker, kind)->pending) < kind->max_pending)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_BUSY,
               "Too many pictures are waiting for the monitor. Try again in a moment.");
  return FALSE;
}

static Question *
add_question (Questions *self, const char *key, GCancellable *cancellable)
{
  Question *question = g_new0 (Question, 1);

  question->questions = self;
  question->key = g_strdup (key);
  question->tasks = g_ptr_array_new_with_free_func (g_object_unref);
  question->timeout = g_timeout_add_seconds (self->kind->timeout, on_timeout, question);
  if (cancellable)
    {
      question->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (question->cancelled, G_SOURCE_FUNC (on_cancelled), question, NULL);
      g_source_attach (question->cancelled, g_main_context_get_thread_default ());
    }
  g_hash_table_insert (self->pending, question->key, question);
  return question;
}

void
web_question_ask (WebWorker *worker,
                  const WebQuestionKind *kind,
                  const char *key,
                  GTask *task,
                  gpointer data,
                  GDestroyNotify free_data)
{
  Questions *self = ensure_questions (worker, kind);
  Question *question = g_hash_table_lookup (self->pending, key);
  GError *error = NULL;

  if (question == NULL && !web_question_check (worker, kind, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      if (free_data)
        free_data (data);
      return;
    }
  if (question)
    {
      g_ptr_array_add (question->tasks, task);
      return;
    }
  question = add_question (self, key, g_task_get_cancellable (task));
  g_ptr_array_add (question->tasks, task);
  question->data = data;
  question->free_data = free_data;
  booru_service_context_publish (web_worker_get_context (worker), kind->request_topic,
                                 g_variant_new_string (key));
}
