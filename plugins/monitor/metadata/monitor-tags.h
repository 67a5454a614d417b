/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/**
 * MonitorTags:
 *
 * What one source says of a file: tags with their categories, a rating, a source. Filled in by the
 * readers of sidecars, keywords and rules, which all write tags in ways of their own.
 */
typedef struct
{
  GHashTable *names; /* normalised name -> GINT_TO_POINTER (category + 1); 0: none is said */
  GString *notes;    /* names of the files that it came from, for people */
  char rating;       /* 0: none */
  char *source;      /* NULL: none */
  struct _JsonObject *facts; /* what else is shown of it: see monitor-facts.h; NULL: nothing is */
  GPtrArray *left_out;       /* char: what could not become a tag, for people */
  guint n_left_out;          /* of which some may not be listed */
  gboolean says_nothing;     /* of tags: all there is, is left out */
  GArray *delays;            /* guint16, milliseconds: of each frame of a ugoira; NULL: not said */
} MonitorTags;

MonitorTags *monitor_tags_new (void);
void monitor_tags_free (MonitorTags *self);

/* One tag, spaces allowed; category -1: none is said. What cannot be a tag is mended, or left
 * out. */
void monitor_tags_add (MonitorTags *self, const char *text, gint category);

/* "creator:name", "rating:safe", "source:…", "long hair". */
void monitor_tags_add_namespaced (MonitorTags *self, const char *text);

/* Several, separated by commas or blanks. */
void monitor_tags_add_text (MonitorTags *self, const char *text, gint category);

void monitor_tags_leave_out (MonitorTags *self, const char *text); /* to be told of */
gboolean monitor_tags_blanks_separate (const char *text);          /* rather than commas */
/* The first one counts, as of sources. */
void monitor_tags_set_rating (MonitorTags *self, char rating);

void monitor_tags_set_source (MonitorTags *self, const char *source);
void monitor_tags_set_delays (MonitorTags *self, GArray *delays); /* transfer full */
void monitor_tags_add_note (MonitorTags *self, const char *path); /* raw bytes */

/* What a namespace or a key of a sidecar means, in any case; FALSE: nothing that is known. -2: such
 * tags are of no use here. */
#define MONITOR_CATEGORY_UNWANTED (-2)
gboolean monitor_tags_find_category (const char *name, gint *category);

/* What a text has in front of its first colon. */
typedef enum
{
  MONITOR_NAMESPACE_NONE, /* nothing that is known */
  MONITOR_NAMESPACE_TAG,  /* a category, or a rating */
  MONITOR_NAMESPACE_TEXT, /* of a source or a title, in which anything may follow */
} MonitorNamespace;
MonitorNamespace monitor_tags_find_namespace (const char *text);

/* "safe", "s", "R-18"; s_is_safe: what an "s" means where it came from. 0: no rating. */
char monitor_tags_parse_rating (const char *text, gboolean s_is_safe);

/* Transfer full. */
BooruImport *monitor_tags_to_import (const MonitorTags *self, const char *origin);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MonitorTags, monitor_tags_free)

G_END_DECLS
