/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a walk through a folder found. */
typedef struct
{
  guint64 n_directories, n_files;
  guint64 n_unreadable;   /* directories */
  char *first_unreadable; /* or NULL */
  gboolean complete;      /* it was not cut short */
} DoctorTree;

void doctor_tree_clear (DoctorTree *self);
void doctor_tree_free (DoctorTree *self);

/* Counts what is in @folder and below it, without following symbolic links, and without the folder
 * @except (or NULL); until @deadline, in monotonic time. */
void doctor_tree_walk (DoctorTree *self, const char *folder, const char *except, gint64 deadline);

/* The folder in which another one lies, or which was named before it: what is in it is counted and
 * shown there. NULL: none. */
const char *doctor_tree_find_cover (GStrv folders, guint i);

G_END_DECLS
