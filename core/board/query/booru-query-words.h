/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of a search, whatever they mean. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *booru_query_skip_space (const char *p);
const char *booru_query_find_word_end (const char *p);

/* The end of a word that was read from @start to @end: before the parentheses that close groups, of
 * which so many are open. */
const char *booru_query_give_back_parens (const char *start,
                                          const char *end,
                                          guint unclosed,
                                          gboolean keep_balanced);

/* Whether the word at @at is @operator, and not one that only begins so. */
gboolean booru_query_is_operator (const char *at, const char *operator);

/* A value in quotes of the kind at *at, in which a backslash makes the quote a character; NULL if
 * it does not end. And one up to the next space, in which a backslash makes a space a character.
 * Both move *at behind it; transfer full. */
char *booru_query_read_quoted (const char **at);
char *booru_query_read_unquoted (const char **at, guint unclosed);

G_END_DECLS
