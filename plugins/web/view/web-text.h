/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For files with texts that people read: _("text"), ngettext ("%d post", "%d posts", n). */
#pragma once

#include <booru.h>

#define _(text) booru_i18n_translate (text)
#define N_(text) text /* which is translated elsewhere */
#define ngettext(one, many, n) booru_i18n_translate_plural (one, many, n)
