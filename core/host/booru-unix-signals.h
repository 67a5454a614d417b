/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  BOORU_UNIX_SIGNAL_INTERRUPT, /* Ctrl+C: stop; the second time at once */
  BOORU_UNIX_SIGNAL_TERMINATE,
  BOORU_UNIX_SIGNAL_RELOAD,
  BOORU_UNIX_SIGNAL_REPORT,
} BooruUnixSignal;

typedef void (*BooruUnixSignalFunc) (BooruUnixSignal which, gpointer user_data);

/**
 * BooruUnixSignals:
 *
 * The signals that tell the host what to do, for as long as this lives.
 */
typedef struct _BooruUnixSignals BooruUnixSignals;

BooruUnixSignals *booru_unix_signals_new (BooruUnixSignalFunc func, gpointer user_data);
void booru_unix_signals_free (BooruUnixSignals *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruUnixSignals, booru_unix_signals_free)

G_END_DECLS
