/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Profiles, what lcms makes of colours by them, and files that no library writes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  COLOUR_PROFILE_NONE,
  COLOUR_PROFILE_SRGB,
  COLOUR_PROFILE_P3,
  COLOUR_PROFILE_ADOBE,
  COLOUR_PROFILE_GREY,    /* its gamma is 1.6 */
  COLOUR_PROFILE_CMYK,    /* the one that libvips falls back to */
  COLOUR_PROFILE_DAMAGED, /* begins like one of RGB */
} ColourProfile;

GBytes *colour_fixture_make (ColourProfile which);        /* NULL: none */
guint colour_fixture_get_n_colours (ColourProfile which); /* 0: of none */

/* @values, of @n colours, 0 to 1, in sRGB, 0 to 255. */
void colour_fixture_convert (GBytes *profile, guint n, const double *values, double srgb[3]);

/* sRGB's signal of light. */
double colour_fixture_to_signal (double light);

/* A TIFF without compression, of one colour. */
typedef struct
{
  guint photometric;
  guint n; /* bands; what is beyond three is transparency */
  guint bits;
  guint sample_format; /* 1: without a sign, 2: with one */
  gboolean has_planes;
  guint values[4];
} ColourTiff;

char *colour_fixture_write_tiff (const ColourTiff *tiff, guint side, const char *folder);

/* Puts a chunk of big-endian numbers, or of bytes, behind the header of a PNG. */
void colour_fixture_add_chunk (const char *path, const char *name, const guint32 *numbers, guint n);
void colour_fixture_add_profile (const char *path, GBytes *profile);
void colour_fixture_add_bytes (const char *path, const char *name, const guint8 *bytes, gsize size);

G_END_DECLS
