/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A real booru-host on a temporary data folder, for tests that read as sentences. Every function
 * fails the running test with the host's log when what it waits for does not happen in time. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _TestHost TestHost;

/* How long anything may take before the test fails; generous, for sanitizers and slow machines. */
#define TEST_HOST_PATIENCE_SECONDS 90

TestHost *test_host_new (void); /* makes the folders, starts nothing */
/* On the data and library folder of other, which must be freed later. */
TestHost *test_host_new_beside (TestHost *other);
void test_host_free (TestHost *self); /* kills what still runs, removes the folders */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestHost, test_host_free)

const char *test_host_get_data_dir (TestHost *self);
const char *test_host_get_library (TestHost *self); /* a library folder, empty at first */
char *test_host_build_path (const char *below_build_root);

/* Before start; NULL unsets. */
void test_host_setenv (TestHost *self, const char *name, const char *value);

void test_host_pass_socket (TestHost *self, int fd); /* before start: as systemd does; NOT taken */

/* Running. The arguments are added to --data-dir and --port=0. */
void test_host_start (TestHost *self, ...) G_GNUC_NULL_TERMINATED;

/* By a shell, to which "$@" is the host and its arguments. */
void test_host_start_in (TestHost *self, const char *script, ...) G_GNUC_NULL_TERMINATED;

/* On the library folder, two workers; awaits ready. */
void test_host_start_with_library (TestHost *self);
void test_host_await_ready (TestHost *self); /* /health answers 200 "ready" */
GPid test_host_get_pid (TestHost *self);
void test_host_signal (TestHost *self, int signum);
int test_host_await_exit (TestHost *self); /* the wait status, once */
void test_host_stop (TestHost *self);      /* SIGTERM; asserts exit code 0 */

/* Processes of this host, by the name that ps shows ("booru-web"); NULL: all children. */
GArray *test_host_list_processes (TestHost *self, const char *name); /* of GPid */
guint test_host_count_processes (TestHost *self, const char *name);

/* Waits for exactly count; returns the first. */
GPid test_host_await_process (TestHost *self, const char *name, guint count);
void test_host_await_gone (GPid pid);
gboolean test_host_process_lives (GPid pid); /* and is no zombie */

/* Log lines so far. */
char *test_host_dup_log (TestHost *self);
guint test_host_count_log (TestHost *self, const char *text);

/* At least count lines hold text. */
void test_host_await_log (TestHost *self, const char *text, guint count);

/* HTTP. */
/* The status; 0: no connection. */
guint test_host_request (TestHost *self,
                         const char *method,
                         const char *path,
                         const char *content_type,
                         const char *body,
                         GBytes **answer);
JsonNode *test_host_get_json (TestHost *self, const char *path); /* asserts 200 */
gint64 test_host_count_posts (TestHost *self, const char *tags);
void test_host_await_posts (TestHost *self, const char *tags, gint64 count);

/* The library folder. */
void test_host_drop (TestHost *self, const char *source, const char *name); /* copies a file in */
/* Path of a real photograph, each index another; NULL: none installed. */
char *test_host_dup_photo (guint index);

/* Waits until condition (data) holds; what: for the failure message. */
typedef gboolean (*TestCondition) (gpointer data);
void test_host_await (TestHost *self, const char *what, TestCondition condition, gpointer data);

G_END_DECLS
