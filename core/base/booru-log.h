/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * booru_log_init:
 * @process: name of the process, as ps shows it
 * @verbose: whether g_debug() and g_info() messages are written
 *
 * Directs GLib's structured logging to the journal under systemd, in colours to a terminal, or as
 * plain lines ("2026-11-24 01:02:03 booru-web[123] WARNING: …") to anything else. Always writes to
 * stderr, and never blocks for long on a reader that does not read. g_message() and above are
 * always shown.
 */
void booru_log_init (const char *process, gboolean verbose);

/**
 * booru_log_set_verbose:
 * @verbose: whether g_debug() and g_info() messages are written from now on
 */
void booru_log_set_verbose (gboolean verbose);

G_END_DECLS
