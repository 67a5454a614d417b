/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists of ids (GArray of gint64, ascending, none twice), and how the database keeps them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GArray *booru_id_list_new (void);
void booru_id_list_sort (GArray *ids); /* and drops what is there twice */
gboolean booru_id_list_contain (const GArray *ids, gint64 id);
void booru_id_list_unite (GArray *to, const GArray *from);
/* Keeps of @ids what is, or is not, in @others. */
void booru_id_list_keep (GArray *ids, const GArray *others, gboolean contained);
GBytes *booru_id_list_pack (const GArray *ids);

/* FALSE: not a packed list. */
gboolean booru_id_list_unpack (const void *data, gsize length, GArray *ids);

G_END_DECLS
