/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ingest-metadata.h"

#include <string.h>
#include <unistd.h>

#include "metadata/monitor-facts.h"
#include "metadata/monitor-json.h"

#define DELAYS_MEMBER "Ugoira:FrameDelays"

static MonitorTags *
collect (MonitorFolder *folder, const char *path)
{
  booru_autofd int root_fd = monitor_folder_open (folder, NULL);

  return root_fd >= 0 ? monitor_sidecar_collect (root_fd, path) : NULL;
}

void
ingest_metadata_read (IngestTask *task)
{
  g_clear_pointer (&task->sidecar, monitor_tags_free);
  task->sidecar = collect (task->folder, task->path);
}

static GPtrArray *
make_imports (IngestContext *context,
              MonitorFolder *folder,
              const char *path,
              const char *metadata,
              const MonitorTags *sidecar)
{
  g_autofree char *full = g_build_filename (folder->path, path, NULL);

  return folder->kind == MONITOR_FOLDER_MANAGED
             ? NULL
             : monitor_rules_make_imports (context->rules, full, metadata, sidecar);
}

GPtrArray *
ingest_metadata_new_imports (IngestTask *task, const char *metadata)
{
  return make_imports (task->context, task->folder, task->path, metadata, task->sidecar);
}

GPtrArray *
ingest_metadata_new_imports_of (IngestContext *context, MonitorFolder *folder, const char *path)
{
  g_autoptr (MonitorTags) sidecar = collect (folder, path);

  return make_imports (context, folder, path, NULL, sidecar);
}

/* NULL: there is none, or the rules say that it does not count. */
static const MonitorTags *
get_sidecar (IngestTask *task)
{
  g_autofree char *full = g_build_filename (task->folder->path, task->path, NULL);

  return monitor_rules_reads_sidecars (task->context->rules, full) ? task->sidecar : NULL;
}

char *
ingest_metadata_take (IngestTask *task)
{
  g_autofree char *own = g_steal_pointer (&task->metadata);
  const MonitorTags *sidecar = get_sidecar (task);

  return own != NULL && sidecar != NULL ? monitor_facts_add_to (sidecar, own)
                                        : g_steal_pointer (&own);
}

char *
ingest_metadata_new_patch (IngestTask *task)
{
  const MonitorTags *sidecar = get_sidecar (task);

  return sidecar != NULL ? monitor_facts_to_patch (sidecar) : NULL;
}

/* Of what the store has of a post; NULL: there are none. */
static GArray *
parse_delays (const char *metadata)
{
  g_autoptr (JsonNode) root = monitor_json_parse (metadata, strlen (metadata), NULL);
  JsonNode *node = root != NULL && JSON_NODE_HOLDS_OBJECT (root)
                       ? json_object_get_member (json_node_get_object (root), DELAYS_MEMBER)
                       : NULL;
  JsonArray *array;
  GArray *delays;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return NULL;
  array = json_node_get_array (node);
  delays = g_array_new (FALSE, FALSE, sizeof (guint16));
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      guint16 delay = (guint16)CLAMP (json_array_get_int_element (array, i), 0, G_MAXUINT16);

      g_array_append_val (delays, delay);
    }
  return delays;
}

GArray *
ingest_metadata_find_delays (IngestTask *task)
{
  const MonitorTags *sidecar = get_sidecar (task);
  g_autofree char *metadata = NULL;

  if (sidecar != NULL && sidecar->delays != NULL)
    return g_array_ref (sidecar->delays);
  if (task->post_id != 0) /* what was known once is not forgotten */
    metadata = booru_store_get_metadata (task->context->parts.store, task->post_id, NULL);
  return metadata != NULL ? parse_delays (metadata) : NULL;
}

gboolean
ingest_metadata_has_other_delays (IngestTask *task, const char *metadata)
{
  const MonitorTags *sidecar = get_sidecar (task);
  const GArray *said = sidecar != NULL ? sidecar->delays : NULL;
  g_autoptr (GArray) known = said != NULL ? parse_delays (metadata) : NULL;

  return known != NULL && known->len == said->len
         && memcmp (known->data, said->data, known->len * sizeof (guint16)) != 0;
}
