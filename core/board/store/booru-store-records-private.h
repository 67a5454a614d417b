/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records: reading and writing what is described in booru-record-types.c. */
#pragma once

#include "board/booru-record-private.h"
#include "board/booru-store-records.h"
#include "board/sql/booru-sql-select.h"
#include "board/store/booru-store-private.h"

G_BEGIN_DECLS

/* A write of one record, within a transaction. */
typedef struct
{
  const BooruRecordType *type;
  const BooruUser *by;
  const BooruRecord *before; /* NULL: it is new */
  BooruRecord *after;        /* NULL: it is removed */
  gint64 now;
} BooruRecordWrite;

/* What is special to a kind. */
typedef struct
{
  /* Before it is written: decides what follows from the edit, and whether it is allowed. */
  gboolean (*check) (BooruStore *store, BooruRecordWrite *write, GError **error);
  /* After it was written. */
  gboolean (*follow) (BooruStore *store, BooruRecordWrite *write, GError **error);
} BooruRecordRules;

const BooruRecordRules *booru_record_rules_get (BooruRecordKind kind); /* NULL: none */

/* The columns of a type, and the record of a row of them. */
char *booru_record_type_dup_columns (const BooruRecordType *type);
BooruRecord *booru_record_from_row (const BooruRecordType *type, BooruSqlStatement *row);

/* Whatever anybody may see. Transfer full; NULL with @error, also if there is none. */
BooruRecord *
booru_store_read_record (BooruStore *store, const BooruRecordType *type, gint64 id, GError **error);

/* The lists of ids of records, by one statement for each field. */
gboolean booru_store_read_lists (BooruStore *store, GPtrArray *records, GError **error);

/* Makes @write->after what is kept. */
gboolean booru_store_write_record (BooruStore *store, BooruRecordWrite *write, GError **error);

/* booru-store-record-lists.c */
gboolean booru_store_write_lists (BooruStore *store, const BooruRecordWrite *write, GError **error);

/* Those of @ids that are not in @others, in their order. Transfer full. */
GArray *booru_store_subtract_ids (const GArray *ids, const GArray *others);

/* Whether @after is what is left of @before without @removed, with nothing but more behind it. */
gboolean
booru_store_is_same_order (const GArray *before, const GArray *removed, const GArray *after);

/* booru-store-record-versions.c */
gboolean
booru_store_write_record_version (BooruStore *store, const BooruRecordWrite *write, GError **error);

/* booru-store-pools.c */
extern const BooruRecordRules booru_pool_rules;
extern const BooruRecordRules booru_favorite_group_rules;

/* booru-store-post-records.c */
extern const BooruRecordRules booru_comment_rules;
extern const BooruRecordRules booru_note_rules;
extern const BooruRecordRules booru_commentary_rules;

/* booru-store-tag-records.c */
extern const BooruRecordRules booru_wiki_page_rules;
extern const BooruRecordRules booru_artist_rules;

/* Within a write, as the functions of those names. */
gboolean booru_store_put_in_list_now (BooruStore *store,
                                      const BooruRecordType *type,
                                      gint64 id,
                                      gint64 post_id,
                                      gboolean wanted,
                                      const BooruUser *by,
                                      GError **error);
gboolean booru_store_create_now (BooruStore *store,
                                 const BooruRecordType *type,
                                 GHashTable *edit,
                                 const BooruUser *by,
                                 GError **error);

/* booru-store-votes.c: within a write. */
gboolean booru_store_put_vote (BooruStore *store,
                               gint64 post_id,
                               gint score,
                               gint64 user_id,
                               GError **error);
gboolean booru_store_put_favorite (BooruStore *store,
                                   gint64 post_id,
                                   gboolean wanted,
                                   gint64 user_id,
                                   GError **error);

G_END_DECLS
