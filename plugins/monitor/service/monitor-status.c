/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-status.h"

#include <string.h>

struct _MonitorStatus
{
  BooruServiceContext *context; /* not owned */
  GHashTable *scans;            /* folder → the latest progress */
  GVariant *ingest;             /* NULL: none yet */
};

static GVariant *
list_scans (MonitorStatus *self)
{
  g_autoptr (GList) folders
      = g_list_sort (g_hash_table_get_keys (self->scans), (GCompareFunc)strcmp);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (GList *link = folders; link; link = link->next)
    g_variant_builder_add_value (&builder, g_hash_table_lookup (self->scans, link->data));
  return g_variant_builder_end (&builder);
}

static void
publish (MonitorStatus *self)
{
  g_auto (GVariantDict) status = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert_value (&status, "progress", list_scans (self));
  if (self->ingest)
    g_variant_dict_insert_value (&status, "ingest", self->ingest);
  booru_service_context_publish (self->context, BOORU_EVENT_STATUS, g_variant_dict_end (&status));
}

static void
note_end (MonitorStatus *self, const char *folder, GVariant *progress)
{
  g_autofree char *shown = g_filename_display_name (folder);
  guint64 waiting = booru_dict_get_count (progress, "waiting");
  g_autofree char *later = waiting > 0
                               ? g_strdup_printf (", %" G_GUINT64_FORMAT " not ready yet", waiting)
                               : g_strdup ("");
  g_autofree char *text = g_strdup_printf (
      "Scanned %s: %" G_GUINT64_FORMAT " files, %" G_GUINT64_FORMAT " checked, %" G_GUINT64_FORMAT
      " new, %" G_GUINT64_FORMAT " failed%s",
      shown, booru_dict_get_count (progress, "files-seen"), booru_dict_get_count (progress, "done"),
      booru_dict_get_count (progress, "new"), booru_dict_get_count (progress, "failed"), later);

  booru_service_context_publish (self->context, BOORU_EVENT_NOTE,
                                 g_variant_new ("(ss)", "scan-done", text));
}

void
monitor_status_set_scan (MonitorStatus *self, GVariant *progress)
{
  gboolean running = FALSE;
  const char *folder;

  g_variant_ref_sink (progress);
  g_variant_lookup (progress, "folder", "^&ay", &folder);
  g_variant_lookup (progress, "running", "b", &running);
  g_hash_table_insert (self->scans, g_strdup (folder), progress);
  if (!running)
    note_end (self, folder, progress);
  publish (self);
}

void
monitor_status_set_ingest (MonitorStatus *self, GVariant *progress)
{
  g_variant_ref_sink (progress);
  g_clear_pointer (&self->ingest, g_variant_unref);
  self->ingest = progress;
  publish (self);
}

void
monitor_status_set_folders (MonitorStatus *self, const BooruFolders *folders)
{
  const char *files_dir = booru_config_get_path (booru_service_context_get_config (self->context),
                                                 BOORU_CONFIG_FILES_DIR);
  guint n_before = g_hash_table_size (self->scans);
  GHashTableIter iter;
  gpointer folder;

  g_hash_table_iter_init (&iter, self->scans);
  while (g_hash_table_iter_next (&iter, &folder, NULL))
    if (!g_strv_contains ((const char *const *)folders->library, folder)
        && g_strcmp0 (folders->ingest, folder) != 0 && !g_str_has_prefix (folder, files_dir))
      g_hash_table_iter_remove (&iter);
  if (g_hash_table_size (self->scans) < n_before)
    publish (self);
}

void
monitor_status_free (MonitorStatus *self)
{
  g_hash_table_unref (self->scans);
  g_clear_pointer (&self->ingest, g_variant_unref);
  g_free (self);
}

MonitorStatus *
monitor_status_new (BooruServiceContext *context)
{
  MonitorStatus *self = g_new0 (MonitorStatus, 1);

  self->context = context;
  self->scans
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_variant_unref);
  return self;
}
