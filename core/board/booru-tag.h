/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbered as Danbooru numbers them: clients rely on it. */
typedef enum
{
  BOORU_TAG_GENERAL = 0,
  BOORU_TAG_ARTIST = 1,
  BOORU_TAG_COPYRIGHT = 3,
  BOORU_TAG_CHARACTER = 4,
  BOORU_TAG_META = 5,
} BooruTagCategory;

/* In the order in which a page shows them: artist, copyright, character, general, meta. */
#define BOORU_N_TAG_CATEGORIES 5
extern const BooruTagCategory booru_tag_categories[BOORU_N_TAG_CATEGORIES];

const char *booru_tag_category_to_string (BooruTagCategory category); /* "general" */
/* Also "char", "copy", "art", "gen" and numbers, as Danbooru takes them. */
gboolean booru_tag_category_from_string (const char *string, BooruTagCategory *category);

/* NFC, lower case, spaces to underscores; BOORU_ERROR_INVALID with the reason if it cannot be a
 * tag. */
char *booru_tag_normalize (const char *name, GError **error);

/* Characters to insert, delete, replace or swap; more than @max: some number above it. */
guint booru_tag_get_distance (const char *name, const char *other, guint max);

/* A tag of a post. */
typedef struct
{
  gint64 id;
  char *name;
  BooruTagCategory category;
  gint64 post_count;
} BooruTagRef;

BooruTagRef *
booru_tag_ref_new (gint64 id, const char *name, BooruTagCategory category, gint64 post_count);
void booru_tag_ref_free (BooruTagRef *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruTagRef, booru_tag_ref_free)

/* A tag by itself. */
typedef struct
{
  gint64 id;
  char *name;
  BooruTagCategory category;
  gint64 post_count;
  gint64 created_at, updated_at; /* microseconds since 1970, UTC */
  gboolean is_deprecated;
} BooruTag;

void booru_tag_free (BooruTag *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruTag, booru_tag_free)

typedef enum
{
  BOORU_TAG_ORDER_NEWEST, /* id descending: the default of tags.json */
  BOORU_TAG_ORDER_NAME,
  BOORU_TAG_ORDER_DATE,
  BOORU_TAG_ORDER_COUNT,
} BooruTagOrder;

/**
 * BooruTagFilter:
 *
 * Which tags booru_store_list_tags() returns. A member left at 0 or %NULL does not filter.
 */
typedef struct
{
  const char *const *names; /* exactly these */
  const char *name_matches; /* pattern with * */
  gint category;            /* -1: any */
  gboolean hide_empty;
  BooruTagOrder order;
  guint limit;
  guint page;       /* from 1 */
  gint64 before_id; /* page=bID */
  gint64 after_id;  /* page=aID */
} BooruTagFilter;

#define BOORU_TAG_FILTER_INIT                                                                      \
  {                                                                                                \
    .category = -1, .limit = 20, .page = 1                                                         \
  }

G_END_DECLS
