/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What tags and searches have to agree on about a word, so that every tag can be searched for.
 * Internal to the board. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean booru_word_is_balanced (const char *word, gsize length); /* each "(" has its ")" */
/* ":)" and its like, which may be tags nevertheless. */
gboolean booru_word_is_smiley (const char *word, gsize length);

/* Before a colon: known to Danbooru or to us, in any case. */
gboolean booru_word_is_metatag (const char *name, gsize length);

G_END_DECLS
