/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <sysexits.h>

#include "base/booru-error.h"

static void
test_errno (void)
{
  static const struct
  {
    int errnum;
    BooruError code;
  } table[] = {
    { ENOENT, BOORU_ERROR_NOT_FOUND }, { EEXIST, BOORU_ERROR_EXISTS },
    { EACCES, BOORU_ERROR_DENIED },    { ELOOP, BOORU_ERROR_DENIED },
    { EAGAIN, BOORU_ERROR_BUSY },      { ENOSPC, BOORU_ERROR_LIMIT },
    { EIO, BOORU_ERROR_IO },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *message = g_strdup_printf ("Opening “x”: %s", g_strerror (table[i].errnum));

      g_assert_false (booru_set_errno_error (&error, table[i].errnum, "Opening “%s”", "x"));
      g_assert_error (error, BOORU_ERROR, (int)table[i].code);
      g_assert_cmpstr (error->message, ==, message);
    }
  g_assert_false (booru_set_errno_error (NULL, EIO, "Nobody asks"));
}

static void
test_exit_codes (void)
{
  g_autoptr (GError) usage = g_error_new_literal (BOORU_ERROR, BOORU_ERROR_USAGE, "");
  g_autoptr (GError) config = g_error_new_literal (BOORU_ERROR, BOORU_ERROR_CONFIG, "");
  g_autoptr (GError) option = g_error_new_literal (G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "");
  g_autoptr (GError) other = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_IO, "");

  g_assert_cmpint (booru_error_to_exit_code (NULL), ==, EX_OK);
  g_assert_cmpint (booru_error_to_exit_code (usage), ==, EX_USAGE);
  g_assert_cmpint (booru_error_to_exit_code (option), ==, EX_USAGE);
  g_assert_cmpint (booru_error_to_exit_code (config), ==, EX_CONFIG);
  g_assert_cmpint (booru_error_to_exit_code (other), ==, EX_SOFTWARE);
}

static void
test_predicates (void)
{
  g_autoptr (GError) busy = g_error_new_literal (BOORU_ERROR, BOORU_ERROR_BUSY, "");

  g_assert_true (booru_err_busy (busy));
  g_assert_false (booru_err_notfound (busy));
  g_assert_false (booru_err_busy (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/errno", test_errno);
  g_test_add_func ("/error/exit-codes", test_exit_codes);
  g_test_add_func ("/error/predicates", test_predicates);
  return g_test_run ();
}
