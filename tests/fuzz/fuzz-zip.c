/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ZIP archives out of any bytes: what is refused is refused with a reason, and what is unpacked has
 * the size that the directory says. */
#include "decoder/reading/decoder-zip.h"
#include "fuzz-file.h"

/* Of what is unpacked in all: a run must not take seconds. */
#define MAX_UNPACKED (4 * 1024 * 1024)

static void
extract_all (int fd, GPtrArray *entries)
{
  gsize unpacked = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      const DecoderZipEntry *entry = g_ptr_array_index (entries, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = NULL;

      unpacked += entry->size;
      if (unpacked > MAX_UNPACKED)
        return;
      bytes = decoder_zip_extract (fd, entry, &error);
      g_assert_true ((bytes == NULL) == (error != NULL));
      if (bytes)
        g_assert_cmpuint (g_bytes_get_size (bytes), ==, entry->size);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  int fd = fuzz_file_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = decoder_zip_list (fd, &error);

  g_assert_true ((entries == NULL) == (error != NULL));
  if (entries)
    {
      g_assert_cmpuint (entries->len, <=, DECODER_ZIP_MAX_ENTRIES);
      if (decoder_zip_check (fd, entries, &error))
        extract_all (fd, entries);
      else
        g_assert_nonnull (error);
    }
  close (fd);
  return 0;
}
