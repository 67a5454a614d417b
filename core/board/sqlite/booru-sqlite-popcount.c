/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The inner loop of every search for alike pictures. */
#include "board/sqlite/booru-sqlite-hashes.h"

#include <string.h>

static inline __attribute__ ((always_inline)) void
measure (const guint8 *packed, guint n, const guint64 *wanted, guint n_wanted, guint8 *distances)
{
  for (guint i = 0; i < n; i++)
    {
      guint64 hash;
      guint nearest = BOORU_SQLITE_NO_HASH;

      memcpy (&hash, packed + (gsize)i * sizeof hash,
              sizeof hash); /* it lies as it lies in the page */
      hash = GUINT64_FROM_LE (hash);
      for (guint j = 0; j < n_wanted; j++)
        nearest = MIN (nearest, (guint)__builtin_popcountll (hash ^ wanted[j]));
      distances[i] = hash != 0 ? nearest : BOORU_SQLITE_NO_HASH;
    }
}

#if defined(__x86_64__)
/* Every such processor since 2008 has the instruction, but compilers may not take that for granted.
 * No ifunc: its resolver runs before the sanitizers are ready. */
__attribute__ ((target ("popcnt"))) static void
measure_by_instruction (const guint8 *packed,
                        guint n,
                        const guint64 *wanted,
                        guint n_wanted,
                        guint8 *distances)
{
  measure (packed, n, wanted, n_wanted, distances);
}
#endif

void
booru_sqlite_measure (const guint8 *packed,
                      guint n,
                      const guint64 *wanted,
                      guint n_wanted,
                      guint8 *distances)
{
#if defined(__x86_64__)
  if (__builtin_cpu_supports ("popcnt"))
    {
      measure_by_instruction (packed, n, wanted, n_wanted, distances);
      return;
    }
#endif
  measure (packed, n, wanted, n_wanted, distances);
}
