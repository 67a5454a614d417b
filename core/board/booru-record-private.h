/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is in a record, for the store. */
#pragma once

#include "board/booru-record.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 number;
  char *text;  /* TEXT, CHOICE: never NULL */
  GArray *ids; /* IDS: never NULL */
  GStrv names; /* NAMES: never NULL */
} BooruValue;

struct _BooruRecord
{
  const BooruRecordType *type;
  BooruValue *values; /* one for each field */
};

gboolean
booru_record_value_equal (const BooruField *field, const BooruValue *one, const BooruValue *other);

/* Takes over the fields that versions keep. Both are of the same type, or @from is a version. */
void booru_record_take_kept (BooruRecord *self, const BooruRecord *from);

/* Whether a field is in a column that a write sets. */
gboolean booru_field_is_stored (const BooruField *field);

G_END_DECLS
