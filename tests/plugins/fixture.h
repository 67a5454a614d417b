/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the plugins that the tests run have in common. FIXTURE_NAME comes from meson.build. */
#pragma once

#include <booru.h>

#include <gmodule.h>
#include <signal.h>
#include <unistd.h>

/* A plugin of one service that bears the plugin's name. */
#define FIXTURE_SERVICE(start_func, stop_seconds)                                                  \
  static const BooruService fixture_service = {                                                    \
    .name = FIXTURE_NAME,                                                                          \
    .process_name = "booru-fixture",                                                               \
    .label = "Fixture " FIXTURE_NAME,                                                              \
    .instances = BOORU_SERVICE_ONE,                                                                \
    .stop_timeout = stop_seconds,                                                                  \
    .start = start_func,                                                                           \
  };                                                                                               \
  static gboolean fixture_activate (BooruPluginContext *context, GError **error)                   \
  {                                                                                                \
    booru_plugin_context_add_service (context, &fixture_service);                                  \
    return TRUE;                                                                                   \
  }                                                                                                \
  BOORU_PLUGIN_DEFINE (FIXTURE_NAME, fixture_activate, NULL)

/* Dies of a signal, whatever a sanitizer has to say about it. */
G_NORETURN static inline void
fixture_crash (void)
{
  signal (SIGSEGV, SIG_DFL);
  raise (SIGSEGV);
  _exit (99);
}
