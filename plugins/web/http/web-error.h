/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The HTTP status, and Danbooru's name, for an error of a request. */
guint web_error_get_status (const GError *error, const char **error_class);
const char *web_error_get_class (guint status); /* Danbooru's usual name for a status */
/* Transfer full: {"success":false,…}. */
GBytes *web_error_to_json (const char *error_class, const char *message);

/* Transfer full: a whole answer, after which the connection ends. */
GBytes *web_error_make_refusal (guint status, const char *reason);

G_END_DECLS
