/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Jobs as API and pages show them, and edits of many posts as both ask for them. */
#pragma once

#include "http/web-request.h"
#include "view/web-json.h"

G_BEGIN_DECLS

void web_job_write_json (WebJson *json, const BooruJob *job);

/* "jobs": the newest 20, for booructl. */
extern const BooruReport web_jobs_report;

/* 0 to 100. */
guint web_job_get_percent (const BooruJob *job);

typedef struct
{
  BooruBulkEdit edit;
  GArray *ids; /* of the parameters "ids"; NULL: it is a search */
} WebBulk;

/* Of the parameters tags (a search) or ids, script, action (edit, trash, restore) and count. FALSE:
 * @error, BOORU_ERROR_INVALID. */
gboolean web_bulk_read (WebBulk *self, WebRequest *request, GError **error);
void web_bulk_clear (WebBulk *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WebBulk, web_bulk_clear)

/* "edit", "trash", "restore". */
const char *web_bulk_get_action (const WebBulk *self);

G_END_DECLS
