/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server of PostgreSQL that tests/postgres.py runs for a test. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* FALSE: this test runs without one. */
gboolean pg_cluster_exists (void);

/* The connection string of a database, and of a new one, which is empty; transfer full. */
char *pg_cluster_dup_address (const char *name);
char *pg_cluster_add_database (void);

/* Runs statements in the database of that connection string by psql; transfer full: what it prints.
 */
char *pg_cluster_query (const char *address, const char *sql);

/* To the server and all of its processes: SIGSTOP, SIGCONT. */
void pg_cluster_signal (int number);
void pg_cluster_pause (void);  /* ends the server as a crash would */
void pg_cluster_resume (void); /* starts it again */

G_END_DECLS
