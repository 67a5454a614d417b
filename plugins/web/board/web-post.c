/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-post.h"

#include <string.h>

static void
append_hashed (GString *out, const char *folder, const char *md5, const char *ext)
{
  g_string_append_c (out, '/');
  g_string_append (out, folder);
  g_string_append_c (out, '/');
  g_string_append_len (out, md5, 2);
  g_string_append_c (out, '/');
  g_string_append_len (out, md5 + 2, 2);
  g_string_append_c (out, '/');
  g_string_append_len (out, md5, 32);
  g_string_append_c (out, '.');
  g_string_append (out, ext);
}

static void
append_original_url (const BooruPost *post, const char *base_url, GString *out)
{
  g_string_append (out, base_url);
  append_hashed (out, "original", post->media.md5, post->media.ext);
}

static void
append_variant_url (const BooruPost *post, BooruVariant variant, const char *base_url, GString *out)
{
  g_autofree char *path = booru_variant_get_path (variant, post->media.md5);

  g_string_append (out, base_url);
  g_string_append_c (out, '/');
  g_string_append (out, path);
}

char *
web_post_dup_original_url (const BooruPost *post, const char *base_url)
{
  GString *out = g_string_new (NULL);

  append_original_url (post, base_url, out);
  return g_string_free (out, FALSE);
}

char *
web_post_dup_variant_url (const BooruPost *post, BooruVariant variant, const char *base_url)
{
  GString *out = g_string_new (NULL);

  append_variant_url (post, variant, base_url, out);
  return g_string_free (out, FALSE);
}

gboolean
web_post_has_variant (const BooruPost *post, BooruVariant variant)
{
  switch (variant)
    {
    case BOORU_VARIANT_SAMPLE:
      return post->media.has_sample;
    case BOORU_VARIANT_MOTION:
      return post->media.frames > 1;
    default:
      return TRUE;
    }
}

/* The last piece of a post's answer: what each of its members is made of. */
typedef struct
{
  WebJson *json;
  const BooruPost *post;
  const char *base_url;
  GString *scratch;
  gboolean served; /* the original can be asked for */
} Writer;

static const char *
original_url (Writer *writer)
{
  g_string_truncate (writer->scratch, 0);
  append_original_url (writer->post, writer->base_url, writer->scratch);
  return writer->scratch->str;
}

static const char *
variant_url (Writer *writer, BooruVariant variant)
{
  g_string_truncate (writer->scratch, 0);
  append_variant_url (writer->post, variant, writer->base_url, writer->scratch);
  return writer->scratch->str;
}

/* Danbooru's key of nine letters and digits; here a function of the content, as everything of a
 * file is. */
static void
make_file_key (const char *md5, char key[10])
{
  static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  char part[17];
  guint64 value;

  memcpy (part, md5, 16);
  part[16] = '\0';
  value = g_ascii_strtoull (part, NULL, 16);
  for (guint i = 0; i < 9; i++, value /= 62)
    key[i] = digits[value % 62];
  key[9] = '\0';
}

static void
write_variant (Writer *writer,
               const char *type,
               const char *url,
               gint width,
               gint height,
               const char *ext)
{
  WebJson *json = writer->json;

  web_json_begin_object (json);
  web_json_member_string (json, "type", type);
  web_json_member_string (json, "url", url);
  web_json_member_int (json, "width", width);
  web_json_member_int (json, "height", height);
  web_json_member_string (json, "file_ext", ext);
  web_json_end_object (json);
}

/* The original comes last: clients take the last one for the best. What moves is not among them:
 * Danbooru has no such type, and clients know all there are. */
static void
write_variants (Writer *writer)
{
  const BooruMedia *media = &writer->post->media;

  web_json_begin_array (writer->json);
  for (BooruVariant variant = 0; variant <= BOORU_VARIANT_SAMPLE; variant++)
    {
      gint width, height;

      if (!web_post_has_variant (writer->post, variant))
        continue;
      booru_variant_get_size (variant, media->width, media->height, &width, &height);
      write_variant (writer, booru_variant_get_name (variant), variant_url (writer, variant), width,
                     height, booru_variant_get_ext (variant));
    }
  if (writer->served)
    write_variant (writer, "original", original_url (writer), media->width, media->height,
                   media->ext);
  web_json_end_array (writer->json);
}

static void
write_asset_members (Writer *writer)
{
  WebJson *json = writer->json;
  const BooruPost *post = writer->post;
  char key[10];

  make_file_key (post->media.md5, key);
  web_json_member_int (json, "id", post->media_asset_id);
  web_json_member_time (json, "created_at", post->created_at);
  web_json_member_time (json, "updated_at", post->updated_at);
  web_json_member_string (json, "md5", post->media.md5);
  web_json_member_string (json, "file_ext", post->media.ext);
  web_json_member_int (json, "file_size", post->media.size);
  web_json_member_int (json, "image_width", post->media.width);
  web_json_member_int (json, "image_height", post->media.height);
  if (web_json_member (json, "duration"))
    {
      if (post->media.duration >= 0)
        web_json_double (json, post->media.duration);
      else
        web_json_null (json);
    }
  web_json_member_string (json, "status", "active");
  web_json_member_string (json, "file_key", key);
  web_json_member_boolean (json, "is_public", TRUE);
  web_json_member_string (json, "pixel_hash", post->media.md5);
  if (web_json_member (json, "variants"))
    write_variants (writer);
}

static void
write_media_asset (Writer *writer)
{
  web_json_begin_object (writer->json);
  write_asset_members (writer);
  web_json_end_object (writer->json);
}

static void
write_media_metadata (Writer *writer, const char *metadata)
{
  WebJson *json = writer->json;

  web_json_begin_object (json);
  web_json_member_int (json, "id", writer->post->id);
  web_json_member_time (json, "created_at", writer->post->created_at);
  web_json_member_time (json, "updated_at", writer->post->updated_at);
  web_json_member_int (json, "media_asset_id", writer->post->media_asset_id);
  if (web_json_member (json, "metadata"))
    web_json_raw (json, metadata);
  web_json_end_object (json);
}

static void
write_tags (Writer *writer)
{
  static const struct
  {
    BooruTagCategory category;
    const char *names, *count;
  } members[] = {
    { BOORU_TAG_GENERAL, "tag_string_general", "tag_count_general" },
    { BOORU_TAG_CHARACTER, "tag_string_character", "tag_count_character" },
    { BOORU_TAG_COPYRIGHT, "tag_string_copyright", "tag_count_copyright" },
    { BOORU_TAG_ARTIST, "tag_string_artist", "tag_count_artist" },
    { BOORU_TAG_META, "tag_string_meta", "tag_count_meta" },
  };
  WebJson *json = writer->json;

  if (web_json_member (json, "tag_string"))
    {
      g_autofree char *all = booru_post_dup_tag_string (writer->post);

      web_json_string (json, all);
    }
  web_json_member_int (json, "tag_count", writer->post->tags->len);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      web_json_member_int (json, members[i].count,
                           booru_post_count_tags (writer->post, members[i].category));
      if (!web_json_member (json, members[i].names))
        continue;
      g_string_truncate (writer->scratch, 0);
      booru_post_append_tags (writer->post, members[i].category, writer->scratch);
      web_json_string_length (json, writer->scratch->str, writer->scratch->len);
    }
}

static void
write_media (Writer *writer)
{
  WebJson *json = writer->json;
  const BooruMedia *media = &writer->post->media;

  web_json_member_string (json, "md5", media->md5);
  web_json_member_int (json, "image_width", media->width);
  web_json_member_int (json, "image_height", media->height);
  web_json_member_string (json, "file_ext", media->ext);
  web_json_member_int (json, "file_size", media->size);
  web_json_member_boolean (json, "has_large", media->has_sample);
  if (web_json_member (json, "file_url"))
    web_json_string (json, original_url (writer));
  if (web_json_member (json, "large_file_url"))
    web_json_string (json, media->has_sample ? variant_url (writer, BOORU_VARIANT_SAMPLE)
                                             : original_url (writer));
  if (web_json_member (json, "preview_file_url"))
    web_json_string (json, variant_url (writer, BOORU_VARIANT_180));
}

static void
write_time_or_null (WebJson *json, const char *name, gint64 time)
{
  if (time != 0)
    web_json_member_time (json, name, time);
  else
    web_json_member_null (json, name);
}

static void
write_state (Writer *writer)
{
  WebJson *json = writer->json;
  const BooruPost *post = writer->post;

  web_json_member_boolean (json, "is_pending", FALSE);
  web_json_member_boolean (json, "is_flagged", FALSE);
  web_json_member_boolean (json, "is_deleted", BOORU_POST_IS_DELETED (post->status));
  web_json_member_boolean (json, "is_banned", FALSE);
  web_json_member_boolean (json, "has_children", post->has_children);
  web_json_member_boolean (json, "has_active_children", post->has_active_children);
  web_json_member_boolean (json, "has_visible_children", post->has_active_children);
  web_json_member_int (json, "bit_flags", 0);
  write_time_or_null (json, "last_noted_at", post->last_noted_at);
  write_time_or_null (json, "last_commented_at", post->last_commented_at);
  write_time_or_null (json, "last_comment_bumped_at", post->last_comment_bumped_at);
}

/* Of the users there are only their names and numbers: the rest is as it is for everybody. */
static void
write_user (WebJson *json, const char *member, gint64 id, const char *name)
{
  if (name == NULL || !web_json_member (json, member))
    return;
  web_json_begin_object (json);
  web_json_member_int (json, "id", id);
  web_json_member_string (json, "name", name);
  web_json_member_boolean (json, "is_deleted", FALSE);
  web_json_end_object (json);
}

static void
write_relatives (WebJson *json, const WebPostParts *parts, const char *base_url)
{
  if (parts->has_parent && web_json_member (json, "parent"))
    {
      if (parts->parent)
        web_post_write_json (json, parts->parent, NULL, base_url);
      else
        web_json_null (json);
    }
  if (parts->children && web_json_member (json, "children"))
    {
      web_json_begin_array (json);
      for (guint i = 0; i < parts->children->len; i++)
        web_post_write_json (json, parts->children->pdata[i], NULL, base_url);
      web_json_end_array (json);
    }
}

static void
write_parts (Writer *writer, const WebPostParts *parts)
{
  if (parts->metadata && web_json_member (writer->json, "media_metadata"))
    write_media_metadata (writer, parts->metadata);
  write_user (writer->json, "uploader", writer->post->uploader_id, parts->uploader);
  write_user (writer->json, "approver", writer->post->approver_id, parts->approver);
  write_relatives (writer->json, parts, writer->base_url);
  if (parts->write_more)
    parts->write_more (writer->json, writer->post, parts->data);
}

void
web_post_write_json (WebJson *json,
                     const BooruPost *post,
                     const WebPostParts *parts,
                     const char *base_url)
{
  g_autoptr (GString) scratch = g_string_sized_new (512);
  Writer writer = { json, post, base_url, scratch, TRUE };
  const char rating[2] = { (char)post->rating, '\0' };

  web_json_begin_object (json);
  web_json_member_int (json, "id", post->id);
  web_json_member_time (json, "created_at", post->created_at);
  web_json_member_time (json, "updated_at", post->updated_at);
  web_json_member_int (json, "uploader_id", post->uploader_id);
  web_json_member_int_or_null (json, "approver_id", post->approver_id);
  web_json_member_int (json, "score", post->score);
  web_json_member_int (json, "up_score", post->up_score);
  web_json_member_int (json, "down_score", post->down_score);
  web_json_member_int (json, "fav_count", post->fav_count);
  web_json_member_string (json, "source", post->source);
  web_json_member_string (json, "rating", rating);
  web_json_member_int_or_null (json, "parent_id", post->parent_id);
  web_json_member_int_or_null (json, "pixiv_id", MAX (booru_source_get_pixiv_id (post->source), 0));
  write_media (&writer);
  write_tags (&writer);
  write_state (&writer);
  if (web_json_member (json, "media_asset"))
    write_media_asset (&writer);
  if (parts)
    write_parts (&writer, parts);
  web_json_end_object (json);
}

void
web_post_write_asset_json (WebJson *json,
                           const BooruPost *post,
                           const BooruAsset *asset,
                           const char *base_url)
{
  g_autoptr (GString) scratch = g_string_sized_new (512);
  g_autoptr (BooruPost) like = booru_post_new ();
  Writer writer = { json, post ? post : like, base_url, scratch, post != NULL };

  if (post == NULL)
    {
      like->media_asset_id = asset->media_asset_id;
      like->media = asset->media;
      like->created_at = asset->created_at;
      like->updated_at = asset->updated_at;
    }
  web_json_begin_object (json);
  write_asset_members (&writer);
  if (web_json_member (json, "post"))
    {
      if (post)
        web_post_write_json (json, post, NULL, base_url);
      else
        web_json_null (json);
    }
  web_json_end_object (json);
}
