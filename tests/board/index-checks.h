/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "index-board.h"

G_BEGIN_DECLS

/* The count, and pages of each kind, are as they should be. */
void index_require_query (IndexBoard *board, BooruIndex *index, const char *text);
void index_require_random_query (IndexBoard *board, BooruIndex *index);

G_END_DECLS
