/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  DOCTOR_FILESYSTEM_LOCAL,
  DOCTOR_FILESYSTEM_NETWORK, /* other machines may change it, unseen */
  DOCTOR_FILESYSTEM_MEMORY,  /* empty after the next boot */
} DoctorFilesystemKind;

typedef struct
{
  DoctorFilesystemKind kind;
  const char *name;        /* of its type; NULL: of no interest */
  guint64 size, available; /* bytes, for others than root */
  gboolean few_inodes;     /* less than one in a hundred is left */
} DoctorFilesystem;

gboolean doctor_filesystem_look (DoctorFilesystem *self, const char *path); /* errno */

G_END_DECLS
