/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of tags: by name, by id, by beginnings of their words, by pattern. An image has them all as
 * they were when it was made; what changed since is kept beside. */
#pragma once

#include "booru-index-image.h"
#include "booru-index-source.h"

G_BEGIN_DECLS

/* The sections of an image of names. A place is where a name stands among all. */
enum
{
  BOORU_INDEX_NAME_STARTS,     /* guint32: of each place and of the end, in the text */
  BOORU_INDEX_NAME_TEXT,       /* all names, ascending by their bytes, with nothing between */
  BOORU_INDEX_NAME_IDS,        /* guint32, by place */
  BOORU_INDEX_NAME_COUNTS,     /* guint32, by place */
  BOORU_INDEX_NAME_CATEGORIES, /* guint8, by place */
  BOORU_INDEX_NAME_PLACES,     /* guint32, by ascending id */
  BOORU_INDEX_NAME_WORDS,      /* BooruIndexWord, ascending by the text that begins there */
  BOORU_INDEX_NAME_PAIRS,      /* guint64, by place: a bit for each two bytes next to each other */
  BOORU_INDEX_NAME_N_SECTIONS,
};

/* A word within a name, but the first one. */
typedef struct
{
  guint32 place, start; /* the latter in the text */
} BooruIndexWord;

/* The bits of a text, of which several pairs share one. A name that has a text has its bits. */
static inline guint64
booru_index_get_pairs (const char *text, gsize length)
{
  guint64 bits = 0;

  for (gsize i = 1; i < length; i++)
    bits |= G_GUINT64_CONSTANT (1) << (((guint8)text[i - 1] * 37u + (guint8)text[i] * 11u) % 64);
  return bits;
}

typedef struct _BooruIndexNames BooruIndexNames;

/* Of an image, which it takes over in any case. NULL: it is damaged. */
BooruIndexNames *booru_index_names_new (BooruIndexImage *image);
void booru_index_names_free (BooruIndexNames *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruIndexNames, booru_index_names_free)

const BooruIndexImage *booru_index_names_get_image (const BooruIndexNames *self);

/* A tag that is new or changed. */
void booru_index_names_put (BooruIndexNames *self, const BooruTagRef *tag);

/* How many tags changed, and how many have names that the image does not have. */
guint booru_index_names_get_n_changed (const BooruIndexNames *self);
guint booru_index_names_get_n_new (const BooruIndexNames *self);

/* Transfer full; NULL: there is none. */
BooruTagRef *booru_index_names_find (const BooruIndexNames *self, const char *name);
/* The most used one whose words begin with these letters: "lh", long_hair. */
BooruTagRef *booru_index_names_find_abbreviation (const BooruIndexNames *self, const char *letters);
BooruTagRef *booru_index_names_get (const BooruIndexNames *self, gint64 id);

/* Appends the BooruTagRef of the most used, at most @limit, to @tags. */
void booru_index_names_match (const BooruIndexNames *self,
                              const char *pattern,
                              guint limit,
                              GPtrArray *tags);
/* @letters: the first ones of their words, or of some of them from the first on. */
void booru_index_names_expand (const BooruIndexNames *self,
                               const char *letters,
                               gboolean all_words,
                               guint limit,
                               GPtrArray *tags);
/* Those that one or two letters turn into @name, the nearest first. */
void booru_index_names_correct (const BooruIndexNames *self,
                                const char *name,
                                guint limit,
                                GPtrArray *tags);
void booru_index_names_complete (const BooruIndexNames *self,
                                 const char *beginning,
                                 guint limit,
                                 GPtrArray *tags);

G_END_DECLS
