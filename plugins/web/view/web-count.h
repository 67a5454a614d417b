/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How many posts a tag has, as pages say it beside the tag: exact below a thousand, from there on
 * by two or three digits. So the count of a much used tag reads the same after most edits, and the
 * pages that show it hold. */

/* @count: a number
 * Returns: the smallest one that web_count_to_text() says the same of */
gint64 web_count_round (gint64 count);

/* @count: a number
 * Returns: (transfer full): "999", "1.2k", "123k", "1.2M" */
char *web_count_to_text (gint64 count);

G_END_DECLS
