/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What "search[NAME_SUFFIX]" says, for fields that are described. */
#include "board/booru-filter-conditions.h"

#include <string.h>

#include "base/booru-error.h"
#include "board/booru-tag.h"
#include "board/query/booru-query-ast.h"

#define DEFAULT_LIMIT 20
#define MAX_CONDITIONS 20
#define MAX_VALUES 1000 /* in a list */
#define MAX_RANGES 8    /* that are not single numbers */
#define MAX_WORDS 10    /* of a text that is looked for */

static void
condition_free (gpointer data)
{
  BooruCondition *self = data;

  g_clear_pointer (&self->ranges, g_array_unref);
  g_clear_pointer (&self->texts, g_ptr_array_unref);
  g_free (self);
}

BooruFilter *
booru_filter_new (const BooruField *fields, guint n_fields)
{
  BooruFilter *self = g_new0 (BooruFilter, 1);

  self->fields = fields;
  self->n_fields = n_fields;
  self->conditions = g_ptr_array_new_with_free_func (condition_free);
  self->page = (BooruPage){ BOORU_PAGE_NUMBER, 1, DEFAULT_LIMIT };
  return self;
}

void
booru_filter_free (BooruFilter *self)
{
  g_ptr_array_unref (self->conditions);
  g_free (self);
}

const BooruField *
booru_filter_find_field (const BooruFilter *self, const char *name)
{
  for (guint i = 0; i < self->n_fields; i++)
    if (strcmp (self->fields[i].name, name) == 0)
      return &self->fields[i];
  return NULL;
}

const char *
booru_field_get_column (const BooruField *self)
{
  return self->column != NULL ? self->column : self->name;
}

static BooruCondition *
add_condition (BooruFilter *self, const BooruField *field, BooruTest test)
{
  BooruCondition *condition = g_new0 (BooruCondition, 1);

  condition->field = field;
  condition->test = test;
  condition->ranges = g_array_new (FALSE, FALSE, sizeof (BooruNumberRange));
  condition->texts = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->conditions, condition);
  return condition;
}

static gboolean
fail_value (const char *name, const char *value, const char *expected, GError **error)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "“%.80s” is not a value of “%s”: use %s",
               value, name, expected);
  return FALSE;
}

/* Numbers and times. */

static gboolean
read_ranges (const BooruField *field,
             const char *name,
             const char *value,
             GArray *ranges,
             GError **error)
{
  BooruMetatag like = field->type == BOORU_FIELD_TIME ? BOORU_METATAG_DATE : BOORU_METATAG_SCORE;
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (BooruQueryRange));
  guint n_wide = 0;

  if (!booru_query_parse_ranges (like, value, found))
    return fail_value (name, value,
                       field->type == BOORU_FIELD_TIME
                           ? "a date or a range of them, such as >=2024-01-31"
                           : "a number, several, or a range, such as 5, 1,2,3 or >=5",
                       error);
  for (guint i = 0; i < found->len; i++)
    {
      const BooruQueryRange *range = &g_array_index (found, BooruQueryRange, i);

      n_wide += range->low != range->high;
    }
  if (n_wide > MAX_RANGES || found->len > MAX_VALUES)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT, "“%s” has too many values", name);
      return FALSE;
    }
  g_array_append_vals (ranges, found->data, found->len);
  return TRUE;
}

/* ">" and the like, before one value. */
static gboolean
add_compared (BooruFilter *self,
              const BooruField *field,
              const char *name,
              const char *relation,
              const char *value,
              GError **error)
{
  g_autofree char *text = g_strconcat (relation, value, NULL);
  BooruCondition *condition;

  if (strpbrk (value, "<>, ") != NULL || strstr (value, "..") != NULL)
    return fail_value (name, value, "one number or date", error);
  condition = add_condition (self, field, BOORU_TEST_RANGES);
  return read_ranges (field, name, text, condition->ranges, error);
}

static gboolean
read_boolean (const char *name, const char *value, gboolean *truth, GError **error)
{
  static const char *const yes[] = { "true", "t", "yes", "y", "on", "1", NULL };
  static const char *const no[] = { "false", "f", "no", "n", "off", "0", NULL };
  g_autofree char *lower = g_ascii_strdown (value, -1);

  *truth = g_strv_contains (yes, lower);
  return *truth || g_strv_contains (no, lower) || fail_value (name, value, "true or false", error);
}

static gboolean
add_presence (BooruFilter *self,
              const BooruField *field,
              const char *name,
              const char *value,
              GError **error)
{
  gboolean present;

  if (!read_boolean (name, value, &present, error))
    return FALSE;
  add_condition (self, field, BOORU_TEST_PRESENT)->negated = !present;
  return TRUE;
}

typedef struct
{
  const char *suffix;
  const char *relation; /* NULL: ranges */
  gboolean negated;
} NumberTest;

static gboolean
add_number (BooruFilter *self,
            const BooruField *field,
            const char *suffix,
            const char *name,
            const char *value,
            gboolean *known,
            GError **error)
{
  static const NumberTest tests[]
      = { { "", NULL, FALSE },     { "_not", NULL, TRUE },  { "_eq", "", FALSE },
          { "_not_eq", "", TRUE }, { "_gt", ">", FALSE },   { "_gteq", ">=", FALSE },
          { "_lt", "<", FALSE },   { "_lteq", "<=", FALSE } };

  if ((field->flags & BOORU_FIELD_NULL) && strcmp (suffix, "_present") == 0)
    return add_presence (self, field, name, value, error);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      gboolean added;

      if (strcmp (tests[i].suffix, suffix) != 0)
        continue;
      if (tests[i].relation != NULL)
        added = add_compared (self, field, name, tests[i].relation, value, error);
      else
        added = read_ranges (field, name, value,
                             add_condition (self, field, BOORU_TEST_RANGES)->ranges, error);
      if (added)
        ((BooruCondition *)g_ptr_array_index (self->conditions, self->conditions->len - 1))->negated
            = tests[i].negated;
      return added;
    }
  *known = FALSE;
  return FALSE;
}

static gboolean
add_boolean (BooruFilter *self,
             const BooruField *field,
             const char *suffix,
             const char *name,
             const char *value,
             gboolean *known,
             GError **error)
{
  BooruNumberRange range;
  gboolean truth;

  *known = *suffix == '\0';
  if (!*known || !read_boolean (name, value, &truth, error))
    return FALSE;
  range = (BooruNumberRange){ truth, truth };
  g_array_append_val (add_condition (self, field, BOORU_TEST_RANGES)->ranges, range);
  return TRUE;
}

/* Texts. */

/* As the field has it. */
static char *
normalize (const BooruField *field, const char *value)
{
  g_autofree char *text = g_strstrip (g_utf8_normalize (value, -1, G_NORMALIZE_NFC));

  if (field->flags & (BOORU_FIELD_NAME | BOORU_FIELD_TAG))
    g_strdelimit (text, " \t\r\n", '_');
  return field->flags & BOORU_FIELD_TAG ? g_utf8_strdown (text, -1) : g_steal_pointer (&text);
}

static void
add_pattern (BooruCondition *condition, const BooruField *field, const char *value, gboolean part)
{
  g_autofree char *text = normalize (field, value);
  g_autofree char *pattern = part ? g_strconcat ("*", text, "*", NULL) : g_steal_pointer (&text);

  g_ptr_array_add (condition->texts, g_ascii_strdown (pattern, -1));
}

/* A pattern, or words that all have to be somewhere. */
static gboolean
add_matches (BooruFilter *self,
             const BooruField *field,
             const char *name,
             const char *value,
             GError **error)
{
  BooruCondition *condition = add_condition (self, field, BOORU_TEST_LIKE);
  g_auto (GStrv) words = NULL;

  if (strchr (value, '*') != NULL)
    {
      add_pattern (condition, field, value, FALSE);
      return TRUE;
    }
  words = g_strsplit_set (value, " \t\r\n", -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      add_pattern (condition, field, words[i], TRUE);
  if (condition->texts->len <= MAX_WORDS)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT, "“%s” has too many words", name);
  return FALSE;
}

static gboolean
add_texts (BooruCondition *condition,
           const char *name,
           const char *value,
           const char *separators,
           GError **error)
{
  g_auto (GStrv) parts = g_strsplit_set (value, separators, -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_ptr_array_add (condition->texts, normalize (condition->field, parts[i]));
  if (condition->texts->len <= MAX_VALUES)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT, "“%s” has too many values", name);
  return FALSE;
}

typedef struct
{
  const char *suffix;
  BooruTest test;
  gboolean negated;
  const char *separators; /* "": one value; NULL: with LIKE, any part of the text */
} TextTest;

static gboolean
add_text (BooruFilter *self,
          const BooruField *field,
          const char *suffix,
          const char *name,
          const char *value,
          gboolean *known,
          GError **error)
{
  static const TextTest tests[] = {
    { "", BOORU_TEST_TEXTS, FALSE, "" },           { "_eq", BOORU_TEST_TEXTS, FALSE, "" },
    { "_not_eq", BOORU_TEST_TEXTS, TRUE, "" },     { "_array", BOORU_TEST_TEXTS, FALSE, "," },
    { "_comma", BOORU_TEST_TEXTS, FALSE, "," },    { "_space", BOORU_TEST_TEXTS, FALSE, " " },
    { "_like", BOORU_TEST_LIKE, FALSE, "" },       { "_ilike", BOORU_TEST_LIKE, FALSE, "" },
    { "_not_like", BOORU_TEST_LIKE, TRUE, "" },    { "_not_ilike", BOORU_TEST_LIKE, TRUE, "" },
    { "_contains", BOORU_TEST_LIKE, FALSE, NULL }, { "_normalize", BOORU_TEST_LIKE, FALSE, "" },
  };

  if (strcmp (suffix, "_present") == 0)
    return add_presence (self, field, name, value, error);
  if (strcmp (suffix, "_matches") == 0)
    return add_matches (self, field, name, value, error);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      BooruCondition *condition;

      if (strcmp (tests[i].suffix, suffix) != 0)
        continue;
      condition = add_condition (self, field, tests[i].test);
      condition->negated = tests[i].negated;
      if (tests[i].test == BOORU_TEST_TEXTS)
        return add_texts (condition, name, value, tests[i].separators, error);
      add_pattern (condition, field, value,
                   tests[i].separators == NULL && strchr (value, '*') == NULL);
      return TRUE;
    }
  *known = FALSE;
  return FALSE;
}

static gboolean
add_choice (BooruFilter *self,
            const BooruField *field,
            const char *suffix,
            const char *name,
            const char *value,
            gboolean *known,
            GError **error)
{
  g_autofree char *lower = g_ascii_strdown (value, -1);
  BooruCondition *condition;

  *known = *suffix == '\0' || strcmp (suffix, "_not") == 0;
  if (!*known)
    return FALSE;
  condition = add_condition (self, field, BOORU_TEST_TEXTS);
  condition->negated = *suffix != '\0';
  if (!add_texts (condition, name, lower, ", ", error))
    return FALSE;
  for (guint i = 0; i < condition->texts->len; i++)
    if (!g_strv_contains (field->choices, condition->texts->pdata[i]))
      {
        g_autofree char *expected = g_strjoinv (" or ", (char **)field->choices);

        return fail_value (name, value, expected, error);
      }
  return TRUE;
}

/* Lists. */

static gboolean
read_elements (BooruCondition *condition, const char *name, const char *value, GError **error)
{
  if (condition->field->type == BOORU_FIELD_NAMES)
    return add_texts (condition, name, value, ", \t\r\n", error);
  if (!read_ranges (condition->field, name, value, condition->ranges, error))
    return FALSE;
  for (guint i = 0; i < condition->ranges->len; i++)
    {
      const BooruNumberRange *range = &g_array_index (condition->ranges, BooruNumberRange, i);

      if (range->low != range->high)
        return fail_value (name, value, "ids", error);
    }
  return TRUE;
}

static gboolean
add_list (BooruFilter *self,
          const BooruField *field,
          const char *suffix,
          const char *name,
          const char *value,
          gboolean *known,
          GError **error)
{
  g_autofree char *plain = g_strdup (suffix);
  BooruCondition *condition;
  gboolean lower;

  if (strcmp (suffix, "_present") == 0)
    return add_presence (self, field, name, value, error);
  if (g_str_has_suffix (plain, "_array"))
    plain[strlen (plain) - strlen ("_array")] = '\0';
  lower = g_str_has_suffix (plain, "_lower");
  if (lower)
    plain[strlen (plain) - strlen ("_lower")] = '\0';
  *known = strcmp (plain, "_include_any") == 0 || strcmp (plain, "_include_all") == 0;
  if (!*known)
    return FALSE;
  condition = add_condition (self, field,
                             strcmp (plain, "_include_any") == 0 ? BOORU_TEST_INCLUDE_ANY
                                                                 : BOORU_TEST_INCLUDE_ALL);
  condition->lower = lower;
  return read_elements (condition, name, value, error);
}

static gboolean
add_any (BooruFilter *self,
         const BooruField *field,
         const char *suffix,
         const char *name,
         const char *value,
         gboolean *known,
         GError **error)
{
  *known = *suffix == '\0';
  return *known && add_matches (self, field, name, value, error);
}

typedef gboolean (*AddFunc) (BooruFilter *self,
                             const BooruField *field,
                             const char *suffix,
                             const char *name,
                             const char *value,
                             gboolean *known,
                             GError **error);

static const AddFunc add_funcs[] = {
  [BOORU_FIELD_NUMBER] = add_number,   [BOORU_FIELD_TIME] = add_number,
  [BOORU_FIELD_BOOLEAN] = add_boolean, [BOORU_FIELD_TEXT] = add_text,
  [BOORU_FIELD_CHOICE] = add_choice,   [BOORU_FIELD_NAMES] = add_list,
  [BOORU_FIELD_IDS] = add_list,        [BOORU_FIELD_ANY] = add_any,
};

/* The order. */

/* "custom": in the order of the ids that are asked for. */
static gboolean
set_order (BooruFilter *self, const char *value, GError **error)
{
  g_autofree char *name = g_ascii_strdown (value, -1);
  gboolean ascending = g_str_has_suffix (name, "_asc");
  const BooruField *field;

  self->custom = strcmp (name, "custom") == 0;
  self->order = NULL;
  if (self->custom)
    return TRUE;
  if (ascending || g_str_has_suffix (name, "_desc"))
    *strrchr (name, '_') = '\0';
  field = booru_filter_find_field (self, name);
  if (field == NULL || !(field->flags & BOORU_FIELD_SORT))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "This list cannot be sorted by “%.80s”",
                   value);
      return FALSE;
    }
  self->order = field;
  /* Names are read from their beginning. */
  self->ascending
      = ascending || (field->type == BOORU_FIELD_TEXT && !g_str_has_suffix (value, "_desc"));
  return TRUE;
}

gboolean
booru_filter_add (BooruFilter *self, const char *name, const char *value, GError **error)
{
  g_return_val_if_fail (self != NULL && name != NULL && value != NULL, FALSE);

  if (value[strspn (value, " \t\r\n")] == '\0')
    return TRUE;
  if (strcmp (name, "order") == 0)
    return set_order (self, value, error);
  if (self->conditions->len >= MAX_CONDITIONS)
    {
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                           "The search has more than " G_STRINGIFY (MAX_CONDITIONS) " conditions");
      return FALSE;
    }
  for (guint i = 0; i < self->n_fields; i++)
    {
      const BooruField *field = &self->fields[i];
      gboolean known = TRUE, added;

      if (!g_str_has_prefix (name, field->name) || (field->flags & BOORU_FIELD_UNSEARCHED))
        continue;
      added = add_funcs[field->type](self, field, name + strlen (field->name), name, value, &known,
                                     error);
      if (known)
        return added;
    }
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED,
               "This list cannot be filtered by “search[%.80s]”.", name);
  return FALSE;
}

void
booru_filter_require (BooruFilter *self, const char *name, gint64 number)
{
  const BooruField *field = booru_filter_find_field (self, name);
  BooruNumberRange range = { number, number };

  g_return_if_fail (field != NULL);
  g_array_append_val (add_condition (self, field, BOORU_TEST_RANGES)->ranges, range);
}

void
booru_filter_require_visible (BooruFilter *self,
                              const char *flag,
                              const char *owner,
                              gint64 user_id)
{
  BooruNumberRange range = { user_id, user_id };
  BooruCondition *condition
      = add_condition (self, booru_filter_find_field (self, flag), BOORU_TEST_VISIBLE);

  condition->other = booru_filter_find_field (self, owner);
  g_array_append_val (condition->ranges, range);
}

void
booru_filter_set_default_order (BooruFilter *self, const char *order)
{
  if (self->order == NULL && !self->custom && order != NULL)
    set_order (self, order, NULL);
}

void
booru_filter_set_page (BooruFilter *self, const BooruPage *page)
{
  self->page = *page;
}
