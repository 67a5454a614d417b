/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-vips.h"

#include <gmodule.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vips/vector.h>

#include "decoder-refusal.h"

typedef struct
{
  DecoderFormat format;
  const char *operation;
  const char *class;
  const char *module; /* where libvips' loader is one; NULL: always built in */
} Loader;

/* The only loaders that ever run. BMP has its own reader (decoder-bmp.c). */
static const Loader loaders[] = {
  { DECODER_FORMAT_JPEG, "jpegload_source", "VipsForeignLoadJpeg", NULL },
  { DECODER_FORMAT_PNG, "pngload_source", "VipsForeignLoadPng", NULL },
  { DECODER_FORMAT_GIF, "gifload_source", "VipsForeignLoadNsgif", NULL },
  { DECODER_FORMAT_WEBP, "webpload_source", "VipsForeignLoadWebp", NULL },
  { DECODER_FORMAT_TIFF, "tiffload_source", "VipsForeignLoadTiff", NULL },
  { DECODER_FORMAT_SVG, "svgload_source", "VipsForeignLoadSvg", NULL },
  { DECODER_FORMAT_AVIF, "heifload_source", "VipsForeignLoadHeif", "vips-heif" },
  { DECODER_FORMAT_HEIC, "heifload_source", "VipsForeignLoadHeif", "vips-heif" },
  { DECODER_FORMAT_JXL, "jxlload_source", "VipsForeignLoadJxl", "vips-jxl" },
};

/* Before 8.15, libvips lets liborc compile its inner loops at run time, and liborc ends the process
 * where memory must not be both writable and executable: systemd's MemoryDenyWriteExecute=,
 * SELinux. Without it, decoding takes 50 % longer. */
static void
refrain_from_compiling (void)
{
  gsize size = (gsize)getpagesize ();
  void *page;

  if (vips_version (0) > 8 || vips_version (1) >= 15)
    return;
  page = mmap (NULL, size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED)
    vips_vector_set_enabled (FALSE);
  else
    munmap (page, size);
}

gboolean
decoder_vips_init (const char *program, GError **error)
{
  /* libvips looks for modules below this folder. */
  g_setenv ("VIPSHOME", "/nonexistent", TRUE);
  if (VIPS_INIT (program) != 0)
    return decoder_vips_set_error (error, BOORU_ERROR_CONFIG, "Cannot start libvips");

  refrain_from_compiling ();
  vips_concurrency_set (1);
  vips_cache_set_max (0);
  vips_cache_set_max_mem (0);
  vips_cache_set_max_files (0);
  vips_operation_block_set ("VipsForeignLoad", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (loaders); i++)
    vips_operation_block_set (loaders[i].class, FALSE);
  return TRUE;
}

/* Reads and shrinks a grey JPEG, and writes it like a thumbnail. */
void
decoder_vips_warm_up (void)
{
  g_autoptr (VipsImage) black = NULL;
  g_autoptr (VipsImage) read = NULL;
  g_autoptr (VipsImage) small = NULL;
  g_autoptr (VipsSource) source = NULL;
  g_autofree void *jpeg = NULL;
  g_autofree void *webp = NULL;
  gsize size;

  if (vips_black (&black, 640, 480, "bands", 3, NULL) == 0
      && vips_jpegsave_buffer (black, &jpeg, &size, "Q", 85, NULL) == 0
      && (source = vips_source_new_from_memory (jpeg, size)) != NULL
      && vips_jpegload_source (source, &read, "access", VIPS_ACCESS_SEQUENTIAL, "shrink", 2, NULL)
             == 0
      && vips_resize (read, &small, 0.7, NULL) == 0)
    vips_webpsave_buffer (small, &webp, &size, "Q", 80, "effort", 2, "strip", TRUE, NULL);
  vips_error_clear ();
}

static void
load_module (const char *name)
{
  g_autofree char *path
      = g_strdup_printf ("%s/vips-modules-%d.%d/%s.%s", VIPS_LIBDIR, vips_version (0),
                         vips_version (1), name, G_MODULE_SUFFIX);
  GModule *module = g_module_open (path, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);

  if (module != NULL)
    g_module_make_resident (module);
  else
    g_debug ("%s", g_module_error ());
}

gboolean
decoder_vips_require_loader (DecoderFormat format, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (loaders); i++)
    {
      if (loaders[i].format != format)
        continue;
      if (vips_type_find ("VipsOperation", loaders[i].operation) == 0 && loaders[i].module != NULL)
        load_module (loaders[i].module);
      if (vips_type_find ("VipsOperation", loaders[i].operation) != 0)
        return TRUE;
      break;
    }
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED,
               "The installed libvips does not support %s files", decoder_format_get_ext (format));
  return FALSE;
}

gboolean
decoder_vips_set_error (GError **error, BooruError code, const char *what)
{
  g_autofree char *valid = g_utf8_make_valid (vips_error_buffer (), -1);
  char *message = g_strstrip (g_strdelimit (valid, "\n", ';'));
  gsize length = strlen (message);

  while (length > 0 && message[length - 1] == ';')
    message[--length] = '\0';
  vips_error_clear ();
  decoder_refusal_set (error, code, what, *message ? message : "no reason is given");
  return FALSE;
}

VipsSource *
decoder_vips_open_file (int fd, GError **error)
{
  VipsSource *source = vips_source_new_from_descriptor (fd);

  if (source == NULL)
    decoder_vips_set_error (error, BOORU_ERROR_IO, "Cannot read the file");
  return source;
}

VipsSource *
decoder_vips_open_memory (gpointer data, gsize size, GError **error)
{
  VipsBlob *blob = vips_blob_new ((VipsCallbackFn)vips_area_free_cb, data, size);
  VipsSource *source = vips_source_new_from_blob (blob);

  vips_area_unref (VIPS_AREA (blob));
  if (source == NULL)
    decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot read the picture");
  return source;
}

void
decoder_vips_replace (VipsImage **image, VipsImage *replacement)
{
  g_object_unref (*image);
  *image = replacement;
}

gboolean
decoder_vips_compute (VipsImage **image, BooruError code, const char *what, GError **error)
{
  VipsImage *memory = vips_image_copy_memory (*image);

  if (memory == NULL)
    return decoder_vips_set_error (error, code, what);
  decoder_vips_replace (image, memory);
  return TRUE;
}

gboolean
decoder_vips_step (int failed, VipsImage **image, VipsImage **out, const char *what, GError **error)
{
  if (failed != 0)
    return decoder_vips_set_error (error, BOORU_ERROR_FAILED, what);
  decoder_vips_replace (image, *out);
  return TRUE;
}
