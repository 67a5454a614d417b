/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "page-system.h"

G_BEGIN_DECLS

/* Answers with the page for the administrator of a board without posts; FALSE, and nothing, if the
 * request may be anybody's. */
gboolean page_first_run_begin (WebRequest *request);

/* The same with what was typed, and what is wrong with it; takes over @self. */
void page_first_run_show (PageSystem *self);

G_END_DECLS
