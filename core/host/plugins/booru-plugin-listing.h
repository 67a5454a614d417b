/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What booru-host prints about the plugins that there are, without running them. Each is tried in a
 * process of its own. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A paragraph for each of @available (BooruPluginInfo); @names: those that would run. Transfer
 * full. */
char *booru_plugin_listing_print (GPtrArray *available, const char *const *names);

/* For “booructl doctor”: a text of the GVariant type a{sv}: version (s), plugin-path (aay), plugins
 * (a(sa{sv}): name, and essential (b), path (ay), module (ay), error (s, why it cannot be used),
 * avoided (s, why it is left alone)), faults (as, of metadata that cannot be used). @data_dir may
 * be NULL, or not exist. Transfer full. */
char *booru_plugin_listing_describe (const char *data_dir);

G_END_DECLS
