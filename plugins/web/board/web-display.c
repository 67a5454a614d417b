/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-display.h"

#define TIMEOUT 20 /* seconds that somebody looks at a thumbnail meanwhile */
#define MAX_PENDING 64

/* The requests of this process. Made with the first one; belongs to the service's context. */
typedef struct
{
  WebWorker *worker;
  GHashTable *pending; /* md5 → Order */
} Display;

typedef struct
{
  Display *display;
  char *md5;
  GPtrArray *tasks;
  guint timeout; /* source */
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_clear_handle_id (&order->timeout, g_source_remove);
  g_ptr_array_unref (order->tasks);
  g_free (order->md5);
  g_free (order);
}

/* Takes the order out of the table; answering may lead to the next one. */
static void
finish (Order *order, BooruError code, const char *message)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_ref (order->tasks);

  g_hash_table_remove (order->display->pending, order->md5);
  for (guint i = 0; i < tasks->len; i++)
    if (*message)
      g_task_return_new_error (tasks->pdata[i], BOORU_ERROR, code, "%s", message);
    else
      g_task_return_boolean (tasks->pdata[i], TRUE);
}

static gboolean
on_timeout (gpointer user_data)
{
  Order *order = user_data;

  order->timeout = 0;
  finish (order, BOORU_ERROR_BUSY, "The monitor did not make the picture in time");
  return G_SOURCE_REMOVE;
}

static void
on_made (Display *self, const char *topic, GVariant *payload)
{
  const char *md5, *message;
  Order *order;

  if (!g_variant_is_of_type (payload, G_VARIANT_TYPE ("(ss)")))
    return;
  g_variant_get (payload, "(&s&s)", &md5, &message);
  order = g_hash_table_lookup (self->pending, md5);
  if (order)
    finish (order, BOORU_ERROR_FAILED, message);
}

static void
display_free (gpointer data)
{
  Display *self = data;

  g_hash_table_unref (self->pending);
  g_free (self);
}

static Display *
ensure_display (WebWorker *worker)
{
  BooruServiceContext *context = web_worker_get_context (worker);
  Display *self = g_object_get_data (G_OBJECT (context), "web-display");

  if (self)
    return self;
  self = g_new0 (Display, 1);
  self->worker = worker;
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, order_free);
  g_object_set_data_full (G_OBJECT (context), "web-display", self, display_free);
  g_signal_connect_swapped (context, "event::" BOORU_EVENT_DISPLAY_MADE, G_CALLBACK (on_made),
                            self);
  return self;
}

/* What the host has not said yet may be so. */
static gboolean
monitor_runs (WebWorker *worker)
{
  GVariant *services = web_worker_get_services (worker);
  const char *state = "";

  return services == NULL
         || (g_variant_lookup (services, BOORU_PLUGIN_MONITOR, "&s", &state)
             && (g_str_equal (state, "ready") || g_str_equal (state, "degraded")));
}

static Order *
add_order (Display *self, const char *md5)
{
  Order *order = g_new0 (Order, 1);

  order->display = self;
  order->md5 = g_strdup (md5);
  order->tasks = g_ptr_array_new_with_free_func (g_object_unref);
  order->timeout = g_timeout_add_seconds (TIMEOUT, on_timeout, order);
  g_hash_table_insert (self->pending, order->md5, order);
  booru_service_context_publish (web_worker_get_context (self->worker),
                                 BOORU_EVENT_DISPLAY_REQUESTED, g_variant_new_string (md5));
  return order;
}

void
web_display_make_async (WebWorker *worker,
                        const char *md5,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  Display *self = ensure_display (worker);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Order *order = g_hash_table_lookup (self->pending, md5);

  g_task_set_source_tag (task, web_display_make_async);
  if (order == NULL && (!monitor_runs (worker) || g_hash_table_size (self->pending) >= MAX_PENDING))
    {
      g_task_return_new_error (task, BOORU_ERROR, BOORU_ERROR_BUSY,
                               "The monitor, which makes the picture, does not run or is busy");
      return;
    }
  if (order == NULL)
    order = add_order (self, md5);
  g_ptr_array_add (order->tasks, g_steal_pointer (&task));
}

gboolean
web_display_make_finish (WebWorker *worker, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
