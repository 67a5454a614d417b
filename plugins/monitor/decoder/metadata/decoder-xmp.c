/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XMP (ISO 16684-1): properties of one resource as RDF/XML. GMarkup knows no entities but the five
 * that XML has by itself, and fetches nothing. Only properties that are known here are taken, and
 * of these what is written as text, as an attribute, or as a list. */
#include <string.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "decoder-metadata.h"

#define MAX_PACKET (1024 * 1024)
#define MAX_PREFIXES 100
#define MAX_DEPTH 100

#define MAX_SCANNED (64 * 1024 * 1024)
#define SCAN_BLOCK (256 * 1024)
#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define PACKET_BEGIN "<x:xmpmeta"
#define PACKET_END "</x:xmpmeta>"

#define RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define DC "http://purl.org/dc/elements/1.1/"
#define XMP "http://ns.adobe.com/xap/1.0/"
#define PHOTOSHOP "http://ns.adobe.com/photoshop/1.0/"
#define LIGHTROOM "http://ns.adobe.com/lightroom/1.0/"
#define DIGIKAM "http://www.digikam.org/ns/1.0/"
#define MICROSOFT "http://ns.microsoft.com/photo/1.0"
#define EXIF "http://ns.adobe.com/exif/1.0/"
#define TIFF "http://ns.adobe.com/tiff/1.0/"
#define IPTC_EXT "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"

typedef struct
{
  const char *space, *local, *name;
  enum
  {
    KIND_TEXT,
    KIND_LIST,
    KIND_NUMBER,
  } kind;
} Property;

static const Property properties[] = {
  { DC, "subject", "XMP:Subject", KIND_LIST },
  { DC, "title", "XMP:Title", KIND_TEXT },
  { DC, "description", "XMP:Description", KIND_TEXT },
  { DC, "creator", "XMP:Creator", KIND_LIST },
  { DC, "rights", "XMP:Rights", KIND_TEXT },
  { DC, "source", "XMP:Source", KIND_TEXT },
  { XMP, "Rating", "XMP:Rating", KIND_NUMBER },
  { XMP, "Label", "XMP:Label", KIND_TEXT },
  { XMP, "CreateDate", "XMP:CreateDate", KIND_TEXT },
  { XMP, "ModifyDate", "XMP:ModifyDate", KIND_TEXT },
  { XMP, "CreatorTool", "XMP:CreatorTool", KIND_TEXT },
  { PHOTOSHOP, "DateCreated", "XMP:DateCreated", KIND_TEXT },
  { PHOTOSHOP, "Headline", "XMP:Headline", KIND_TEXT },
  { PHOTOSHOP, "Credit", "XMP:Credit", KIND_TEXT },
  { LIGHTROOM, "hierarchicalSubject", "XMP:HierarchicalSubject", KIND_LIST },
  { DIGIKAM, "TagsList", "XMP:TagsList", KIND_LIST },
  { MICROSOFT, "LastKeywordXMP", "XMP:LastKeywordXMP", KIND_LIST },
  { MICROSOFT, "Rating", "XMP:RatingPercent", KIND_NUMBER },
  { EXIF, "DateTimeOriginal", "XMP:DateTimeOriginal", KIND_TEXT },
  { EXIF, "UserComment", "XMP:UserComment", KIND_TEXT },
  { TIFF, "Make", "XMP:Make", KIND_TEXT },
  { TIFF, "Model", "XMP:Model", KIND_TEXT },
  { IPTC_EXT, "DigitalSourceType", "XMP:DigitalSourceType", KIND_TEXT },
};

typedef struct
{
  DecoderMetadata *out;
  GHashTable *prefixes; /* prefix -> namespace */
  guint depth;
  gboolean is_rdf;
  const Property *property; /* inside of it */
  guint property_depth;
  gboolean has_items;
  GString *text;
} Reader;

static gboolean
is_named (Reader *self, const char *name, const char *space, const char *local)
{
  const char *colon = strchr (name, ':');
  g_autofree char *prefix = colon ? g_strndup (name, colon - name) : g_strdup ("");
  const char *found = g_hash_table_lookup (self->prefixes, prefix);

  return found != NULL && strcmp (colon ? colon + 1 : name, local) == 0
         && strcmp (found, space) == 0;
}

static const Property *
find_property (Reader *self, const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    if (is_named (self, name, properties[i].space, properties[i].local))
      return &properties[i];
  return NULL;
}

static void
take (Reader *self, const Property *property, const char *text)
{
  switch (property->kind)
    {
    case KIND_LIST:
      decoder_metadata_add_text (self->out, property->name, text, -1);
      break;
    case KIND_NUMBER:
      if (g_ascii_isdigit (*text) || *text == '-')
        decoder_metadata_set_number (self->out, property->name, g_ascii_strtod (text, NULL));
      break;
    case KIND_TEXT:
    default:
      decoder_metadata_set_text (self->out, property->name, text, -1);
      break;
    }
}

static void
learn_prefixes (Reader *self, const char **names, const char **values)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_has_prefix (names[i], "xmlns") && (names[i][5] == ':' || names[i][5] == '\0')
        && g_hash_table_size (self->prefixes) < MAX_PREFIXES)
      g_hash_table_replace (self->prefixes, g_strdup (names[i] + 5 + (names[i][5] == ':')),
                            g_strdup (values[i]));
}

static void
start_element (GMarkupParseContext *context,
               const char *name,
               const char **names,
               const char **values,
               gpointer user_data,
               GError **error)
{
  Reader *self = user_data;

  if (++self->depth > MAX_DEPTH)
    {
      g_set_error (error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT,
                   "elements are nested too deeply");
      return;
    }
  learn_prefixes (self, names, values);
  self->is_rdf |= is_named (self, name, RDF, "RDF");
  if (self->property != NULL)
    {
      if (is_named (self, name, RDF, "li"))
        g_string_truncate (self->text, 0);
      return;
    }
  self->property = find_property (self, name);
  self->property_depth = self->depth;
  self->has_items = FALSE;
  g_string_truncate (self->text, 0);
  if (!is_named (self, name, RDF, "Description"))
    return;
  for (guint i = 0; names[i] != NULL; i++)
    {
      const Property *property = find_property (self, names[i]);

      if (property != NULL)
        take (self, property, values[i]);
    }
}

static void
end_element (GMarkupParseContext *context, const char *name, gpointer user_data, GError **error)
{
  Reader *self = user_data;

  if (self->property != NULL && is_named (self, name, RDF, "li"))
    {
      take (self, self->property, self->text->str);
      self->has_items = TRUE;
    }
  else if (self->property != NULL && self->depth == self->property_depth)
    {
      if (!self->has_items)
        take (self, self->property, self->text->str);
      self->property = NULL;
    }
  self->depth--;
}

static void
take_text (GMarkupParseContext *context,
           const char *text,
           gsize length,
           gpointer user_data,
           GError **error)
{
  Reader *self = user_data;

  if (self->property != NULL)
    g_string_append_len (self->text, text, (gssize)length);
}

static gboolean
parse (Reader *reader, const char *text, GError **error)
{
  static const GMarkupParser parser
      = { .start_element = start_element, .end_element = end_element, .text = take_text };
  g_autoptr (GMarkupParseContext) context
      = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, reader, NULL);
  g_autoptr (GError) problem = NULL;

  if (!g_markup_parse_context_parse (context, text, -1, &problem)
      || !g_markup_parse_context_end_parse (context, &problem))
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "The XMP is damaged: %s",
                 problem->message);
  else if (!reader->is_rdf)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "This is not XMP: it contains no RDF");
  else
    return TRUE;
  return FALSE;
}

gboolean
decoder_xmp_read (DecoderMetadata *self, const char *packet, gsize size, GError **error)
{
  Reader reader = { .out = self };
  g_autofree char *text = NULL;
  const char *start;
  gboolean ok;

  if (size > MAX_PACKET)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT, "The XMP is too large");
      return FALSE;
    }
  reader.prefixes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  reader.text = g_string_new (NULL);
  text = g_utf8_make_valid (packet, (gssize)strnlen (packet, size));
  start = g_str_has_prefix (text, BYTE_ORDER_MARK) ? text + strlen (BYTE_ORDER_MARK) : text;
  /* Values read before an error are kept. */
  ok = parse (&reader, start, error);
  g_hash_table_unref (reader.prefixes);
  g_string_free (reader.text, TRUE);
  return ok;
}

/* XMP is designed to be found without knowing the format around it (part 3 of Adobe's
 * specification, "packet scanning"): it begins and ends with unique elements. */
void
decoder_xmp_scan (DecoderMetadata *self, int fd)
{
  g_autoptr (GByteArray) kept = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (SCAN_BLOCK);
  const guint8 *begin = NULL, *end = NULL;
  off_t offset = 0;
  ssize_t n;

  while (end == NULL && offset < MAX_SCANNED && (n = pread (fd, buffer, SCAN_BLOCK, offset)) > 0)
    {
      g_byte_array_append (kept, buffer, (guint)n);
      offset += n;
      begin = memmem (kept->data, kept->len, PACKET_BEGIN, strlen (PACKET_BEGIN));
      if (begin != NULL)
        end = memmem (begin, kept->len - (gsize)(begin - kept->data), PACKET_END,
                      strlen (PACKET_END));
      /* Without a packet, keep only what may be the first half of a start marker. */
      if (begin == NULL && kept->len > strlen (PACKET_BEGIN))
        g_byte_array_remove_range (kept, 0, kept->len - (guint)strlen (PACKET_BEGIN));
      else if (kept->len > MAX_PACKET + SCAN_BLOCK)
        return;
    }
  if (end != NULL)
    decoder_xmp_read (self, (const char *)begin, (gsize)(end - begin) + strlen (PACKET_END), NULL);
}
