/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <booru.h>
#include <libintl.h>
#include <locale.h>

#include "web-resources.h"
#include "view/web-template.h"

#define HOSTILE "<script>alert('x')</script>\"&"
#define HARMLESS "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;"

/* What @text shows of @values. */
static char *
render (const char *text, const WebDict *values)
{
  g_autoptr (WebTemplates) templates = web_templates_new (TRUE);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  web_templates_add (templates, "test", text, -1, &error);
  g_assert_no_error (error);
  web_templates_render (templates, "test", values, out, &error);
  g_assert_no_error (error);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
assert_renders (const char *text, const WebDict *values, const char *expected)
{
  g_autofree char *html = render (text, values);

  g_assert_cmpstr (html, ==, expected);
}

static void
assert_refused (const char *text, const char *message)
{
  g_autoptr (WebTemplates) templates = web_templates_new (TRUE);
  g_autoptr (GError) error = NULL;

  g_assert_false (web_templates_add (templates, "test", text, -1, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, message));
}

static void
test_values_are_escaped (void)
{
  g_autoptr (WebDict) values = web_dict_new ();

  web_dict_set_string (values, "hostile", HOSTILE);
  assert_renders ("<p>{{hostile}}</p>", values, "<p>" HARMLESS "</p>");
  assert_renders ("<p title=\"{{hostile}}\">", values, "<p title=\"" HARMLESS "\">");
  assert_renders ("<p title='{{hostile}}'>", values, "<p title='" HARMLESS "'>");
}

static void
test_only_html_is_raw (void)
{
  g_autoptr (WebDict) values = web_dict_new ();

  web_dict_set_string (values, "hostile", HOSTILE);
  web_dict_take_html (values, "safe", g_strdup ("<b>bold</b>"));
  assert_renders ("{{{safe}}}", values, "<b>bold</b>");
  assert_renders ("{{{hostile}}}", values, HARMLESS);
  assert_renders ("{{safe}}", values, "&lt;b&gt;bold&lt;/b&gt;");
}

static void
test_values_belong_into_quotes (void)
{
  assert_refused ("<p>\n<a href={{name}}>", "line 2: a value may stand in text");
  assert_refused ("<a {{name}}=\"x\">", "a value may stand");
  assert_refused ("<{{name}}>", "a value may stand");
  assert_refused ("<!-- {{name}} -->", "a value may stand");
  assert_refused ("<a href=\"{{{name}}}\">", "a value may stand");
  assert_refused ("<a href=\"x\">y</a><a{{#more}} href={{name}}{{/more}}>", "a value may stand");
}

static void
test_mistakes_are_told (void)
{
  assert_refused ("a\nb\n{{#open}}", "line 3: the file ends within open");
  assert_refused ("{{/never}}", "closes a tag that is not open: never");
  assert_refused ("{{#a}}{{#b}}{{/a}}{{/b}}", "the wrong tag closes b");
  assert_refused ("{{a", "a tag is not closed");
  assert_refused ("{{a b}}", "not a name: a b");
  assert_refused ("{{}}", "not a name");
}

static void
test_unknown_names (void)
{
  g_autoptr (WebDict) values = web_dict_new ();

  for (int strict = 0; strict < 2; strict++)
    {
      g_autoptr (WebTemplates) templates = web_templates_new (strict);
      g_autoptr (GString) out = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      gboolean success;

      g_assert_true (web_templates_add (templates, "page", "a\n{{unknown}}b", -1, NULL));
      success = web_templates_render (templates, "page", values, out, &error);
      g_assert_cmpint (success, ==, !strict);
      if (strict)
        {
          g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
          g_assert_nonnull (strstr (error->message, "page, line 2"));
        }
      else
        g_assert_cmpstr (out->str, ==, "a\nb");
    }
}

static void
test_sections (void)
{
  g_autoptr (WebDict) values = web_dict_new ();
  WebList *list = web_dict_add_list (values, "list");
  WebDict *dict = web_dict_add_dict (values, "dict");

  for (int i = 1; i <= 3; i++)
    {
      WebDict *item = web_list_append (list);

      web_dict_set_int (item, "n", i);
      web_dict_set_boolean (item, "odd", i % 2);
    }
  web_dict_add_list (values, "none");
  web_dict_set_boolean (values, "yes", TRUE);
  web_dict_set_boolean (values, "no", FALSE);
  web_dict_set_string (values, "empty", "");
  web_dict_set_string (values, "name", "outer");
  web_dict_set_string (dict, "name", "inner");

  assert_renders ("{{#list}}{{n}}{{#odd}}!{{/odd}} {{/list}}", values, "1! 2 3! ");
  assert_renders ("{{#none}}x{{/none}}{{^none}}y{{/none}}", values, "y");
  assert_renders ("{{#yes}}a{{/yes}}{{#no}}b{{/no}}{{^no}}c{{/no}}", values, "ac");
  assert_renders ("{{#empty}}a{{/empty}}{{^empty}}b{{/empty}}", values, "b");
  assert_renders ("{{#name}}{{name}}{{/name}}", values, "outer");
  assert_renders ("{{#dict}}{{name}}{{/dict}} {{name}}", values, "inner outer");
  assert_renders ("{{#list}}{{name}}{{/list}}", values, "outerouterouter");
}

static void
test_white_space (void)
{
  g_autoptr (WebDict) values = web_dict_new ();

  web_dict_set_boolean (values, "yes", TRUE);
  web_dict_set_string (values, "a", "A");
  assert_renders ("<ul>\n  {{#yes}}\n  <li>{{a}} {{a}}</li>\n  {{/yes}}\n</ul>\n", values,
                  "<ul>\n<li>A A</li>\n</ul>\n");
  assert_renders ("x\n  {{! a comment\n of two lines }}\n\n  y", values, "x\ny");
  assert_renders ("{{#yes}} x {{/yes}} y", values, " x  y");
  assert_renders ("  {{a}}\n{{a}}", values, "A\nA");
}

static void
test_layouts (void)
{
  g_autoptr (WebTemplates) templates = web_templates_new (TRUE);
  g_autoptr (WebDict) values = web_dict_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  web_dict_set_string (values, "name", "N");
  web_templates_add (templates, "base", "[{{$title}}base{{/title}}|{{$body}}{{/body}}]", -1, NULL);
  web_templates_add (templates, "middle",
                     "{{<base}}{{$body}}({{$inner}}-{{/inner}}){{/body}}{{/base}}", -1, NULL);
  web_templates_add (
      templates, "page",
      "{{<middle}}{{$title}}{{name}}{{/title}}{{$inner}}{{>part}}{{/inner}}{{/middle}}", -1, NULL);
  g_assert_false (web_templates_check (templates, "", &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
  g_clear_error (&error);

  web_templates_add (templates, "part", "<{{name}}>", -1, &error);
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_clear_error (&error);
  web_templates_add (templates, "part", "p{{name}}", -1, &error);
  g_assert_no_error (error);
  g_assert_true (web_templates_check (templates, "", &error));

  g_assert_true (web_templates_render (templates, "page", values, out, &error));
  g_assert_cmpstr (out->str, ==, "[N|(pN)]");
  g_string_truncate (out, 0);
  g_assert_true (web_templates_render (templates, "middle", values, out, &error));
  g_assert_cmpstr (out->str, ==, "[base|(-)]");
}

static void
test_recursion_ends (void)
{
  static const char *const endless[]
      = { "{{>self}}", "{{<self}}{{/self}}", "{{#list}}{{>self}}{{/list}}",
          "{{<other}}{{$a}}{{$a}}{{/a}}{{/a}}{{/other}}" };

  for (gsize i = 0; i < G_N_ELEMENTS (endless); i++)
    {
      g_autoptr (WebTemplates) templates = web_templates_new (TRUE);
      g_autoptr (WebDict) values = web_dict_new ();
      g_autoptr (GString) out = g_string_new (NULL);
      g_autoptr (GError) error = NULL;

      web_list_append (web_dict_add_list (values, "list"));
      web_templates_add (templates, "other", "{{$a}}{{/a}}", -1, &error);
      web_templates_add (templates, "self", endless[i], -1, &error);
      g_assert_no_error (error);
      g_assert_false (web_templates_render (templates, "self", values, out, &error));
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT);
    }
}

static void
test_values (void)
{
  g_autoptr (WebDict) values = web_dict_new ();

  web_dict_set_string (values, "a", "first");
  web_dict_set_string (values, "a", "last");
  web_dict_set_string (values, "bytes", "caf\xe9");
  web_dict_set_string (values, "null", NULL);
  web_dict_set_string (values, "unicode", "初音ミク ✨");
  assert_renders ("{{a}} {{bytes}} {{null}} {{unicode}}", values,
                  "last caf\xef\xbf\xbd  初音ミク ✨");
}

/* In the language of texts.po. */
static void
speak (void)
{
  if (!setlocale (LC_MESSAGES, "C.UTF-8"))
    g_error ("There is no locale C.UTF-8");
  g_setenv ("LANGUAGE", "pl", TRUE);
  bindtextdomain ("booru-host", TEXTS);
  bind_textdomain_codeset ("booru-host", "UTF-8");
}

static void
test_texts (void)
{
  g_autoptr (WebDict) values = web_dict_new ();

  web_dict_set_string (values, "name", HOSTILE);
  assert_renders ("{{_}}Saved by <b>{{name}}</b> today.{{/_}} {{_}}Nobody translated it{{/_}}",
                  values, "Saved by <b>" HARMLESS "</b> today. Nobody translated it");
  speak ();
  assert_renders ("<p title=\"{{_}}\n  Saved by <b>{{name}}</b>\n  today.\n{{/_}}\">\n", values,
                  "<p title=\"Dziś <b>" HARMLESS "</b> zapisał.\">\n");
}

static void
test_plurals (void)
{
  static const char *const shown[]
      = { "0 wpisów", "1 wpis", "2 wpisy", "4 wpisy", "5 wpisów", "12 wpisów", "1000002 wpisy" };
  const char *text = "{{_ n}}{{n}} post{{|}}{{n}} posts{{/_}}";

  for (gsize i = 0; i < G_N_ELEMENTS (shown); i++)
    {
      g_autoptr (WebDict) values = web_dict_new ();

      web_dict_set_int (values, "n", g_ascii_strtoll (shown[i], NULL, 10));
      assert_renders (text, values, shown[i]);
    }
}

static void
test_broken_texts (void)
{
  assert_refused ("{{_}}not closed", "a text is not closed");
  assert_refused ("{{_ n}}only one{{/_}}", "no form for several: n");
  assert_refused ("{{_}}Broken{{/_}}", "a tag is not closed within the text: {{#open}}");
}

static void
test_own_templates (void)
{
  g_autoptr (WebTemplates) templates = web_templates_new (TRUE);
  g_autoptr (GFile) folder = g_file_new_for_uri ("resource:///org/booru/web/templates");
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (web_resources_get_resource ());
  web_templates_add_folder (templates, folder, "", &error);
  g_assert_no_error (error);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/web/template/values-are-escaped", test_values_are_escaped);
  g_test_add_func ("/web/template/only-html-is-raw", test_only_html_is_raw);
  g_test_add_func ("/web/template/values-belong-into-quotes", test_values_belong_into_quotes);
  g_test_add_func ("/web/template/mistakes-are-told", test_mistakes_are_told);
  g_test_add_func ("/web/template/unknown-names", test_unknown_names);
  g_test_add_func ("/web/template/sections", test_sections);
  g_test_add_func ("/web/template/white-space", test_white_space);
  g_test_add_func ("/web/template/layouts", test_layouts);
  g_test_add_func ("/web/template/recursion-ends", test_recursion_ends);
  g_test_add_func ("/web/template/values", test_values);
  g_test_add_func ("/web/template/texts", test_texts);
  g_test_add_func ("/web/template/plurals", test_plurals);
  g_test_add_func ("/web/template/broken-texts", test_broken_texts);
  g_test_add_func ("/web/template/own-templates", test_own_templates);
  return g_test_run ();
}
