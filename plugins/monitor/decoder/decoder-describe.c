/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the libraries and the kernel of this system support. libvips has loaders whose libraries
 * lack the codec, so each format has to be tried. */
#include "decoder-describe.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "booru-build-config.h"
#include "decoder-samples-resources.h"
#include "decoder/formats/decoder-load.h"
#include "decoder/sandbox/decoder-sandbox.h"
#include "decoder/video/decoder-video.h"

#define SAMPLES "/org/booru/decoder/samples/"
#define MAX_PIXELS 1000000

/* An unnamed file, like those that the monitor passes; -1 on failure. */
static int
open_sample (GBytes *sample)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (sample, &size);
  int fd = memfd_create ("sample", MFD_CLOEXEC);

  if (fd >= 0 && write (fd, data, size) == (ssize_t)size)
    return fd;
  if (fd >= 0)
    close (fd);
  return -1;
}

static gboolean
load (GBytes *sample, int fd, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (sample, &size);
  DecoderSniff sniff = decoder_sniff (data, MIN (size, DECODER_SNIFF_LENGTH));
  g_auto (DecoderPicture) picture = DECODER_PICTURE_INIT;
  DecoderJob job = { .request.max_pixels = MAX_PIXELS, .input = fd };

  lseek (fd, 0, SEEK_SET);
  return decoder_load (&picture, &sniff, &job, error)
         && decoder_vips_compute (&picture.image, BOORU_ERROR_UNSUPPORTED,
                                  "The pixels cannot be decoded", error);
}

static GVariant *
try_formats (void)
{
  GResource *resource = decoder_samples_get_resource ();
  g_auto (GStrv) names
      = g_resource_enumerate_children (resource, SAMPLES, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  GVariantBuilder formats;

  g_variant_builder_init (&formats, G_VARIANT_TYPE ("a{ss}"));
  for (guint i = 0; names && names[i]; i++)
    {
      g_autofree char *path = g_strconcat (SAMPLES, names[i], NULL);
      g_autoptr (GBytes) sample
          = g_resource_lookup_data (resource, path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
      g_autoptr (GError) error = NULL;
      int fd = open_sample (sample);

      if (fd < 0)
        g_set_error (&error, BOORU_ERROR, BOORU_ERROR_IO, "Cannot create a file to try it with");
      else
        load (sample, fd, &error);
      if (fd >= 0)
        close (fd);
      g_variant_builder_add (&formats, "{ss}", strrchr (names[i], '.') + 1,
                             error ? error->message : "");
    }
  return g_variant_builder_end (&formats);
}

static void
add_programs (GVariantDict *facts)
{
  const char *const *programs = decoder_video_get_programs ();

  for (; *programs; programs++)
    {
      const char *slash = strrchr (*programs, '/');

      g_variant_dict_insert (facts, slash ? slash + 1 : *programs, "^ay", *programs);
    }
}

/* The limits of setrlimit(2) exist everywhere. */
static void
enter_sandbox (GVariantDict *facts)
{
  int landlock = decoder_landlock_get_version ();

  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (!decoder_landlock_enter (NULL, -1))
    landlock = 0;
  g_variant_dict_insert (facts, "landlock", "u", (guint)landlock);
  g_variant_dict_insert (facts, "seccomp", "b", decoder_seccomp_enter (FALSE));
}

char *
decoder_describe (void)
{
  g_auto (GVariantDict) facts = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) all = NULL;

  g_variant_dict_insert (&facts, "version", "s", BOORU_VERSION);
  g_variant_dict_insert (&facts, "libvips", "s", vips_version_string ());
  add_programs (&facts);
  enter_sandbox (&facts);
  g_variant_dict_insert_value (&facts, "formats", try_formats ());
  all = g_variant_ref_sink (g_variant_dict_end (&facts));
  return g_variant_print (all, TRUE);
}
