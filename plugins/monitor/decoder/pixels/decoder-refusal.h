/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/booru-error.h"

G_BEGIN_DECLS

/**
 * decoder_refusal_set:
 * @code: of the error, where @details tell nothing else
 * @what: was tried
 * @details: what a library says
 *
 * Says why a file is refused: what it needs is more than a limit, the installed library does not
 * support it, or it is damaged.
 */
void decoder_refusal_set (GError **error, BooruError code, const char *what, const char *details);

void decoder_refusal_set_memory (GError **error, const char *details);

G_END_DECLS
