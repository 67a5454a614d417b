/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of the fault suite share, beside a real host (tests/integration/test-host.h). */
#pragma once

#include "faults-shim.h"
#include "test-host.h"

G_BEGIN_DECLS

guint faults_get_port (TestHost *host); /* from its log */

/* Plain sockets, on which nothing is tried again. */
int faults_connect (guint port);
void faults_ask (int fd, const char *path);
gboolean faults_is_answered (int fd); /* with status 200; reads the answer's first bytes */

/* A picture (BMP) of content that no other seed gives; noisy, so that it takes its time. */
void faults_write_picture (const char *path, guint seed);
void faults_drop_picture (TestHost *host, guint seed); /* as SEED.bmp into the library */

/* The first column of the first row that a statement gives; -1: none. */
gint64 faults_query (TestHost *host, const char *sql);

/* The parent of a process; 0: it is gone, or a zombie. */
GPid faults_get_parent (GPid pid);
/* Children, children's children and so on, of this name ("ffmpeg"); NULL: all. Of GPid. */
GArray *faults_list_descendants (GPid ancestor, const char *name);

/* The library faults-shim.so is loaded into all processes of the host, and obeys what the test
 * writes into the memory that is returned, at once. Call it before the host is started; it is valid
 * as long as the test runs. */
FaultsShim *faults_use_shim (TestHost *host);

G_END_DECLS
