/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the verbs of booructl share. */
#pragma once

#include <json-glib/json-glib.h>

#include "booru-control-generated.h"

G_BEGIN_DECLS

/* The command line, and the host that was found. */
typedef struct
{
  gboolean show_version;
  gboolean json;
  gboolean session;
  gboolean system;
  gboolean follow;
  gboolean reset;
  gboolean all;
  char *data_dir;   /* or NULL */
  char *socket;     /* or NULL */
  char *settings;   /* or NULL */
  char *from, *to;  /* databases; or NULL */
  char **arguments; /* what follows the verb; never NULL */

  GCancellable *cancellable; /* of the search for a host; or NULL */
  GStrv sockets;     /* of several hosts that share the data folder; NULL: there is one host */
  const char *label; /* of the one of them that is connected to, such as "host-1"; or NULL */
  char *via_socket;  /* where the connection goes to; NULL: on a bus */
  GDBusConnection *connection;
  const char *bus_name; /* NULL: on the private socket */
  const char *via;      /* "private socket", "session bus", "system bus" */
  BooruHost1 *host;
} Ctl;

/* One verb. Returns the exit code if it said all there is to say; on error 0 and @error. */
typedef struct
{
  const char *name;
  const char *arguments; /* for the help, such as "[FOLDER]" */
  const char *summary;
  guint min_arguments, max_arguments;
  int (*run) (Ctl *ctl, GError **error);
  gboolean finds_host; /* by itself; otherwise there is one when it runs */
  gboolean each;       /* where several hosts share the data folder, it runs for each of them */
} CtlVerb;

extern const CtlVerb ctl_verb_status, ctl_verb_plugins, ctl_verb_enable, ctl_verb_disable,
    ctl_verb_restart, ctl_verb_reload, ctl_verb_stop, ctl_verb_scan, ctl_verb_workers,
    ctl_verb_settings, ctl_verb_events, ctl_verb_health, ctl_verb_doctor, ctl_verb_apply_rules,
    ctl_verb_failures, ctl_verb_retry, ctl_verb_jobs, ctl_verb_migrate, ctl_verb_user;

/* ctl-connect.c */
gboolean ctl_connect (Ctl *ctl, gboolean each, GError **error);
gboolean ctl_connect_to (Ctl *ctl, const char *socket, GError **error); /* one of ctl->sockets */
GVariant *ctl_list_objects (Ctl *ctl, GError **error);                  /* a{oa{sa{sv}}} */
int ctl_exit_code (const GError *error);

/* ctl-hosts.c */
GPtrArray *ctl_hosts_list_sockets (const char *runtime_dir);
GPtrArray *ctl_hosts_list_folders (void);
void ctl_hosts_forget (const char *folder);

/* ctl-output.c */
typedef enum
{
  CTL_PLAIN,
  CTL_BOLD,
  CTL_GOOD,
  CTL_FAIR,
  CTL_BAD,
  CTL_FAINT,
} CtlColour;

CtlColour ctl_colour_of_state (const char *state);
void ctl_print (CtlColour colour, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* {"ok":true} for scripts. */
void ctl_print_done (Ctl *ctl, const char *format, ...) G_GNUC_PRINTF (2, 3);
void ctl_print_error (Ctl *ctl, const GError *error);
void ctl_print_json (JsonNode *node); /* one line; takes the node */
JsonNode *ctl_to_json (GVariant *value);
JsonNode *ctl_properties_to_json (GVariant *properties); /* a{sv}; "DataDir" becomes "data-dir" */
char *ctl_dup_value (GVariant *value);                   /* for people */
/* Raw bytes; what a terminal would obey is made visible. */
char *ctl_dup_shown_path (const char *path);

/* ctl-progress.c */
char *ctl_dup_scan_line (GVariant *scan);
char *ctl_dup_ingest_line (GVariant *ingest);
void ctl_follow_progress (Ctl *ctl, GError **error);

/* A table with columns as wide as they need to be. */
typedef struct _CtlTable CtlTable;
CtlTable *ctl_table_new (const char *first_title, ...) G_GNUC_NULL_TERMINATED;

/* colour: of the column "STATE". */
void
ctl_table_add (CtlTable *self, CtlColour colour, const char *first, ...) G_GNUC_NULL_TERMINATED;
void ctl_table_print (CtlTable *self); /* and frees it */
void ctl_table_free (CtlTable *self);

G_END_DECLS
