/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "faults.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define URL "http://127.0.0.1:"

guint
faults_get_port (TestHost *host)
{
  g_autofree char *log = test_host_dup_log (host);
  const char *at = strstr (log, URL);

  g_assert_nonnull (at);
  return (guint)atoi (at + strlen (URL));
}

int
faults_connect (guint port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((guint16)port) };
  struct timeval patience = { TEST_HOST_PATIENCE_SECONDS, 0 };
  int small = 4096;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  g_assert_cmpint (connect (fd, (struct sockaddr *)&address, sizeof address), ==, 0);
  return fd;
}

void
faults_ask (int fd, const char *path)
{
  g_autofree char *request = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path);

  g_assert_cmpint (send (fd, request, strlen (request), MSG_NOSIGNAL), ==,
                   (gssize)strlen (request));
}

gboolean
faults_is_answered (int fd)
{
  char answer[64] = "";

  return recv (fd, answer, sizeof answer - 1, MSG_WAITALL) > 0
         && g_str_has_prefix (answer, "HTTP/1.1 200 ");
}

void
faults_write_picture (const char *path, guint seed)
{
  const guint width = 512, height = 384;
  const gsize size = (gsize)width * height * 3;
  const guint32 header[13] = { GUINT32_TO_LE (54 + size),
                               0,
                               GUINT32_TO_LE (54),
                               GUINT32_TO_LE (40),
                               GUINT32_TO_LE (width),
                               GUINT32_TO_LE (height),
                               GUINT32_TO_LE (1 | 24u << 16),
                               0,
                               GUINT32_TO_LE (size) };
  g_autofree guint8 *pixels = g_malloc (size);
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  FILE *file = g_fopen (path, "wb");

  g_assert_nonnull (file);
  for (gsize i = 0; i < size; i++)
    pixels[i] = (guint8)g_rand_int (random);
  fwrite ("BM", 1, 2, file);
  fwrite (header, sizeof header, 1, file);
  fwrite (pixels, 1, size, file);
  g_assert_cmpint (fclose (file), ==, 0);
}

void
faults_drop_picture (TestHost *host, guint seed)
{
  g_autofree char *path = g_strdup_printf ("%s/%u.bmp", test_host_get_library (host), seed);

  faults_write_picture (path, seed);
}

/* The store. */

gint64
faults_query (TestHost *host, const char *sql)
{
  g_autofree char *path = g_build_filename (test_host_get_data_dir (host), "booru.sqlite", NULL);
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  gint64 number = -1;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_busy_timeout (db, 10000);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  if (sqlite3_step (statement) == SQLITE_ROW)
    number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return number;
}

/* Processes. */

static GPid
read_parent (GPid pid, char name[32])
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *text = NULL;
  char *end;
  GPid parent = 0;
  char state = 'Z';

  if (!g_file_get_contents (path, &text, NULL, NULL) || !(end = strrchr (text, ')')))
    return 0;
  *end = '\0';
  g_strlcpy (name, strchr (text, '(') + 1, 32);
  if (sscanf (end + 1, " %c %d", &state, &parent) != 2 || state == 'Z' || state == 'X')
    return 0;
  return parent;
}

GPid
faults_get_parent (GPid pid)
{
  char name[32];

  return read_parent (pid, name);
}

static gboolean
descends_from (GPid pid, GPid ancestor)
{
  while (pid > 1 && pid != ancestor)
    pid = faults_get_parent (pid);
  return pid == ancestor;
}

GArray *
faults_list_descendants (GPid ancestor, const char *name)
{
  GArray *pids = g_array_new (FALSE, FALSE, sizeof (GPid));
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *entry;

  while ((entry = g_dir_read_name (proc)) != NULL)
    {
      GPid pid = atoi (entry);
      char found[32] = "";
      GPid parent = pid > 0 ? read_parent (pid, found) : 0;

      if (parent > 0 && (name == NULL || g_str_equal (found, name))
          && descends_from (parent, ancestor))
        g_array_append_val (pids, pid);
    }
  return pids;
}

/* The shim. */

FaultsShim *
faults_use_shim (TestHost *host)
{
  const char *library = g_getenv ("BOORU_TEST_SHIM_LIBRARY");
  const char *options = g_getenv ("ASAN_OPTIONS");
  g_autofree char *path = g_build_filename (test_host_get_data_dir (host), "..", "shim", NULL);
  /* Else the sanitizer insists on being the first library. */
  g_autofree char *more
      = g_strconcat (options ? options : "", options ? ":" : "", "verify_asan_link_order=0", NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  FaultsShim *shim;

  g_assert_nonnull (library);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (ftruncate (fd, sizeof *shim), ==, 0);
  shim = mmap (NULL, sizeof *shim, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  g_assert_true (shim != MAP_FAILED);
  close (fd);
  test_host_setenv (host, FAULTS_SHIM_VARIABLE, path);
  test_host_setenv (host, "LD_PRELOAD", library);
  test_host_setenv (host, "ASAN_OPTIONS", more);
  return shim;
}
