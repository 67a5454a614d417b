/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The setting folder-rules of org.booru.host.monitor: a(aya{sv}), a folder and what holds for the
 * files in it and below. */

typedef enum
{
  BOORU_FOLDER_NAMES_UNSET,
  BOORU_FOLDER_NAMES_NONE,
  BOORU_FOLDER_NAMES_LAST, /* the name of the folder that a file lies in is a tag of it */
  BOORU_FOLDER_NAMES_ALL,  /* as are those of the folders above, up to the rule's own */
} BooruFolderNames;

typedef struct
{
  char *folder;            /* absolute, raw bytes, without a slash at its end */
  char *tags;              /* separated by blanks; "" if it gives none */
  char rating;             /* 0: gives none */
  gint sidecars, embedded; /* FALSE, TRUE; -1: as the folder above */
  BooruFolderNames names;

  /* Patterns of names, or of paths below the folder, that are left out; may be empty. */
  char **exclude;
} BooruFolderRule;

void booru_folder_rule_free (BooruFolderRule *self);

/* Of BooruFolderRule, transfer full. BOORU_ERROR_INVALID naming the folder, what is wrong, and what
 * is known. */
GPtrArray *booru_folder_rules_parse (GVariant *value, GError **error);

G_END_DECLS
