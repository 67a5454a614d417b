/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-rules.h"

#include <stdlib.h>
#include <string.h>

#include "files/monitor-folder.h"
#include "monitor-keywords.h"

struct _MonitorRules
{
  GPtrArray *rules; /* BooruFolderRule, outer folders before inner ones */
};

static int
compare_depth (gconstpointer a, gconstpointer b)
{
  const BooruFolderRule *left = *(const BooruFolderRule *const *)a;
  const BooruFolderRule *right = *(const BooruFolderRule *const *)b;
  gsize left_length = strlen (left->folder), right_length = strlen (right->folder);

  return (left_length > right_length) - (left_length < right_length);
}

/* Library folders are known by where they really are. */
static void
resolve_folder (BooruFolderRule *rule)
{
  char *resolved = realpath (rule->folder, NULL);

  if (resolved == NULL)
    return;
  g_free (rule->folder);
  rule->folder = g_strdup (resolved);
  free (resolved);
}

static void
warn_of_tags (const BooruFolderRule *rule)
{
  g_auto (GStrv) words = g_strsplit_set (rule->tags, " \t\n", -1);
  g_autofree char *folder = g_filename_display_name (rule->folder);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autoptr (MonitorTags) tags = monitor_tags_new ();

      monitor_tags_add_namespaced (tags, words[i]);
      if (*words[i] && g_hash_table_size (tags->names) == 0)
        g_warning ("The rule for the folder %s gives “%s”, which is not a valid tag and is ignored",
                   folder, words[i]);
    }
}

MonitorRules *
monitor_rules_new (GPtrArray *rules)
{
  MonitorRules *self = g_new0 (MonitorRules, 1);

  self->rules = rules ? rules : g_ptr_array_new ();
  for (guint i = 0; i < self->rules->len; i++)
    {
      resolve_folder (self->rules->pdata[i]);
      warn_of_tags (self->rules->pdata[i]);
    }
  g_ptr_array_sort (self->rules, compare_depth);
  return self;
}

void
monitor_rules_free (MonitorRules *self)
{
  g_ptr_array_unref (self->rules);
  g_free (self);
}

/* Of the folders between the rule's own and the file. */
static void
add_names (MonitorTags *tags, const char *below, BooruFolderNames names)
{
  g_auto (GStrv) parts = g_strsplit (below, "/", -1);
  guint n = g_strv_length (parts);

  for (guint i = names == BOORU_FOLDER_NAMES_LAST && n >= 2 ? n - 2 : 0; i + 1 < n; i++)
    if (g_utf8_validate (parts[i], -1, NULL))
      monitor_tags_add_namespaced (tags, parts[i]);
}

/* What holds for the file at @path, absolute. Tags, rating and where they come from go to @tags. */
static void
apply (const MonitorRules *self,
       const char *path,
       MonitorTags *tags,
       gboolean *sidecars,
       gboolean *embedded)
{
  BooruFolderNames names = BOORU_FOLDER_NAMES_NONE;
  const char *below_names = "";

  *sidecars = *embedded = TRUE;
  for (guint i = 0; i < self->rules->len; i++)
    {
      const BooruFolderRule *rule = self->rules->pdata[i];
      const char *below = monitor_folder_get_below (path, rule->folder);
      g_auto (GStrv) words = NULL;

      if (below == NULL)
        continue;
      words = g_strsplit_set (rule->tags, " \t\n", -1);
      for (guint j = 0; words[j] != NULL; j++)
        if (*words[j])
          monitor_tags_add_namespaced (tags, words[j]);
      tags->rating = rule->rating ? rule->rating : tags->rating;
      *sidecars = rule->sidecars >= 0 ? rule->sidecars : *sidecars;
      *embedded = rule->embedded >= 0 ? rule->embedded : *embedded;
      if (rule->names != BOORU_FOLDER_NAMES_UNSET)
        {
          names = rule->names;
          below_names = below;
        }
      monitor_tags_add_note (tags, rule->folder);
    }
  if (names != BOORU_FOLDER_NAMES_NONE)
    add_names (tags, below_names, names);
}

gboolean
monitor_rules_reads_sidecars (const MonitorRules *self, const char *path)
{
  gboolean reads = TRUE;

  for (guint i = 0; i < self->rules->len; i++)
    {
      const BooruFolderRule *rule = self->rules->pdata[i];

      if (rule->sidecars >= 0 && monitor_folder_get_below (path, rule->folder) != NULL)
        reads = rule->sidecars;
    }
  return reads;
}

/* Of rules for the folder, those above it and those in it. */
char **
monitor_rules_dup_excluded (const MonitorRules *self, const char *folder)
{
  g_autoptr (GStrvBuilder) pairs = g_strv_builder_new ();

  for (guint i = 0; i < self->rules->len; i++)
    {
      const BooruFolderRule *rule = self->rules->pdata[i];

      if (monitor_folder_get_below (folder, rule->folder) == NULL
          && monitor_folder_get_below (rule->folder, folder) == NULL)
        continue;
      for (guint j = 0; rule->exclude[j] != NULL; j++)
        {
          g_strv_builder_add (pairs, rule->folder);
          g_strv_builder_add (pairs, rule->exclude[j]);
        }
    }
  return g_strv_builder_end (pairs);
}

static void
add_import (GPtrArray *imports, const MonitorTags *tags, const char *origin)
{
  BooruImport *import = monitor_tags_to_import (tags, origin);
  g_autofree char *note = g_steal_pointer (&import->note);

  import->note = note ? g_strdup_printf ("%s: %s", origin, note) : g_strdup (origin);
  g_ptr_array_add (imports, import);
}

/* What no longer counts is said to say nothing, so that what it had given is taken back. A sidecar
 * that is not there says nothing either way. */
GPtrArray *
monitor_rules_make_imports (const MonitorRules *self,
                            const char *path,
                            const char *metadata,
                            const MonitorTags *sidecar)
{
  g_autoptr (MonitorTags) folder = monitor_tags_new (), nothing = monitor_tags_new ();
  GPtrArray *imports = booru_imports_new ();
  gboolean sidecars, embedded;

  apply (self, path, folder, &sidecars, &embedded);
  if (sidecar != NULL && sidecar->says_nothing)
    sidecar = NULL;
  if (!sidecars || sidecar != NULL)
    add_import (imports, sidecars ? sidecar : nothing, BOORU_IMPORT_SIDECAR);
  if (!embedded || metadata != NULL)
    {
      g_autoptr (MonitorTags) keywords = monitor_tags_new ();

      if (embedded)
        monitor_tags_add_keywords (keywords, metadata);
      add_import (imports, keywords, BOORU_IMPORT_EMBEDDED);
    }
  /* A rule's rating is for files of which nothing better is known. */
  if (sidecars && sidecar != NULL && sidecar->rating != 0)
    folder->rating = 0;
  add_import (imports, folder, BOORU_IMPORT_FOLDER);
  return imports;
}
