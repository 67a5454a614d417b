/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-query.h"

G_BEGIN_DECLS

/**
 * BooruRelationKind:
 * @BOORU_RELATION_ALIAS: the antecedent is another name of the consequent
 * @BOORU_RELATION_IMPLICATION: whatever has the antecedent has the consequent too
 *
 * What a relation of two tags says.
 */
typedef enum
{
  BOORU_RELATION_ALIAS,
  BOORU_RELATION_IMPLICATION,
} BooruRelationKind;

/**
 * BooruRelationStatus:
 * @BOORU_RELATION_ACTIVE: it is in force
 * @BOORU_RELATION_DELETED: it was removed, and is kept as history
 *
 * Whether a relation is in force. The numbers are stored.
 */
typedef enum
{
  BOORU_RELATION_ACTIVE,
  BOORU_RELATION_DELETED,
} BooruRelationStatus;

/**
 * BooruRelation:
 * @id: its number among those of its kind
 * @kind: what it says
 * @antecedent: a normalised name
 * @consequent: the name of a tag
 * @status: whether it is in force
 * @reason: why it was made, for people; may be empty
 * @creator_id: who made it
 * @updater_id: who changed it last
 * @created_at: microseconds since 1970, UTC
 * @updated_at: microseconds since 1970, UTC
 *
 * An alias or an implication.
 */
typedef struct
{
  gint64 id;
  BooruRelationKind kind;
  char *antecedent, *consequent;
  BooruRelationStatus status;
  char *reason;
  gint64 creator_id, updater_id;
  gint64 created_at, updated_at;
} BooruRelation;

/**
 * booru_relation_free:
 * @self: (transfer full): a relation
 */
void booru_relation_free (BooruRelation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruRelation, booru_relation_free)

/**
 * BooruRelationOutcome:
 * @BOORU_RELATION_ITEM_ADDED: it comes into force
 * @BOORU_RELATION_ITEM_KNOWN: it is in force, or another of the same antecedent
 * @BOORU_RELATION_ITEM_REFUSED: it makes no sense, or contradicts what is in force
 *
 * What becomes of an item of a list.
 */
typedef enum
{
  BOORU_RELATION_ITEM_ADDED,
  BOORU_RELATION_ITEM_KNOWN,
  BOORU_RELATION_ITEM_REFUSED,
} BooruRelationOutcome;

/**
 * BooruRelationItem:
 * @line: where it stands in the list, from 1
 * @antecedent: a tag, as in the list; then normalised
 * @consequent: likewise
 * @reason: (nullable): why, for people
 * @outcome: what became of it
 * @message: (nullable): why it was not added
 *
 * An item of a list of aliases or implications.
 */
typedef struct
{
  guint line;
  char *antecedent, *consequent, *reason;
  BooruRelationOutcome outcome;
  char *message;
} BooruRelationItem;

/**
 * booru_relation_item_free:
 * @self: (transfer full): an item
 */
void booru_relation_item_free (BooruRelationItem *self);

/**
 * BooruRelationReport:
 * @n_added: how many come into force
 * @n_known: how many are there already
 * @n_refused: how many make no sense, or contradict others
 * @n_posts: if it is only looked at: how many posts have an antecedent
 * @job_id: the job that applies them; 0: none is needed
 *
 * What became of a list.
 */
typedef struct
{
  guint n_added, n_known, n_refused;
  gint64 n_posts;
  gint64 job_id;
} BooruRelationReport;

/**
 * BooruRelationFilter:
 * @kind: of which kind
 * @id: 0 for any
 * @status: a #BooruRelationStatus; -1 for any
 * @creator_id: 0 for any
 * @antecedent: (nullable): a pattern with *
 * @consequent: (nullable): a pattern with *
 * @either: (nullable): a pattern with * that one of the two names matches
 * @page: which part of the list
 *
 * Which relations are wanted. The newest come first.
 */
typedef struct
{
  BooruRelationKind kind;
  gint64 id;
  gint status;
  gint64 creator_id;
  const char *antecedent, *consequent, *either;
  BooruPage page;
} BooruRelationFilter;

/**
 * BOORU_RELATION_FILTER_INIT:
 *
 * The initial value of a #BooruRelationFilter: the newest 20 aliases, in force or not.
 */
#define BOORU_RELATION_FILTER_INIT                                                                 \
  {                                                                                                \
    .status = -1, .page = { BOORU_PAGE_NUMBER, 1, 20 }                                             \
  }

G_END_DECLS
