/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-account-private.h"

#include "base/booru-error.h"

BooruAccount *
booru_account_new (void)
{
  BooruAccount *self = g_new0 (BooruAccount, 1);

  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

BooruAccount *
booru_account_ref (BooruAccount *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
booru_account_unref (BooruAccount *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->name);
  g_free (self->blacklisted_tags);
  g_free (self->favorite_tags);
  g_free (self->ratings);
  g_free (self->language);
  g_free (self->theme);
  g_free (self->time_zone);
  g_free (self);
}

static const struct
{
  const char *name;
  BooruAccess access;
} levels[] = {
  { "viewer", BOORU_ACCESS_VIEWER },
  { "editor", BOORU_ACCESS_EDITOR },
  { "admin", BOORU_ACCESS_ADMIN },
};

const char *
booru_access_to_name (BooruAccess access)
{
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    if (levels[i].access == access)
      return levels[i].name;
  return "visitor";
}

gboolean
booru_access_from_name (const char *name, BooruAccess *access, GError **error)
{
  g_return_val_if_fail (name != NULL && access != NULL, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    if (g_str_equal (levels[i].name, name))
      {
        *access = levels[i].access;
        return TRUE;
      }
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "“%s” is not a level. Choose viewer, editor or admin", name);
  return FALSE;
}
