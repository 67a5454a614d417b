/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* The service that the plugin registers: a web worker. */
extern const BooruService web_service;

G_END_DECLS
