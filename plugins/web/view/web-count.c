/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-count.h"

#define THOUSAND 1000
#define MILLION 1000000

/* Below ten of a unit, tenths of it count. */
static gint64
get_step (gint64 count)
{
  gint64 unit = count < THOUSAND ? 1 : count < MILLION ? THOUSAND : MILLION;

  return unit > 1 && count < 10 * unit ? unit / 10 : unit;
}

gint64
web_count_round (gint64 count)
{
  return count - count % get_step (count);
}

char *
web_count_to_text (gint64 count)
{
  gint64 unit = count < MILLION ? THOUSAND : MILLION;
  char letter = count < MILLION ? 'k' : 'M';

  if (count < THOUSAND)
    return g_strdup_printf ("%" G_GINT64_FORMAT, count);
  if (count < 10 * unit)
    return g_strdup_printf ("%d.%d%c", (int)(count / unit), (int)(count % unit / (unit / 10)),
                            letter);
  return g_strdup_printf ("%" G_GINT64_FORMAT "%c", count / unit, letter);
}
