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
 */
#define BOORU_TYPE_SERVICE_CONTEXT (booru_service_context_get_type ())
G_DECLARE_DERIVABLE_TYPE (BooruServiceContext,
                          booru_service_context,
                          BOORU,
                          SERVICE_CONTEXT,
                          GObject)

/**
 * BooruServiceContext::event:
 * @self: a context
 * @topic: the detail of the signal: "event::posts-changed"
 * @payload: of the type that goes with @topic
 *
 * Another process published something.
 */

/**
 * BooruServiceContext::configure:
 * @self: a context
 *
 * The configuration was replaced; get it anew.
 */

/**
 * BooruServiceContext::quiesce:
 * @self: a context
 *
 * Take no new work, finish what is in flight, then call booru_service_context_stopped(). Emitted at
 * most once.
 */

/**
 * BooruServiceContext::hurry:
 * @self: a context
 *
 * After "quiesce": booru_service_context_is_handover() became %FALSE.
 */

/**
 * BooruHostQuestion:
 * @BOORU_HOST_METRICS: the metrics of all processes: s, Prometheus' text format
 * @BOORU_HOST_HEALTH: a{sv}: see GetHealth in org.booru.Channel1.xml
 * @BOORU_HOST_CONTROL: with an argument (sv): what booru_service_context_control_host_async() asks
 *
 * What a service can ask the host.
 */
typedef enum
{
  BOORU_HOST_METRICS,
  BOORU_HOST_HEALTH,
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

/**
 * booru_service_context_get_config:
 * @self: a context
 *
 * Returns: (transfer none): the configuration; replaced at "configure"
 */
BooruConfig *booru_service_context_get_config (BooruServiceContext *self);

/**
 * booru_service_context_get_extensions:
 * @self: a context
 *
 * Returns: (transfer none): what plugins add to the service
 */
BooruExtensions *booru_service_context_get_extensions (BooruServiceContext *self);

/**
 * booru_service_context_get_listener:
 * @self: a context
 *
 * Returns: the shared listening socket, non-blocking, owned by the context; -1 if there is none
 */
int booru_service_context_get_listener (BooruServiceContext *self);

/**
 * booru_service_context_starting:
 * @self: a context
 * @seconds: the service will call this again, or be ready, within this time; at least as long as a
 *   start may take, at most an hour
 * @what: what it is doing, for people, such as “migrating the database, 40 %”
 *
 * Reports that a slow start makes progress. A service that does not, and is not ready within 30
 * seconds, counts as hung. Does not wait for anything, so it may be called from start(), in the
 * main loop's thread. Once a second is often enough.
 */
void booru_service_context_starting (BooruServiceContext *self, guint seconds, const char *what);

/**
 * booru_service_context_ready:
 * @self: a context
 *
 * The service can do its work.
 */
void booru_service_context_ready (BooruServiceContext *self);

/**
 * booru_service_context_set_trouble:
 * @self: a context
 * @what: (nullable): what is wrong and what to do about it, such as that the disk is full; %NULL:
 *   nothing any more
 *
 * Reports that the service works, but cannot do everything it should, and that a restart would not
 * help. The host shows it, as health “degraded”, until it is over.
 */
void booru_service_context_set_trouble (BooruServiceContext *self, const char *what);

/**
 * booru_service_context_stopped:
 * @self: a context
 *
 * The service has finished, after "quiesce".
 */
void booru_service_context_stopped (BooruServiceContext *self);

/**
 * booru_service_context_fail:
 * @self: a context
 * @error: why
 *
 * The service cannot go on: the process ends, and the host restarts it with backoff.
 */
void booru_service_context_fail (BooruServiceContext *self, const GError *error);

/**
 * booru_service_context_publish:
 * @self: a context
 * @topic: such as %BOORU_EVENT_POSTS_CHANGED
 * @payload: of the type that goes with @topic; a floating reference is sunk
 *
 * Publishes an event to all other processes.
 */
void
booru_service_context_publish (BooruServiceContext *self, const char *topic, GVariant *payload);

/**
 * booru_service_context_set_data:
 * @self: a context
 * @data: the service's own state
 * @destroy: (nullable): frees @data with the context
 */
void
booru_service_context_set_data (BooruServiceContext *self, gpointer data, GDestroyNotify destroy);

/**
 * booru_service_context_get_data:
 * @self: a context
 *
 * Returns: (transfer none) (nullable): the service's own state
 */
gpointer booru_service_context_get_data (BooruServiceContext *self);

/**
 * booru_service_context_is_handover:
 * @self: a context
 *
 * Returns: upon "quiesce": whether other processes continue the work, so that there is time to part
 *   from clients politely
 */
gboolean booru_service_context_is_handover (BooruServiceContext *self);

/**
 * booru_service_context_count_request:
 * @self: a context
 *
 * Counts an answered request, cheaply and from any thread. The host shows the count, and replaces a
 * process of a service with several after as many requests as the setting worker-max-requests says.
 */
void booru_service_context_count_request (BooruServiceContext *self);

/**
 * booru_service_context_set_task:
 * @self: a context
 * @what: (nullable): what the main loop is doing, such as "GET /posts"; %NULL for nothing
 *
 * The host's log and events name it if the process crashes or hangs. Call it before each piece of
 * work that depends on what somebody else sent, and with %NULL after it. Costs a copy of the text.
 */
void booru_service_context_set_task (BooruServiceContext *self, const char *what);

/**
 * booru_service_context_set_plugin:
 * @self: a context
 * @plugin: (nullable): whose code the main loop runs; %NULL for the service's own
 *
 * The host charges a crash or hang to that plugin. Call it before each call of what a plugin
 * registered, and with %NULL after it.
 */
void booru_service_context_set_plugin (BooruServiceContext *self, const char *plugin);

/**
 * booru_service_context_get_metrics:
 * @self: a context
 *
 * Returns: (transfer none): the process's registry; the host reads it when somebody asks
 */
BooruMetrics *booru_service_context_get_metrics (BooruServiceContext *self);

/**
 * booru_service_context_ask_host_async:
 * @self: a context
 * @question: what to ask
 * @callback: (scope async): called with the answer, usually within a second
 * @user_data: for @callback
 *
 * Asks the host for what only it knows, without blocking.
 */
void booru_service_context_ask_host_async (BooruServiceContext *self,
                                           BooruHostQuestion question,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);

/**
 * booru_service_context_ask_host_finish:
 * @self: a context
 * @result: what the callback got
 * @error: %BOORU_ERROR_BUSY: the host did not answer in time; or why it could not
 *
 * Returns: (transfer full): the answer, of the type that #BooruHostQuestion says
 */
GVariant *booru_service_context_ask_host_finish (BooruServiceContext *self,
                                                 GAsyncResult *result,
                                                 GError **error);

/**
 * booru_service_context_control_host_async:
 * @self: a context
 * @method: a method of org.booru.Host1
 * @parameters: its arguments, a tuple; a floating reference is sunk
 * @callback: (scope async): called with the results, a tuple, or the method's error;
 *   %BOORU_ERROR_BUSY if the host does not answer for long
 * @user_data: for @callback
 *
 * Has the host do what an administrator wants. The service has to check that an administrator asks.
 * Finished by booru_service_context_ask_host_finish().
 */
void booru_service_context_control_host_async (BooruServiceContext *self,
                                               const char *method,
                                               GVariant *parameters,
                                               GAsyncReadyCallback callback,
                                               gpointer user_data);

/**
 * booru_service_context_set_listener:
 * @self: a context
 * @fd: the listening socket, or -1; stays the caller's
 *
 * For implementations: sets the socket that the service accepts on.
 */
void booru_service_context_set_listener (BooruServiceContext *self, int fd);

/**
 * booru_service_context_take_config:
 * @self: a context
 * @config: (transfer full): the configuration
 *
 * For implementations: sets the configuration; emits "configure" if it replaces one.
 */
void booru_service_context_take_config (BooruServiceContext *self, BooruConfig *config);

/**
 * booru_service_context_emit_event:
 * @self: a context
 * @topic: of the event
 * @payload: of the event
 *
 * For implementations: emits "event".
 */
void
booru_service_context_emit_event (BooruServiceContext *self, const char *topic, GVariant *payload);

/**
 * booru_service_context_make_report:
 * @self: a context
 * @name: of a report
 * @arguments: for it, an a{sv}
 * @error: %BOORU_ERROR_UNSUPPORTED: no plugin in this process has it; or why it cannot be made
 *
 * For implementations: has the plugin that added a report make it.
 *
 * Returns: (transfer full): the report, never floating
 */
GVariant *booru_service_context_make_report (BooruServiceContext *self,
                                             const char *name,
                                             GVariant *arguments,
                                             GError **error);

/**
 * booru_service_context_emit_quiesce:
 * @self: a context
 * @handover: whether other processes continue the work
 *
 * For implementations: asks the service to finish. Called again with %FALSE, emits "hurry".
 */
void booru_service_context_emit_quiesce (BooruServiceContext *self, gboolean handover);

/**
 * BooruServiceInstances:
 * @BOORU_SERVICE_ONE: exactly one process: a GSubprocess
 * @BOORU_SERVICE_WORKERS: as many as the setting "workers" says; they share one listening socket
 *
 * How many processes a service has.
 */
typedef enum
{
  BOORU_SERVICE_ONE,
  BOORU_SERVICE_WORKERS,
} BooruServiceInstances;

/**
 * BooruService:
 * @name: "web"; unique over all plugins
 * @process_name: "booru-web": what ps shows, at most 15 bytes
 * @label: "Web": for log lines such as "Monitor service started"
 * @instances: how many processes
 * @listener: whether it gets the shared listening socket
 * @stop_timeout: seconds from quiesce to SIGKILL
 * @start: called once in the service's own process, in the main loop's thread. Sets everything up
 *   and returns; the main loop runs afterwards. The service calls booru_service_context_ready()
 *   when it can do its work, at once or later
 * @max_memory: MiB of its own that a process may use; 0: no limit. One that uses more is killed and
 *   restarted as if it had crashed. The setting `service-limits` takes precedence
 * @max_processes: how many processes it may be, with all that it starts, and likewise; 0: no limit
 *
 * A kind of process that a plugin provides. Constant data in the plugin's module.
 */
typedef struct
{
  const char *name;
  const char *process_name;
  const char *label;
  BooruServiceInstances instances;
  gboolean listener;
  guint stop_timeout;
  gboolean (*start) (BooruServiceContext *context, GError **error);
  guint max_memory;
  guint max_processes;

  /*< private >*/
  gpointer padding[4];
} BooruService;

G_END_DECLS
