/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "view/web-json.h"

G_BEGIN_DECLS

/* Writes what came from the host or another process: bytes are texts, in which what is not UTF-8 is
 * replaced. Names become "cpu_time" from "CpuTime", as Danbooru's are, if @rename. */
void web_variant_write (WebJson *json, GVariant *value, gboolean rename);

/* Those of an a{sv}, into an object that is open. */
void web_variant_write_members (WebJson *json, GVariant *dict, gboolean rename);

G_END_DECLS
