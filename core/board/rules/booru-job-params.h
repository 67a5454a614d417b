/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a job does what it does: an a{sv} of strings (s), numbers (x), truths (b) and lists of
 * numbers (ax), kept as a JSON object. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Members by name. @params: a floating reference is sunk. Transfer full. */
char *booru_job_params_to_json (GVariant *params);

/* NULL: it is not what the other function writes. Transfer full. */
GVariant *booru_job_params_from_json (const char *json);

/* Transfer none; the fallback is NULL, 0, FALSE. */
const char *booru_job_params_get_string (GVariant *params, const char *name);
gint64 booru_job_params_get_number (GVariant *params, const char *name);
gboolean booru_job_params_get_truth (GVariant *params, const char *name);

/* Transfer full; empty if there is none. */
GArray *booru_job_params_get_numbers (GVariant *params, const char *name);

G_END_DECLS
