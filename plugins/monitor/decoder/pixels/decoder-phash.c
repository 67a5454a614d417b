/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-phash.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SIDE DECODER_PHASH_SIDE
#define LOW 8 /* frequencies 1 to 8 in both directions */

/* Below this a coefficient is rounding, of a picture that has nothing in it. */
#define NOTHING 0.5f

static int
compare_floats (const void *a, const void *b)
{
  float x = *(const float *)a;
  float y = *(const float *)b;

  return (x > y) - (x < y);
}

static void
fill_basis (float basis[LOW][SIDE])
{
  for (int u = 0; u < LOW; u++)
    for (int x = 0; x < SIDE; x++)
      basis[u][x] = sqrtf (2.0f / SIDE) * cosf ((float)G_PI * (u + 1) * (2 * x + 1) / (2 * SIDE));
}

guint64
decoder_phash (const guint8 grey[SIDE * SIDE])
{
  float basis[LOW][SIDE];
  float rows[SIDE][LOW] = { 0 };
  float low[LOW * LOW] = { 0 };
  float sorted[LOW * LOW];
  float median;
  guint64 hash = 0;

  fill_basis (basis);
  for (int y = 0; y < SIDE; y++)
    for (int u = 0; u < LOW; u++)
      for (int x = 0; x < SIDE; x++)
        rows[y][u] += basis[u][x] * grey[y * SIDE + x];
  for (int v = 0; v < LOW; v++)
    for (int u = 0; u < LOW; u++)
      for (int y = 0; y < SIDE; y++)
        low[v * LOW + u] += basis[v][y] * rows[y][u];

  memcpy (sorted, low, sizeof low);
  qsort (sorted, LOW * LOW, sizeof *sorted, compare_floats);
  if (fabsf (sorted[0]) < NOTHING && fabsf (sorted[LOW * LOW - 1]) < NOTHING)
    return 0;

  median = (sorted[LOW * LOW / 2 - 1] + sorted[LOW * LOW / 2]) / 2;
  for (int i = 0; i < LOW * LOW; i++)
    if (low[i] > median)
      hash |= G_GUINT64_CONSTANT (1) << i;
  return hash;
}
