/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How things are put into words and URLs on pages. Every string is transfer full, UTF-8, and not
 * yet escaped for HTML. */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* A file's name or path; what cannot be seen or is not UTF-8 as \n, \xNN, \u{NNNN}. */
char *page_text_from_bytes (const char *bytes);
char *page_text_from_tag (const char *name);    /* "long_hair" as "long hair" */
char *page_text_from_duration (double seconds); /* "1:02:03", "0:07" */
char *page_text_from_frames (gint frames);      /* "1,200 frames" */
/* "2026-11-24 02:10 CET", in the board's time zone. */
char *page_text_from_time (gint64 microseconds);

/* "sky, long hair"; "" without tags. */
char *page_text_list_tags (const BooruPost *post, guint max_tags);
const char *page_text_get_rating (BooruRating rating); /* "General"; transfer none */

gboolean page_media_is_video (const BooruMedia *media);  /* plays with controls */
gboolean page_media_is_ugoira (const BooruMedia *media); /* plays by a module of ours */
gboolean page_media_is_shown (const BooruMedia *media);  /* browsers show the original itself */

/* "/posts?tags=a+b"; @path alone if tags is NULL or "". */
char *page_url_from_search (const char *path, const char *tags);

/* Limit 0: the default; page NULL: the first. */
char *page_url_from_page (const char *tags, guint limit, const char *page);
char *page_url_with_query (const char *path, const char *query); /* "PATH?q=a+b" */
char *page_url_from_post (gint64 id, const char *query);         /* "/posts/7?q=a+b" */
/* @query and "SIGNtag", all of it wanted. */
char *page_query_with (const char *query, const char *sign, const char *tag);

G_END_DECLS
