/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The libraries have no codes for why they refuse a file, only words. */
#include "decoder-refusal.h"

#include <gmodule.h>
#include <string.h>
#include <sys/resource.h>
#include <vips/vips.h>

typedef void (*SetError) (GError **error, const char *details);

static gboolean
has_word (const char *details, const char *const *words)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (details, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* "libheif 1.15.1" where that is what complains, libvips otherwise. */
static char *
dup_library (const char *details)
{
  const char *(*get_version) (void) = NULL;
  GModule *module = NULL;

  if (g_str_has_prefix (details, "heif"))
    module = g_module_open ("libheif.so.1", G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
  if (module != NULL
      && g_module_symbol (module, "heif_get_version", (gpointer *)(gpointer)&get_version))
    return g_strdup_printf ("libheif %s", get_version ());
  return g_strdup_printf ("libvips %d.%d.%d", vips_version (0), vips_version (1), vips_version (2));
}

/* "is available", or the limit and the setting that it comes from. */
static char *
dup_memory (void)
{
  struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };

  getrlimit (RLIMIT_DATA, &limit);
  if (limit.rlim_cur == RLIM_INFINITY)
    return g_strdup ("is available");
  return g_strdup_printf ("the limit of %" G_GUINT64_FORMAT " MB (setting decode-memory)",
                          (guint64)limit.rlim_cur >> 20);
}

void
decoder_refusal_set_memory (GError **error, const char *details)
{
  g_autofree char *memory = dup_memory ();

  g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
               "The file needs more memory than %s. Details: %s", memory, details);
}

/* libheif says that it does not support a conversion also if there is no memory for its result. */
static void
set_conversion (GError **error, const char *details)
{
  g_autofree char *memory = dup_memory ();
  g_autofree char *library = dup_library (details);

  g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
               "The file needs more memory than %s, or the installed %s can't convert its colours. "
               "Details: %s",
               memory, library, details);
}

static void
set_limit (GError **error, const char *details)
{
  g_autofree char *library = dup_library (details);

  g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
               "The file exceeds a limit of the installed %s. Details: %s", library, details);
}

static void
set_unsupported (GError **error, const char *details)
{
  g_autofree char *library = dup_library (details);

  g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED,
               "The installed %s does not support what the file contains. Details: %s", library,
               details);
}

static void
set_cut (GError **error, const char *details)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "The file is damaged (it ends too early). Details: %s", details);
}

static void
set_damaged (GError **error, const char *details)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "The file is damaged. Details: %s",
               details);
}

/* The first that fits counts. */
static const struct
{
  const char *words[11];
  SetError set;
} refusals[] = {
  { { "out of memory", "Out of memory", "nsufficient memory", "annot allocate", "memory allocation",
      "Memory allocation", "exceeds the memory limit", "bad_alloc" },
    decoder_refusal_set_memory },
  { { "ecurity limit", "limit exceeded", "exceeds limit", "too large", "too big", "maximum number",
      "imit of" },
    set_limit },
  { { "Unsupported color conversion" }, set_conversion },
  { { "Unsupported marker type" }, set_damaged }, /* libjpeg's word for rubbish */
  /* The second is what versions of libheif before 1.19 say of photos of iPhones since iOS 18. */
  { { "nsupported", "Too many auxiliary image references", "not supported", "not implemented",
      "No decoding plugin" },
    set_unsupported },
  { { "remature end", "remature EOF", "runcated", "end of file", "End of file", "nexpected end",
      "nexpected EOF", "End of data", "end of data", "ends too early" },
    set_cut },
};

void
decoder_refusal_set (GError **error, BooruError code, const char *what, const char *details)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (has_word (details, refusals[i].words))
      {
        refusals[i].set (error, details);
        return;
      }
  if (code == BOORU_ERROR_INVALID)
    set_damaged (error, details);
  else
    g_set_error (error, BOORU_ERROR, code, "%s: %s", what, details);
}
