/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a fuzz target as an ordinary test:
 *
 *     fuzz-NAME [--rounds=N] CORPUS-FOLDER
 *
 * feeds it each file of the folder, and N (default 300) changed copies of each. build-fuzzers
 * links the targets with libFuzzer instead. */
#include "fuzz-main.h"

#include <string.h>

static int rounds = 300;

static const GOptionEntry options[] = {
  { "rounds", 0, 0, G_OPTION_ARG_INT, &rounds, "Changed copies of each file", "N" },
  { NULL },
};

/* Cut, doubled, overwritten, or with a piece of another place put in. */
static void
change (GRand *random, GByteArray *data)
{
  static const char pieces[] = "()-~*\"':.,<>=\\ \t\xff\xc3\xa9\xe3\x80\x80"
                               "09azor";
  guint at, length;

  if (data->len == 0)
    {
      g_byte_array_append (data, (const guint8 *)pieces, sizeof pieces - 1);
      return;
    }
  at = g_rand_int_range (random, 0, data->len);
  length = g_rand_int_range (random, 1, MIN (data->len - at, 16) + 1);
  switch (g_rand_int_range (random, 0, 4))
    {
    case 0:
      g_byte_array_remove_range (data, at, length);
      break;
    case 1:
      data->data[at] = (guint8)g_rand_int_range (random, 1, 256);
      break;
    case 2:
      data->data[at] = (guint8)pieces[g_rand_int_range (random, 0, sizeof pieces - 1)];
      break;
    default:
      {
        g_autofree guint8 *copy = g_memdup2 (data->data + at, length);
        guint to = g_rand_int_range (random, 0, data->len + 1);
        guint moved = data->len - to;

        g_byte_array_set_size (data, data->len + length);
        memmove (data->data + to + length, data->data + to, moved);
        memcpy (data->data + to, copy, length);
        break;
      }
    }
}

/* In memory of just that size, so that the sanitizer sees what is read beyond it. */
static void
run_one (const guint8 *data, gsize size)
{
  g_autofree guint8 *copy = g_malloc (MAX (size, 1));

  if (size > 0)
    memcpy (copy, data, size);
  LLVMFuzzerTestOneInput (copy, size);
}

static void
run (GRand *random, const char *content, gsize length)
{
  run_one ((const guint8 *)content, length);
  for (int i = 0; i < rounds; i++)
    {
      g_autoptr (GByteArray) data = g_byte_array_new ();

      g_byte_array_append (data, (const guint8 *)content, (guint)length);
      for (int j = g_rand_int_range (random, 1, 6); j > 0; j--)
        change (random, data);
      run_one (data->data, data->len);
    }
}

/* Returns how many files it fed; -1 and @error if the folder cannot be read. */
static int
run_folder (const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  g_autoptr (GRand) random = g_rand_new_with_seed (20261124);
  const char *name;
  int n = 0;

  if (dir == NULL)
    return -1;
  for (; (name = g_dir_read_name (dir)) != NULL; n++)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL), *content = NULL;
      gsize length;

      if (!g_file_get_contents (path, &content, &length, error))
        return -1;
      run (random, content, length);
    }
  return n;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("CORPUS-FOLDER");
  g_autoptr (GError) error = NULL;
  int n;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2)
    {
      g_printerr ("%s\n", error ? error->message : "Name one folder with the corpus");
      return 64;
    }
  n = run_folder (argv[1], &error);
  if (n < 0)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  g_print ("ok 1 %d files\n1..1\n", n);
  return n > 0 ? 0 : 1;
}
