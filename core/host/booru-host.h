/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/settings/booru-host-options.h"

G_BEGIN_DECLS

/**
 * BooruHost:
 *
 * The program: owns the settings, the plugins and the services, and says who hears of what.
 */
#define BOORU_TYPE_HOST (booru_host_get_type ())
G_DECLARE_FINAL_TYPE (BooruHost, booru_host, BOORU, HOST, GObject)

BooruHost *booru_host_new (BooruHostOptions *options); /* transfer full */

/* Does what the options say: prints something, or runs the services until it is told to stop, or an
 * essential one fails for good. Returns the exit code of the process, as in sysexits(3). */
int booru_host_run (BooruHost *self);

G_END_DECLS
