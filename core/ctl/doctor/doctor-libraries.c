/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/doctor/doctor.h"

/* For all library folders together: the user waits for the answer. */
#define PATIENCE (10 * G_TIME_SPAN_SECOND)

void
doctor_walk_libraries (Doctor *self)
{
  g_auto (GStrv) folders = doctor_get_folders (self, "library-folders");
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  if (self->walked)
    return;
  self->walked
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)doctor_tree_free);
  self->trees.complete = TRUE;
  doctor_user_enter (self);
  for (guint i = 0; folders[i]; i++)
    {
      DoctorTree *tree;

      if (doctor_tree_find_cover (folders, i) || !g_file_test (folders[i], G_FILE_TEST_IS_DIR))
        continue;
      tree = g_new0 (DoctorTree, 1);
      doctor_tree_walk (tree, folders[i], self->data_dir, deadline);
      self->trees.n_directories += tree->n_directories;
      self->trees.n_files += tree->n_files;
      self->trees.complete &= tree->complete;
      g_hash_table_insert (self->walked, g_strdup (folders[i]), tree);
    }
  doctor_user_leave (self);
}
