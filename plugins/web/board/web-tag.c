/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-tag.h"

#include <string.h>

/* The words of a name, as Danbooru cuts it up for its search: at underscores and brackets. */
static void
write_words (WebJson *json, const char *name)
{
  const char *at = name;

  web_json_begin_array (json);
  while (*at)
    {
      gsize length = strcspn (at, "_()[]{},:;/-!?\"");

      if (length)
        web_json_string_length (json, at, length);
      at += length + (at[length] ? 1 : 0);
    }
  web_json_end_array (json);
}

void
web_tag_write_json (WebJson *json, const BooruTag *tag)
{
  web_json_begin_object (json);
  web_json_member_int (json, "id", tag->id);
  web_json_member_string (json, "name", tag->name);
  web_json_member_int (json, "post_count", tag->post_count);
  web_json_member_int (json, "category", tag->category);
  web_json_member_time (json, "created_at", tag->created_at);
  web_json_member_time (json, "updated_at", tag->updated_at);
  web_json_member_boolean (json, "is_deprecated", tag->is_deprecated);
  if (web_json_member (json, "words"))
    write_words (json, tag->name);
  web_json_end_object (json);
}

GHashTable *
web_tag_find (BooruStore *store, const GPtrArray *names, GError **error)
{
  GHashTable *found
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)booru_tag_free);
  BooruTagFilter filter = BOORU_TAG_FILTER_INIT;
  g_autoptr (GPtrArray) list = g_ptr_array_new (), tags = NULL;

  if (names->len == 0)
    return found;
  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (list, names->pdata[i]);
  g_ptr_array_add (list, NULL);
  filter.names = (const char *const *)list->pdata;
  filter.limit = names->len;
  tags = booru_store_list_tags (store, &filter, error);
  if (tags == NULL)
    {
      g_hash_table_unref (found);
      return NULL;
    }
  for (guint i = 0; i < tags->len; i++)
    {
      BooruTag *tag = tags->pdata[i];

      g_hash_table_replace (found, tag->name, tag);
    }
  g_ptr_array_set_free_func (tags, NULL);
  return found;
}
