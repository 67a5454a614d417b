/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Loads the plugin of the metadata file @path, has it extend what it extends and check settings if
 * the host wants to know, and leaves the answer in the mailbox (booru-trial.h). What the plugin
 * breaks meanwhile is this process, which is to end with the code that is returned. */
int booru_worker_try (const char *path, int parent);

G_END_DECLS
