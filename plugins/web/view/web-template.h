/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "web-value.h"

G_BEGIN_DECLS

/**
 * WebTemplates:
 *
 * A set of templates, each parsed once, that may use one another. In the manner of Mustache:
 *
 *     {{name}}                      the value, escaped for text and quoted attributes
 *     {{{name}}}                    a value set by web_dict_take_html() as it is; others are
 * escaped
 *     {{#name}}…{{/name}}           once for each of a list, within a dictionary, or if true
 *     {{^name}}…{{/name}}           if false, empty
 *     {{>partial}}                  another template
 *     {{<layout}}{{$block}}…{{/block}}{{/layout}}   a layout with blocks of it replaced
 *     {{$block}}…{{/block}}         in a layout: what is shown unless it is replaced
 *     {{_}}text{{/_}}               the text in the language of the set, with tags of its own
 *     {{_ name}}text{{|}}texts{{/_}}    … for one and for several, as the number @name says
 *     {{! comment}}
 *
 * Names are looked up from the innermost dictionary outwards. A line that holds nothing but such a
 * tag leaves no trace, and the white space at the beginning of lines is dropped. A value inside a
 * tag must stand in a quoted attribute: anything else is refused when the template is parsed.
 */
typedef struct _WebTemplates WebTemplates;

/* Texts are translated when they are parsed: into the language that the process has then
 * (booru_i18n_set_language()), which it must have when they are rendered, too. strict: a name that
 * was never set is an error. */
WebTemplates *web_templates_new (gboolean strict);
void web_templates_free (WebTemplates *self);

/* Parses @text as the template @name; one of that name is replaced. BOORU_ERROR_INVALID with name
 * and line. */
gboolean web_templates_add (WebTemplates *self,
                            const char *name,
                            const char *text,
                            gssize length,
                            GError **error);

/* All files NAME.html of a folder, perhaps of resources, as templates PREFIXNAME, which may refer
 * to all that are there. BOORU_ERROR_INVALID; BOORU_ERROR_NOT_FOUND for one that is not there. */
gboolean
web_templates_add_folder (WebTemplates *self, GFile *folder, const char *prefix, GError **error);

/* Whether all that the templates of a prefix refer to is there. BOORU_ERROR_NOT_FOUND. */
gboolean web_templates_check (WebTemplates *self, const char *prefix, GError **error);

/* Appends to @out. BOORU_ERROR_NOT_FOUND for a template, or in strict sets a name, that is not
 * there; BOORU_ERROR_LIMIT for templates that include themselves. */
gboolean web_templates_render (WebTemplates *self,
                               const char *name,
                               const WebDict *values,
                               GString *out,
                               GError **error);

/* For text and quoted attributes. */
void web_template_escape (GString *out, const char *text, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebTemplates, web_templates_free)

G_END_DECLS
