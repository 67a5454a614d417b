/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Questions to the monitor. They pass through the host as events: one asks, with a key, and another
 * one answers, which all processes hear. */
#pragma once

#include "http/web-worker.h"

G_BEGIN_DECLS

/* A kind of question, in constant data. */
typedef struct
{
  const char *request_topic; /* the event that asks; its payload is the key */
  const char *answer_topic;  /* the event that answers */
  const char *cancel_topic;  /* the event that takes it back, with the key; NULL: none */
  const char *purpose;       /* what needs the monitor: "Searching by picture" */
  guint timeout;             /* seconds */
  guint max_pending;

  /* FALSE: the answer is malformed. error: set if it says that something went wrong. */
  gboolean (*read) (GVariant *answer, const char **key, GError **error);
  void (*give) (GTask *task, GVariant *answer); /* returns what the answer says to a task */
} WebQuestionKind;

/* Whether the monitor can be asked now. BOORU_ERROR_BUSY. */
gboolean web_question_check (WebWorker *worker, const WebQuestionKind *kind, GError **error);

/* Asks; concurrent questions of one key share the answer. @task (transfer full) gets it, or
 * BOORU_ERROR_BUSY, or BOORU_ERROR_CANCELLED from its cancellable. @data goes with the question. */
void web_question_ask (WebWorker *worker,
                       const WebQuestionKind *kind,
                       const char *key,
                       GTask *task,
                       gpointer data,
                       GDestroyNotify free_data);

G_END_DECLS
