/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-duplicates.h"

#include <string.h>

static const char *const names[] = {
  [BOORU_PAIR_KEEP] = "keep",   [BOORU_PAIR_PARENT] = "parent", [BOORU_PAIR_MERGE] = "merge",
  [BOORU_PAIR_TRASH] = "trash", [BOORU_PAIR_REOPEN] = "reopen",
};

static gboolean
find_action (const char *name, gsize length, BooruPairAction *action)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strlen (names[i]) == length && strncmp (names[i], name, length) == 0)
      {
        *action = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
parse_id (const char *text, gint64 *id)
{
  return text && g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, id, NULL);
}

static void
swap (BooruPairVerdict *verdict)
{
  gint64 id = verdict->post_id;

  verdict->post_id = verdict->other_id;
  verdict->other_id = id;
}

/* Which of the two is meant: it becomes @post_id, but what goes to the trash @other_id. */
static gboolean
put_in_place (BooruPairVerdict *verdict, const char *text)
{
  gint64 id;

  if (verdict->action == BOORU_PAIR_KEEP || verdict->action == BOORU_PAIR_REOPEN)
    return *text == '\0';
  if (*text != ':' || !parse_id (text + 1, &id)
      || (id != verdict->post_id && id != verdict->other_id))
    return FALSE;
  if ((id == verdict->other_id) != (verdict->action == BOORU_PAIR_TRASH))
    swap (verdict);
  return TRUE;
}

static gboolean
read_verdict (WebRequest *request, BooruPairVerdict *verdict, GError **error)
{
  BooruRequest *base = BOORU_REQUEST (request);
  const char *text = booru_request_get_param (base, "verdict");
  gsize length = text ? strcspn (text, ":") : 0;

  *verdict = (BooruPairVerdict){ .editor_id = web_request_get_user_id (request),
                                 .merge_tags = web_request_get_flag (request, "merge_tags") };
  if (!parse_id (booru_request_get_param (base, "post_id"), &verdict->post_id)
      || !parse_id (booru_request_get_param (base, "other_id"), &verdict->other_id))
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                 "post_id and other_id must be the ids of two posts");
  else if (text == NULL || !find_action (text, length, &verdict->action)
           || !put_in_place (verdict, text + length))
    g_set_error (
        error, BOORU_ERROR, BOORU_ERROR_INVALID,
        "“%s” is not a valid decision: use keep, reopen, or parent:ID, merge:ID or trash:ID "
        "with one of the two posts",
        text ? text : "");
  else
    return TRUE;
  return FALSE;
}

gboolean
web_duplicates_decide (WebRequest *request, BooruPairVerdict *verdict, GError **error)
{
  WebWorker *worker = web_request_get_worker (request);
  gint64 ids[2];

  if (!read_verdict (request, verdict, error)
      || !booru_store_decide_pair (web_worker_get_store (worker), verdict, error))
    return FALSE;
  ids[0] = verdict->post_id;
  ids[1] = verdict->other_id;
  web_worker_posts_changed (worker, ids, G_N_ELEMENTS (ids));
  return TRUE;
}

char *
web_duplicates_format (const BooruPairVerdict *verdict)
{
  return g_strdup_printf ("%s:%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, names[verdict->action],
                          verdict->post_id, verdict->other_id);
}

gboolean
web_duplicates_parse (const char *text, BooruPairVerdict *verdict)
{
  gsize length = strcspn (text, ":");
  g_auto (GStrv) ids = text[length] ? g_strsplit (text + length + 1, "-", 3) : NULL;

  *verdict = (BooruPairVerdict){ 0 };
  return ids && g_strv_length (ids) == 2 && find_action (text, length, &verdict->action)
         && parse_id (ids[0], &verdict->post_id) && parse_id (ids[1], &verdict->other_id);
}

char *
web_duplicates_describe (const BooruPairVerdict *verdict)
{
  gint64 post = verdict->post_id, other = verdict->other_id;

  switch (verdict->action)
    {
    case BOORU_PAIR_KEEP:
      return g_strdup_printf ("Keeping both %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT
                              ". This pair won't be shown again.",
                              post, other);
    case BOORU_PAIR_PARENT:
      return g_strdup_printf (
          "Post %" G_GINT64_FORMAT " is now the parent of post %" G_GINT64_FORMAT ".", post, other);
    case BOORU_PAIR_MERGE:
      return g_strdup_printf ("Copied the tags of post %" G_GINT64_FORMAT
                              " to post %" G_GINT64_FORMAT ".",
                              other, post);
    case BOORU_PAIR_TRASH:
      return g_strdup_printf ("Moved post %" G_GINT64_FORMAT
                              " to trash and kept post %" G_GINT64_FORMAT ".",
                              other, post);
    case BOORU_PAIR_REOPEN:
    default:
      return g_strdup_printf ("Undone: posts %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT
                              " are listed as a pair again.",
                              post, other);
    }
}
