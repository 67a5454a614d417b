/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between this program and the C library: every call that changes files is a point at which the
 * process can be killed, or the call can fail. A program linked with this takes part by itself,
 * SQLite and GLib in it included; nothing happens until the environment says so. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "N": SIGKILL at the N-th point, from 1. There is one before each call and one behind it. */
#define FAULT_POINTS_KILL "BOORU_TEST_KILL_AT"

/* "ERRNO:N:MS": the N-th call fails with that error, and those of the MS milliseconds after it. */
#define FAULT_POINTS_FAIL "BOORU_TEST_FAIL_AT"

void fault_points_arm (void);    /* reads the environment; counts from now on */
guint fault_points_count (void); /* points since then, or calls */

G_END_DECLS
