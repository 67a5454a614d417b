/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-change.h"
#include "board/booru-filter.h"

G_BEGIN_DECLS

/**
 * BooruRecordKind:
 * @BOORU_RECORD_POOL: posts in an order: a series, or a collection
 * @BOORU_RECORD_FAVORITE: a user's favourite post
 * @BOORU_RECORD_FAVORITE_GROUP: posts that a user keeps together, in an order
 * @BOORU_RECORD_SAVED_SEARCH: a search that a user comes back to
 * @BOORU_RECORD_POST_VOTE: a vote on a post; one that was taken back is deleted
 * @BOORU_RECORD_COMMENT: on a post
 * @BOORU_RECORD_COMMENT_VOTE: a vote on a comment
 * @BOORU_RECORD_NOTE: a text over a part of a picture
 * @BOORU_RECORD_COMMENTARY: what the artist wrote about a post
 * @BOORU_RECORD_WIKI_PAGE: what a tag means
 * @BOORU_RECORD_ARTIST: an artist, with names and addresses
 * @BOORU_RECORD_ARTIST_URL: an address of an artist
 * @BOORU_N_RECORD_KINDS: how many there are
 *
 * Kinds of what hangs on posts and people. The numbers are stored.
 */
typedef enum
{
  BOORU_RECORD_POOL,
  BOORU_RECORD_FAVORITE,
  BOORU_RECORD_FAVORITE_GROUP,
  BOORU_RECORD_SAVED_SEARCH,
  BOORU_RECORD_POST_VOTE,
  BOORU_RECORD_COMMENT,
  BOORU_RECORD_COMMENT_VOTE,
  BOORU_RECORD_NOTE,
  BOORU_RECORD_COMMENTARY,
  BOORU_RECORD_WIKI_PAGE,
  BOORU_RECORD_ARTIST,
  BOORU_RECORD_ARTIST_URL,
  BOORU_N_RECORD_KINDS,
} BooruRecordKind;

/**
 * BooruRecordType:
 * @kind: which kind it is
 * @name: as the API spells one: "pool"
 * @plural: as the API spells several: "pools"
 * @title: for people: "pool"
 * @table: where they are kept
 * @fields: (array length=n_fields): what each of them holds; the first one is "id"
 * @n_fields: how many
 * @change: what a change of one is noted as
 * @order: (nullable): the order of a list if nobody says one; %NULL: newest first
 * @owner: (nullable): the field with the user who made it
 * @owned: whether only that user, or an administrator, may change it
 * @secret: whether only that user may see it
 * @public_flag: (nullable): a field: only that user may see those in which it is 0
 * @deleted: (nullable): the field that says that one is deleted, or, called "is_active", that it is
 *   not; %NULL: what is deleted is gone
 * @in_post: (nullable): the field with the post that it belongs to
 * @versions: (nullable): how its versions are spelled: "pool_versions"; %NULL: it has none
 *
 * What a kind of record is like. Constant.
 */
typedef struct
{
  BooruRecordKind kind;
  const char *name, *plural, *title;
  const char *table;
  const BooruField *fields;
  guint n_fields;
  BooruChangeKind change;
  const char *order;
  const char *owner;
  gboolean owned, secret;
  const char *public_flag;
  const char *deleted;
  const char *in_post;
  const char *versions;
} BooruRecordType;

/**
 * booru_record_type_get:
 * @kind: a kind
 *
 * Returns: (transfer none): what it is like
 */
const BooruRecordType *booru_record_type_get (BooruRecordKind kind);

/**
 * booru_record_type_get_versions:
 * @self: a type that has versions
 *
 * Returns: (transfer none): what its versions are like: they are read as records, too. Their fields
 *   are "id", the id of the record ("pool_id"), "version", "updater_id", "created_at",
 *   "updated_at", and those of the record that versions keep; of a list of ids also what was added
 *   and removed ("added_post_ids", "removed_post_ids")
 */
const BooruRecordType *booru_record_type_get_versions (const BooruRecordType *self);

/**
 * booru_record_type_find_field:
 * @self: a type
 * @name: a field's name
 *
 * Returns: (transfer none) (nullable): the field
 */
const BooruField *booru_record_type_find_field (const BooruRecordType *self, const char *name);

/**
 * BooruRecord:
 *
 * One of them: a value for each field of its type.
 */
typedef struct _BooruRecord BooruRecord;

/**
 * booru_record_new:
 * @type: a type; outlives it
 *
 * Returns: (transfer full): a record with the initial value of each field
 */
BooruRecord *booru_record_new (const BooruRecordType *type);

/**
 * booru_record_copy:
 * @self: a record
 *
 * Returns: (transfer full): another that is the same
 */
BooruRecord *booru_record_copy (const BooruRecord *self);

/**
 * booru_record_free:
 * @self: (transfer full) (nullable): a record
 */
void booru_record_free (BooruRecord *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruRecord, booru_record_free)

/**
 * booru_record_get_type:
 * @self: a record
 *
 * Returns: (transfer none): its type
 */
const BooruRecordType *booru_record_get_type (const BooruRecord *self);

/**
 * booru_record_get_id:
 * @self: a record
 *
 * Returns: its number; 0: it is not kept yet
 */
gint64 booru_record_get_id (const BooruRecord *self);

/**
 * booru_record_get_number:
 * @self: a record
 * @name: a field with a number, a time or a boolean
 *
 * Returns: its value; 0 for none
 */
gint64 booru_record_get_number (const BooruRecord *self, const char *name);

/**
 * booru_record_get_text:
 * @self: a record
 * @name: a field with a text or a choice
 *
 * Returns: (transfer none): its value, never %NULL
 */
const char *booru_record_get_text (const BooruRecord *self, const char *name);

/**
 * booru_record_get_ids:
 * @self: a record
 * @name: a field with a list of ids
 *
 * Returns: (transfer none) (element-type gint64): the ids in their order
 */
const GArray *booru_record_get_ids (const BooruRecord *self, const char *name);

/**
 * booru_record_get_names:
 * @self: a record
 * @name: a field with a list of texts
 *
 * Returns: (transfer none): the texts in their order
 */
const char *const *booru_record_get_names (const BooruRecord *self, const char *name);

/**
 * booru_record_set_number:
 * @self: a record
 * @name: a field with a number, a time or a boolean
 * @number: its value
 */
void booru_record_set_number (BooruRecord *self, const char *name, gint64 number);

/**
 * booru_record_set_text:
 * @self: a record
 * @name: a field with a text or a choice
 * @text: its value
 */
void booru_record_set_text (BooruRecord *self, const char *name, const char *text);

/**
 * booru_record_set_ids:
 * @self: a record
 * @name: a field with a list of ids
 * @ids: (element-type gint64): its value
 */
void booru_record_set_ids (BooruRecord *self, const char *name, const GArray *ids);

/**
 * booru_record_set_names:
 * @self: a record
 * @name: a field with a list of texts
 * @names: its value
 */
void booru_record_set_names (BooruRecord *self, const char *name, const char *const *names);

/**
 * booru_record_read_text:
 * @self: a record
 * @name: a field
 * @text: its value as a form or a program sends it: a number, true or false, a text; the elements
 *   of a list with blanks or commas between
 * @error: %BOORU_ERROR_INVALID: it is no value of that field, or too long; it says what is wrong
 *
 * Sets a field to what somebody typed.
 *
 * Returns: %TRUE on success
 */
gboolean
booru_record_read_text (BooruRecord *self, const char *name, const char *text, GError **error);

G_END_DECLS
