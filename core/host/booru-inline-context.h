/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/supervise/booru-service-runner.h"

G_BEGIN_DECLS

/**
 * BooruInlineContext:
 *
 * What a service that runs within the host (development mode) sees of the world.
 */
#define BOORU_TYPE_INLINE_CONTEXT (booru_inline_context_get_type ())
G_DECLARE_FINAL_TYPE (BooruInlineContext,
                      booru_inline_context,
                      BOORU,
                      INLINE_CONTEXT,
                      BooruServiceContext)

/* Is not kept alive; outlives the context. */
BooruServiceContext *booru_inline_context_new (BooruServiceRunner *runner);

/**
 * BooruInlineRunner:
 *
 * Runs a service within the host: one debugger, one log, no supervision. For development.
 */
#define BOORU_TYPE_INLINE_RUNNER (booru_inline_runner_get_type ())
G_DECLARE_FINAL_TYPE (BooruInlineRunner,
                      booru_inline_runner,
                      BOORU,
                      INLINE_RUNNER,
                      BooruServiceRunner)

BooruServiceRunner *booru_inline_runner_new (const BooruServiceSpec *spec, BooruConfig *config);

G_END_DECLS
