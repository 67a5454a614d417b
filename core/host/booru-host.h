/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/settings/booru-host-options.h"

G_BEGIN_DECLS

/**
 * BooruHost:
 *
 * The program: owns the settings, the plugins, the listening socket, and the runners of all
 * services.
 */
#define BOORU_TYPE_HOST (booru_host_get_type ())
G_DECLARE_FINAL_TYPE (BooruHost, booru_host, BOORU, HOST, GObject)

BooruHost *booru_host_new (BooruHostOptions *options); /* transfer full */
int booru_host_run (BooruHost *self); /* until it is told to stop; returns the exit code */

G_END_DECLS
