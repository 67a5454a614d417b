/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "base/booru-metrics.h"
#include "plugin/booru-config.h"
#include "plugin/booru-extensions.h"

G_BEGIN_DECLS

/**
 * BooruServiceContext:
 *
 * What a running service sees of the world: its configuration, its listening socket, events, and
 * the way to say "ready" and "stopped". The worker library implements it over the channel to the
 * host. All of it belongs to the main thread.
 *
 * Signals:
 *  - "event" (const char *topic, GVariant *payload): detailed by topic ("event::posts-changed");
 *    something that another process published.
 *  - "configure" (): the configuration was replaced; get it anew.
 *  - "quiesce" (): take no new work, finish what is in flight, then call
 *    booru_service_context_stopped(). Comes at most once.
 *  - "hurry" (): after "quiesce": what booru_service_context_is_handover() says became FALSE.
 */
#define BOORU_TYPE_SERVICE_CONTEXT (booru_service_context_get_type ())
G_DECLARE_DERIVABLE_TYPE (BooruServiceContext,
                          booru_service_context,
                          BOORU,
                          SERVICE_CONTEXT,
                          GObject)

/* What a service can ask the host. */
typedef enum
{
  BOORU_HOST_METRICS, /* of all processes: s, Prometheus' text format */
  BOORU_HOST_HEALTH,  /* a{sv}: see GetHealth in org.booru.Channel1.xml */
  /* With an argument (sv): what booru_service_context_control_host_async() asks. */
  BOORU_HOST_CONTROL,
} BooruHostQuestion;

struct _BooruServiceContextClass
{
  GObjectClass parent_class;

  /* Implemented by worker/. */
  void (*ready) (BooruServiceContext *self);
  void (*stopped) (BooruServiceContext *self);
  void (*fail) (BooruServiceContext *self, const GError *error);
  void (*publish) (BooruServiceContext *self, const char *topic, GVariant *payload);
  void (*count_request) (BooruServiceContext *self);                             /* or NULL */
  void (*set_task) (BooruServiceContext *self, const char *what);                /* or NULL */
  void (*set_plugin) (BooruServiceContext *self, const char *plugin);            /* or NULL */
  void (*starting) (BooruServiceContext *self, guint seconds, const char *what); /* or NULL */
  void (*set_trouble) (BooruServiceContext *self, const char *what);             /* or NULL */
  /* argument: transfer none, or NULL; task: transfer full: returns the answer, a GVariant, by
   * it. */
  void (*ask_host) (BooruServiceContext *self,
                    BooruHostQuestion question,
                    GVariant *argument,
                    GTask *task);
};

/* For services. */
BooruConfig *booru_service_context_get_config (BooruServiceContext *self); /* transfer none */
/* Transfer none. */
BooruExtensions *booru_service_context_get_extensions (BooruServiceContext *self);

/* Shared listening socket, non-blocking; -1: none; stays the context's. */
int booru_service_context_get_listener (BooruServiceContext *self);

/* Not ready yet, but it gets on. */
void booru_service_context_starting (BooruServiceContext *self, guint seconds, const char *what);
void booru_service_context_ready (BooruServiceContext *self);

/* Works, but cannot do all that it should; NULL: it can. */
void booru_service_context_set_trouble (BooruServiceContext *self, const char *what);
void booru_service_context_stopped (BooruServiceContext *self);

/* Cannot go on: the process ends, the host restarts it with backoff. */
void booru_service_context_fail (BooruServiceContext *self, const GError *error);

/* To all other processes; sinks a floating payload. */
void
booru_service_context_publish (BooruServiceContext *self, const char *topic, GVariant *payload);

/* The service's own state, freed with the context. */
void
booru_service_context_set_data (BooruServiceContext *self, gpointer data, GDestroyNotify destroy);
gpointer booru_service_context_get_data (BooruServiceContext *self);

/* Upon "quiesce": other processes go on with the work, so there is time to part from clients
 * politely. */
gboolean booru_service_context_is_handover (BooruServiceContext *self);

/* One was answered: after worker-max-requests of them the host replaces the process; from any
 * thread. */
void booru_service_context_count_request (BooruServiceContext *self);

/* What the main loop is at, for the host to name if the process crashes or hangs; NULL: nothing
 * in particular. */
void booru_service_context_set_task (BooruServiceContext *self, const char *what);

/* Whose code the main loop runs, for the host to charge a crash or hang to that plugin; NULL: the
 * service's own. To be told before each call of what a plugin registered, and with NULL after it.
 */
void booru_service_context_set_plugin (BooruServiceContext *self, const char *plugin);

/* Of this process; transfer none. */
BooruMetrics *booru_service_context_get_metrics (BooruServiceContext *self);

/* The answer comes within a second or so, or BOORU_ERROR_BUSY. transfer full. */
void booru_service_context_ask_host_async (BooruServiceContext *self,
                                           BooruHostQuestion question,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
GVariant *booru_service_context_ask_host_finish (BooruServiceContext *self,
                                                 GAsyncResult *result,
                                                 GError **error);

/* Has the host do what an administrator wants: a method of org.booru.Host1, with its arguments as a
 * tuple (a floating one is sunk). Whether it is one who asks, is the service's to find out.
 * Finished by booru_service_context_ask_host_finish(), with the tuple of the results, or the error
 * that the method fails with; BOORU_ERROR_BUSY if the host does not answer for long. */
void booru_service_context_control_host_async (BooruServiceContext *self,
                                               const char *method,
                                               GVariant *parameters,
                                               GAsyncReadyCallback callback,
                                               gpointer user_data);

/* For implementations of the context. */
void booru_service_context_set_listener (BooruServiceContext *self, int fd);

/* Transfer full; emits "configure" when one was there before. */
void booru_service_context_take_config (BooruServiceContext *self, BooruConfig *config);
void
booru_service_context_emit_event (BooruServiceContext *self, const char *topic, GVariant *payload);

/* Transfer full, never floating; BOORU_ERROR_UNSUPPORTED: no plugin here knows that report. */
GVariant *booru_service_context_make_report (BooruServiceContext *self,
                                             const char *name,
                                             GVariant *arguments,
                                             GError **error);

/* Again with FALSE: "hurry". */
void booru_service_context_emit_quiesce (BooruServiceContext *self, gboolean handover);

typedef enum
{
  BOORU_SERVICE_ONE,     /* exactly one process: a GSubprocess */
  BOORU_SERVICE_WORKERS, /* as many as the setting "workers" says; share one listening socket */
} BooruServiceInstances;

/**
 * BooruService:
 *
 * A kind of process that a plugin wants to have run. Constant data in the plugin's module.
 */
typedef struct
{
  const char *name;         /* "web"; unique over all plugins */
  const char *process_name; /* "booru-web": what ps shows, at most 15 bytes */
  const char *label;        /* "Web": for log lines such as "Monitor service started" */
  BooruServiceInstances instances;
  gboolean listener;  /* gets the shared listening socket */
  guint stop_timeout; /* seconds from quiesce to SIGKILL */

  /* Called in the service's own process, in the main loop's thread, once. Sets everything up and
   * returns; the main loop runs afterwards. booru_service_context_ready() is called when it can do
   * its work, at once or later. */
  gboolean (*start) (BooruServiceContext *context, GError **error);
} BooruService;

G_END_DECLS
