/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-poison.h"

#include "base/booru-error.h"
#include "booru-file-stamp.h"

#define FILE_NAME "avoided-plugins.conf"
#define KEY_STAMP "Module"
#define KEY_WHY "Reason"

struct _BooruPoison
{
  char *path;
  GKeyFile *keyfile; /* a group for each plugin */
};

BooruPoison *
booru_poison_new (const char *data_dir)
{
  BooruPoison *self = g_new0 (BooruPoison, 1);
  g_autoptr (GError) error = NULL;

  self->path = g_build_filename (data_dir, FILE_NAME, NULL);
  self->keyfile = g_key_file_new ();
  if (!g_key_file_load_from_file (self->keyfile, self->path, G_KEY_FILE_NONE, &error)
      && !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    g_warning ("Cannot read which plugins crashed before from “%s”: %s", self->path,
               error->message);
  return self;
}

void
booru_poison_free (BooruPoison *self)
{
  g_key_file_unref (self->keyfile);
  g_free (self->path);
  g_free (self);
}

static void
save (BooruPoison *self)
{
  g_autoptr (GError) error = NULL;

  if (!g_key_file_save_to_file (self->keyfile, self->path, &error))
    g_warning ("Cannot note in “%s” which plugins crash: %s", self->path, error->message);
}

/**
 * booru_poison_add:
 * @self: the notes
 * @info: a plugin that crashed or hung
 * @why: what happened
 *
 * Has the plugin left alone at the next start.
 */
void
booru_poison_add (BooruPoison *self, BooruPluginInfo *info, const char *why)
{
  const char *name = booru_plugin_info_get_name (info);
  g_autofree char *stamp = booru_file_stamp (booru_plugin_info_get_module_path (info));

  if (stamp == NULL)
    return;
  g_key_file_set_string (self->keyfile, name, KEY_STAMP, stamp);
  g_key_file_set_string (self->keyfile, name, KEY_WHY, why);
  save (self);
}

void
booru_poison_forget (BooruPoison *self, const char *name)
{
  if (g_key_file_remove_group (self->keyfile, name, NULL))
    save (self);
}

/* The reason is kept with the notes: interned, as there are few. */
const char *
booru_poison_find (BooruPoison *self, BooruPluginInfo *info)
{
  const char *name = booru_plugin_info_get_name (info);
  g_autofree char *noted = g_key_file_get_string (self->keyfile, name, KEY_STAMP, NULL);
  g_autofree char *why = g_key_file_get_string (self->keyfile, name, KEY_WHY, NULL);
  g_autofree char *stamp = booru_file_stamp (booru_plugin_info_get_module_path (info));

  if (noted == NULL || g_strcmp0 (noted, stamp) != 0)
    return NULL;
  return g_intern_string (why ? why : "nobody noted why");
}

gboolean
booru_poison_check (BooruPoison *self, BooruPluginInfo *info, GError **error)
{
  const char *name = booru_plugin_info_get_name (info);
  const char *why = booru_poison_find (self, info);

  if (why == NULL)
    {
      booru_poison_forget (self, name); /* its module is another one now */
      return TRUE;
    }
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
               "The plugin %s is not tried again, because it failed before: %s. It is when “%s” "
               "is replaced, or with --enable-plugin=%s",
               name, why, booru_plugin_info_get_module_path (info), name);
  return FALSE;
}
