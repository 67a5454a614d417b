/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What sidecars, keywords and rules say of a post, merged with what users did.
 *
 * For each file of a post is kept what was said of it, which of these tags the post has by it, and
 * which of them somebody took away. From that follow the rules of booru_store_apply_file_changes().
 */
#pragma once

#include "board/booru-file.h"
#include "board/rules/booru-post-state.h"
#include "board/rules/booru-relations.h"

G_BEGIN_DECLS

/* What one origin said of one file. All lists are of ids, ascending. */
typedef struct
{
  GArray *said, *added, *refused;
  GArray *others_said, *others_refused; /* of the post's other files that are there */
  char rating;                          /* as last said; 0: never */
  char *source;                         /* NULL: never */
} BooruImportMemory;

void booru_import_memory_init (BooruImportMemory *self);
void booru_import_memory_clear (BooruImportMemory *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BooruImportMemory, booru_import_memory_clear)

/* All that is kept of it, to be compared. Transfer full. */
GBytes *booru_import_memory_pack (const BooruImportMemory *self);

/* Takes over the tags that are said now, @said (ids), and changes the post's @tags accordingly. */
void booru_import_memory_merge_tags (BooruImportMemory *self, const GArray *said, GArray *tags);

/* Likewise rating and source, unless a user changed these. Silence changes nothing: a sidecar that
 * vanishes does not make its picture fit for all. */
void booru_import_memory_merge_rest (BooruImportMemory *self,
                                     const BooruImport *import,
                                     gboolean rating_edited,
                                     gboolean source_edited,
                                     BooruPostState *state);

/* What the implications make of a post's @tags. Of them @self remembers what they said and added;
 * everything else that speaks of the post are its others. @refused: ids that are not to be there,
 * though implied; or NULL.
 *
 * What somebody took away stays away. Where the antecedent goes the consequent, if nothing else
 * added it, goes along; but if it is a person (@by_person) who edits the post and leaves it, it is
 * that person's from now on. */
void booru_import_memory_imply (BooruImportMemory *self,
                                BooruRelations *relations,
                                const GArray *refused,
                                gboolean by_person,
                                GArray *tags);

/* BOORU_ERROR_INVALID: no valid text or rating. */
gboolean booru_import_check (const BooruImport *import, GError **error);

/* What was said of a post by all origins and of all its files, taken together. */
typedef struct
{
  GArray *said, *added, *refused; /* ids */
  char rating;                    /* 0: never said; of several, one */
  char *source;                   /* NULL: never said */
} BooruImported;

void booru_imported_clear (BooruImported *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BooruImported, booru_imported_clear)

/* The post @state, whose content took the place of @former's, takes over what that has. Sidecars
 * say the same of both: what somebody took away from the former post does not come back, and what a
 * user set goes before what a sidecar says. */
void booru_post_state_inherit (BooruPostState *state,
                               const BooruImported *said,
                               const BooruPostState *former,
                               const BooruImported *former_said);

G_END_DECLS
