/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the host share: booru-host*.c and booru-control*.c. */
#pragma once

#include "base/booru-settings.h"
#include "host/supervise/booru-collector.h"
#include "host/control/booru-control.h"
#include "host/control/booru-event-log.h"
#include "host/settings/booru-host-config.h"
#include "booru-host.h"
#include "booru-instance-lock.h"
#include "booru-listener.h"
#include "host/plugins/booru-poison.h"
#include "host/supervise/booru-supervisor.h"

G_BEGIN_DECLS

/* One service and who runs it. */
typedef struct
{
  BooruHost *host;
  BooruPluginInfo *plugin;
  BooruServiceSpec spec;
  BooruSettings *settings; /* of its plugin's own schema; or NULL */
  BooruSupervisor *runner;
  GPtrArray *waiters; /* of a replacement that is under way */
  gboolean running;   /* its runner was started */
  gboolean started;   /* and all of it was ready once */
  gboolean failed;
  gboolean stop_requested;
  gboolean stopped;
  gboolean removing; /* its plugin was disabled: freed when it has stopped */
} BooruHostService;

struct _BooruHost
{
  GObject parent_instance;

  BooruHostOptions *options;
  BooruSettings *settings;
  GHashTable *plugin_settings; /* name → BooruSettings, of plugins that have a schema */
  GPtrArray *available;        /* BooruPluginInfo */
  GHashTable *faults;          /* name → why the plugin cannot be used */
  GVariant *enabled;           /* the setting enabled-plugins that they were chosen by */
  GPtrArray *plugins;          /* BooruPluginInfo: those that run, dependencies first */
  BooruInstanceLock *lock;
  BooruHostConfig *config;
  BooruListener *listener;
  GPtrArray *services; /* BooruHostService, in the order of dependency */
  BooruControl *control;
  BooruEventLog *events;
  GHashTable *progress; /* folder → its latest BOORU_EVENT_SCAN_PROGRESS */
  GVariant *ingest;     /* the latest BOORU_EVENT_INGEST_PROGRESS; NULL: none yet */

  BooruCollector *collector; /* at work; or NULL */
  GPtrArray *askers;         /* GTask that wait for it */

  GMainLoop *loop;
  GArray *sources; /* guint */
  gint64 started_at;
  gint64 last_check;
  GArray *orphans;      /* booru_reaper_look() */
  guint reconfigure;    /* source */
  guint purge;          /* source */
  BooruPoison *poison;  /* once the data folder is known */
  GHashTable *stamps;   /* name → what the files of a plugin that runs looked like */
  GHashTable *monitors; /* folder → GFileMonitor */
  guint quiet;          /* source */
  gboolean watching_settings;
  gboolean hangup_stops;
  guint n_reloads; /* under way */
  char *status;    /* as the service manager was told last */
  gboolean ready;
  gboolean stopping;
  int exit_code;
};

/* Called when something that was asked for is done, with @error if it failed. */
typedef void (*BooruHostDone) (const GError *error, gpointer user_data);

/* booru-host-services.c */
GPtrArray *booru_host_services_new (void);
gboolean
booru_host_add_services (BooruHost *self, GPtrArray *plugins, guint *n_added, GError **error);
gboolean booru_host_needs_listener (GPtrArray *plugins);
gboolean booru_host_listen (BooruHost *self, GPtrArray *plugins, GError **error);
void booru_host_start_services (BooruHost *self);
BooruHostService *booru_host_find_service (BooruHost *self, const char *name);
void booru_host_remove_service (BooruHostService *service);
void booru_host_extend_services (BooruHost *self, GPtrArray *plugins);

/* booru-host-running.c */
void booru_host_connect_service (BooruHostService *service);
void booru_host_stop (BooruHost *self, int exit_code);
void booru_host_stop_service (BooruHostService *service);
void booru_host_kill (BooruHost *self);
const char *booru_host_get_state (BooruHost *self);
const char *booru_host_get_service_state (BooruHostService *service);
void booru_host_deliver (BooruHost *self, gpointer origin, const char *topic, GVariant *payload);
void booru_host_roll (BooruHost *self, GPtrArray *services, BooruHostDone done, gpointer user_data);
void booru_host_release_waiters (BooruHostService *service, const GError *error);

/* booru-host-settings.c */
gboolean booru_host_read_settings (BooruHost *self, GError **error);
gboolean booru_host_reconfigure (BooruHost *self, GError **error);
BooruSettings *booru_host_find_settings (BooruHost *self, const char *schema, GError **error);
gboolean booru_host_open_plugin_settings (BooruHost *self,
                                          const char *plugin,
                                          BooruSettings **settings,
                                          GError **error);
gboolean booru_host_store_setting (BooruHost *self,
                                   const char *schema,
                                   const char *key,
                                   GVariant *value,
                                   GError **error);
gboolean booru_host_apply_setting (BooruHost *self,
                                   const char *schema,
                                   const char *key,
                                   GVariant *value,
                                   GError **error);
gboolean booru_host_set_workers (BooruHost *self, guint workers, GError **error);
gboolean booru_host_setting_is_live (const char *schema, const char *key);
void booru_host_watch_settings (BooruHost *self);
void booru_host_reload (BooruHost *self, BooruHostDone done, gpointer user_data);

/* booru-host-enabling.c */
void booru_host_discover (BooruHost *self);
gboolean
booru_host_set_plugin_enabled (BooruHost *self, const char *name, gboolean enabled, GError **error);
gboolean booru_host_apply_plugins (BooruHost *self, GError **error);

/* booru-host-watch.c */
void booru_host_stamp_plugins (BooruHost *self);
gboolean booru_host_check_plugins (BooruHost *self, GPtrArray **changed, GError **error);
GPtrArray *booru_host_list_loading (BooruHost *self, GPtrArray *changed);
void booru_host_watch_files (BooruHost *self);
void booru_host_unwatch_files (BooruHost *self);

/* booru-host-metrics.c */
void
booru_host_answer (BooruHost *self, BooruHostQuestion question, GVariant *argument, GTask *task);
void booru_host_forget_askers (BooruHost *self);

/* booru-host-signals.c */
void booru_host_watch_signals (BooruHost *self);

/* booru-host-notify.c */
void booru_host_notify_status (BooruHost *self);
void booru_host_notify_reloading (BooruHost *self, gboolean begins);
void booru_host_notify_alive (BooruHost *self, gboolean healthy);
guint booru_host_notify_get_interval (guint usual);

/* booru-host-events.c */
void booru_host_note (BooruHost *self, const char *topic, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
void booru_host_note_progress (BooruHost *self, GVariant *progress);
void booru_host_note_ingest (BooruHost *self, GVariant *ingest);
void booru_host_end_progress (BooruHost *self);
GVariant *booru_host_dup_progress (BooruHost *self);
void booru_host_changed (BooruHost *self);

/* booru-host-requests.c */
gboolean booru_host_request (BooruHost *self, const char *topic, const char *path, GError **error);
void booru_host_report (BooruHost *self, const char *name, GVariant *arguments, GTask *task);

G_END_DECLS
