/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files booru-host*.c share: the object itself (booru-host.c), what comes before its start
 * (booru-host-prepare.c), and the orders that it takes while it runs (booru-host-control.c). */
#pragma once

#include "booru-host.h"

#include "booru-host-config.h"
#include "booru-instance-lock.h"
#include "booru-listener.h"
#include "booru-service-runner.h"

G_BEGIN_DECLS

/* One service and who runs it. */
typedef struct
{
  BooruHost *host;
  BooruServiceSpec spec;
  BooruSettings *settings; /* of its plugin's own schema; or NULL */
  BooruServiceRunner *runner;
  gboolean started;
  gboolean failed;
  gboolean stop_requested;
  gboolean stopped;
} Service;

struct _BooruHost
{
  GObject parent_instance;

  BooruHostOptions *options;
  BooruSettings *settings;
  GPtrArray *available; /* BooruPluginInfo */
  BooruInstanceLock *lock;
  BooruHostConfig *config;
  BooruListener *listener;
  GPtrArray *services; /* Service, in the order of dependency */

  GMainLoop *loop;
  GArray *sources; /* guint */
  gint64 last_check;
  guint reconfigure; /* source */
  gboolean hangup_stops;
  gboolean ready;
  gboolean stopping;
  int exit_code;
};

/* booru-host.c */
void booru_host_add_source (BooruHost *self, guint source);
void booru_host_stop (BooruHost *self, int exit_code);
void booru_host_kill (BooruHost *self);
const char *booru_host_get_service_state (Service *service);
void booru_host_connect_runner (Service *service);

/* booru-host-prepare.c */
gboolean booru_host_read_settings (BooruHost *self, GError **error);
gboolean booru_host_prepare (BooruHost *self, const char *const *names, GError **error);

/* booru-host-control.c */
void booru_host_settings_changed (BooruHost *self);
void booru_host_watch_signals (BooruHost *self);

G_END_DECLS
