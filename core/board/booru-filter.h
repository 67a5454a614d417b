/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-query.h"

G_BEGIN_DECLS

/**
 * BooruFieldType:
 * @BOORU_FIELD_NUMBER: a whole number, such as an id
 * @BOORU_FIELD_TIME: microseconds since 1970, UTC
 * @BOORU_FIELD_BOOLEAN: 0 or 1
 * @BOORU_FIELD_TEXT: a text
 * @BOORU_FIELD_CHOICE: one of a few words
 * @BOORU_FIELD_NAMES: a list of texts, kept as a JSON array
 * @BOORU_FIELD_IDS: a list of ids in an order: rows of a table of its own, or a JSON array
 * @BOORU_FIELD_ANY: searched only: a text that is looked for in several fields, which @choices
 * names
 *
 * What a field holds.
 */
typedef enum
{
  BOORU_FIELD_NUMBER,
  BOORU_FIELD_TIME,
  BOORU_FIELD_BOOLEAN,
  BOORU_FIELD_TEXT,
  BOORU_FIELD_CHOICE,
  BOORU_FIELD_NAMES,
  BOORU_FIELD_IDS,
  BOORU_FIELD_ANY,
} BooruFieldType;

/**
 * BooruFieldFlags:
 * @BOORU_FIELD_SORT: the list can be sorted by it
 * @BOORU_FIELD_UNSEARCHED: the list cannot be filtered by it
 * @BOORU_FIELD_NULL: a number or time that is 0 is none, which is NULL
 * @BOORU_FIELD_NAME: a name, in which blanks are underscores
 * @BOORU_FIELD_TAG: a name as tags have them, in lower case
 * @BOORU_FIELD_EDIT: an edit can set it
 * @BOORU_FIELD_CREATE: it is set when the record is made, and never again
 * @BOORU_FIELD_REQUIRED: it may not be empty
 * @BOORU_FIELD_KEPT: versions have it
 * @BOORU_FIELD_DERIVED: it is in no column
 * @BOORU_FIELD_HIDDEN: the API does not show it
 *
 * What can be done with a field. The first group is for filters, the others are for records.
 */
typedef enum
{
  BOORU_FIELD_SORT = 1 << 0,
  BOORU_FIELD_UNSEARCHED = 1 << 1,
  BOORU_FIELD_NULL = 1 << 2,
  BOORU_FIELD_NAME = 1 << 3,
  BOORU_FIELD_TAG = 1 << 4,
  BOORU_FIELD_EDIT = 1 << 5,
  BOORU_FIELD_CREATE = 1 << 6,
  BOORU_FIELD_REQUIRED = 1 << 7,
  BOORU_FIELD_KEPT = 1 << 8,
  BOORU_FIELD_DERIVED = 1 << 9,
  BOORU_FIELD_HIDDEN = 1 << 10,
} BooruFieldFlags;

/**
 * BooruFieldRows:
 * @table: a table with a row for each element
 * @owner: its column with the id of the record
 * @member: its column with the element
 *
 * Where the elements of a list are kept; the column `position` has their order.
 */
typedef struct
{
  const char *table, *owner, *member;
} BooruFieldRows;

/**
 * BooruField:
 * @name: as the API spells it
 * @type: what it holds
 * @flags: #BooruFieldFlags
 * @column: (nullable): its column or expression in SQL; %NULL: @name
 * @max: how many characters or elements at most; 0: 1000. Of a boolean: its initial value
 * @choices: (nullable): the words of a choice, the first one being the default; for
 *   %BOORU_FIELD_ANY the names of other fields
 * @rows: (nullable): where the elements of a list of ids are; %NULL: in its column
 *
 * A member of what a list holds. Constant: its texts become part of statements.
 */
typedef struct
{
  const char *name;
  BooruFieldType type;
  guint flags;
  const char *column;
  guint max;
  const char *const *choices;
  const BooruFieldRows *rows;
} BooruField;

/**
 * BooruFilter:
 *
 * Which records a list shall have, in which order, and which page of them: what a request says as
 * "search[…]", page= and limit=, for any list whose fields are described.
 */
typedef struct _BooruFilter BooruFilter;

/**
 * booru_filter_new:
 * @fields: (array length=n_fields): what there is to filter by; outlive the filter. One is "id"
 * @n_fields: how many
 *
 * Returns: (transfer full): a filter of everything, newest first, 20 a page
 */
BooruFilter *booru_filter_new (const BooruField *fields, guint n_fields);

/**
 * booru_filter_free:
 * @self: (transfer full): a filter
 */
void booru_filter_free (BooruFilter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruFilter, booru_filter_free)

/**
 * booru_filter_add:
 * @self: a filter
 * @name: a field's name, alone or with what Danbooru puts behind it: `_not`, `_eq`, `_not_eq`,
 *   `_gt`, `_gteq`, `_lt`, `_lteq`, `_present`, `_matches`, `_contains`, `_like`, `_ilike`,
 *   `_not_like`, `_not_ilike`, `_comma`, `_space`, `_include_any`, `_include_all` (these two also
 *   with `_lower`, `_array`), whichever fits its type; or "order"
 * @value: numbers and times as in a search ("5", ">5", "5..9", "1,2,3"), true or false, words, a
 *   text, in which `*` stands for any text where it is a pattern. An empty one is no condition
 * @error: %BOORU_ERROR_UNSUPPORTED: there is no such filter; %BOORU_ERROR_INVALID: the value is
 *   none that it takes; %BOORU_ERROR_LIMIT: there are too many conditions
 *
 * Adds a condition that has to hold, too, or says the order.
 *
 * Returns: %TRUE on success
 */
gboolean booru_filter_add (BooruFilter *self, const char *name, const char *value, GError **error);

/**
 * booru_filter_require:
 * @self: a filter
 * @name: a field with numbers
 * @number: what it has to be
 *
 * Adds a condition of the program's own.
 */
void booru_filter_require (BooruFilter *self, const char *name, gint64 number);

/**
 * booru_filter_require_visible:
 * @self: a filter
 * @flag: a field that is 1 for what everybody may see
 * @owner: the field with the user who may see it otherwise
 * @user_id: who asks
 *
 * Leaves out what that user may not see.
 */
void booru_filter_require_visible (BooruFilter *self,
                                   const char *flag,
                                   const char *owner,
                                   gint64 user_id);

/**
 * booru_filter_set_default_order:
 * @self: a filter
 * @order: as the value of "order", for lists of which nobody says the order
 */
void booru_filter_set_default_order (BooruFilter *self, const char *order);

/**
 * booru_filter_set_page:
 * @self: a filter
 * @page: which part of the list: a number, or before or after an id, which overrides the order;
 *   what comes after an id is listed with the greatest id first, too
 */
void booru_filter_set_page (BooruFilter *self, const BooruPage *page);

G_END_DECLS
