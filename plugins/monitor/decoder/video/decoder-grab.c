/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-grab.h"

#include <stdarg.h>

#include "decoder-program.h"

static void G_GNUC_NULL_TERMINATED
add (GPtrArray *argv, const char *first, ...)
{
  va_list args;

  va_start (args, first);
  for (const char *word = first; word != NULL; word = va_arg (args, const char *))
    g_ptr_array_add (argv, g_strdup (word));
  va_end (args);
}

static void
add_number (GPtrArray *argv, const char *option, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  add (argv, option, g_ascii_formatd (text, sizeof text, "%.3f", number), NULL);
}

static void
add_shortcuts (const DecoderGrab *self, GPtrArray *argv)
{
  if (self->is_preview)
    add (argv, "-skip_loop_filter", "all", "-skip_frame", self->rough ? "nokey" : "noref", NULL);
  if (self->rough)
    add (argv, "-noaccurate_seek", NULL);
}

static char *
make_filters (const DecoderGrab *self)
{
  char rate[G_ASCII_DTOSTR_BUF_SIZE];
  GString *filters = g_string_new (NULL);

  if (self->rate > 0)
    g_string_append_printf (filters, "fps=%s,",
                            g_ascii_formatd (rate, sizeof rate, "%.4f", self->rate));
  g_string_append_printf (filters, "scale=%d:%d:flags=area", self->width, self->height);
  if (self->is_hdr)
    g_string_append (filters,
                     ",format=yuv444p10le,zscale=t=linear:npl=203,format=gbrpf32le,"
                     "zscale=p=bt709,tonemap=mobius:desat=0,zscale=t=iec61966-2-1:m=gbr:r=full");
  return g_string_free (filters, FALSE);
}

static GPtrArray *
make_command (const DecoderGrab *self)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *map = g_strdup_printf ("0:%d", self->stream);
  g_autofree char *n_frames = g_strdup_printf ("%u", self->n_frames);
  g_autofree char *filters = make_filters (self);

  add (argv, self->program, "-v", "error", "-nostdin", "-threads", "1", NULL);
  add_shortcuts (self, argv);
  add (argv, "-protocol_whitelist", "file,pipe", NULL);
  if (self->at > 0)
    add_number (argv, "-ss", self->at);
  add (argv, "-f", self->demuxer, "-i", DECODER_PROGRAM_INPUT, "-map", map, NULL);
  add (argv, "-frames:v", n_frames, "-vf", filters, "-fps_mode", "passthrough", "-threads", "1",
       NULL);
  add (argv, "-f", "rawvideo", "-pix_fmt", self->bands == 4 ? "rgba" : "rgb24", "pipe:1", NULL);
  g_ptr_array_add (argv, NULL);
  return argv;
}

GPtrArray *
decoder_grab_frames (const DecoderGrab *self, GError **error)
{
  g_autoptr (GPtrArray) argv = make_command (self);
  g_autoptr (GPtrArray) frames = g_ptr_array_new_with_free_func (g_object_unref);
  gsize size = (gsize)self->width * self->height * self->bands;
  g_autoptr (GByteArray) output = NULL;

  output = decoder_program_run ((const char *const *)argv->pdata, self->input,
                                size * self->n_frames, self->max_seconds, error);
  if (output == NULL)
    return NULL;
  for (gsize at = 0; at + size <= output->len; at += size)
    {
      VipsImage *frame = vips_image_new_from_memory_copy (
          output->data + at, size, self->width, self->height, self->bands, VIPS_FORMAT_UCHAR);

      if (frame == NULL)
        {
          decoder_vips_set_error (error, BOORU_ERROR_LIMIT, "Cannot take a frame");
          return NULL;
        }
      frame->Type = VIPS_INTERPRETATION_sRGB;
      g_ptr_array_add (frames, frame);
    }
  return g_steal_pointer (&frames);
}
