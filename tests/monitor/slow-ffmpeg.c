/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stands in for ffmpeg with a video that has one key frame only: exact seeking takes for ever, and
 * without it there is a frame at once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
main (int argc, char **argv)
{
  int seeks = 0, width = 0, height = 0;

  for (int i = 1; i < argc; i++)
    {
      const char *scale = strstr (argv[i], "scale=");

      if (scale != NULL)
        sscanf (scale, "scale=%d:%d", &width, &height);
      if (strcmp (argv[i], "-ss") == 0)
        seeks++;
      if (strcmp (argv[i], "-noaccurate_seek") == 0)
        seeks--;
    }
  for (volatile int exact = seeks; exact > 0;)
    ;
  for (int i = 0; i < width * height * 3; i++)
    putchar (i % 251);
  return 0;
}
