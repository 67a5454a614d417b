/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-rates.h"

/* When there are more, those that are full again are forgotten. */
#define MAX_BUCKETS 4096

typedef struct
{
  double level; /* how many are in it */
  gint64 at;    /* at that time */
} Bucket;

struct _WebRates
{
  GHashTable *buckets; /* who → Bucket */
};

WebRates *
web_rates_new (void)
{
  WebRates *self = g_new0 (WebRates, 1);

  self->buckets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
web_rates_free (WebRates *self)
{
  g_hash_table_unref (self->buckets);
  g_free (self);
}

static gboolean
is_old (gpointer key, gpointer value, gpointer user_data)
{
  return ((const Bucket *)value)->at + G_TIME_SPAN_MINUTE <= *(const gint64 *)user_data;
}

static Bucket *
get_bucket (WebRates *self, const char *who, guint per_minute, gint64 now)
{
  Bucket *bucket = g_hash_table_lookup (self->buckets, who);

  if (bucket)
    return bucket;
  if (g_hash_table_size (self->buckets) >= MAX_BUCKETS)
    g_hash_table_foreach_remove (self->buckets, is_old, &now);
  bucket = g_new (Bucket, 1);
  *bucket = (Bucket){ per_minute, now };
  g_hash_table_insert (self->buckets, g_strdup (who), bucket);
  return bucket;
}

gboolean
web_rates_take (WebRates *self, const char *who, guint per_minute, gint64 now, guint *left)
{
  Bucket *bucket = get_bucket (self, who, per_minute, now);
  double more = (double)(now - bucket->at) * per_minute / G_TIME_SPAN_MINUTE;
  gboolean has_one;

  bucket->level = MIN (bucket->level + more, per_minute);
  bucket->at = now;
  has_one = bucket->level >= 1;
  if (has_one)
    bucket->level--;
  *left = (guint)bucket->level;
  return has_one;
}
