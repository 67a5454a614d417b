/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WebDict:
 *
 * What a template shows: names and their values, which are strings, booleans, safe HTML, other
 * dictionaries, or lists of dictionaries. The outermost one owns everything below it.
 *
 * Names are not copied: they are string literals. A name that is set twice has its last value.
 */
typedef struct _WebDict WebDict;
typedef struct _WebList WebList;

WebDict *web_dict_new (void);
void web_dict_free (WebDict *self);

/* Copied; NULL: ""; what is not UTF-8 becomes U+FFFD. */
void web_dict_set_string (WebDict *self, const char *name, const char *value);

/* Transfer full, UTF-8. */
void web_dict_take_string (WebDict *self, const char *name, char *value);

/* A literal, or outlives @self. */
void web_dict_set_static (WebDict *self, const char *name, const char *value);
void web_dict_set_int (WebDict *self, const char *name, gint64 value);
void web_dict_set_boolean (WebDict *self, const char *name, gboolean value);

/* Transfer full; the only thing that {{{name}}} shows unescaped. */
void web_dict_take_html (WebDict *self, const char *name, char *value);
WebDict *web_dict_add_dict (WebDict *self, const char *name); /* transfer none */
WebList *web_dict_add_list (WebDict *self, const char *name); /* transfer none */
WebDict *web_list_append (WebList *self);                     /* transfer none */

typedef enum
{
  WEB_VALUE_STRING,
  WEB_VALUE_HTML,
  WEB_VALUE_BOOLEAN,
  WEB_VALUE_DICT,
  WEB_VALUE_LIST,
} WebValueKind;

typedef struct
{
  const char *name;
  WebValueKind kind;
  gboolean owned; /* of text */
  union
  {
    char *text;
    gboolean boolean;
    WebDict *dict;
    WebList *list;
  };
} WebValue;

/* For the template engine. */
/* NULL if it was never set. */
const WebValue *web_dict_lookup (const WebDict *self, const char *name);
gboolean web_value_is_true (const WebValue *self); /* not FALSE, not "", not an empty list */
guint web_list_get_length (const WebList *self);
const WebDict *web_list_get (const WebList *self, guint i);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebDict, web_dict_free)

G_END_DECLS
