/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A real host with a bus of its own, or none, and ways to ask it. */
#pragma once

#include "../integration/test-host.h"

#define NAME "org.booru.Host"
#define PATH "/org/booru/Host"
#define HOST1 "org.booru.Host1"

typedef struct
{
  TestHost *host;
  char *root, *settings, *socket, *address;
  GSubprocess *bus;
} Fixture;

typedef struct
{
  Fixture *fixture;
  GDBusConnection *connection;
  const char *text;
  guint number;
  gint64 since;
} Expected;

void start_bus (Fixture *f);
void stop_bus (Fixture *f);
void set_up (Fixture *f, gconstpointer with_bus);
void tear_down (Fixture *f, gconstpointer unused);
GDBusConnection *open_connection (Fixture *f, gboolean bus, GError **error);
GVariant *call_on (GDBusConnection *connection,
                   const char *interface,
                   const char *method,
                   GVariant *parameters,
                   GError **error);
void call (GDBusConnection *connection, const char *method, GVariant *parameters);
void assert_refused (GDBusConnection *connection,
                     const char *method,
                     GVariant *parameters,
                     const char *name);
GVariant *get_property (GDBusConnection *connection, const char *name);
gboolean name_is_there (gpointer data);
GDBusConnection *connect_to (Fixture *f, gboolean bus);
void await_service (Fixture *f, GDBusConnection *connection, const char *name, guint ready);

/* Runs booructl on the private socket; what it printed, parsed. */
JsonNode *ctl (Fixture *f, int exit_code, const char *first, ...) G_GNUC_NULL_TERMINATED;
void ctl_ok (Fixture *f, const char *verb, const char *argument);
void ctl_fails (Fixture *f, int exit_code, const char *verb, const char *argument);
gboolean has_service (gpointer data);
