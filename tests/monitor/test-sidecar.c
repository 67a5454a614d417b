/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sidecars and rules as texts: what is made of each of the forms that programs write. */
#include <string.h>

#include "metadata/monitor-rules.h"
#include "metadata/monitor-sidecar.h"

typedef struct
{
  const char *text;
  MonitorSidecarResult result;
  const char *tags;
  char rating;
  const char *source;
  const char *left_out; /* joined; NULL: nothing */
  gsize length;         /* 0: up to a zero byte */
} Case;

static gsize
length_of (const Case *row)
{
  return row->length ? row->length : strlen (row->text);
}

static void
require (const Case *row, MonitorSidecarResult result, const MonitorTags *tags, GError *error)
{
  g_autoptr (BooruImport) import = monitor_tags_to_import (tags, "test");

  g_test_message ("%.60s", row->text);
  g_assert_cmpint (result, ==, row->result);
  g_assert_true ((error != NULL) == (result == MONITOR_SIDECAR_BROKEN));
  if (result == MONITOR_SIDECAR_READ || row->left_out != NULL)
    {
      g_autoptr (GPtrArray) left_out = g_ptr_array_copy (tags->left_out, NULL, NULL);
      g_autofree char *joined = NULL;

      g_ptr_array_set_free_func (left_out, NULL);
      g_ptr_array_add (left_out, NULL);
      joined = g_strjoinv (" | ", (char **)left_out->pdata);
      g_assert_cmpstr (joined, ==, row->left_out ? row->left_out : "");
    }
  if (result != MONITOR_SIDECAR_READ)
    return;
  g_assert_cmpstr (import->tags, ==, row->tags);
  g_assert_cmpint (import->rating, ==, row->rating);
  g_assert_cmpstr (import->source, ==, row->source);
}

static const Case jsons[] = {
  /* Danbooru, or a booru-host. */
  { "{\"category\": \"danbooru\", \"tag_string\": \"sky hatsune_miku someone\", "
    "\"tag_string_general\": \"sky\", \"tag_string_artist\": \"someone\", "
    "\"tag_string_character\": \"hatsune_miku\", \"tag_string_copyright\": \"\", "
    "\"tag_string_meta\": \"\", \"tags\": [\"sky\", \"hatsune_miku\", \"someone\"], "
    "\"rating\": \"s\", \"source\": \"https://example.org/1\", \"file_url\": \"https://x/y.jpg\"}",
    MONITOR_SIDECAR_READ, "character:hatsune_miku general:sky artist:someone", 's',
    "https://example.org/1" },
  { "{\"tag_string\": \"a\", \"rating\": \"g\", \"source\": \"\", \"file_url\": "
    "\"https://x/y.jpg\"}",
    MONITOR_SIDECAR_READ, "a", 'g', NULL },
  /* Gelbooru with --option tags=true. */
  { "{\"category\": \"gelbooru\", \"tags\": \"1girl solo\", \"tags_artist\": \"some_one\", "
    "\"tags_general\": \"1girl solo\", \"tags_metadata\": \"highres\", "
    "\"rating\": \"sensitive\", \"source\": \"\"}",
    MONITOR_SIDECAR_READ, "general:1girl meta:highres general:solo artist:some_one", 's', NULL },
  /* e621: by category, and an "s" is safe. */
  { "{\"category\": \"e621\", \"tags\": {\"general\": [\"grass\"], \"artist\": [\"x\"], "
    "\"species\": [\"canine\"], \"invalid\": [\"typo\"], \"lore\": []}, \"rating\": \"s\", "
    "\"sources\": [\"https://example.org/2\", \"https://example.org/3\"]}",
    MONITOR_SIDECAR_READ, "general:canine general:grass artist:x", 'g', "https://example.org/2",
    "typo" },
  /* Moebooru. */
  { "{\"category\": \"yandere\", \"tags\": \"landscape no_people\", \"rating\": \"s\", "
    "\"file_url\": \"https://files.yande.re/1.jpg\"}",
    MONITOR_SIDECAR_READ, "landscape no_people", 'g', "https://files.yande.re/1.jpg" },
  /* Pixiv: tags with blanks, and a page that is known by its number. */
  { "{\"category\": \"pixiv\", \"id\": 4711, \"tags\": [\"オリジナル\", \"blue sky\", \"R-18\"], "
    "\"rating\": \"R-18\", \"title\": \"x\"}",
    MONITOR_SIDECAR_READ, "blue_sky r-18 オリジナル", 'e', "https://www.pixiv.net/artworks/4711" },
  { "{\"category\": \"twitter\", \"tweet_id\": 12, \"author\": {\"name\": \"someone\"}, "
    "\"hashtags\": [\"art\"]}",
    MONITOR_SIDECAR_READ, "art", 0, "https://twitter.com/someone/status/12" },
  /* Hydrus: namespaces, in a list or by service. */
  { "{\"tags\": [\"creator:some one\", \"series:a series\", \"character:samus aran\", \"sky\", "
    "\"rating:explicit\", \"page:3\"], \"urls\": [\"https://example.org/4\"]}",
    MONITOR_SIDECAR_READ, "copyright:a_series character:samus_aran sky artist:some_one", 'e',
    "https://example.org/4", "page:3" },
  { "{\"tags\": {\"my tags\": {\"0\": [\"creator:x\", \"long hair\"]}}}", MONITOR_SIDECAR_READ,
    "long_hair artist:x", 0, NULL },
  { "{\"tags\": [{\"name\": \"x\", \"type\": \"artist\"}, {\"tag\": \"sky\"}]}",
    MONITOR_SIDECAR_READ, "sky artist:x", 0, NULL },
  { "{\"tags\": \"blue sky, long hair\"}", MONITOR_SIDECAR_READ, "blue_sky long_hair", 0, NULL },
  /* What cannot be a tag is mended, or left out. */
  { "{\"tags\": [\"-x\", \"a,b\", \"(unbalanced\", \"***\", \"\", 7, null, [\"n\"], \"new\", "
    "\"artist:a:b\", \"re:zero\"]}",
    MONITOR_SIDECAR_READ, "artist:a:b a_b re:zero unbalanced x", 0, NULL, "*** | new" },
  /* A comma in words that blanks separate is part of a word. */
  { "{\"category\": \"gelbooru\", \"tags\": \"1girl oh,_no! blue_eyes long_hair rating:safe\"}",
    MONITOR_SIDECAR_READ, "1girl blue_eyes long_hair oh_no!", 'g' },
  { "{\"tags\": \"1girl a,b blue_eyes artist:x\", \"rating\": \"e\"}", MONITOR_SIDECAR_READ,
    "1girl a_b blue_eyes artist:x", 'e' },
  { "{\"tags\": \"1girl solo, long_hair blue_eyes\"}", MONITOR_SIDECAR_READ,
    "1girl blue_eyes long_hair solo" },
  { "{\"tags_general\": \"sky yes,yes long_hair\", \"tags_artist\": \"some_one\"}",
    MONITOR_SIDECAR_READ, "general:long_hair general:sky artist:some_one general:yes_yes" },
  /* … and between tags with blanks it separates. */
  { "{\"tags\": \"blue sky,long hair,1girl\"}", MONITOR_SIDECAR_READ, "1girl blue_sky long_hair" },
  { "{\"tags\": \"blue sky, long_hair, >_<, rating:e,\"}", MONITOR_SIDECAR_READ,
    ">_< blue_sky long_hair", 'e' },
  { "[\"sky\", \"creator:some one\"]", MONITOR_SIDECAR_READ, "sky artist:some_one" },
  { "\xef\xbb\xbf{\"tags\": \"sky\"}", MONITOR_SIDECAR_READ, "sky" },
  { "\xff\xfe{\0\"\0t\0a\0g\0s\0\"\0:\0\"\0\xe4\0\"\0}\0", MONITOR_SIDECAR_READ, "ä", 0, NULL, NULL,
    26 },
  { "{\"rating\": 3, \"category\": \"x\", \"tags\": 5, \"source\": [1]}", MONITOR_SIDECAR_READ, "",
    0, NULL },
  /* JSON of other programs. */
  { "{\"name\": \"x\", \"url\": \"https://example.org\"}", MONITOR_SIDECAR_NONE },
  { "[1, 2]", MONITOR_SIDECAR_NONE },
  { "{\"tags\": [", MONITOR_SIDECAR_BROKEN },
  { "", MONITOR_SIDECAR_BROKEN },
  { "not json", MONITOR_SIDECAR_BROKEN },
};

static void
test_json (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (jsons); i++)
    {
      g_autoptr (MonitorTags) tags = monitor_tags_new ();
      g_autoptr (GError) error = NULL;
      MonitorSidecarResult result
          = monitor_sidecar_parse_json (tags, jsons[i].text, length_of (&jsons[i]), &error);

      require (&jsons[i], result, tags, error);
    }
}

/* How long frames are shown: of all of them and in order, or of none. */
static void
test_frames (void)
{
  static const struct
  {
    const char *frames;
    guint n;
    guint16 last;
  } cases[] = {
    { "[{\"file\": \"000000.jpg\", \"delay\": 60}, {\"file\": \"000001.jpg\", \"delay\": 65535}]",
      2, 65535 },
    { "[{\"file\": \"1.png\", \"delay\": 7}]", 1, 7 },
    { "[{\"file\": \"000000.jpg\", \"delay\": 60}, {\"file\": \"000002.jpg\", \"delay\": 60}]" },
    { "[{\"file\": \"000001.jpg\", \"delay\": 60}, {\"file\": \"000000.jpg\", \"delay\": 60}]" },
    { "[{\"file\": \"000000.jpg\", \"delay\": 0}]" },
    { "[{\"file\": \"000000.jpg\", \"delay\": 65536}]" },
    { "[{\"file\": \"000000.jpg\", \"delay\": \"60\"}]" },
    { "[{\"file\": \"../x.jpg\", \"delay\": 60}]" },
    { "[{\"delay\": 60}, 3, null]" },
    { "[]" },
    { "{\"0\": 60}" },
    { "24" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text
          = g_strdup_printf ("{\"category\": \"pixiv\", \"frames\": %s}", cases[i].frames);
      g_autoptr (MonitorTags) tags = monitor_tags_new ();

      g_test_message ("%s", text);
      g_assert_cmpint (monitor_sidecar_parse_json (tags, text, strlen (text), NULL), ==,
                       MONITOR_SIDECAR_READ);
      g_assert_cmpuint (tags->delays ? tags->delays->len : 0, ==, cases[i].n);
      if (cases[i].n > 0)
        g_assert_cmpuint (g_array_index (tags->delays, guint16, cases[i].n - 1), ==, cases[i].last);
    }
}

static const Case texts[] = {
  { "sky\nlong_hair\r\nhatsune miku\n\n", MONITOR_SIDECAR_READ, "hatsune_miku long_hair sky" },
  { "\xef\xbb\xbf"
    "creator:some one\nseries:x\ntitle:Hello, world\npage:2\nrating:questionable\n",
    MONITOR_SIDECAR_READ, "artist:some_one copyright:x", 'q', NULL, "title:Hello, world | page:2" },
  /* In lines of one tag each a comma is part of a tag; in lists it separates, also over lines. */
  { "good tag\nbad,comma\nlast one\n", MONITOR_SIDECAR_READ, "bad_comma good_tag last_one" },
  { "oh, no!\nsky\nlong hair\nseries:hello, world\n", MONITOR_SIDECAR_READ,
    "copyright:hello_world long_hair oh_no! sky" },
  { "1girl, solo,\nlong hair, blue eyes\n", MONITOR_SIDECAR_READ,
    "1girl blue_eyes long_hair solo" },
  { "a, b, c,", MONITOR_SIDECAR_READ, "a b c" },
  { "a,b,,c", MONITOR_SIDECAR_READ, "a b c" },
  { "creator:some one, series:x, rating:safe", MONITOR_SIDECAR_READ, "artist:some_one copyright:x",
    'g' },
  { "1girl oh,_no! blue_eyes long_hair rating:safe", MONITOR_SIDECAR_READ,
    "1girl blue_eyes long_hair oh_no!", 'g' },
  { "1girl solo artist:some_one", MONITOR_SIDECAR_READ, "1girl solo artist:some_one" },
  { "blue sky; long hair; ;)", MONITOR_SIDECAR_READ, ";) blue_sky long_hair" },
  { "\"blue sky\", 'long hair', \"a, b\", 5\"", MONITOR_SIDECAR_READ,
    "5\" a_b blue_sky long_hair" },
  { "[\"sky\", \"long hair\"]", MONITOR_SIDECAR_READ, "long_hair sky" },
  { "{\"tags\": [\"sky\"], \"rating\": \"q\"}", MONITOR_SIDECAR_READ, "sky", 'q' },
  { "source:https://example.org/a,b_c d\nsky\n", MONITOR_SIDECAR_READ, "sky", 0,
    "https://example.org/a,b_c d" },
  /* Captions, with weights. What is no tag among them is told. */
  { "1girl, hatsune miku \\(cosplay\\), (long hair:1.2), ((sky)), <lora:x:0.8>, rating:unknown",
    MONITOR_SIDECAR_READ, "1girl hatsune_miku_(cosplay) long_hair sky", 0, NULL,
    "<lora:x:0.8> | rating:unknown" },
  { "1girl, solo, a girl who sits on a bench in the park, sky", MONITOR_SIDECAR_READ,
    "1girl sky solo", 0, NULL, "a girl who sits on a bench in the park" },
  { "sky\nlong hair\nThis is what I thought of it at that time.\n", MONITOR_SIDECAR_READ,
    "long_hair sky", 0, NULL, "This is what I thought of it at that time." },
  /* Other encodings. */
  { "\xff\xfes\0k\0y\0\r\0\n\0\xe4\0,\0b\0", MONITOR_SIDECAR_READ, "sky ä_b", 0, NULL, NULL, 18 },
  { "\xfe\xff\0s\0k\0y", MONITOR_SIDECAR_READ, "sky", 0, NULL, NULL, 8 },
  { "caf\xe9, r\xf6tlich", MONITOR_SIDECAR_READ, "café rötlich" },
  { "\x83\x41\x83\x6a\x83\x81", MONITOR_SIDECAR_BROKEN }, /* Shift JIS */
  { "\xd6\xd0\xce\xc4", MONITOR_SIDECAR_BROKEN },         /* GBK */
  { "sk\0y", MONITOR_SIDECAR_BROKEN, NULL, 0, NULL, NULL, 4 },
  { "1girl, solo, long hair, looking at viewer", MONITOR_SIDECAR_READ,
    "1girl long_hair looking_at_viewer solo" },
  { "1girl solo long_hair", MONITOR_SIDECAR_READ, "1girl long_hair solo" },
  { "sky\n", MONITOR_SIDECAR_READ, "sky" },
  { "long hair", MONITOR_SIDECAR_READ, "long_hair" },
  { "", MONITOR_SIDECAR_READ, "" },
  /* Prose, and what the web UI of Stable Diffusion writes beside its pictures. */
  { "a photo of a cat on a mat", MONITOR_SIDECAR_NONE, NULL, 0, NULL, "a photo of a cat on a mat" },
  { "A cat is sitting on the old mat, looking at the viewer.", MONITOR_SIDECAR_NONE },
  { "Dear diary,\ntoday I was at the lake.\n", MONITOR_SIDECAR_NONE },
  { "a lake at dusk, (trees:1.2), masterpiece\nNegative prompt: people\nSteps: 20, Size: 8x8",
    MONITOR_SIDECAR_NONE },
};

static void
test_text (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (MonitorTags) tags = monitor_tags_new ();
      g_autoptr (GError) error = NULL;
      MonitorSidecarResult result
          = monitor_sidecar_parse_text (tags, texts[i].text, length_of (&texts[i]), &error);

      require (&texts[i], result, tags, error);
    }
}

#define XMP(attributes, inside)                                                                    \
  "<?xpacket begin='\xef\xbb\xbf' id='W5M0MpCehiHzreSzNTczkc9d'?>\n"                               \
  "<x:xmpmeta xmlns:x='adobe:ns:meta/' x:xmptk='XMP Core 4.4.0-Exiv2'>\n"                          \
  " <rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n"                           \
  "  <rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/'"                    \
  " xmlns:lr='http://ns.adobe.com/lightroom/1.0/' xmlns:xmp='http://ns.adobe.com/xap/1.0/'"        \
  " xmlns:digiKam='http://www.digikam.org/ns/1.0/'"                                                \
  " xmlns:darktable='http://darktable.sf.net/' " attributes ">\n" inside                           \
  "  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end='w'?>"
#define ITEMS(name, kind, items) "<" name "><rdf:" kind ">" items "</rdf:" kind "></" name ">\n"
#define ITEM(text) "<rdf:li>" text "</rdf:li>"

static const Case xmps[] = {
  /* darktable, with its history of edits. */
  { XMP ("xmp:Rating='4' darktable:xmp_version='5'",
         ITEMS ("dc:subject", "Seq", ITEM ("lake") ITEM ("night sky")) ITEMS (
             "lr:hierarchicalSubject",
             "Seq",
             ITEM ("Places|lake") ITEM (
                 "night sky")) "<darktable:history><rdf:Seq><rdf:li darktable:operation='exposure' "
                               "darktable:params='gz02eJxjYGBg'/></rdf:Seq></darktable:history>"),
    MONITOR_SIDECAR_READ, "lake night_sky" },
  { XMP ("xmp:Rating='-1' darktable:auto_presets_applied='1'", ""), MONITOR_SIDECAR_READ, "" },
  /* Lightroom: groups that say what a keyword is. */
  { XMP ("",
         ITEMS ("lr:hierarchicalSubject",
                "Bag",
                ITEM ("Artist|some one") ITEM ("Places|Europe|Berlin") ITEM ("alone"))
             ITEMS ("dc:subject", "Bag", ITEM ("some one") ITEM ("rating:explicit"))),
    MONITOR_SIDECAR_READ, "alone berlin artist:some_one", 'e' },
  /* digiKam: paths only, if it is told so. */
  { "\xef\xbb\xbf" XMP ("dc:source='https://example.org/5'",
                        ITEMS ("digiKam:TagsList",
                               "Seq",
                               ITEM ("Character/Hatsune Miku") ITEM ("Gr&#252;n &amp; Blau"))),
    MONITOR_SIDECAR_READ, "grün_&_blau character:hatsune_miku", 0, "https://example.org/5" },
  /* Nothing is fetched or expanded. */
  { "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>"
    "<!ENTITY c SYSTEM 'file:///etc/passwd'>]>" XMP ("",
                                                     ITEMS ("dc:subject", "Bag", ITEM ("&b;&c;"))),
    MONITOR_SIDECAR_BROKEN },
  { XMP ("", "<dc:subject>"), MONITOR_SIDECAR_BROKEN },
  { "<?xml version='1.0'?><html><body>a page</body></html>", MONITOR_SIDECAR_BROKEN },
  { "some text", MONITOR_SIDECAR_BROKEN },
  { "", MONITOR_SIDECAR_BROKEN },
};

static void
test_xmp (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (xmps); i++)
    {
      g_autoptr (MonitorTags) tags = monitor_tags_new ();
      g_autoptr (GError) error = NULL;
      MonitorSidecarResult result
          = monitor_sidecar_parse_xmp (tags, xmps[i].text, strlen (xmps[i].text), &error);

      require (&xmps[i], result, tags, error);
    }
}

/* As large as is read, in ways that cost most: an answer comes, in bounded time and memory. */
static void
test_xmp_hostile (void)
{
  static const char *const pieces[]
      = { "<a>", "<a/>", "<a xmlns:p='q'/>", "<rdf:li>x</rdf:li>", "&amp;", "<!---->", "<?a?>" };
  static const char start[] = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
                              "xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:subject>";

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (GString) text = g_string_new (start);
      g_autoptr (MonitorTags) tags = monitor_tags_new ();
      g_autoptr (GError) error = NULL;

      while (text->len + strlen (pieces[i]) <= MONITOR_SIDECAR_MAX_SIZE)
        g_string_append (text, pieces[i]);
      g_assert_cmpint (monitor_sidecar_parse_xmp (tags, text->str, text->len, &error), ==,
                       MONITOR_SIDECAR_BROKEN);
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
      if (i == 0)
        g_assert_nonnull (strstr (error->message, "too deeply"));
      g_assert_cmpuint (g_hash_table_size (tags->names), <=, 1);
    }
}

static void
test_names (void)
{
  static const char *const names[][4] = {
    { "d/a.jpg.json", "d/a.jpg", "ab/cd/md5.jpg", "ab/cd/md5.jpg.json" },
    { "d/a.json", "d/a.jpg", "ab/cd/md5.jpg", "ab/cd/md5.json" },
    { "a.txt", "a.jpg", "duplicates/a (2).jpg", "duplicates/a (2).txt" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = monitor_sidecar_dup_name_for (names[i][0], names[i][1], names[i][2]);

      g_assert_cmpstr (name, ==, names[i][3]);
    }
  g_assert_true (monitor_sidecar_is_named_like ("a.jpg.json"));
  g_assert_true (monitor_sidecar_is_named_like ("a.jpg.xmp"));
  g_assert_false (monitor_sidecar_is_named_like ("a.jpg"));
  g_assert_false (monitor_sidecar_is_named_like ("a.jpg.reason.txt"));
}

static GPtrArray *
parse_rules (const char *text, GError **error)
{
  g_autoptr (GVariant) value
      = g_variant_parse (G_VARIANT_TYPE ("a(aya{sv})"), text, NULL, NULL, NULL);

  g_assert_nonnull (value);
  return booru_folder_rules_parse (value, error);
}

static void
require_imports (MonitorRules *rules,
                 const char *path,
                 const char *metadata,
                 const MonitorTags *sidecar,
                 const char *expected)
{
  g_autoptr (GPtrArray) imports = monitor_rules_make_imports (rules, path, metadata, sidecar);
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < imports->len; i++)
    {
      const BooruImport *import = imports->pdata[i];

      g_string_append_printf (found, "%s(%s)%c ", import->origin, import->tags,
                              import->rating ? import->rating : '-');
    }
  g_assert_cmpstr (found->str, ==, expected);
}

static void
test_rules (void)
{
  static const char text[]
      = "[(b'/p/drafts/', {'tags': <'artist:me wip'>, 'rating': <'explicit'>, 'sidecars': "
        "<false>}),"
        " (b'/p', {'tags': <'mine'>, 'rating': <'s'>, 'folder-names': <'all'>}),"
        " (b'/p/by name', {'folder-names': <'last'>, 'embedded': <false>}),"
        " (b'/q\\377', {'tags': <'odd'>})]";
  static const char keywords[] = "{\"XMP:Subject\":[\"cat\",\"creator:x\"],\"IPTC:Keywords\":"
                                 "[\"a, b\"],\"EXIF:XPKeywords\":\"c;d e\",\"EXIF:Model\":\"K\","
                                 "\"XMP:TagsList\":[\"Artist/x\",\"Places/cat\"]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (MonitorRules) rules = monitor_rules_new (parse_rules (text, &error));
  g_autoptr (MonitorTags) sidecar = monitor_tags_new (), rated = monitor_tags_new ();

  g_assert_no_error (error);
  monitor_tags_add (sidecar, "sky", -1);
  monitor_tags_set_rating (rated, 'g');
  require_imports (rules, "/elsewhere/a.jpg", NULL, NULL, "folder()- ");
  require_imports (rules, "/elsewhere/a.jpg", keywords, sidecar,
                   "sidecar(sky)- embedded(a b c cat d_e artist:x)- folder()- ");
  require_imports (rules, "/p/x/deep_er/a.jpg", NULL, NULL, "folder(deep_er mine x)s ");
  require_imports (rules, "/p/a.jpg", NULL, rated, "sidecar()g folder(mine)- ");
  require_imports (rules, "/p/drafts/a.jpg", NULL, sidecar,
                   "sidecar()- folder(drafts artist:me mine wip)e ");
  require_imports (rules, "/p/by name/x/y/a.jpg", keywords, NULL, "embedded()- folder(mine y)s ");
  require_imports (rules, "/p/by name/a.jpg", keywords, NULL, "embedded()- folder(mine)s ");
  require_imports (rules, "/pictures/a.jpg", NULL, NULL, "folder()- ");
  require_imports (rules, "/q\377/a.jpg", NULL, NULL, "folder(odd)- ");
}

static void
test_wrong_rules (void)
{
  static const char *const wrong[][2] = {
    { "[(b'pictures', {})]", "starting with “/”" },
    { "[(b'/p', {'rating': <'x'>})]", "not “x”" },
    { "[(b'/p', {'folder-names': <'some'>})]", "none, last or all" },
    { "[(b'/p', {'sidecars': <'yes'>})]", "'sidecars': <'yes'> is not a known option" },
    { "[(b'/p', {'exclude': <['a', '//']>})]", "an empty pattern" },
    { "[(b'/p', {'exclude': <'a'>})]", "'exclude': <'a'> is not a known option" },
    { "[(b'/p', {}), (b'/p\\377', {'tag': <'x'>})]", "'tag'" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse_rules (wrong[i][0], &error));
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, wrong[i][1]));
      g_assert_nonnull (strstr (error->message, "The rule for the folder"));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor/sidecar/json", test_json);
  g_test_add_func ("/monitor/sidecar/frames", test_frames);
  g_test_add_func ("/monitor/sidecar/text", test_text);
  g_test_add_func ("/monitor/sidecar/xmp", test_xmp);
  g_test_add_func ("/monitor/sidecar/xmp-hostile", test_xmp_hostile);
  g_test_add_func ("/monitor/sidecar/names", test_names);
  g_test_add_func ("/monitor/sidecar/rules", test_rules);
  g_test_add_func ("/monitor/sidecar/wrong-rules", test_wrong_rules);
  return g_test_run ();
}
