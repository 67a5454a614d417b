/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is wrong with the database lastingly, as its users have found out: a disk that is full, a
 * lock that is not let go of, damage. While all is well this costs nothing. While it is not, a
 * write is tried now and then, so that the end of it is noticed though nobody else writes. */
#include "board/store/booru-store-private.h"

#include "base/booru-error.h"

#define RETRY_SECONDS 15

struct _BooruTrouble
{
  BooruStore *store;
  BooruStoreTrouble func;
  gpointer data;
  GError *error;    /* what is wrong; NULL: nothing */
  gboolean renewed; /* since the retry began, by a fault that lasts */
  guint retry;      /* source; 0: there is no fault, or it has no end */
};

static void
end (BooruTrouble *self)
{
  if (self->error == NULL || self->error->code == BOORU_ERROR_CORRUPT)
    return;
  g_clear_handle_id (&self->retry, g_source_remove);
  g_clear_error (&self->error);
  self->func (NULL, self->data);
}

/* Each write raises the generation of the board, which is something to write. */
static gboolean
write_nothing (gpointer data, GError **error)
{
  return TRUE;
}

/* Nobody waits for it, so it does not wait for anybody. */
static gboolean
on_retry (gpointer user_data)
{
  BooruTrouble *self = user_data;
  BooruSql *sql = self->store->sql;
  guint usual = booru_sql_get_timeout (sql);

  booru_sql_set_timeout (sql, 0);
  self->renewed = FALSE;
  booru_sql_write (sql, BOORU_SQL_NORMAL, write_nothing, NULL, NULL);
  booru_sql_set_timeout (sql, usual);

  /* That something else forbids it, such as a lease that was lost, is no trouble of the database.
   */
  if (self->renewed)
    return G_SOURCE_CONTINUE;
  end (self);
  self->retry = 0;
  return G_SOURCE_REMOVE;
}

static void
on_outcome (const GError *error, gboolean lasting, gpointer data)
{
  BooruTrouble *self = data;

  if (error == NULL)
    end (self);
  if (error == NULL || !lasting)
    return;
  self->renewed = TRUE;
  /* Damage does not heal. */
  if (self->error != NULL
      && (self->error->code == BOORU_ERROR_CORRUPT || self->error->code == error->code))
    return;
  g_clear_error (&self->error);
  self->error = g_error_copy (error);
  if (error->code != BOORU_ERROR_CORRUPT && self->retry == 0)
    self->retry = g_timeout_add_seconds (RETRY_SECONDS, on_retry, self);
  self->func (self->error, self->data);
}

static void
trouble_free (gpointer data)
{
  BooruTrouble *self = data;

  booru_sql_watch_outcome (self->store->sql, NULL, NULL);
  g_clear_handle_id (&self->retry, g_source_remove);
  g_clear_error (&self->error);
  g_free (self);
}

void
booru_store_watch_trouble (BooruStore *self, BooruStoreTrouble func, gpointer user_data)
{
  g_return_if_fail (BOORU_IS_STORE (self) && func != NULL && self->trouble == NULL);

  self->trouble = g_new0 (BooruTrouble, 1);
  self->trouble->store = self;
  self->trouble->func = func;
  self->trouble->data = user_data;
  booru_store_own (self, self->trouble, trouble_free);
  booru_sql_watch_outcome (self->sql, on_outcome, self->trouble);
}
