/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/booru-config.h"

#include "base/booru-integer.h"

struct _BooruConfig
{
  gatomicrefcount ref_count;
  GVariant *dictionary;
};

BooruConfig *
booru_config_new (GVariant *dictionary)
{
  BooruConfig *self = g_new0 (BooruConfig, 1);

  g_return_val_if_fail (g_variant_is_of_type (dictionary, G_VARIANT_TYPE_VARDICT), NULL);

  g_atomic_ref_count_init (&self->ref_count);
  self->dictionary = g_variant_ref_sink (dictionary);
  return self;
}

BooruConfig *
booru_config_ref (BooruConfig *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
booru_config_unref (BooruConfig *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_variant_unref (self->dictionary);
  g_free (self);
}

GVariant *
booru_config_to_variant (BooruConfig *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->dictionary;
}

static GVariant *
lookup (BooruConfig *self, const char *key, const char *type)
{
  return g_variant_lookup_value (self->dictionary, key, type ? G_VARIANT_TYPE (type) : NULL);
}

gboolean
booru_config_has (BooruConfig *self, const char *key)
{
  g_return_val_if_fail (self != NULL && key != NULL, FALSE);

  g_autoptr (GVariant) value = lookup (self, key, NULL);

  return value != NULL;
}

const char *
booru_config_get_string (BooruConfig *self, const char *key, const char *fallback)
{
  const char *value = fallback;

  g_return_val_if_fail (self != NULL && key != NULL, fallback);
  g_variant_lookup (self->dictionary, key, "&s", &value);
  return value;
}

const char *
booru_config_get_path (BooruConfig *self, const char *key)
{
  const char *value = NULL;

  g_return_val_if_fail (self != NULL && key != NULL, NULL);
  g_variant_lookup (self->dictionary, key, "^&ay", &value);
  return value;
}

char **
booru_config_dup_paths (BooruConfig *self, const char *key)
{
  g_return_val_if_fail (self != NULL && key != NULL, NULL);

  g_autoptr (GVariant) value = lookup (self, key, "aay");

  return value ? g_variant_dup_bytestring_array (value, NULL) : g_new0 (char *, 1);
}

gint64
booru_config_get_int64 (BooruConfig *self, const char *key, gint64 fallback)
{
  g_return_val_if_fail (self != NULL && key != NULL, fallback);

  g_autoptr (GVariant) value = lookup (self, key, NULL);
  gint64 number;

  return value && booru_integer_from_variant (value, &number) ? number : fallback;
}

guint
booru_config_get_uint (BooruConfig *self, const char *key, guint fallback)
{
  gint64 value = booru_config_get_int64 (self, key, fallback);

  return (guint)CLAMP (value, 0, (gint64)G_MAXUINT);
}

double
booru_config_get_double (BooruConfig *self, const char *key, double fallback)
{
  double value = fallback;

  g_return_val_if_fail (self != NULL && key != NULL, fallback);
  g_variant_lookup (self->dictionary, key, "d", &value);
  return value;
}

gboolean
booru_config_get_boolean (BooruConfig *self, const char *key, gboolean fallback)
{
  gboolean value = fallback;

  g_return_val_if_fail (self != NULL && key != NULL, fallback);
  g_variant_lookup (self->dictionary, key, "b", &value);
  return value;
}
