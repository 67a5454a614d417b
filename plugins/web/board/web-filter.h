/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The filter that a request asks a list for. */
#pragma once

#include "http/web-request.h"

G_BEGIN_DECLS

/* Reads "search[NAME]" of any NAME that @fields allow, page= and limit= (at most 1000, by default
 * 20). NULL after an answer: 422 for a filter that there is not and for a value that makes no
 * sense, 410 for a page over the limit. Transfer full. */
BooruFilter *web_filter_read (WebRequest *request, const BooruField *fields, guint n_fields);

/* … where some names mean something else: those are skipped, and the caller reads them. @skipped:
 * NULL-terminated. */
BooruFilter *web_filter_read_but (WebRequest *request,
                                  const BooruField *fields,
                                  guint n_fields,
                                  const char *const *skipped);

/* Answers an error of a filter. */
void web_filter_fail (WebRequest *request, const GError *error);

G_END_DECLS
