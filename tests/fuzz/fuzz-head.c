/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Heads of requests out of any bytes: an end that does not depend on what comes behind it, a status
 * of HTTP or pieces that lie within the head. */
#include "fuzz-main.h"
#include "http/web-head.h"

static void
require_within (const WebSlice *slice, const char *data, gsize length)
{
  if (slice->data != NULL)
    g_assert_true (slice->data >= data && slice->data + slice->length <= data + length);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  gsize length = web_head_find_end ((const char *)data, size);
  g_autofree char *head_data = g_memdup2 (data, length);
  WebHead head;
  guint status;

  g_assert_cmpuint (length, <=, size);
  if (length == 0)
    return 0;
  g_assert_cmpuint (web_head_find_end (head_data, length), ==, length);
  g_assert_cmpuint (web_head_find_end (head_data, length - 1), ==, 0);
  status = web_head_parse (head_data, length, &head);
  if (status != 0)
    {
      g_assert_true (status >= 400 && status < 600);
      return 0;
    }
  require_within (&head.method, head_data, length);
  require_within (&head.target, head_data, length);
  require_within (&head.host, head_data, length);
  g_assert_true (head.method.length > 0 && head.target.length > 0);
  g_assert_true (head.host.data != NULL || head.minor_version == 0);
  g_assert_cmpint (head.content_length, >=, -1);
  g_assert_false (head.chunked && head.content_length >= 0);
  return 0;
}
