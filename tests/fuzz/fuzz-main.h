/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* What libFuzzer calls, and fuzz-main.c in its place. Returns 0. */
int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);
