/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pool with a folder of its own; at its end nothing may be left of it. */
#pragma once

#include "../test-util.h"
#include "decoding/decoder-pool.h"

G_BEGIN_DECLS

typedef struct
{
  char *folder; /* for the test's files */
  char *output; /* the pool's */
  MonitorDecoderOptions options;
  MonitorDecoderPool *pool;
  guint n_fds;
} PoolFixture;

typedef struct
{
  MonitorDecodeResult *result;
  GError *error;
  gboolean done;
} Answer;

typedef void (*PoolFixtureTest) (PoolFixture *fixture, gconstpointer data);

/* With booru-decoder, and with one that does wrong as it is told (faulty-decoder.c). */
void pool_fixture_add_test (const char *path, gconstpointer data, PoolFixtureTest test);
void pool_fixture_add_faulty_test (const char *path, gconstpointer data, PoolFixtureTest test);

void ask (PoolFixture *fixture, const char *path, GCancellable *cancellable, Answer *answer);
void ask_with_hints (PoolFixture *fixture,
                     const char *path,
                     const MonitorDecodeHints *hints,
                     GCancellable *cancellable,
                     Answer *answer);
void ask_for_open (PoolFixture *fixture,
                   int fd,
                   const MonitorDecodeHints *hints,
                   GCancellable *cancellable,
                   Answer *answer);
void await (Answer *answer);
void answer_clear (Answer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

/* Ask, and await. */
MonitorDecodeResult *decode (PoolFixture *fixture, const char *path, GError **error);
MonitorDecodeResult *decode_well (PoolFixture *fixture, const char *path);
void assert_refused (PoolFixture *fixture, const char *path, BooruError code);

/* What a decoder of this test started when it was ordered to “hang with a child” runs. */
gboolean has_faulty_child (void);

G_END_DECLS
