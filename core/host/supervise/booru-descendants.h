/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All that a process starts carries its cookie in the environment (BOORU_ENV_COOKIE), wherever it
 * escapes to. */

/* How many processes carry the cookie; the one that it was made for is one of them. */
guint booru_descendants_count (const char *cookie);

/* Kills what a process that has ended left behind: what carries its cookie, and the
 * rest of its process group. Returns how many processes carried the cookie. */
guint booru_descendants_kill (GPid leader, const char *cookie);

G_END_DECLS
