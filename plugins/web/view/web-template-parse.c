/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-template-private.h"

#include <booru.h>
#include <string.h>

/* Where in the HTML the parser stands, as far as escaping depends on it. */
typedef enum
{
  HTML_TEXT,
  HTML_TAG,
  HTML_DOUBLE_QUOTED,
  HTML_SINGLE_QUOTED,
  HTML_COMMENT,
} HtmlState;

typedef struct
{
  WebTemplate *template;
  const char *start; /* of what is parsed: the source, or a translation */
  const char *at;
  guint line;
  HtmlState html;
  guint open[WEB_TEMPLATE_MAX_DEPTH]; /* nodes whose end is still to come */
  guint n_open;
} Parser;

static gboolean
fail (Parser *self, GError **error, const char *message, const char *what)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "Template %s, line %u: %s%s",
               self->template->name, self->line, message, what);
  return FALSE;
}

static void
add_node (Parser *self, WebNodeKind kind, const char *text, gsize length)
{
  WebNode node = { kind, self->line, self->template->nodes->len + 1, text, length };

  g_array_append_val (self->template->nodes, node);
}

static void
follow_html (Parser *self, const char *text, gsize length)
{
  for (const char *c = text; c < text + length; c++)
    switch (self->html)
      {
      case HTML_TEXT:
        if (g_str_has_prefix (c, "<!--"))
          self->html = HTML_COMMENT;
        else if (*c == '<')
          self->html = HTML_TAG;
        break;
      case HTML_TAG:
        if (*c == '"')
          self->html = HTML_DOUBLE_QUOTED;
        else if (*c == '\'')
          self->html = HTML_SINGLE_QUOTED;
        else if (*c == '>')
          self->html = HTML_TEXT;
        break;
      case HTML_DOUBLE_QUOTED:
        if (*c == '"')
          self->html = HTML_TAG;
        break;
      case HTML_SINGLE_QUOTED:
        if (*c == '\'')
          self->html = HTML_TAG;
        break;
      case HTML_COMMENT:
        if (g_str_has_prefix (c, "-->"))
          self->html = HTML_TEXT;
        break;
      }
}

/* Adds the text up to @end line by line, without the white space that lines begin with. */
static void
add_text (Parser *self, const char *end, gboolean at_line_start)
{
  const char *c = self->at;

  follow_html (self, c, end - c);
  while (c < end)
    {
      const char *newline = memchr (c, '\n', end - c);
      const char *next = newline ? newline + 1 : end;

      while (at_line_start && c < next && (*c == ' ' || *c == '\t'))
        c++;
      if (c < next && !(at_line_start && *c == '\n'))
        add_node (self, WEB_NODE_TEXT, c, next - c);
      if (newline)
        self->line++;
      at_line_start = newline != NULL;
      c = next;
    }
  self->at = end;
}

static gboolean
close_node (Parser *self, const char *name, GError **error)
{
  WebNode *node;

  if (self->n_open == 0)
    return fail (self, error, "this closes a tag that is not open: ", name);

  node = &g_array_index (self->template->nodes, WebNode, self->open[self->n_open - 1]);
  if (strcmp (node->text, name) != 0)
    return fail (self, error, "the wrong tag closes ", node->text);

  node->end = self->template->nodes->len;
  self->n_open--;
  return TRUE;
}

static gboolean
open_node (Parser *self, WebNodeKind kind, const char *name, GError **error)
{
  if (self->n_open == WEB_TEMPLATE_MAX_DEPTH)
    return fail (self, error, "tags are nested too deeply at ", name);

  self->open[self->n_open++] = self->template->nodes->len;
  add_node (self, kind, name, strlen (name));
  return TRUE;
}

static gboolean
is_name (const char *name)
{
  return *name && strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789_-/") == strlen (name);
}

/* @sigil: the character that begins the tag, 0 for a plain value, '{' for a raw one. */
static gboolean
add_tag (Parser *self, char sigil, const char *name, GError **error)
{
  if (sigil != '!' && !is_name (name))
    return fail (self, error, "not a name: ", name);
  if ((sigil == 0 && (self->html == HTML_TAG || self->html == HTML_COMMENT))
      || (sigil == '{' && self->html != HTML_TEXT))
    return fail (self, error, "a value may stand in text and in quoted attributes only: ", name);

  switch (sigil)
    {
    case '#':
      return open_node (self, WEB_NODE_SECTION, name, error);
    case '^':
      return open_node (self, WEB_NODE_INVERTED, name, error);
    case '<':
      return open_node (self, WEB_NODE_LAYOUT, name, error);
    case '$':
      return open_node (self, WEB_NODE_BLOCK, name, error);
    case '/':
      return close_node (self, name, error);
    case '>':
      add_node (self, WEB_NODE_PARTIAL, name, strlen (name));
      return TRUE;
    case '{':
      add_node (self, WEB_NODE_RAW, name, strlen (name));
      return TRUE;
    case '!':
      return TRUE;
    default:
      add_node (self, WEB_NODE_ESCAPED, name, strlen (name));
      return TRUE;
    }
}

/* A text as it stands in the catalogues: white space with a line's end in it is one space. */
static const char *
normalise_text (Parser *self, const char *text, gsize length)
{
  g_auto (GStrv) lines = NULL;
  g_autofree char *copy = g_strndup (text, length), *joined = NULL;

  lines = g_strsplit (g_strstrip (copy), "\n", -1);
  for (char **line = lines; *line; line++)
    g_strstrip (*line);
  joined = g_strjoinv (" ", lines);
  return g_string_chunk_insert_const (self->template->names, joined);
}

static const char *
translate (Parser *self, const char *text)
{
  return g_string_chunk_insert_const (self->template->names, booru_i18n_translate (text));
}

static gboolean parse_until (Parser *self, const char *end, GError **error);

/* Parses @text, which is no part of the source, where the parser stands. */
static gboolean
parse_translation (Parser *self, const char *text, GError **error)
{
  const char *at = self->at, *start = self->start;
  guint line = self->line, n_open = self->n_open;
  gboolean success;

  self->at = self->start = text;
  success = parse_until (self, text + strlen (text), error);
  if (success && self->n_open != n_open)
    success = fail (self, error, "a tag is not closed within the text: ", text);
  self->at = at;
  self->start = start;
  self->line = line;
  return success;
}

static gboolean
add_alternative (Parser *self, const char *text, GError **error)
{
  HtmlState html = self->html;

  if (!open_node (self, WEB_NODE_ALTERNATIVE, text, error) || !parse_translation (self, text, error)
      || !close_node (self, text, error))
    return FALSE;
  self->html = html;
  return TRUE;
}

/* Of the languages that are spoken, none has a form that does not occur up to here. */
#define MAX_PLURAL 1000

static gboolean
add_plural (Parser *self, const char *name, const char *one, const char *many, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  HtmlState html = self->html;

  if (!open_node (self, WEB_NODE_PLURAL, name, error) || !add_alternative (self, one, error)
      || !add_alternative (self, many, error))
    return FALSE;
  g_hash_table_add (seen, (gpointer)one);
  g_hash_table_add (seen, (gpointer)many);
  for (gulong n = 0; n <= MAX_PLURAL; n++)
    {
      const char *text = booru_i18n_translate_plural (one, many, n);

      if (g_hash_table_add (seen, (gpointer)text)
          && !add_alternative (self, g_string_chunk_insert_const (self->template->names, text),
                               error))
        return FALSE;
    }
  self->html = html;
  return close_node (self, name, error);
}

/* The text between "{{_}}" and "{{/_}}", which begins at self->at. */
static gboolean
parse_text (Parser *self, const char *name, GError **error)
{
  const char *end = strstr (self->at, "{{/_}}"), *bar = strstr (self->at, "{{|}}");
  const char *text = self->at;
  gboolean success;

  if (end == NULL)
    return fail (self, error, "a text is not closed", "");
  if (*name == '\0')
    success = parse_translation (self, translate (self, normalise_text (self, text, end - text)),
                                 error);
  else if (bar == NULL || bar > end)
    success = fail (self, error, "the text has no form for several: ", name);
  else
    success = add_plural (
        self, name, normalise_text (self, text, bar - text),
        normalise_text (self, bar + strlen ("{{|}}"), end - bar - strlen ("{{|}}")), error);
  for (const char *c = text; c < end; c++)
    self->line += *c == '\n';
  self->at = end + strlen ("{{/_}}");
  return success;
}

/* Whether only blanks stand between @from and the end of the line; @next: behind it. */
static gboolean
rest_is_blank (const char *from, const char **next)
{
  from += strspn (from, " \t\r");
  *next = *from == '\n' ? from + 1 : from;
  return *from == '\n' || *from == '\0';
}

/* The tag at self->at, which begins with "{{". */
static gboolean
parse_tag (Parser *self, gboolean blank_before, GError **error)
{
  gboolean raw = self->at[2] == '{';
  const char *from = self->at + (raw ? 3 : 2);
  const char *end = strstr (from, raw ? "}}}" : "}}");
  const char *behind, *next;
  g_autofree char *inner = NULL;
  char sigil = raw ? '{' : 0;

  if (end == NULL)
    return fail (self, error, "a tag is not closed", "");
  behind = end + (raw ? 3 : 2);

  if (!raw && strchr ("#^<>$/!_", *from))
    sigil = *from++;
  inner = g_strstrip (g_strndup (from, end - from));
  if (sigil == '_')
    {
      self->at = behind;
      return parse_text (self, g_string_chunk_insert_const (self->template->names, inner), error);
    }
  if (!add_tag (self, sigil, g_string_chunk_insert_const (self->template->names, inner), error))
    return FALSE;

  /* Comments may span lines. */
  for (const char *c = self->at; c < behind; c++)
    self->line += *c == '\n';
  self->at = behind;

  if (sigil && !raw && blank_before && rest_is_blank (behind, &next))
    {
      self->line += next > behind && next[-1] == '\n';
      self->at = next;
    }
  return TRUE;
}

static gboolean
parse_until (Parser *self, const char *limit, GError **error)
{
  while (self->at < limit)
    {
      gboolean at_line_start
          = self->at > self->start ? self->at[-1] == '\n' : self->start == self->template->source;
      const char *tag = strstr (self->at, "{{");
      const char *end = tag ? tag : limit;
      const char *line = end;

      while (line > self->start && (line[-1] == ' ' || line[-1] == '\t'))
        line--;

      add_text (self, end, at_line_start);
      if (tag
          && !parse_tag (self,
                         line == self->template->source || (line > self->start && line[-1] == '\n'),
                         error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse (WebTemplate *template, GError **error)
{
  Parser self
      = { .template = template, .start = template->source, .at = template->source, .line = 1 };

  if (!parse_until (&self, template->source + strlen (template->source), error))
    return FALSE;
  if (self.n_open > 0)
    return fail (&self, error, "the file ends within ",
                 g_array_index (template->nodes, WebNode, self.open[self.n_open - 1]).text);
  return TRUE;
}

WebTemplate *
web_template_parse (const char *name, const char *text, gssize length, GError **error)
{
  WebTemplate *self = g_new0 (WebTemplate, 1);

  self->name = g_strdup (name);
  self->source = length < 0 ? g_strdup (text) : g_strndup (text, length);
  self->nodes = g_array_new (FALSE, FALSE, sizeof (WebNode));
  self->names = g_string_chunk_new (256);

  if (!parse (self, error))
    {
      web_template_free (self);
      return NULL;
    }
  return self;
}

void
web_template_free (WebTemplate *self)
{
  g_free (self->name);
  g_free (self->source);
  g_array_unref (self->nodes);
  g_string_chunk_free (self->names);
  g_free (self);
}
