/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-word.h"

#include <string.h>

/* What Danbooru knows and what we do or shall: never the beginning of a tag, so that no tag has to
 * go when a metatag comes. Sorted. */
static const char *const metatags[] = {
  "active_child_count",
  "active_children",
  "active_comment_count",
  "active_comments",
  "active_note_count",
  "active_notes",
  "active_pool_count",
  "active_pools",
  "added",
  "age",
  "ai",
  "appeal_count",
  "appealer",
  "appeals",
  "approval_count",
  "approvals",
  "approver",
  "artcomm",
  "arttags",
  "chartags",
  "child",
  "child_count",
  "children",
  "collection_pool_count",
  "collection_pools",
  "comm",
  "comment",
  "comment_count",
  "commentary",
  "commentaryupdater",
  "commenter",
  "comments",
  "copytags",
  "date",
  "deleted_child_count",
  "deleted_children",
  "deleted_comment_count",
  "deleted_comments",
  "deleted_note_count",
  "deleted_notes",
  "deleted_pool_count",
  "deleted_pools",
  "disapproval_count",
  "disapprovals",
  "disapproved",
  "downvote",
  "downvoter",
  "downvotes",
  "duration",
  "embedded",
  "exif",
  "fav",
  "favcount",
  "favgroup",
  "filename",
  "filesize",
  "filetype",
  "flag_count",
  "flagger",
  "flags",
  "folder",
  "gentags",
  "has",
  "height",
  "id",
  "is",
  "limit",
  "md5",
  "metatags",
  "mpixels",
  "newpool",
  "note",
  "note_count",
  "noter",
  "notes",
  "noteupdater",
  "order",
  "ordfav",
  "ordfavgroup",
  "ordpool",
  "parent",
  "pixelhash",
  "pixiv",
  "pixiv_id",
  "pool",
  "pool_count",
  "pools",
  "random",
  "rating",
  "ratio",
  "reacted",
  "replacement_count",
  "replacements",
  "score",
  "search",
  "series_pool_count",
  "series_pools",
  "similar",
  "source",
  "status",
  "tagcount",
  "unaliased",
  "upvote",
  "upvoter",
  "upvotes",
  "user",
  "width",
};

gboolean
booru_word_is_balanced (const char *word, gsize length)
{
  gssize open = 0;

  for (gsize i = 0; i < length && open >= 0; i++)
    open += (word[i] == '(') - (word[i] == ')');
  return open == 0;
}

/* Danbooru's list of tags that may be unbalanced. */
gboolean
booru_word_is_smiley (const char *word, gsize length)
{
  static const char *const smileys[] = { ":)", ":(", ";)", ";(", ">:)", ">:(" };

  for (gsize i = 0; i < G_N_ELEMENTS (smileys); i++)
    if (strlen (smileys[i]) == length && memcmp (smileys[i], word, length) == 0)
      return TRUE;
  return FALSE;
}

gboolean
booru_word_is_metatag (const char *name, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (metatags); i++)
    if (g_ascii_strncasecmp (metatags[i], name, length) == 0 && metatags[i][length] == '\0')
      return TRUE;
  return FALSE;
}
