/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WebRates:
 *
 * How much each user, or visitor's address, has written of late: a bucket that fills up again
 * within a minute.
 */
typedef struct _WebRates WebRates;

WebRates *web_rates_new (void);
void web_rates_free (WebRates *self);

/* Takes one from the bucket of @who; FALSE: it is empty. left: how many more there are; now:
 * monotonic time, µs */
gboolean
web_rates_take (WebRates *self, const char *who, guint per_minute, gint64 now, guint *left);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebRates, web_rates_free)

G_END_DECLS
