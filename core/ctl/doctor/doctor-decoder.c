/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the libraries of this system really read, and how well decoders are sandboxed: booru-decoder
 * tries it. */
#include "ctl/doctor/doctor.h"

#include <string.h>

#include "base/booru-paths.h"

#define PATIENCE 60 /* s */

/* The rest belongs to libvips itself, on every system that is known. */
static const struct
{
  const char *format, *packages;
} packages[] = {
  { "avif", "libheif with an AV1 decoder: libheif-plugin-dav1d or libheif-plugin-aomdec on Debian "
            "13 and Ubuntu, libheif on others" },
  { "heic", "libheif with an HEVC decoder: libheif-plugin-libde265 on Debian 13 and Ubuntu, "
            "libheif-freeworld from RPM Fusion on Fedora" },
  { "jxl", "libvips with libjxl: vips-jxl on Fedora, libjxl on Arch" },
};

static void
say_unread (Doctor *self, const char *format, const char *why)
{
  g_autofree char *subject = g_strconcat ("format ", format, NULL);
  const char *package = "libvips with all its recommended packages";

  for (guint i = 0; i < G_N_ELEMENTS (packages); i++)
    if (g_str_equal (format, packages[i].format))
      package = packages[i].packages;
  doctor_warning (self->report, subject, "files of this format can't be read: %s", why);
  doctor_report_advise (self->report, "Install %s; then “booructl restart monitor”", package);
}

static void
check_formats (Doctor *self, GVariant *facts)
{
  g_autoptr (GVariant) formats
      = g_variant_lookup_value (facts, "formats", G_VARIANT_TYPE ("a{ss}"));
  g_autoptr (GString) read = g_string_new (NULL);
  const char *libvips = "";
  GVariantIter iter;
  const char *format, *why;

  g_variant_lookup (facts, "libvips", "&s", &libvips);
  if (formats == NULL)
    return;
  g_variant_iter_init (&iter, formats);
  while (g_variant_iter_next (&iter, "{&s&s}", &format, &why))
    if (*why)
      say_unread (self, format, why);
    else
      g_string_append_printf (read, "%s%s", read->len > 0 ? ", " : "", format);
  doctor_ok (self->report, "pictures", "libvips %s reads %s", libvips,
             read->len > 0 ? read->str : "nothing");
}

static void
check_videos (Doctor *self, GVariant *facts)
{
  const char *ffmpeg = NULL, *ffprobe = NULL;

  g_variant_lookup (facts, "ffmpeg", "^&ay", &ffmpeg);
  g_variant_lookup (facts, "ffprobe", "^&ay", &ffprobe);
  if (ffmpeg && ffprobe)
    {
      doctor_ok (self->report, "videos", "are read by “%s” and “%s”", ffprobe, ffmpeg);
      return;
    }
  doctor_warning (self->report, "videos", "can't be read: %s not in PATH",
                  ffmpeg    ? "ffprobe is"
                  : ffprobe ? "ffmpeg is"
                            : "ffmpeg and ffprobe are");
  doctor_report_advise (self->report,
                        "Install the package ffmpeg (ffmpeg-free on Fedora). Videos that were "
                        "refused are tried again when they change or are put back");
}

static void
check_sandbox (Doctor *self, GVariant *facts)
{
  guint landlock = 0;
  gboolean seccomp = FALSE;

  g_variant_lookup (facts, "landlock", "u", &landlock);
  g_variant_lookup (facts, "seccomp", "b", &seccomp);
  if (landlock > 0 && seccomp)
    {
      doctor_ok (self->report, "sandbox", "decoders are confined by Landlock %u and seccomp",
                 landlock);
      return;
    }
  doctor_warning (self->report, "sandbox", "decoders are confined by %s, not by %s",
                  landlock  ? "Landlock and limits"
                  : seccomp ? "seccomp and limits"
                            : "limits only",
                  landlock  ? "seccomp"
                  : seccomp ? "Landlock"
                            : "Landlock and seccomp");
  doctor_report_advise (
      self->report, "%s%s%s",
      landlock ? ""
               : "Landlock needs Linux 5.13 or later with Landlock enabled (“landlock” in "
                 "/sys/kernel/security/lsm), and a container that allows it",
      landlock || seccomp ? "" : "; ",
      seccomp ? "" : "seccomp needs a booru-host that was built with libseccomp");
}

void
doctor_check_decoder (Doctor *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) facts
      = doctor_ask (self, PATIENCE, &error, booru_paths_get_decoder_program (), "--describe", NULL);

  if (facts == NULL)
    {
      doctor_error (self->report, "decoder", "no picture can be read: %s", error->message);
      doctor_report_advise (self->report, "Install booru-host and libvips again");
      return;
    }
  check_formats (self, facts);
  check_videos (self, facts);
  check_sandbox (self, facts);
}
