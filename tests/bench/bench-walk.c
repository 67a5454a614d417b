/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Measures the rescan of an unchanged library against find(1):
 *
 *     bench-walk FOLDER [FILES] [ROUNDS]
 *
 * Makes FILES files (100,000) in FOLDER, 1,000 to a directory, unless they are there, and a board
 * that knows them; then finds and rescans in turn, warm. Prints processor and wall time, medians,
 * and the median of the ratios. */
#include <booru.h>

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "files/monitor-file.h"
#include "reconcile/monitor-walk.h"

#define PER_DIRECTORY 1000
#define PER_WRITE 5000

typedef struct
{
  double wall, cpu; /* ms */
} Cost;

static double
cpu_ms (int who)
{
  struct rusage usage;

  getrusage (who, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000
         + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

static void
begin (Cost *cost, int who)
{
  cost->wall = (double)g_get_monotonic_time () / 1000;
  cost->cpu = cpu_ms (who);
}

static void
end (Cost *cost, int who)
{
  cost->wall = (double)g_get_monotonic_time () / 1000 - cost->wall;
  cost->cpu = cpu_ms (who) - cost->cpu;
}

static char *
make_path (guint i)
{
  return g_strdup_printf ("artist_%05u/a_picture_%07u.jpg", i / PER_DIRECTORY, i);
}

static void
make_files (const char *folder, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = make_path (i);
      g_autofree char *full = g_build_filename (folder, path, NULL);
      g_autofree char *dir = g_path_get_dirname (full);

      if (g_access (full, F_OK) == 0)
        continue;
      if (g_mkdir_with_parents (dir, 0700) < 0 || !g_file_set_contents (full, "x", 1, NULL))
        g_error ("%s cannot be made", full);
    }
}

/* What was found is a change that makes it known. */
static gboolean
remember (MonitorFinding *finding, gpointer user_data)
{
  GPtrArray *changes = user_data;
  BooruFileChange *change = booru_file_change_new (BOORU_FILE_IGNORE);

  change->path = finding->path;
  g_ptr_array_add (changes, change);
  return TRUE;
}

static void
make_known (MonitorWalk *walk)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  walk->func = remember;
  walk->user_data = changes;
  if (!monitor_walk_run (walk, &error))
    g_error ("%s", error->message);
  for (guint i = 0; i < changes->len; i += PER_WRITE)
    {
      g_autoptr (GPtrArray) some
          = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);

      for (guint j = i; j < MIN (i + PER_WRITE, changes->len); j++)
        {
          BooruFileChange *change = changes->pdata[j];
          MonitorLook look;

          if (!monitor_file_lstat (walk->folder, change->path, &look))
            g_error ("%s is gone", change->path);
          change->folder_id = walk->folder->id;
          change->stat = look.stat;
          g_ptr_array_add (some, change);
        }
      if (!booru_store_apply_file_changes (walk->store, some, &error))
        g_error ("%s", error->message);
    }
}

static gboolean
refuse (MonitorFinding *finding, gpointer user_data)
{
  g_error ("%s is not as it was", finding->path);
  return FALSE;
}

static BooruStore *
open_store (const char *data_dir)
{
  g_autoptr (GError) error = NULL;
  BooruStore *store = booru_store_open (data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, &error);

  if (store == NULL)
    g_error ("%s", error->message);
  return store;
}

/* As the monitor does it: with a store of its own. */
static Cost
time_walk (MonitorWalk *walk, const char *data_dir)
{
  g_autoptr (BooruStore) store = NULL;
  g_autoptr (GError) error = NULL;
  Cost cost;

  begin (&cost, RUSAGE_SELF);
  store = open_store (data_dir);
  walk->store = store;
  walk->func = refuse;
  walk->n_files = 0;
  if (!monitor_walk_run (walk, &error))
    g_error ("%s", error->message);
  end (&cost, RUSAGE_SELF);
  walk->store = NULL;
  return cost;
}

static Cost
time_find (const char *folder)
{
  const char *const command[] = { "find", folder, "-type", "f", "-printf", "%s %T@ %i %p\n", NULL };
  g_autoptr (GError) error = NULL;
  Cost cost;

  begin (&cost, RUSAGE_CHILDREN);
  if (!g_spawn_sync (NULL, (char **)command, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL,
                     NULL, NULL, NULL, NULL, NULL, &error))
    g_error ("%s", error->message);
  end (&cost, RUSAGE_CHILDREN);
  return cost;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double left = *(const double *)a, right = *(const double *)b;

  return left < right ? -1 : left > right;
}

static double
median (GArray *values)
{
  g_array_sort (values, compare);
  return g_array_index (values, double, values->len / 2);
}

static void
report (const char *what, const Cost *find, const Cost *walk, guint n, gsize offset)
{
  g_autoptr (GArray) finds = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) walks = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) ratios = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < n; i++)
    {
      double f = G_STRUCT_MEMBER (double, &find[i], offset);
      double w = G_STRUCT_MEMBER (double, &walk[i], offset), ratio = f / w;

      g_array_append_val (finds, f);
      g_array_append_val (walks, w);
      g_array_append_val (ratios, ratio);
    }
  g_print ("| %s | %.0f ms | %.0f ms | %.2f |\n", what, median (finds), median (walks),
           median (ratios));
}

static void
measure (MonitorWalk *walk, const char *data_dir, guint n_rounds)
{
  g_autofree Cost *find = g_new0 (Cost, n_rounds), *rescan = g_new0 (Cost, n_rounds);

  time_find (walk->folder->path);
  time_walk (walk, data_dir);
  for (guint i = 0; i < n_rounds; i++)
    {
      find[i] = time_find (walk->folder->path);
      rescan[i] = time_walk (walk, data_dir);
    }
  g_print ("| %d files | find -printf | rescan | find / rescan |\n| --- | --- | --- | --- |\n",
           walk->n_files);
  report ("processor", find, rescan, n_rounds, G_STRUCT_OFFSET (Cost, cpu));
  report ("wall", find, rescan, n_rounds, G_STRUCT_OFFSET (Cost, wall));
}

int
main (int argc, char **argv)
{
  guint n_files = argc > 2 ? (guint)atoi (argv[2]) : 100000;
  guint n_rounds = argc > 3 ? (guint)MAX (atoi (argv[3]), 1) : 9;
  g_autofree char *library = NULL, *data_dir = NULL, *reason = NULL;
  g_autoptr (MonitorFolder) folder = NULL;
  g_autoptr (BooruFolder) known = NULL;
  g_autoptr (BooruStore) store = NULL;
  MonitorWalk walk = { .below = "" };

  if (argc < 2)
    {
      g_printerr ("Usage: bench-walk FOLDER [FILES] [ROUNDS]\n");
      return 2;
    }
  library = g_canonicalize_filename ("library", argv[1]);
  data_dir = g_canonicalize_filename ("data", argv[1]);
  g_mkdir_with_parents (library, 0700);
  g_mkdir_with_parents (data_dir, 0700);
  make_files (library, n_files);

  store = open_store (data_dir);
  known = booru_store_ensure_folder (store, library, BOORU_FOLDER_LIBRARY, NULL);
  folder = monitor_folder_new (MONITOR_FOLDER_LIBRARY, library);
  folder->id = known->id;
  if (monitor_folder_examine (folder, store, &reason) == MONITOR_ROOT_GONE)
    g_error ("%s: %s", library, reason);
  walk.folder = folder;
  walk.files_dir = data_dir;
  walk.store = store;
  make_known (&walk);
  measure (&walk, data_dir, n_rounds);
  return 0;
}
