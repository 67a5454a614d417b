/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Built for another version of the program; its metadata does not tell. */
#include "fixture.h"

G_MODULE_EXPORT extern const BooruPluginDescriptor BOORU_PLUGIN_SYMBOL;
const BooruPluginDescriptor BOORU_PLUGIN_SYMBOL = { .abi = 4711, .name = FIXTURE_NAME };
