/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/rules/booru-import-memory.h"

#include <string.h>

#include "base/booru-error.h"
#include "board/booru-id-list.h"

void
booru_import_memory_init (BooruImportMemory *self)
{
  *self = (BooruImportMemory){ booru_id_list_new (), booru_id_list_new (), booru_id_list_new (),
                               booru_id_list_new (), booru_id_list_new () };
}

void
booru_import_memory_clear (BooruImportMemory *self)
{
  g_array_unref (self->said);
  g_array_unref (self->added);
  g_array_unref (self->refused);
  g_array_unref (self->others_said);
  g_array_unref (self->others_refused);
  g_free (self->source);
}

GBytes *
booru_import_memory_pack (const BooruImportMemory *self)
{
  const GArray *lists[] = { self->said, self->added, self->refused };
  GByteArray *bytes = g_byte_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_byte_array_append (bytes, (const guint8 *)&lists[i]->len, sizeof lists[i]->len);
      g_byte_array_append (bytes, (const guint8 *)lists[i]->data, lists[i]->len * sizeof (gint64));
    }
  g_byte_array_append (bytes, (const guint8 *)&self->rating, 1);
  if (self->source != NULL)
    g_byte_array_append (bytes, (const guint8 *)self->source, strlen (self->source) + 1);
  return g_byte_array_free_to_bytes (bytes);
}

/* As many as a post can have. */
static void
keep_room (GArray *add, const GArray *tags)
{
  guint room = BOORU_MAX_TAGS_PER_POST - MIN (tags->len, BOORU_MAX_TAGS_PER_POST);

  g_array_set_size (add, MIN (add->len, room));
}

void
booru_import_memory_merge_tags (BooruImportMemory *self, const GArray *said, GArray *tags)
{
  g_autoptr (GArray) add = g_array_copy ((GArray *)said);
  g_autoptr (GArray) drop = g_array_copy (self->added);

  /* What was said once and is not there has been taken away by somebody. */
  booru_id_list_unite (self->refused, self->said);
  booru_id_list_keep (self->refused, tags, FALSE);
  booru_id_list_keep (add, tags, FALSE);
  booru_id_list_keep (add, self->refused, FALSE);
  booru_id_list_keep (add, self->others_said, FALSE);
  booru_id_list_keep (add, self->others_refused, FALSE);
  keep_room (add, tags);

  booru_id_list_keep (drop, said, FALSE);
  booru_id_list_keep (drop, self->others_said, FALSE);

  booru_id_list_keep (self->added, said, TRUE);
  booru_id_list_keep (self->added, tags, TRUE);
  booru_id_list_unite (self->added, add);
  g_array_set_size (self->said, 0);
  booru_id_list_unite (self->said, said);

  booru_id_list_keep (tags, drop, FALSE);
  booru_id_list_unite (tags, add);
}

/* All that follows from what the post does not have by implications alone, of which @derived are
 * left: those that follow from nothing any more are not, if a person left them. */
static GArray *
list_implied (BooruRelations *relations, const GArray *tags, GArray *derived, gboolean by_person)
{
  GArray *implied = booru_id_list_new ();
  g_autoptr (GArray) base = g_array_copy ((GArray *)tags);

  booru_id_list_keep (base, derived, FALSE);
  booru_relations_imply (relations, base, implied);
  if (!by_person)
    return implied;
  booru_id_list_keep (derived, implied, TRUE);
  g_array_set_size (base, 0);
  booru_id_list_unite (base, tags);
  booru_id_list_keep (base, derived, FALSE);
  booru_relations_imply (relations, base, implied);
  return implied;
}

/* Only where it is implied now has somebody taken it away, rather than what it followed from. */
static void
note_refused (BooruImportMemory *self,
              const GArray *implied,
              const GArray *refused,
              const GArray *tags)
{
  g_autoptr (GArray) missing = g_array_copy (self->said);

  if (refused != NULL)
    booru_id_list_unite (missing, refused);
  booru_id_list_keep (missing, implied, TRUE);
  booru_id_list_unite (self->refused, missing);
  booru_id_list_keep (self->refused, tags, FALSE);
}

void
booru_import_memory_imply (BooruImportMemory *self,
                           BooruRelations *relations,
                           const GArray *refused,
                           gboolean by_person,
                           GArray *tags)
{
  g_autoptr (GArray) derived = g_array_copy (self->added);
  g_autoptr (GArray) implied = NULL, add = NULL, drop = NULL;

  booru_id_list_keep (derived, tags, TRUE);
  implied = list_implied (relations, tags, derived, by_person);
  note_refused (self, implied, refused, tags);

  add = g_array_copy (implied);
  booru_id_list_keep (add, tags, FALSE);
  booru_id_list_keep (add, self->refused, FALSE);
  booru_id_list_keep (add, self->others_said, FALSE);
  booru_id_list_keep (add, self->others_refused, FALSE);
  keep_room (add, tags);

  drop = g_array_copy (derived);
  booru_id_list_keep (drop, implied, FALSE);
  booru_id_list_keep (drop, self->others_said, FALSE);

  booru_id_list_keep (derived, implied, TRUE);
  g_array_set_size (self->added, 0);
  booru_id_list_unite (self->added, derived);
  booru_id_list_unite (self->added, add);
  g_array_set_size (self->said, 0);
  booru_id_list_unite (self->said, implied);

  booru_id_list_keep (tags, drop, FALSE);
  booru_id_list_unite (tags, add);
}

void
booru_import_memory_merge_rest (BooruImportMemory *self,
                                const BooruImport *import,
                                gboolean rating_edited,
                                gboolean source_edited,
                                BooruPostState *state)
{
  if (import->rating != 0)
    {
      if (self->rating ? self->rating == state->rating
                       : state->rating == BOORU_RATING_GENERAL && !rating_edited)
        state->rating = import->rating;
      self->rating = import->rating;
    }
  if (import->source != NULL && strlen (import->source) <= BOORU_MAX_SOURCE_LENGTH)
    {
      if (self->source ? strcmp (self->source, state->source) == 0
                       : *state->source == '\0' && !source_edited)
        booru_post_state_set_source (state, import->source);
      g_free (self->source);
      self->source = g_strdup (import->source);
    }
}

gboolean
booru_import_check (const BooruImport *import, GError **error)
{
  if ((import->rating == 0 || strchr ("gsqe", import->rating))
      && (import->source == NULL || g_utf8_validate (import->source, -1, NULL))
      && (import->tags == NULL || g_utf8_validate (import->tags, -1, NULL))
      && (import->note == NULL || g_utf8_validate (import->note, -1, NULL)))
    return TRUE;
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                       "An import has no valid text or rating; nothing was changed");
  return FALSE;
}

void
booru_imported_clear (BooruImported *self)
{
  g_clear_pointer (&self->said, g_array_unref);
  g_clear_pointer (&self->added, g_array_unref);
  g_clear_pointer (&self->refused, g_array_unref);
  g_clear_pointer (&self->source, g_free);
}

static void
take_over_tags (BooruPostState *state,
                const BooruImported *said,
                const BooruPostState *former,
                const BooruImported *former_said)
{
  guint kept = 0;

  g_array_append_vals (state->tags, former->tags->data, former->tags->len);
  booru_id_list_sort (state->tags);
  for (guint i = 0; i < state->tags->len; i++)
    {
      gint64 id = g_array_index (state->tags, gint64, i);
      gboolean taken_away = !booru_id_list_contain (former->tags, id)
                            && (booru_id_list_contain (former_said->said, id)
                                || booru_id_list_contain (former_said->refused, id));

      if (!taken_away || !booru_id_list_contain (said->added, id))
        g_array_index (state->tags, gint64, kept++) = id;
    }
  g_array_set_size (state->tags, kept);
}

static void
take_over_rest (BooruPostState *state,
                const BooruImported *said,
                const BooruPostState *former,
                const BooruImported *former_said)
{
  gboolean said_rating = state->rating == said->rating;
  gboolean said_source = g_strcmp0 (state->source, said->source) == 0;

  if (state->rating == BOORU_RATING_GENERAL
      || (said_rating && former_said->rating != 0 && former->rating != former_said->rating)
      || (said_rating && former_said->rating == 0 && former->rating != BOORU_RATING_GENERAL))
    state->rating = former->rating;
  if (*state->source == '\0'
      || (said_source && former_said->source != NULL
          && strcmp (former->source, former_said->source) != 0)
      || (said_source && former_said->source == NULL && *former->source != '\0'))
    booru_post_state_set_source (state, former->source);
}

void
booru_post_state_inherit (BooruPostState *state,
                          const BooruImported *said,
                          const BooruPostState *former,
                          const BooruImported *former_said)
{
  take_over_tags (state, said, former, former_said);
  take_over_rest (state, said, former, former_said);
}
