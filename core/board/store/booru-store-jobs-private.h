/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Jobs as the store keeps them. */
#pragma once

#include "board/booru-store-jobs.h"
#include "board/rules/booru-job-params.h"
#include "board/store/booru-store-private.h"

G_BEGIN_DECLS

/* A job to be. */
typedef struct
{
  BooruJobKind kind;
  gint64 creator_id;
  const char *title;
  GVariant *params;    /* floating, or NULL */
  const GArray *posts; /* those that it is about; NULL: that is settled when it begins */
  gint64 undo_of;      /* 0: none */
  gboolean is_over;    /* this very write has done all of it */
} BooruJobDraft;

/* Within a write. */
gboolean
booru_store_insert_job (BooruStore *store, const BooruJobDraft *draft, gint64 *id, GError **error);

/* The job that is worked on. */
typedef struct
{
  gint64 id;
  BooruJobKind kind;
  gint64 creator_id;
  char *title;
  GVariant *params;
  BooruJobState state;
  gint64 done, since, undo_of;
} BooruJobWork;

void booru_job_work_clear (BooruJobWork *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BooruJobWork, booru_job_work_clear)

/* The posts that a job is about, as it begins; outside of a write. Ids, ascending; NULL: @error. */
GArray *booru_store_settle_job (BooruStore *store, const BooruJobWork *work, GError **error);

/* Does some posts of it, within a write. */
gboolean booru_store_do_job (BooruStore *store,
                             const BooruJobWork *work,
                             const gint64 *ids,
                             gsize n_ids,
                             GArray *changed,
                             GError **error);

/* All posts that a query finds, of any status that it asks for. Ids, ascending. */
GArray *booru_store_find_all_ids (BooruStore *store, const BooruQuery *query, GError **error);

G_END_DECLS
