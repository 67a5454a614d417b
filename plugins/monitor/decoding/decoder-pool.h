/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/**
 * MonitorDecoderPool:
 *
 * Decodes files in sandboxed child processes ("booru-decoder"), one file at a time each. Scales
 * between min and max with the work, and falls back to min when idle. A child that crashes, hangs
 * or grows past its limits costs the file in its hands only.
 */
#define MONITOR_TYPE_DECODER_POOL (monitor_decoder_pool_get_type ())
G_DECLARE_FINAL_TYPE (MonitorDecoderPool, monitor_decoder_pool, MONITOR, DECODER_POOL, GObject)

typedef struct
{
  const char *program;    /* path of booru-decoder */
  const char *output_dir; /* files folder's "tmp": variants are written there first */
  guint min, max;         /* processes */
  guint idle_timeout;     /* seconds without work after which a process above min ends */
  guint timeout;          /* seconds for one file */
  guint64 memory_limit;   /* bytes of address space or data per decoder */
  guint64 max_pixels;     /* of a picture, all frames' size not counted */
} MonitorDecoderOptions;

/* What came out. The variants lie as temporary, fsynced files in output_dir. */
typedef struct
{
  BooruMedia media;       /* all but md5 and size, which the caller knows */
  gboolean is_incomplete; /* the file ends too early; it may still be growing */
  char *metadata;         /* what the file says of itself: a JSON object; NULL: not to be had */
  char *variants[BOORU_N_VARIANTS]; /* path of the temporary file, or NULL if not made */
} MonitorDecodeResult;

void monitor_decode_result_free (MonitorDecodeResult *self); /* also unlinks variants not stolen */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MonitorDecodeResult, monitor_decode_result_free)

MonitorDecoderPool *monitor_decoder_pool_new (const MonitorDecoderOptions *options);
void monitor_decoder_pool_set_options (MonitorDecoderPool *self,
                                       const MonitorDecoderOptions *options);

/* @n files will probably be asked for soon: as many processes get ready for them meanwhile, as far
 * as there may be so many. They end like others when nothing comes. */
void monitor_decoder_pool_expect (MonitorDecoderPool *self, guint n);

/* What is known of a file besides its content. */
typedef struct
{
  const guint16 *delays; /* milliseconds, of each frame of a ugoira that does not say itself */
  guint n_delays;
  gboolean for_person; /* somebody waits for it: it comes before others */
  gboolean slow;       /* it was preempted before: it comes after others */
  gboolean display;    /* only BOORU_VARIANT_DISPLAY is wanted, which is not made otherwise */
} MonitorDecodeHints;

/* fd: open for reading on a regular file; the pool duplicates it. hints: or NULL. Requests queue in
 * order, as far as the hints do not say otherwise. A file whose decoder is killed from outside is
 * decoded once more, with no other decoder running. */
void monitor_decoder_pool_decode_async (MonitorDecoderPool *self,
                                        int fd,
                                        const MonitorDecodeHints *hints,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);

/* BOORU_ERROR_UNSUPPORTED: not a format that is read; BOORU_ERROR_INVALID: damaged;
 * BOORU_ERROR_LIMIT: too large, too slow, too much memory; BOORU_ERROR_FAILED: the decoder crashed.
 * All of these are the file's fault. BOORU_ERROR_IO, _BUSY, _CANCELLED, and disk full
 * (BOORU_ERROR_BUSY with the reason) are not: try again. BOORU_ERROR_PREEMPTED: it takes long, and
 * others wait: ask again at the end of the line, with the hint "slow". */
MonitorDecodeResult *
monitor_decoder_pool_decode_finish (MonitorDecoderPool *self, GAsyncResult *result, GError **error);

guint monitor_decoder_pool_get_n_processes (MonitorDecoderPool *self);
guint monitor_decoder_pool_get_n_started (MonitorDecoderPool *self); /* ever */
/* Ended with a file in hand, or did not start. */
guint monitor_decoder_pool_get_n_failed (MonitorDecoderPool *self);

/* Requests that run at once: max. */
guint monitor_decoder_pool_get_capacity (MonitorDecoderPool *self);

G_END_DECLS
