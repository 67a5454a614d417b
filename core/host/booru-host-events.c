/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What happened, and the progress of scans. */
#include "booru-host-private.h"

#include <string.h>

#include "base/booru-dict.h"
#include "base/booru-names.h"

/**
 * booru_host_changed:
 * @self: the host
 *
 * Something that administrators can see may be different now.
 */
void
booru_host_changed (BooruHost *self)
{
  if (self->control)
    booru_control_changed (self->control);
}

/**
 * booru_host_note:
 * @self: the host
 * @topic: what kind of thing happened
 * @format: what happened, for people; printf style
 *
 * Keeps an event, and tells who listens.
 */
void
booru_host_note (BooruHost *self, const char *topic, const char *format, ...)
{
  gint64 now = g_get_real_time ();
  g_autofree char *text = NULL;
  g_autofree char *valid = NULL;
  guint64 serial;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  valid = g_utf8_make_valid (text, -1);

  serial = booru_event_log_add (self->events, now, topic, valid);
  if (self->control)
    booru_control_emit_event (self->control, serial, now, topic, valid);
  booru_host_changed (self);
}

/* Scans */

static void
note_end (BooruHost *self, const char *folder, GVariant *progress)
{
  g_autofree char *shown = g_filename_display_name (folder);
  guint64 waiting = booru_dict_get_count (progress, "waiting");
  g_autofree char *later = waiting > 0
                               ? g_strdup_printf (", %" G_GUINT64_FORMAT " not ready yet", waiting)
                               : g_strdup ("");

  booru_host_note (self, "scan-done",
                   "Scanned %s: %" G_GUINT64_FORMAT " files, %" G_GUINT64_FORMAT
                   " checked, %" G_GUINT64_FORMAT " new, %" G_GUINT64_FORMAT " failed%s",
                   shown, booru_dict_get_count (progress, "files-seen"),
                   booru_dict_get_count (progress, "done"), booru_dict_get_count (progress, "new"),
                   booru_dict_get_count (progress, "failed"), later);
}

/**
 * booru_host_note_progress:
 * @self: the host
 * @progress: payload of BOORU_EVENT_SCAN_PROGRESS; whatever is not one is left alone
 */
void
booru_host_note_progress (BooruHost *self, GVariant *progress)
{
  const char *folder;
  gboolean running = FALSE;

  if (!g_variant_is_of_type (progress, G_VARIANT_TYPE_VARDICT)
      || !g_variant_lookup (progress, "folder", "^&ay", &folder))
    return;
  g_variant_lookup (progress, "running", "b", &running);
  g_hash_table_insert (self->progress, g_strdup (folder), g_variant_ref_sink (progress));
  if (!running)
    note_end (self, folder, progress);
  booru_host_changed (self);
}

/**
 * booru_host_note_ingest:
 * @self: the host
 * @ingest: payload of BOORU_EVENT_INGEST_PROGRESS; whatever is not one is left alone
 */
void
booru_host_note_ingest (BooruHost *self, GVariant *ingest)
{
  if (!g_variant_is_of_type (ingest, G_VARIANT_TYPE_VARDICT))
    return;
  g_clear_pointer (&self->ingest, g_variant_unref);
  self->ingest = g_variant_ref_sink (ingest);
  booru_host_changed (self);
}

static gboolean
is_running (gpointer folder, gpointer progress, gpointer unused)
{
  gboolean running = FALSE;

  return g_variant_lookup (progress, "running", "b", &running) && running;
}

/**
 * booru_host_end_progress:
 * @self: the host
 *
 * The process that told of scans is gone: what it was at is not going on. A successor begins anew.
 */
void
booru_host_end_progress (BooruHost *self)
{
  g_hash_table_foreach_remove (self->progress, is_running, NULL);
  g_clear_pointer (&self->ingest, g_variant_unref);
}

/**
 * booru_host_dup_progress:
 * @self: the host
 *
 * Returns: (transfer full): aa{sv}, floating: the latest state of each scan, by the folders' names
 */
GVariant *
booru_host_dup_progress (BooruHost *self)
{
  g_autoptr (GList) folders = g_hash_table_get_keys (self->progress);
  GVariantBuilder builder;

  folders = g_list_sort (folders, (GCompareFunc)strcmp);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (GList *link = folders; link; link = link->next)
    g_variant_builder_add_value (&builder, g_hash_table_lookup (self->progress, link->data));
  return g_variant_builder_end (&builder);
}
