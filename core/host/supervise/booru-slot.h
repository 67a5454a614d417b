/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-service-status.h"

G_BEGIN_DECLS

/**
 * BooruSlot:
 *
 * The place of one process of a service, which outlives the processes that fill it. It starts the
 * process, starts it again with growing delay when it fails, and has a successor take over from it.
 * Processes that it has asked to go stay its own until they are reaped.
 *
 * Signals:
 *  - "spawned" (BooruChild *): a process was started
 *  - "ready" (): the process is ready; it has taken over if there was one before it
 *  - "failed" (const BooruChildEnd *): the process ended unasked, or could not be started; it is
 *    started again unless the slot is given up
 *  - "abandoned" (const BooruChildEnd *): the successor did so; the old process stays
 *  - "left" (): a process that was asked to go is gone
 *  - "restarted" (guint end): the process is started again after a BooruChildEndKind
 *  - "recycled" (guint reason): the process was replaced for a BooruRecycleReason
 *  - "event" (const char *topic, const char *text): something happened
 *  - "changed" (): what can be seen of it may be different
 */
#define BOORU_TYPE_SLOT (booru_slot_get_type ())
G_DECLARE_FINAL_TYPE (BooruSlot, booru_slot, BOORU, SLOT, GObject)

/* Empty; index: from 0; spec outlives it. */
BooruSlot *booru_slot_new (const BooruServiceSpec *spec, guint index, BooruConfig *config);

void booru_slot_start (BooruSlot *self);

/* Asks its processes to go; nothing is started any more. */
void booru_slot_stop (BooruSlot *self);
void booru_slot_retire (BooruSlot *self);  /* likewise, while other slots go on */
void booru_slot_give_up (BooruSlot *self); /* until booru_slot_renew() */
void booru_slot_configure (BooruSlot *self, BooruConfig *config);

/* Its process is stale now, whatever state it is in, and past failures are forgotten. */
void booru_slot_renew (BooruSlot *self);

/* Its process is stale, for having done enough. why: the predicate of a sentence; transfer full. */
void booru_slot_recycle (BooruSlot *self, BooruRecycleReason reason, char *why);
void booru_slot_spare (BooruSlot *self); /* it is not stale, after all */

/* Replaces a stale process. That of a ONE service is asked to go first, as there are never to be
 * two, and the slot stays stale until this is called again. A worker's successor is started first,
 * so that no request finds nobody. */
void booru_slot_replace (BooruSlot *self);

BooruChild *booru_slot_get_child (BooruSlot *self); /* NULL: waiting to be started, or given up */
gboolean booru_slot_is_ready (BooruSlot *self);
gboolean booru_slot_is_stale (BooruSlot *self);
gboolean booru_slot_is_replacing (BooruSlot *self); /* a successor is starting */
gboolean booru_slot_is_given_up (BooruSlot *self);
/* Of an essential service: it fails again and again, and is tried again for ever. */
gboolean booru_slot_is_failing (BooruSlot *self);
gboolean booru_slot_is_waiting (BooruSlot *self);      /* has no process, nor starts one */
gboolean booru_slot_crashed_at_boot (BooruSlot *self); /* the latest process, before it was ready */
guint booru_slot_get_n_leaving (BooruSlot *self);
void booru_slot_foreach (BooruSlot *self, GFunc func, gpointer data); /* of BooruChild */
void booru_slot_describe (BooruSlot *self, GString *out); /* lines of the status report */

G_END_DECLS
