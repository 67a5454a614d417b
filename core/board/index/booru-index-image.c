/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-image.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/booru-error.h"

#define MAX_SECTIONS 64
#define ALIGNMENT 64
#define BYTE_ORDER_MARK 0x01020304u

static const char magic[8] = "booruidx";

typedef struct
{
  char magic[8];
  guint32 byte_order, version, kind, number;
  guint64 generation, length; /* of the whole file */
  gint64 stamp;
  char store_id[40];
  guint64 n_sections;
  guint64 sum; /* of what stands before it, and of the table of sections behind it */
} Header;

typedef struct
{
  guint64 offset, length, sum;
} Section;

struct _BooruIndexImage
{
  GBytes *bytes;
  const guint8 *data;
  gsize length;
  gboolean is_mapped;
  guint64 generation;
  gint64 stamp;
  guint n_sections;
  guint64 checked; /* a bit for each section whose sum is right */
};

/* Four FNV-1a hashes (http://www.isthe.com/chongo/tech/comp/fnv/) of every fourth word of eight
 * bytes: as fast as memory is read, and no change of one word goes unnoticed. */
static guint64
compute_sum (const guint8 *data, gsize length, guint64 seed)
{
  const guint64 prime = G_GUINT64_CONSTANT (0x100000001b3);
  guint64 lanes[4] = { seed, ~seed, seed + prime, length }, words[4];

  for (; length > 0; data += MIN (length, sizeof words), length -= MIN (length, sizeof words))
    {
      memset (words, 0, sizeof words);
      memcpy (words, data, MIN (length, sizeof words));
      for (guint i = 0; i < 4; i++)
        {
          lanes[i] = (lanes[i] ^ words[i]) * prime;
          lanes[i] ^= lanes[i] >> 32;
        }
    }
  for (guint i = 1; i < 4; i++)
    lanes[0] = (lanes[0] ^ lanes[i]) * prime;
  return lanes[0] ^ (lanes[0] >> 32);
}

static guint64
compute_header_sum (const guint8 *data, guint n_sections)
{
  return compute_sum (data + sizeof (Header), n_sections * sizeof (Section),
                      compute_sum (data, offsetof (Header, sum), 0));
}

static gsize
align (gsize offset)
{
  return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

GBytes *
booru_index_image_make (const BooruIndexIdentity *identity, GPtrArray *sections)
{
  Header header = { .byte_order = BYTE_ORDER_MARK,
                    .version = BOORU_INDEX_VERSION,
                    .kind = identity->kind,
                    .number = identity->number,
                    .generation = identity->generation,
                    .stamp = identity->stamp,
                    .n_sections = sections->len };
  gsize table = sizeof header, at = align (table + sections->len * sizeof (Section));
  guint8 *data;

  g_return_val_if_fail (sections->len <= MAX_SECTIONS, NULL);
  header.length = at;
  for (guint i = 0; i < sections->len; i++)
    header.length += align (g_bytes_get_size (sections->pdata[i]));
  memcpy (header.magic, magic, sizeof magic);
  g_strlcpy (header.store_id, identity->store_id, sizeof header.store_id);

  data = g_malloc0 (header.length);
  memcpy (data, &header, sizeof header);
  for (guint i = 0; i < sections->len; i++)
    {
      Section section = { .offset = at };
      gconstpointer from = g_bytes_get_data (sections->pdata[i], &section.length);

      if (section.length > 0)
        memcpy (data + at, from, section.length);
      memcpy (data + table + i * sizeof section, &section, sizeof section);
      at += align (section.length);
    }
  booru_index_image_seal (data, header.length);
  return g_bytes_new_take (data, header.length);
}

void
booru_index_image_seal (guint8 *bytes, gsize length)
{
  Header *header = (Header *)(gpointer)bytes;
  Section *sections = (Section *)(gpointer)(header + 1);

  if (length < sizeof *header || header->n_sections > MAX_SECTIONS
      || length < sizeof *header + header->n_sections * sizeof *sections)
    return;
  for (guint i = 0; i < header->n_sections; i++)
    if (sections[i].offset <= length && sections[i].length <= length - sections[i].offset)
      sections[i].sum = compute_sum (bytes + sections[i].offset, sections[i].length, i);
  header->sum = compute_header_sum (bytes, (guint)header->n_sections);
}

static const char *
find_fault (const Header *header, gsize length, const BooruIndexIdentity *wanted)
{
  char store_id[sizeof header->store_id];

  if (length < sizeof *header)
    return "it is too short";
  g_strlcpy (store_id, wanted->store_id, sizeof store_id);
  if (memcmp (header->magic, magic, sizeof magic) != 0 || header->byte_order != BYTE_ORDER_MARK)
    return "it is not an index file of this kind of machine";
  if (header->version != BOORU_INDEX_VERSION)
    return "it is of another version";
  if (header->n_sections > MAX_SECTIONS
      || length < sizeof *header + header->n_sections * sizeof (Section)
      || header->length != length)
    return "it has been truncated";
  if (header->sum != compute_header_sum ((const guint8 *)header, (guint)header->n_sections))
    return "its header is damaged";
  if (header->kind != wanted->kind || header->number != wanted->number)
    return "it is another file of the index";
  if (strncmp (header->store_id, store_id, sizeof store_id) != 0)
    return "it belongs to another store";
  return NULL;
}

BooruIndexImage *
booru_index_image_new (GBytes *bytes, const BooruIndexIdentity *wanted, GError **error)
{
  gsize length;
  const Header *header = g_bytes_get_data (bytes, &length);
  const char *fault = find_fault (header, length, wanted);
  BooruIndexImage *self;

  if (fault)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_CORRUPT, "The file cannot be used: %s", fault);
      return NULL;
    }
  self = g_new0 (BooruIndexImage, 1);
  self->bytes = g_bytes_ref (bytes);
  self->data = (const guint8 *)header;
  self->length = length;
  self->generation = header->generation;
  self->stamp = header->stamp;
  self->n_sections = (guint)header->n_sections;
  return self;
}

BooruIndexImage *
booru_index_image_map (const char *path, const BooruIndexIdentity *wanted, GError **error)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
  g_autoptr (GMappedFile) file = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) local = NULL;
  BooruIndexImage *self;

  if (fd < 0)
    {
      booru_set_errno_error (error, errno, "Could not open “%s”", path);
      return NULL;
    }
  file = g_mapped_file_new_from_fd (fd, FALSE, &local);
  close (fd);
  if (file == NULL)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_IO, "Could not map “%s”: %s", path,
                   local->message);
      return NULL;
    }
  bytes = g_mapped_file_get_bytes (file);
  self = booru_index_image_new (bytes, wanted, error);
  if (self)
    self->is_mapped = TRUE;
  else
    g_prefix_error (error, "“%s”: ", path);
  return self;
}

void
booru_index_image_free (BooruIndexImage *self)
{
  g_bytes_unref (self->bytes);
  g_free (self);
}

GBytes *
booru_index_image_ref_bytes (const BooruIndexImage *self)
{
  return g_bytes_ref (self->bytes);
}

guint64
booru_index_image_get_generation (const BooruIndexImage *self)
{
  return self->generation;
}

gint64
booru_index_image_get_stamp (const BooruIndexImage *self)
{
  return self->stamp;
}

gsize
booru_index_image_get_size (const BooruIndexImage *self)
{
  return self->length;
}

gboolean
booru_index_image_is_mapped (const BooruIndexImage *self)
{
  return self->is_mapped;
}

gconstpointer
booru_index_image_get_section (BooruIndexImage *self, guint section, gsize *length)
{
  const Section *at = (const Section *)(gconstpointer)(self->data + sizeof (Header)) + section;
  guint64 bit = G_GUINT64_CONSTANT (1) << (section % MAX_SECTIONS);

  if (section >= self->n_sections || at->offset % ALIGNMENT != 0 || at->offset > self->length
      || at->length > self->length - at->offset)
    return NULL;
  if (!(self->checked & bit)
      && at->sum != compute_sum (self->data + at->offset, at->length, section))
    return NULL;
  self->checked |= bit;
  *length = at->length;
  return self->data + at->offset;
}

gboolean
booru_index_image_is_whole (BooruIndexImage *self)
{
  gsize length;

  for (guint i = 0; i < self->n_sections; i++)
    if (booru_index_image_get_section (self, i, &length) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
write_all (int fd, const guint8 *data, gsize length)
{
  while (length > 0)
    {
      gssize n = write (fd, data, length);

      if (n < 0 && errno != EINTR)
        return FALSE;
      data += MAX (n, 0);
      length -= (gsize)MAX (n, 0);
    }
  return TRUE;
}

gboolean
booru_index_image_write (GBytes *bytes, const char *path, GError **error)
{
  g_autofree char *beside = g_strconcat (path, ".new", NULL);
  int fd = g_open (beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  gboolean written;
  int saved;

  if (fd < 0)
    return booru_set_errno_error (error, errno, "Could not write “%s”", beside);
  written = write_all (fd, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  saved = errno;
  if (close (fd) != 0 && written)
    {
      written = FALSE;
      saved = errno;
    }
  if (written && g_rename (beside, path) == 0)
    return TRUE;
  if (written)
    saved = errno;
  g_unlink (beside);
  return booru_set_errno_error (error, saved, "Could not write “%s”", path);
}
