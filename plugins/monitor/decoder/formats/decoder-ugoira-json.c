/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A JSON reader (RFC 8259) just large enough to find the list of frames in an animation.json. */
#include "decoder-ugoira.h"

#include <string.h>

#define MAX_DEPTH 16
#define MAX_DELAY 65535

typedef struct
{
  const char *at, *end;
  guint depth;
  GHashTable *delays; /* file name → milliseconds */
} Reader;

static gboolean read_value (Reader *self, gboolean is_frames);

static void
skip_space (Reader *self)
{
  while (self->at < self->end && strchr (" \t\r\n", *self->at) != NULL && *self->at != '\0')
    self->at++;
}

static gboolean
take (Reader *self, char c)
{
  skip_space (self);
  if (self->at >= self->end || *self->at != c)
    return FALSE;
  self->at++;
  return TRUE;
}

/* Names of frames contain no escapes; text that does is skipped, and is truncated in @out. */
static gboolean
read_text (Reader *self, char *out, gsize size)
{
  gsize n = 0;

  if (!take (self, '"'))
    return FALSE;
  for (; self->at < self->end && *self->at != '"'; self->at++)
    {
      if (*self->at == '\\' && ++self->at == self->end)
        return FALSE;
      if (n + 1 < size)
        out[n++] = *self->at;
    }
  out[n] = '\0';
  return take (self, '"');
}

/* A number, true, false or null: everything up to the next delimiter. */
static gboolean
read_word (Reader *self, double *number)
{
  char word[32];
  gsize n = 0;

  skip_space (self);
  while (self->at < self->end && strchr (",]} \t\r\n", *self->at) == NULL && n + 1 < sizeof word)
    word[n++] = *self->at++;
  word[n] = '\0';
  *number = g_ascii_strtod (word, NULL);
  return n > 0;
}

static gboolean
read_list (Reader *self, gboolean is_frames)
{
  if (take (self, ']'))
    return TRUE;
  do
    if (!read_value (self, is_frames))
      return FALSE;
  while (take (self, ','));
  return take (self, ']');
}

static void
note_delay (Reader *self, const char *file, double delay)
{
  if (*file != '\0' && delay >= 1 && delay <= MAX_DELAY)
    g_hash_table_insert (self->delays, g_strdup (file), GUINT_TO_POINTER ((guint)delay));
}

/* is_frame: an item of the list of frames. */
static gboolean
read_object (Reader *self, gboolean is_frame)
{
  char name[64], file[64] = "";
  double delay = 0;

  if (take (self, '}'))
    return TRUE;
  do
    {
      gboolean ok;

      if (!read_text (self, name, sizeof name) || !take (self, ':'))
        return FALSE;
      skip_space (self);
      if (is_frame && g_str_equal (name, "file"))
        ok = read_text (self, file, sizeof file);
      else if (is_frame && g_str_equal (name, "delay"))
        ok = read_word (self, &delay);
      else
        ok = read_value (self, g_str_equal (name, "frames"));
      if (!ok)
        return FALSE;
    }
  while (take (self, ','));
  if (is_frame)
    note_delay (self, file, delay);
  return take (self, '}');
}

static gboolean
read_value (Reader *self, gboolean is_frames)
{
  char text[8];
  double number;
  gboolean ok;

  if (++self->depth > MAX_DEPTH)
    return FALSE;
  skip_space (self);
  if (self->at < self->end && *self->at == '"')
    ok = read_text (self, text, sizeof text);
  else if (take (self, '['))
    ok = read_list (self, is_frames);
  else if (take (self, '{'))
    ok = read_object (self, is_frames);
  else
    ok = read_word (self, &number);
  self->depth--;
  return ok;
}

GArray *
decoder_ugoira_parse_delays (const char *text,
                             gsize length,
                             const char *const *names,
                             guint n_names)
{
  g_autoptr (GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) delays = g_array_new (FALSE, FALSE, sizeof (gint));
  Reader reader = { text, text + length, 0, table };

  /* The outermost value may be the list itself. */
  if (!read_value (&reader, TRUE))
    return NULL;
  for (guint i = 0; i < n_names; i++)
    {
      gint delay = (gint)GPOINTER_TO_UINT (g_hash_table_lookup (table, names[i]));

      if (delay == 0)
        return NULL;
      g_array_append_val (delays, delay);
    }
  return g_steal_pointer (&delays);
}
