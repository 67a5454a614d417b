/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BooruFolderNames:
 * @BOORU_FOLDER_NAMES_UNSET: the rule does not say
 * @BOORU_FOLDER_NAMES_NONE: folder names are not tags
 * @BOORU_FOLDER_NAMES_LAST: the name of the folder that holds a file is a tag of it
 * @BOORU_FOLDER_NAMES_ALL: so are the names of the folders above it, up to the rule's own
 *
 * Which folder names become tags.
 */
typedef enum
{
  BOORU_FOLDER_NAMES_UNSET,
  BOORU_FOLDER_NAMES_NONE,
  BOORU_FOLDER_NAMES_LAST,
  BOORU_FOLDER_NAMES_ALL,
} BooruFolderNames;

/**
 * BooruFolderRule:
 * @folder: absolute path, raw bytes, without a trailing slash
 * @tags: separated by blanks; "" if the rule sets none
 * @rating: 0 if the rule sets none
 * @sidecars: whether sidecars are read: %FALSE, %TRUE, or -1 to inherit from the folder above
 * @embedded: whether embedded keywords are read: as @sidecars
 * @names: which folder names become tags
 * @exclude: patterns of names, or of paths below the folder, to leave out; may be empty
 *
 * A folder and what applies to the files in and below it: one entry of the setting folder-rules of
 * org.booru.host.monitor, an a(aya{sv}).
 */
typedef struct
{
  char *folder;
  char *tags;
  char rating;
  gint sidecars, embedded;
  BooruFolderNames names;
  char **exclude;
} BooruFolderRule;

/**
 * booru_folder_rule_free:
 * @self: (transfer full): a rule
 */
void booru_folder_rule_free (BooruFolderRule *self);

/**
 * booru_folder_rules_parse:
 * @value: an a(aya{sv})
 * @error: %BOORU_ERROR_INVALID naming the folder, what is wrong, and what is allowed
 *
 * Returns: (transfer full) (element-type BooruFolderRule): the rules, in their order in @value
 */
GPtrArray *booru_folder_rules_parse (GVariant *value, GError **error);

G_END_DECLS
