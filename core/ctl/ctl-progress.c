/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The progress of the monitor, for people. */
#include "ctl.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/booru-dict.h"
#include "base/booru-status-text.h"

#define DEFAULT_COLUMNS 80
#define PAUSE 100 /* ms: what changes together is shown together */

static void
append_left (GString *line, GVariant *progress)
{
  g_autofree char *left = booru_text_from_left (progress);

  if (left)
    g_string_append_printf (line, ", %s", left);
}

static void
append_current (GString *line, GVariant *progress)
{
  g_autofree char *shown = ctl_dup_shown_path (booru_dict_get_path (progress, "current"));

  if (*shown)
    g_string_append_printf (line, ": %s", shown);
}

/**
 * ctl_dup_scan_line:
 * @scan: one of the property Progress
 *
 * Returns: (transfer full): "/srv/pictures  scanning: 120 of 4,000 files (3 %), 12 files/s, 5 min 0
 * s left: a.jpg"
 */
char *
ctl_dup_scan_line (GVariant *scan)
{
  GString *line = g_string_new (NULL);
  gboolean running = booru_dict_get_flag (scan, "running");
  g_autofree char *folder = ctl_dup_shown_path (booru_dict_get_path (scan, "folder"));
  g_autofree char *text = booru_text_from_scan (scan);

  g_string_append_printf (line, "%s  %s: %s", folder, running ? "scanning" : "scanned", text);
  if (running)
    {
      append_left (line, scan);
      append_current (line, scan);
    }
  return g_string_free (line, FALSE);
}

/**
 * ctl_dup_ingest_line:
 * @ingest: the property Ingest
 *
 * Returns: (transfer full): what all folders together have to do
 */
char *
ctl_dup_ingest_line (GVariant *ingest)
{
  g_autofree char *text = booru_text_from_ingest (ingest);
  GString *line = g_string_new (text);

  append_left (line, ingest);
  return g_string_free (line, FALSE);
}

/* Following */

typedef struct
{
  Ctl *ctl;
  GMainLoop *loop;
  guint n_lines; /* drawn, to be drawn over */
  guint pause;   /* source */
} Follower;

static guint
get_columns (void)
{
  struct winsize size;

  return ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                          : DEFAULT_COLUMNS;
}

/* Truncated to one line of the terminal, so that it can be overwritten. */
static void
print_cut (const char *line, guint columns)
{
  const char *at = line;
  guint used = 0;

  for (; *at; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      used += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
      if (used >= columns)
        break;
    }
  g_print ("%.*s\n", (int)(at - line), line);
}

static void
draw (Follower *self)
{
  GVariant *progress = booru_host1_get_progress (self->ctl->host);
  GVariant *ingest = booru_host1_get_ingest (self->ctl->host);
  gboolean terminal = isatty (STDOUT_FILENO);
  guint columns = terminal ? get_columns () : G_MAXUINT;
  g_autofree char *last = ctl_dup_ingest_line (ingest);

  if (terminal && self->n_lines > 0)
    g_print ("\033[%uA\033[J", self->n_lines);
  self->n_lines = 0;
  for (gsize i = 0; i < g_variant_n_children (progress); i++)
    {
      g_autoptr (GVariant) scan = g_variant_get_child_value (progress, i);
      g_autofree char *line = NULL;

      /* Only changes are written into a pipe. */
      if (!terminal && !booru_dict_get_flag (scan, "running"))
        continue;
      line = ctl_dup_scan_line (scan);
      print_cut (line, columns);
      self->n_lines++;
    }
  print_cut (last, columns);
  self->n_lines++;
}

static void
print_json (Follower *self)
{
  JsonObject *root = json_object_new ();

  json_object_set_member (root, "progress",
                          ctl_to_json (booru_host1_get_progress (self->ctl->host)));
  json_object_set_member (root, "ingest", ctl_to_json (booru_host1_get_ingest (self->ctl->host)));
  ctl_print_json (json_node_init_object (json_node_alloc (), root));
  json_object_unref (root);
}

static gboolean
show (gpointer user_data)
{
  Follower *self = user_data;

  self->pause = 0;
  if (self->ctl->json)
    print_json (self);
  else
    draw (self);
  fflush (stdout);
  return G_SOURCE_REMOVE;
}

static void
on_properties (Follower *self, GVariant *changed)
{
  g_autoptr (GVariant) progress = g_variant_lookup_value (changed, "Progress", NULL);
  g_autoptr (GVariant) ingest = g_variant_lookup_value (changed, "Ingest", NULL);

  if ((progress || ingest) && self->pause == 0)
    self->pause = g_timeout_add (PAUSE, show, self);
}

static void
on_gone (Follower *self)
{
  g_main_loop_quit (self->loop);
}

/**
 * ctl_follow_progress:
 * @ctl: booructl
 * @error: set when it returns, as the host is gone
 *
 * Shows how far scans are as long as the host runs: on a terminal in place, else a line for each
 * change.
 */
void
ctl_follow_progress (Ctl *ctl, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Follower self = { .ctl = ctl, .loop = loop };

  g_signal_connect_swapped (ctl->host, "g-properties-changed", G_CALLBACK (on_properties), &self);
  g_signal_connect_swapped (ctl->host, "notify::g-name-owner", G_CALLBACK (on_gone), &self);
  g_signal_connect_swapped (ctl->connection, "closed", G_CALLBACK (on_gone), &self);
  show (&self);
  if (!g_dbus_connection_is_closed (ctl->connection))
    g_main_loop_run (loop);
  g_clear_handle_id (&self.pause, g_source_remove);
  g_signal_handlers_disconnect_by_data (ctl->host, &self);
  g_signal_handlers_disconnect_by_data (ctl->connection, &self);
  g_set_error (error, G_DBUS_ERROR, G_DBUS_ERROR_DISCONNECTED, "The host has stopped");
}
