/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the template parser hands to the renderer. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How deep tags, dictionaries, partials and layouts may stand in one another. */
#define WEB_TEMPLATE_MAX_DEPTH 24

typedef enum
{
  WEB_NODE_TEXT,
  WEB_NODE_ESCAPED,
  WEB_NODE_RAW,
  WEB_NODE_SECTION,
  WEB_NODE_INVERTED,
  WEB_NODE_PARTIAL,
  WEB_NODE_LAYOUT,
  WEB_NODE_BLOCK,
  WEB_NODE_PLURAL,      /* holds only alternatives: the English texts for one and many first */
  WEB_NODE_ALTERNATIVE, /* its text: what was parsed */
} WebNodeKind;

/* The tree lies flat in an array: a node's children follow it, up to @end. */
typedef struct
{
  WebNodeKind kind;
  guint line;
  guint end;
  const char *text; /* WEB_NODE_TEXT: into the source, not terminated; else a name */
  gsize length;
} WebNode;

typedef struct
{
  char *name;
  char *source;
  GArray *nodes;
  GStringChunk *names;
} WebTemplate;

/* Transfer full; BOORU_ERROR_INVALID. */
WebTemplate *web_template_parse (const char *name, const char *text, gssize length, GError **error);
void web_template_free (WebTemplate *self);

G_END_DECLS
