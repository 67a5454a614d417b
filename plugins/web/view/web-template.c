/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-template.h"

#include <booru.h>
#include <string.h>

#include "web-files.h"
#include "web-template-private.h"

struct _WebTemplates
{
  GHashTable *templates; /* name -> WebTemplate */
  gboolean strict;
};

WebTemplates *
web_templates_new (gboolean strict)
{
  WebTemplates *self = g_new0 (WebTemplates, 1);

  self->templates
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)web_template_free);
  self->strict = strict;
  return self;
}

void
web_templates_free (WebTemplates *self)
{
  g_hash_table_unref (self->templates);
  g_free (self);
}

gboolean
web_templates_add (WebTemplates *self,
                   const char *name,
                   const char *text,
                   gssize length,
                   GError **error)
{
  WebTemplate *template = web_template_parse (name, text, length, error);

  if (template == NULL)
    return FALSE;
  g_hash_table_replace (self->templates, template->name, template);
  return TRUE;
}

gboolean
web_templates_check (WebTemplates *self, const char *prefix, GError **error)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->templates);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const WebTemplate *template = value;

      if (!g_str_has_prefix (template->name, prefix))
        continue;
      for (guint i = 0; i < template->nodes->len; i++)
        {
          const WebNode *node = &g_array_index (template->nodes, WebNode, i);

          if (node->kind != WEB_NODE_PARTIAL && node->kind != WEB_NODE_LAYOUT)
            continue;
          if (g_hash_table_contains (self->templates, node->text))
            continue;
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                       "Template %s, line %u: there is no template %s", template->name, node->line,
                       node->text);
          return FALSE;
        }
    }
  return TRUE;
}

typedef struct
{
  WebTemplates *templates;
  const char *prefix;
} Addition;

static gboolean
add_file (const char *file, GBytes *contents, gpointer user_data, GError **error)
{
  Addition *addition = user_data;
  g_autofree char *name
      = g_strdup_printf ("%s%.*s", addition->prefix, (int)strcspn (file, "."), file);
  gsize length;
  const char *text = g_bytes_get_data (contents, &length);

  if (!g_str_has_suffix (file, ".html"))
    return TRUE;
  return web_templates_add (addition->templates, name, text, (gssize)length, error);
}

gboolean
web_templates_add_folder (WebTemplates *self, GFile *folder, const char *prefix, GError **error)
{
  Addition addition = { self, prefix };

  return web_files_foreach (folder, add_file, &addition, error)
         && web_templates_check (self, prefix, error);
}

/* Rendering. */

/* Where the blocks that replace a layout's stand. */
typedef struct
{
  const WebTemplate *template;
  guint start, end;
} Frame;

typedef struct
{
  WebTemplates *set;
  GString *out;
  const WebDict *scopes[WEB_TEMPLATE_MAX_DEPTH];
  guint n_scopes;
  Frame frames[WEB_TEMPLATE_MAX_DEPTH]; /* the page's own first: it has the last word */
  guint n_frames;
  guint depth;
} Renderer;

static gboolean
render_nodes (Renderer *self, const WebTemplate *template, guint from, guint to, GError **error);

void
web_template_escape (GString *out, const char *text, gsize length)
{
  const char *end = text + length, *run = text;

  for (const char *c = text; c < end; c++)
    {
      const char *entity;

      switch (*c)
        {
        case '&':
          entity = "&amp;";
          break;
        case '<':
          entity = "&lt;";
          break;
        case '>':
          entity = "&gt;";
          break;
        case '"':
          entity = "&quot;";
          break;
        case '\'':
          entity = "&#39;";
          break;
        default:
          continue;
        }
      g_string_append_len (out, run, c - run);
      g_string_append (out, entity);
      run = c + 1;
    }
  g_string_append_len (out, run, end - run);
}

static gboolean
render_template (Renderer *self, const char *name, GError **error)
{
  const WebTemplate *template = g_hash_table_lookup (self->set->templates, name);
  gboolean success;

  if (template == NULL)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no template %s", name);
      return FALSE;
    }
  if (self->depth == WEB_TEMPLATE_MAX_DEPTH)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT, "Template %s includes itself", name);
      return FALSE;
    }

  self->depth++;
  success = render_nodes (self, template, 0, template->nodes->len, error);
  self->depth--;
  return success;
}

/* FALSE with @error only in strict sets; else an unknown name is a NULL value. */
static gboolean
lookup (Renderer *self,
        const WebTemplate *template,
        const WebNode *node,
        const WebValue **value,
        GError **error)
{
  *value = NULL;
  for (guint i = self->n_scopes; i > 0 && *value == NULL; i--)
    *value = web_dict_lookup (self->scopes[i - 1], node->text);

  if (*value || !self->set->strict)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
               "Template %s, line %u: the page does not set “%s”", template->name, node->line,
               node->text);
  return FALSE;
}

static gboolean
render_value (Renderer *self, const WebTemplate *template, const WebNode *node, GError **error)
{
  const WebValue *value;

  if (!lookup (self, template, node, &value, error))
    return FALSE;
  if (value == NULL || (value->kind != WEB_VALUE_STRING && value->kind != WEB_VALUE_HTML))
    return TRUE;

  if (node->kind == WEB_NODE_RAW && value->kind == WEB_VALUE_HTML)
    g_string_append (self->out, value->text);
  else
    web_template_escape (self->out, value->text, strlen (value->text));
  return TRUE;
}

static gboolean
render_within (Renderer *self,
               const WebTemplate *template,
               guint index,
               const WebDict *scope,
               GError **error)
{
  const WebNode *node = &g_array_index (template->nodes, WebNode, index);
  gboolean success;

  if (self->n_scopes == WEB_TEMPLATE_MAX_DEPTH)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                   "Template %s, line %u: sections are nested too deeply", template->name,
                   node->line);
      return FALSE;
    }

  self->scopes[self->n_scopes++] = scope;
  success = render_nodes (self, template, index + 1, node->end, error);
  self->n_scopes--;
  return success;
}

static gboolean
render_section (Renderer *self, const WebTemplate *template, guint index, GError **error)
{
  const WebNode *node = &g_array_index (template->nodes, WebNode, index);
  const WebValue *value;

  if (!lookup (self, template, node, &value, error))
    return FALSE;
  if ((value != NULL && web_value_is_true (value)) == (node->kind == WEB_NODE_INVERTED))
    return TRUE;

  if (node->kind == WEB_NODE_SECTION && value->kind == WEB_VALUE_DICT)
    return render_within (self, template, index, value->dict, error);
  if (node->kind == WEB_NODE_SECTION && value->kind == WEB_VALUE_LIST)
    {
      for (guint i = 0; i < web_list_get_length (value->list); i++)
        if (!render_within (self, template, index, web_list_get (value->list, i), error))
          return FALSE;
      return TRUE;
    }
  return render_nodes (self, template, index + 1, node->end, error);
}

static gboolean
render_layout (Renderer *self, const WebTemplate *template, guint index, GError **error)
{
  const WebNode *node = &g_array_index (template->nodes, WebNode, index);
  gboolean success;

  if (self->n_frames == WEB_TEMPLATE_MAX_DEPTH)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT, "Layout %s includes itself", node->text);
      return FALSE;
    }

  self->frames[self->n_frames++] = (Frame){ template, index + 1, node->end };
  success = render_template (self, node->text, error);
  self->n_frames--;
  return success;
}

/* The content of the block @index of a layout: that of the outermost page that replaces it. */
static const WebTemplate *
find_block (Renderer *self, const WebTemplate *template, guint index, guint *from, guint *to)
{
  const WebNode *node = &g_array_index (template->nodes, WebNode, index);

  for (guint i = 0; i < self->n_frames; i++)
    {
      const Frame *frame = &self->frames[i];
      const WebNode *block;

      for (guint at = frame->start; at < frame->end; at = block->end)
        {
          block = &g_array_index (frame->template->nodes, WebNode, at);
          if (block->kind != WEB_NODE_BLOCK || strcmp (block->text, node->text) != 0)
            continue;
          *from = at + 1;
          *to = block->end;
          return frame->template;
        }
    }

  *from = index + 1;
  *to = node->end;
  return template;
}

static gboolean
render_block (Renderer *self, const WebTemplate *template, guint index, GError **error)
{
  guint from, to;
  const WebTemplate *source = find_block (self, template, index, &from, &to);
  gboolean success;

  if (self->depth == WEB_TEMPLATE_MAX_DEPTH)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT, "Template %s: a block includes itself",
                   template->name);
      return FALSE;
    }

  self->depth++;
  success = render_nodes (self, source, from, to, error);
  self->depth--;
  return success;
}

static gboolean
render_plural (Renderer *self, const WebTemplate *template, guint index, GError **error)
{
  const WebNode *node = &g_array_index (template->nodes, WebNode, index);
  const WebNode *one = node + 1, *many = node + (one->end - index);
  const WebValue *value;
  const char *text;
  guint64 n;

  if (!lookup (self, template, node, &value, error))
    return FALSE;
  n = value && value->kind == WEB_VALUE_STRING ? g_ascii_strtoull (value->text, NULL, 10) : 0;
  text = booru_i18n_translate_plural (one->text, many->text, n);
  for (guint at = index + 1; at < node->end;)
    {
      const WebNode *alternative = &g_array_index (template->nodes, WebNode, at);

      if (g_str_equal (alternative->text, text))
        return render_nodes (self, template, at + 1, alternative->end, error);
      at = alternative->end;
    }
  return TRUE;
}

static gboolean
render_nodes (Renderer *self, const WebTemplate *template, guint from, guint to, GError **error)
{
  const WebNode *node;
  gboolean success = TRUE;

  for (guint at = from; at < to && success; at = node->end)
    {
      node = &g_array_index (template->nodes, WebNode, at);
      switch (node->kind)
        {
        case WEB_NODE_TEXT:
          g_string_append_len (self->out, node->text, node->length);
          break;
        case WEB_NODE_ESCAPED:
        case WEB_NODE_RAW:
          success = render_value (self, template, node, error);
          break;
        case WEB_NODE_SECTION:
        case WEB_NODE_INVERTED:
          success = render_section (self, template, at, error);
          break;
        case WEB_NODE_PARTIAL:
          success = render_template (self, node->text, error);
          break;
        case WEB_NODE_LAYOUT:
          success = render_layout (self, template, at, error);
          break;
        case WEB_NODE_BLOCK:
          success = render_block (self, template, at, error);
          break;
        case WEB_NODE_PLURAL:
          success = render_plural (self, template, at, error);
          break;
        case WEB_NODE_ALTERNATIVE: /* within a plural only */
          break;
        }
    }
  return success;
}

gboolean
web_templates_render (WebTemplates *self,
                      const char *name,
                      const WebDict *values,
                      GString *out,
                      GError **error)
{
  Renderer renderer = { .set = self, .out = out, .scopes = { values }, .n_scopes = 1 };

  return render_template (&renderer, name, error);
}
