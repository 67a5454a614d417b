/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* gzip out of any bytes: the beginning of the content is the beginning of all of it, and of a whole
 * file the beginning can be had, too. */
#include "decoder/reading/decoder-gzip.h"
#include "fuzz-file.h"

#include <string.h>

#define BEGINNING 100

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  int fd = fuzz_file_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) all = decoder_gunzip (fd, G_MAXSIZE, &error);
  g_autoptr (GByteArray) beginning = decoder_gunzip (fd, BEGINNING, NULL);

  close (fd);
  g_assert_true ((all == NULL) == (error != NULL));
  if (all == NULL)
    return 0;
  g_assert_cmpuint (all->len, <=, DECODER_GZIP_MAX_SIZE);
  g_assert_nonnull (beginning);
  g_assert_cmpuint (beginning->len, >=, MIN (all->len, BEGINNING));
  g_assert_cmpint (memcmp (beginning->data, all->data, MIN (all->len, BEGINNING)), ==, 0);
  return 0;
}
