/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-display.h"

#include "web-questions.h"

static gboolean
read_answer (GVariant *answer, const char **md5, GError **error)
{
  const char *message;

  if (!g_variant_is_of_type (answer, G_VARIANT_TYPE ("(ss)")))
    return FALSE;
  g_variant_get (answer, "(&s&s)", md5, &message);
  if (*message)
    g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_FAILED, message);
  return TRUE;
}

static void
give (GTask *task, GVariant *answer)
{
  g_task_return_boolean (task, TRUE);
}

static const WebQuestionKind kind = {
  .request_topic = BOORU_EVENT_DISPLAY_REQUESTED,
  .answer_topic = BOORU_EVENT_DISPLAY_MADE,
  .purpose = "Showing this picture",
  .timeout = 20, /* somebody looks at a thumbnail meanwhile */
  .max_pending = 64,
  .read = read_answer,
  .give = give,
};

void
web_display_make_async (WebWorker *worker,
                        const char *md5,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, web_display_make_async);
  web_question_ask (worker, &kind, md5, task, NULL, NULL);
}

gboolean
web_display_make_finish (WebWorker *worker, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
