/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-child.h"

G_BEGIN_DECLS

/**
 * BooruChildOne:
 *
 * The process of a service that runs once, such as the monitor: a GSubprocess. GSubprocess watches
 * its pid itself, so there must be no child watch on it.
 */
#define BOORU_TYPE_CHILD_ONE (booru_child_one_get_type ())
G_DECLARE_FINAL_TYPE (BooruChildOne, booru_child_one, BOORU, CHILD_ONE, BooruChild)

G_END_DECLS
