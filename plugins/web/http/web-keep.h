/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* transfer full; the head of an answer as it is kept: without status and date, up to the blank line
 */
GBytes *web_keep_make_head (SoupMessageHeaders *headers, GBytes *body);

G_END_DECLS
