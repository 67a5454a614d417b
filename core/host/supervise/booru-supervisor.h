/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-service-runner.h"

G_BEGIN_DECLS

/**
 * BooruSupervisor:
 *
 * Keeps the processes of one service alive: one, or as many as its configuration says. What dies is
 * started again with growing delay; what dies again and again, or says that trying again is
 * pointless, is given up.
 */
#define BOORU_TYPE_SUPERVISOR (booru_supervisor_get_type ())
G_DECLARE_FINAL_TYPE (BooruSupervisor, booru_supervisor, BOORU, SUPERVISOR, BooruServiceRunner)

BooruServiceRunner *booru_supervisor_new (const BooruServiceSpec *spec, BooruConfig *config);

G_END_DECLS
