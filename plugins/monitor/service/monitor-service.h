/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* The monitor's process: the library and its decoders, driven by what the host says. */
extern const BooruService monitor_service;

G_END_DECLS
