/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is in a filter, for what makes SQL of it. */
#pragma once

#include "board/booru-filter.h"

G_BEGIN_DECLS

typedef enum
{
  BOORU_TEST_RANGES,      /* any of them */
  BOORU_TEST_TEXTS,       /* any of them */
  BOORU_TEST_LIKE,        /* all of them: patterns with *, in lower case */
  BOORU_TEST_PRESENT,     /* not empty */
  BOORU_TEST_INCLUDE_ANY, /* of the texts or numbers */
  BOORU_TEST_INCLUDE_ALL,
  BOORU_TEST_VISIBLE, /* the field is 1, or @other is the number of the one range */
} BooruTest;

typedef struct
{
  gint64 low, high; /* both belong to it; G_MININT64, G_MAXINT64: no end */
} BooruNumberRange;

typedef struct
{
  const BooruField *field, *other;
  BooruTest test;
  gboolean negated;
  gboolean lower; /* compare in lower case */
  GArray *ranges; /* BooruNumberRange */
  GPtrArray *texts;
} BooruCondition;

struct _BooruFilter
{
  const BooruField *fields;
  guint n_fields;
  GPtrArray *conditions;   /* BooruCondition */
  const BooruField *order; /* NULL: by id */
  gboolean ascending;
  gboolean custom; /* in the order of the ids that were asked for */
  BooruPage page;
};

const BooruField *booru_filter_find_field (const BooruFilter *self, const char *name);
const char *booru_field_get_column (const BooruField *self);

G_END_DECLS
