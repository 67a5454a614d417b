/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "library/monitor-library.h"

G_BEGIN_DECLS

/* A whole monitor on temporary folders, with the real store and real decoders. */
typedef struct
{
  char *root; /* all below is in it */
  char *data_dir, *a, *b, *inbox;
  BooruStore *store;
  MonitorDecoderPool *pool;
  MonitorLibrary *library;
  guint max_watches;
  gboolean patient; /* a cut file in the inbox is waited for as long as it is outside of tests */
  gboolean stopped;
  char *trouble;             /* that the library has; NULL: none */
  guint n_announced;         /* ids of posts, in all */
  GPtrArray *told;           /* GVariant: all progress, in its order */
  gboolean prohibit_missing; /* fail as soon as any post is missing */
  char *node; /* the data folder of the machine whose monitor it is; NULL: there is one only */
  /* When the store is broken, exit with that code, as the service does; 0: fail. */
  int broken_is_exit;
} Fixture;

void fixture_set_up (Fixture *self, gconstpointer data);
void fixture_tear_down (Fixture *self, gconstpointer data);
#define fixture_add(path, func)                                                                    \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

/* Starts with @folders (NULL: a and b) and the inbox, and waits until all is quiet. */
void fixture_start (Fixture *self);
void fixture_start_with (Fixture *self, const char *const *folders, const char *inbox);
/* The same as the monitor of a machine that has that data folder; the database is the same one. */
void fixture_start_as (Fixture *self, const char *node);
/* Of a file that the store knows, while nothing runs. */
void fixture_set_device (Fixture *self, gint64 file_id, guint64 device);
void fixture_prepare (Fixture *self); /* the same, without waiting */
/* What the decoders refuse from now on. */
void fixture_limit_pixels (Fixture *self, guint64 max_pixels);
void fixture_limit_time (Fixture *self, guint seconds); /* of decoding one file, from now on */
void fixture_stop (Fixture *self);
void fixture_wait_idle (Fixture *self);

/* A monitor to be killed: this program again, whose main() hands its arguments to
 * fixture_run_child() first, which returns only where they are not those of a child. */
GPid fixture_start_child (Fixture *self);
void fixture_run_child (int argc, char **argv);
void fixture_become_child (Fixture *self, const char *root); /* the folders of another process's */
gboolean fixture_iterate (Fixture *self, gint64 deadline);

/* Runs the main loop until @condition; a minute without is a failure. */
#define eventually(fixture, condition)                                                             \
  do                                                                                               \
    {                                                                                              \
      gint64 deadline = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;                         \
      gboolean in_time = TRUE;                                                                     \
      while (in_time && !(condition))                                                              \
        in_time = fixture_iterate (fixture, deadline);                                             \
      if (!in_time)                                                                                \
        g_error ("%s:%d: never came true: %s", __FILE__, __LINE__, #condition);                    \
    }                                                                                              \
  while (0)

/* A warning that belongs to the test; others are fatal. From any thread, in any order. */
void expect_warning (const char *pattern);
guint n_warnings_seen (void);

char *path_in (const char *dir, const char *name);
void write_picture (const char *dir, const char *name, guint seed);
void write_file (const char *dir, const char *name, const void *bytes, gssize length);
void copy_file (const char *from, const char *to);
void move_file (const char *from, const char *to);
void delete_file (const char *path);
char *file_md5 (const char *path);
gboolean exists (const char *dir, const char *name);

/* A picture in the folder a that is known and tagged “kept”: how most stories begin. */
gint64 begin_with_picture (Fixture *self, const char *name);
gboolean is_present (Fixture *self, const char *dir);

gint64 post_at (Fixture *self, const char *dir, const char *name);    /* 0: none */
gint64 file_id_at (Fixture *self, const char *dir, const char *name); /* 0: not in the store */
char *failure_at (Fixture *self, const char *dir, const char *name);  /* NULL: none */
BooruPostStatus post_status (Fixture *self, gint64 post);
guint n_files_of (Fixture *self, gint64 post);
guint n_posts (Fixture *self);

/* NULL: of the ingest; transfer none; NULL: nothing. */
GVariant *last_told (Fixture *self, const char *folder);
guint64 told_count (GVariant *progress, const char *key);
gboolean is_told_running (GVariant *progress);
void add_tag (Fixture *self, gint64 post, const char *tag);
gboolean has_tag (Fixture *self, gint64 post, const char *tag);
gboolean has_thumbnails (Fixture *self, gint64 post);
void remove_tree (const char *path);
guint count_files (const char *dir); /* below it, at any depth */

G_END_DECLS
