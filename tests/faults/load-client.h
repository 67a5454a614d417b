/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clients that keep their connections and ask without a pause, over plain sockets: no library hides
 * a lost request by asking again. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _LoadClients LoadClients;

typedef struct
{
  guint answered;    /* whole answers of status 200 */
  guint refused;     /* answers of another status */
  guint lost;        /* connections refused, cut, or closed without an answer */
  guint connections; /* opened */
} LoadResult;

LoadClients *load_clients_start (guint port, const char *path, guint n_clients);
guint load_clients_count (LoadClients *self);     /* answered so far */
LoadResult load_clients_stop (LoadClients *self); /* frees */

G_END_DECLS
