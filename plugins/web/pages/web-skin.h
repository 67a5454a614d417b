/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The templates and assets of the process: the board's, and those of plugins that add pages. */
#pragma once

#include <booru.h>

#include "view/web-assets.h"
#include "view/web-template.h"

G_BEGIN_DECLS

/* Parses the templates and hashes the assets. dev: the board's are those of the source tree, where
 * there is one. extensions: whose plugins' are loaded, too; NULL: none. FALSE if the board's are
 * broken: what was loaded before stays. Those of a plugin cost only its pages. */
gboolean web_skin_load (BooruExtensions *extensions, gboolean dev, GError **error);

WebTemplates *web_skin_get_templates (void); /* those of a plugin are called "PLUGIN/NAME" */
WebAssets *web_skin_get_assets (const char *plugin); /* NULL: the board's; NULL if there are none */

G_END_DECLS
