/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-i18n.h"

#include <locale.h>

#include "base/booru-paths.h"

/**
 * booru_i18n_init:
 *
 * Takes over the user's language and character set. Numbers stay as C writes them, as they go into
 * JSON and SQL. First thing in main(): not safe once there are threads.
 */
void
booru_i18n_init (void)
{
  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");
  bindtextdomain (GETTEXT_PACKAGE, booru_paths_get_locale_dir ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE); /* GLib translates nothing where the program has no translation */
}
