/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/sql/booru-sql-private.h"

#include <gio/gio.h>
#include <stdarg.h>

#include "base/booru-error.h"
#include "booru-sql-resources.h"
#include "board/booru-id-list.h"
#include "board/booru-md5.h"

#define COMMON_TEXTS "/org/booru/sql/queries/"

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (BooruSql, booru_sql, G_TYPE_OBJECT)

BooruSqlPrivate *
booru_sql_get_private (BooruSql *self)
{
  return booru_sql_get_instance_private (self);
}

static void
booru_sql_init (BooruSql *self)
{
  BooruSqlPrivate *priv = booru_sql_get_private (self);

  priv->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  priv->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  priv->timeout = BOORU_SQL_DEFAULT_TIMEOUT;
  for (guint i = 0; i < BOORU_N_CHANGE_KINDS; i++)
    priv->changed[i] = g_array_new (FALSE, FALSE, sizeof (gint64));
}

static void
booru_sql_finalize (GObject *object)
{
  BooruSqlPrivate *priv = booru_sql_get_private (BOORU_SQL (object));

  g_hash_table_unref (priv->statements);
  g_hash_table_unref (priv->texts);
  for (guint i = 0; i < BOORU_N_CHANGE_KINDS; i++)
    g_array_unref (priv->changed[i]);
  g_free (priv->fence_role);
  g_free (priv->place);
  G_OBJECT_CLASS (booru_sql_parent_class)->finalize (object);
}

static void
booru_sql_class_init (BooruSqlClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = booru_sql_finalize;
}

void
booru_sql_clear_statements (BooruSql *self)
{
  BooruSqlPrivate *priv = booru_sql_get_private (self);
  GHashTableIter iter;
  BooruSqlStatement *statement;

  g_hash_table_iter_init (&iter, priv->statements);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&statement))
    BOORU_SQL_GET_CLASS (self)->free_statement (statement);
  g_hash_table_remove_all (priv->statements);
}

void
booru_sql_set_place (BooruSql *self, const char *place)
{
  BooruSqlPrivate *priv = booru_sql_get_private (self);

  g_free (priv->place);
  priv->place = g_strdup (place);
}

/* The driver's own text of a statement, or else the common one. */
static GBytes *
find_text (BooruSql *self, const char *name, GError **error)
{
  g_autofree char *own = g_strconcat (BOORU_SQL_GET_CLASS (self)->resources, name, ".sql", NULL);
  g_autofree char *common = g_strconcat (COMMON_TEXTS, name, ".sql", NULL);
  const char *defined = g_hash_table_lookup (booru_sql_get_private (self)->texts, name);
  GBytes *text = defined != NULL
                     ? g_bytes_new (defined, strlen (defined) + 1)
                     : g_resources_lookup_data (own, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  if (text != NULL)
    return text;
  return g_resource_lookup_data (booru_sql_get_resource (), common, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                 error);
}

static BooruSqlStatement *
find_statement (BooruSql *self, const char *name, const char *format, GError **error)
{
  BooruSqlPrivate *priv = booru_sql_get_private (self);
  BooruSqlStatement *statement = g_hash_table_lookup (priv->statements, name);
  g_autoptr (GBytes) text = NULL;
  char *key;

  if (statement != NULL)
    {
      if (!statement->running)
        return statement;
      g_critical ("The statement %s runs already", name);
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_FAILED, "The statement %s runs already", name);
      return NULL;
    }
  text = find_text (self, name, error);
  if (text == NULL)
    return NULL;
  statement = BOORU_SQL_GET_CLASS (self)->prepare (self, name, g_bytes_get_data (text, NULL),
                                                   format, error);
  if (statement == NULL)
    return NULL;
  key = g_strdup (name);
  statement->sql = self;
  statement->name = key;
  g_hash_table_insert (priv->statements, key, statement);
  return statement;
}

void
booru_sql_define (BooruSql *self, const char *name, const char *text)
{
  BooruSqlPrivate *priv = booru_sql_get_private (self);

  if (!g_hash_table_contains (priv->texts, name))
    g_hash_table_insert (priv->texts, g_strdup (name), g_strdup (text));
}

static void
bind_text (BooruSqlStatement *statement, guint index, const char *text)
{
  BooruSqlClass *driver = BOORU_SQL_GET_CLASS (statement->sql);

  if (text != NULL)
    driver->bind_text (statement, index, text, strlen (text));
  else
    driver->bind_null (statement, index);
}

static void
bind_bytes (BooruSqlStatement *statement, guint index, const void *bytes, gsize length)
{
  BooruSqlClass *driver = BOORU_SQL_GET_CLASS (statement->sql);

  if (bytes != NULL)
    driver->bind_bytes (statement, index, bytes, length);
  else
    driver->bind_null (statement, index);
}

static void
bind_number_or_null (BooruSqlStatement *statement, guint index, gint64 number)
{
  BooruSqlClass *driver = BOORU_SQL_GET_CLASS (statement->sql);

  if (number != 0)
    driver->bind_number (statement, index, number);
  else
    driver->bind_null (statement, index);
}

static void
bind_double (BooruSqlStatement *statement, guint index, double number, gboolean or_null)
{
  BooruSqlClass *driver = BOORU_SQL_GET_CLASS (statement->sql);

  if (or_null && number < 0)
    driver->bind_null (statement, index);
  else
    driver->bind_double (statement, index, number);
}

static void
bind_gbytes (BooruSqlStatement *statement, guint index, GBytes *bytes)
{
  gsize length = 0;
  const void *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  bind_bytes (statement, index, data == NULL && bytes != NULL ? "" : data, length);
}

static void
bind_list (BooruSqlStatement *statement, guint index, const GArray *ids)
{
  g_autoptr (GBytes) packed = booru_id_list_pack (ids);

  bind_gbytes (statement, index, packed);
}

static void
bind_md5 (BooruSqlStatement *statement, guint index, const char *hex)
{
  guint8 bytes[16];

  bind_bytes (statement, index, booru_md5_from_hex (hex, bytes) ? bytes : NULL, sizeof bytes);
}

static void
bind (BooruSqlStatement *statement, const char *format, va_list values)
{
  BooruSqlClass *driver = BOORU_SQL_GET_CLASS (statement->sql);
  char character[2] = { 0 };
  const char *bytes;

  for (guint index = 1; format[index - 1] != '\0'; index++)
    switch (format[index - 1])
      {
      case 'b':
        driver->bind_number (statement, index, va_arg (values, gboolean) != FALSE);
        break;
      case 'i':
        driver->bind_number (statement, index, va_arg (values, gint));
        break;
      case 'u':
        driver->bind_number (statement, index, va_arg (values, guint));
        break;
      case 'x':
        driver->bind_number (statement, index, va_arg (values, gint64));
        break;
      case 't':
        driver->bind_number (statement, index, (gint64)va_arg (values, guint64));
        break;
      case 'k':
        bind_number_or_null (statement, index, va_arg (values, gint64));
        break;
      case 'd':
      case 'D':
        bind_double (statement, index, va_arg (values, double), format[index - 1] == 'D');
        break;
      case 'c':
        character[0] = (char)va_arg (values, int);
        bind_text (statement, index, character);
        break;
      case 's':
        bind_text (statement, index, va_arg (values, const char *));
        break;
      case 'y':
        bytes = va_arg (values, const char *);
        bind_bytes (statement, index, bytes, bytes != NULL ? strlen (bytes) : 0);
        break;
      case 'B':
        bind_gbytes (statement, index, va_arg (values, GBytes *));
        break;
      case 'h':
        bind_md5 (statement, index, va_arg (values, const char *));
        break;
      case 'l':
        bind_list (statement, index, va_arg (values, const GArray *));
        break;
      default:
        g_return_if_reached ();
      }
}

BooruSqlStatement *
booru_sql_begin (BooruSql *self, const char *name, const char *format, GError **error)
{
  BooruSqlStatement *statement = find_statement (self, name, format, error);

  if (statement != NULL)
    statement->running = TRUE;
  return statement;
}

BooruSqlStatement *
booru_sql_begin_text (BooruSql *self, const char *text, const char *format, GError **error)
{
  BooruSqlStatement *statement
      = BOORU_SQL_GET_CLASS (self)->prepare (self, "", text, format, error);

  if (statement == NULL)
    return NULL;
  statement->sql = self;
  statement->name = "of a list";
  statement->running = TRUE;
  statement->once = TRUE;
  return statement;
}

static BooruSqlStatement *
begin (BooruSql *self, GError **error, const char *name, const char *format, va_list values)
{
  BooruSqlStatement *statement = booru_sql_begin (self, name, format, error);

  if (statement != NULL)
    bind (statement, format, values);
  return statement;
}

BooruSqlStatement *
booru_sql_query (BooruSql *self, GError **error, const char *name, const char *format, ...)
{
  BooruSqlStatement *statement;
  va_list values;

  g_return_val_if_fail (BOORU_IS_SQL (self), NULL);
  va_start (values, format);
  statement = begin (self, error, name, format, values);
  va_end (values);
  return statement;
}

BooruSqlStep
booru_sql_step (BooruSqlStatement *statement, GError **error)
{
  return statement != NULL ? BOORU_SQL_GET_CLASS (statement->sql)->step (statement, error)
                           : BOORU_SQL_ERROR;
}

void
booru_sql_end (BooruSqlStatement *statement)
{
  BooruSqlClass *driver = BOORU_SQL_GET_CLASS (statement->sql);

  driver->reset (statement);
  statement->running = FALSE;
  if (statement->once)
    driver->free_statement (statement);
}

gboolean
booru_sql_run (BooruSql *self, GError **error, const char *name, const char *format, ...)
{
  g_autoptr (BooruSqlStatement) statement = NULL;
  BooruSqlStep step;
  va_list values;

  g_return_val_if_fail (BOORU_IS_SQL (self), FALSE);
  va_start (values, format);
  statement = begin (self, error, name, format, values);
  va_end (values);
  while ((step = booru_sql_step (statement, error)) == BOORU_SQL_ROW)
    ;
  return step == BOORU_SQL_DONE;
}

gboolean
booru_sql_read_number (BooruSql *self,
                       gint64 *number,
                       GError **error,
                       const char *name,
                       const char *format,
                       ...)
{
  g_autoptr (BooruSqlStatement) statement = NULL;
  BooruSqlStep step;
  va_list values;

  g_return_val_if_fail (BOORU_IS_SQL (self), FALSE);
  *number = 0;
  va_start (values, format);
  statement = begin (self, error, name, format, values);
  va_end (values);
  step = booru_sql_step (statement, error);
  if (step == BOORU_SQL_ROW)
    {
      *number = booru_sql_get_number (statement, 0);
      /* To its end: an INSERT that returns is not done before. */
      while ((step = booru_sql_step (statement, error)) == BOORU_SQL_ROW)
        ;
    }
  return step == BOORU_SQL_DONE;
}

gint64
booru_sql_get_number (BooruSqlStatement *statement, guint column)
{
  return BOORU_SQL_GET_CLASS (statement->sql)->get_number (statement, column);
}

double
booru_sql_get_double (BooruSqlStatement *statement, guint column)
{
  return BOORU_SQL_GET_CLASS (statement->sql)->get_double (statement, column);
}

const char *
booru_sql_get_text (BooruSqlStatement *statement, guint column)
{
  return BOORU_SQL_GET_CLASS (statement->sql)->get_text (statement, column);
}

const void *
booru_sql_get_bytes (BooruSqlStatement *statement, guint column, gsize *length)
{
  return BOORU_SQL_GET_CLASS (statement->sql)->get_bytes (statement, column, length);
}

gboolean
booru_sql_is_null (BooruSqlStatement *statement, guint column)
{
  return BOORU_SQL_GET_CLASS (statement->sql)->is_null (statement, column);
}

char *
booru_sql_dup_text (BooruSqlStatement *statement, guint column)
{
  const char *text = booru_sql_get_text (statement, column);

  return g_strdup (text != NULL ? text : "");
}

char *
booru_sql_dup_bytes (BooruSqlStatement *statement, guint column)
{
  gsize length;
  const char *bytes = booru_sql_get_bytes (statement, column, &length);

  return bytes != NULL ? g_strndup (bytes, length) : g_strdup ("");
}

char *
booru_sql_pattern_to_like (const char *pattern)
{
  GString *like = g_string_new (NULL);

  for (; *pattern != '\0'; pattern++)
    if (*pattern == '*')
      g_string_append_c (like, '%');
    else if (strchr ("%_\\", *pattern) != NULL)
      g_string_append_printf (like, "\\%c", *pattern);
    else
      g_string_append_c (like, *pattern);
  return g_string_free (like, FALSE);
}

gboolean
booru_sql_fail_corrupt (BooruSql *self, const char *what, GError **error)
{
  return BOORU_SQL_GET_CLASS (self)->fail_corrupt (self, what, error);
}

void
booru_sql_trim (BooruSql *self)
{
  if (BOORU_SQL_GET_CLASS (self)->trim != NULL)
    BOORU_SQL_GET_CLASS (self)->trim (self);
}

guint
booru_sql_get_timeout (BooruSql *self)
{
  return booru_sql_get_private (self)->timeout;
}

void
booru_sql_set_timeout (BooruSql *self, guint milliseconds)
{
  booru_sql_get_private (self)->timeout = milliseconds;
  if (BOORU_SQL_GET_CLASS (self)->set_timeout != NULL)
    BOORU_SQL_GET_CLASS (self)->set_timeout (self, milliseconds);
}

void
booru_sql_watch_outcome (BooruSql *self, BooruSqlOutcome func, gpointer data)
{
  BooruSqlPrivate *priv = booru_sql_get_private (self);

  priv->outcome = func;
  priv->outcome_data = data;
}

void
booru_sql_report (BooruSql *self, const GError *error, gboolean lasting)
{
  BooruSqlPrivate *priv = booru_sql_get_private (self);

  if (priv->outcome != NULL)
    priv->outcome (error, lasting, priv->outcome_data);
}

void
booru_sql_set_metrics (BooruSql *self, BooruMetrics *metrics)
{
  if (BOORU_SQL_GET_CLASS (self)->set_metrics != NULL)
    BOORU_SQL_GET_CLASS (self)->set_metrics (self, metrics);
}

char *
booru_sql_describe (BooruSql *self)
{
  return BOORU_SQL_GET_CLASS (self)->describe (self);
}

/* News */

gboolean
booru_sql_tells_news (BooruSql *self)
{
  return BOORU_SQL_GET_CLASS (self)->get_news_fd != NULL;
}

void
booru_sql_watch_news (BooruSql *self, BooruSqlNews func, gpointer data)
{
  BooruSqlPrivate *priv = booru_sql_get_private (self);

  priv->news = func;
  priv->news_data = data;
}

int
booru_sql_get_news_fd (BooruSql *self)
{
  return booru_sql_tells_news (self) ? BOORU_SQL_GET_CLASS (self)->get_news_fd (self) : -1;
}

void
booru_sql_read_news (BooruSql *self)
{
  if (booru_sql_tells_news (self))
    BOORU_SQL_GET_CLASS (self)->read_news (self);
}

void
booru_sql_report_news (BooruSql *self)
{
  BooruSqlPrivate *priv = booru_sql_get_private (self);

  if (priv->news != NULL)
    priv->news (priv->news_data);
}

gint64
booru_sql_get_serial (BooruSql *self, GError **error)
{
  BooruSqlClass *class = BOORU_SQL_GET_CLASS (self);

  return class->get_serial != NULL ? class->get_serial (self, error) : 0;
}

/* Bulk */

void
booru_sql_set_bulk (BooruSql *self, gboolean bulk)
{
  BooruSqlClass *class = BOORU_SQL_GET_CLASS (self);

  if (class->set_bulk != NULL)
    class->set_bulk (self, bulk);
}

gboolean
booru_sql_post (BooruSqlStatement *statement, GError **error)
{
  BooruSqlClass *class;

  if (statement == NULL)
    return FALSE;
  class = BOORU_SQL_GET_CLASS (statement->sql);
  if (class->post != NULL)
    return class->post (statement, error);
  return booru_sql_step (statement, error) == BOORU_SQL_DONE;
}
