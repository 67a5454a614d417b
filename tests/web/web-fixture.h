/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The web plugin as a host runs it, on a data folder and a port of its own. A test's body runs in a
 * thread and asks as a client does; the service runs in the main thread. */
#pragma once

#include <booru.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

typedef struct
{
  char *data_dir;
  char *library;
  int listener;
  guint16 port;
  char *base_url;
  BooruServiceContext *context;
  BooruStore *store; /* the test's own */
  BooruFolder *folder;
  SoupSession *session;

  gint ready, stopped;   /* atomic: how often the service said so */
  GPtrArray *published;  /* topics */
  GPtrArray *controlled; /* what the host was asked to do: "Method (arguments)" */
  GThread *thread;
  gint done;
} Fixture;

typedef void (*FixtureFunc) (Fixture *fixture);

/* Adds a test whose service is configured by the text of an a{sv} ("{'idle-timeout': <uint32 1>}").
 */
void fixture_add_test (const char *path, const char *config, FixtureFunc func);

/* For all tests that are run from now on: a plugin of tests/plugins that extends the service, and
 * the warning that this gives. */
extern const char *fixture_plugin, *fixture_warning; /* NULL: none */

/* In the main thread, waiting for it. */
void fixture_invoke (FixtureFunc func, Fixture *fixture);
void fixture_quiesce (Fixture *fixture);   /* nobody takes over */
void fixture_hand_over (Fixture *fixture); /* others do; fixture_quiesce() may follow */
void fixture_wait (const gint *flag);      /* until it is not 0 */

/* Recorded as unreadable. */
void fixture_fail_file (Fixture *fixture, const char *path, const char *reason);

/* A file in the library and its post; media is made up for it. */
BooruPost *fixture_add_post (Fixture *fixture,
                             const char *path,
                             const char *ext,
                             const void *data,
                             gsize size);
BooruPost *fixture_add_file (Fixture *fixture,
                             BooruPost *post,
                             const char *path,
                             const void *data,
                             gsize size);

/* A post whose perceptual hash is @phash. Returns its id. */
gint64 fixture_add_hashed (Fixture *fixture, const char *name, guint64 phash, const char *tags);
void fixture_add_variant (Fixture *fixture,
                          const BooruPost *post,
                          BooruVariant variant,
                          const void *data,
                          gsize size);
void fixture_set_metadata (Fixture *fixture, const BooruPost *post, const char *metadata);
BooruPost *fixture_tag (Fixture *fixture, const BooruPost *post, const char *tags);

typedef struct
{
  guint status;
  SoupMessageHeaders *headers;
  GBytes *body;
  char *text;     /* the body, terminated */
  JsonNode *json; /* of a body in JSON */
} Answer;

void answer_free (Answer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

/* Header name, value, …. */
Answer *
fixture_ask (Fixture *fixture, const char *method, const char *path, ...) G_GNUC_NULL_TERMINATED;
Answer *fixture_send (Fixture *fixture,
                      const char *method,
                      const char *path,
                      const char *content_type,
                      const char *body);

/* Header name, value, …. */
Answer *fixture_send_with (Fixture *fixture,
                           const char *method,
                           const char *path,
                           const char *content_type,
                           const char *body,
                           ...) G_GNUC_NULL_TERMINATED;

#define FORM "application/x-www-form-urlencoded"

Answer *fixture_post_form (Fixture *fixture, const char *path, const char *form);

/* As a browser asks for a page. */
Answer *fixture_get_page (Fixture *fixture, const char *path, guint status);
const char *answer_header (Answer *answer, const char *name);
void require_status (Answer *answer, guint status);
void require_error (Answer *answer, guint status); /* also: Danbooru's error object */
void require_text (Answer *answer, const char *text);
void prohibit_text (Answer *answer, const char *text);

/* Bytes as they are. */
GSocketConnection *fixture_connect (Fixture *fixture);
void raw_send (GSocketConnection *connection, const char *text);
char *raw_read_all (GSocketConnection *connection); /* until the server closes */
/* A path that the pattern of a route matches. */
char *fixture_make_path (const char *pattern);
BooruAccess fixture_get_access (const BooruRoute *route); /* which it takes to use it */
