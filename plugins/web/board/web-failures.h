/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* A file that could not be read. */
typedef struct
{
  char *path;   /* absolute, raw bytes */
  char *folder; /* the library or ingest folder that it lies in */
  char *reason;
  gint64 size;
  gint64 time;    /* when it was found out; µs since 1970 */
  gboolean inbox; /* set aside in the ingest folder */
} WebFailure;

/**
 * WebFailures:
 *
 * A page of the files that could not be read: first what was set aside in the ingest folder, then
 * those of the library, newest first each.
 */
typedef struct
{
  GPtrArray *list; /* WebFailure */
  guint total;     /* with those that are on other pages */
  guint64 ignored; /* files that are neither pictures nor videos, and were left alone */
} WebFailures;

typedef struct
{
  BooruStore *store;
  BooruConfig *config;
  const char *below; /* only that file, or what lies in that folder; absolute; NULL: all */
  guint offset, limit;
} WebFailureQuery;

/* BOORU_ERROR_NOT_FOUND: below is in no folder that was ever followed. */
gboolean web_failures_list (const WebFailureQuery *query, WebFailures *failures, GError **error);
void web_failures_clear (WebFailures *self);
/* How many files were set aside in the ingest folder. @inbox: NULL: there is none. */
guint64 web_failures_count_set_aside (const char *inbox);

extern const BooruReport web_failures_report; /* "failures": as GetReport of org.booru.Host1 says */

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WebFailures, web_failures_clear)

G_END_DECLS
