/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that take long to decode do not keep others waiting. */
#include "library-fixture.h"

#define N_SLOW 8 /* more than are under way at once */
#define LIMIT 20 /* seconds for one file, of which a part is the slice */

/* Longer than the limit on any machine. */
static void
write_slow (const char *dir, guint seed)
{
  g_autofree char *name = g_strdup_printf ("%u.svg", seed);
  g_autoptr (GString) svg
      = g_string_new ("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3000\" height=\"3000\">"
                      "<filter id=\"f\" x=\"0\" y=\"0\" width=\"1\" height=\"1\">");

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (
        svg, "<feTurbulence baseFrequency=\"0.%u\" numOctaves=\"500\" result=\"r%u\"/>", seed + 1,
        i);
  g_string_append (svg, "</filter><rect width=\"3000\" height=\"3000\" filter=\"url(#f)\"/></svg>");
  write_file (dir, name, svg->str, -1);
}

static guint
count_failures (Fixture *f)
{
  guint n = 0;

  for (guint i = 0; i < N_SLOW; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.svg", i);
      g_autofree char *failure = failure_at (f, f->a, name);

      n += failure != NULL;
    }
  return n;
}

/* What is in the same folder, another one, and the inbox gets past them; and then they have their
 * whole time. */
static void
test_slow_files (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < N_SLOW; i++)
    write_slow (f->a, i);
  write_picture (f->a, "same.bmp", 1);
  write_picture (f->b, "other.bmp", 2);
  write_picture (f->inbox, "inbox.bmp", 3);
  fixture_prepare (f);
  fixture_limit_time (f, LIMIT);
  eventually (f, n_posts (f) == 3);
  g_assert_cmpuint (count_failures (f), <=, 1); /* one may keep half of the decoders */
  eventually (f, count_failures (f) >= 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/fairness/slow-files", test_slow_files);
  return g_test_run ();
}
