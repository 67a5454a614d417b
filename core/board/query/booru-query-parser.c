/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text to tree. The grammar is that of Danbooru's PostQuery::Parser, down to its oddities:
 *
 *   or_clause   = and_clause { "or" and_clause }
 *   and_clause  = factor_list { "and" factor_list }
 *   factor_list = factor { factor }
 *   factor      = [ "-" | "~" ] expr
 *   expr        = "(" or_clause ")" | metatag | tag | wildcard
 *
 * The "~" terms of one factor list are alternatives of each other. A word keeps the closing
 * parentheses that it balances itself; others close groups as long as one is open. There, a term
 * that cannot be parsed makes the parser go back, only to fail at the same place again, so that
 * here the first failure is final and the parser needs one pass.
 */
#include "board/query/booru-query-ast.h"

#include <string.h>

#include "board/booru-tag.h"
#include "board/booru-word.h"

/* How deep parentheses may nest before simplification: bounds the recursion. */
#define MAX_NESTING 100

typedef struct
{
  BooruQuery *query;
  const char *at;
  guint unclosed; /* parentheses that are open */
  guint n_terms, n_values;
  guint n_ids; /* id: metatags */
  gboolean failed;
} Parser;

static BooruQueryNode *parse_or_clause (Parser *self);

/* As Ruby's [[:space:]]. */
static gboolean
is_space (gunichar c)
{
  return c == '\v' || c == 0x85 || g_unichar_isspace (c);
}

static const char *
skip_space (const char *p)
{
  while (*p && is_space (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return p;
}

static const char *
find_word_end (const char *p)
{
  while (*p && !is_space (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return p;
}

static BooruQueryNode *
fail (Parser *self)
{
  self->failed = TRUE;
  return NULL;
}

static BooruQueryNode *
fail_too_complex (Parser *self)
{
  self->query->too_complex = TRUE;
  return fail (self);
}

/* Where a word ends that was read up to @end: before the parentheses that close groups. */
static const char *
give_back_parens (Parser *self, const char *end, gboolean keep_balanced)
{
  for (guint n = self->unclosed; n > 0 && end > self->at && end[-1] == ')'; n--)
    {
      gsize length = (gsize)(end - self->at);

      if (keep_balanced
          && (booru_word_is_balanced (self->at, length) || booru_word_is_smiley (self->at, length)))
        break;
      end--;
    }
  return end;
}

/* The word at @self->at, if it is @operator and not something that only begins so. */
static gboolean
is_operator (Parser *self, const char *operator)
{
  gsize length = strlen (operator);

  return g_ascii_strncasecmp (self->at, operator, length) == 0 && self->at[length] != '\0'
         && is_space (g_utf8_get_char (self->at + length));
}

static gboolean
accept_operator (Parser *self, const char *operator)
{
  self->at = skip_space (self->at);
  if (!is_operator (self, operator))
    return FALSE;
  self->at = skip_space (self->at + strlen (operator));
  return TRUE;
}

/* A value in quotes of the kind at @self->at, in which a backslash makes the quote a character. */
static char *
parse_quoted (Parser *self)
{
  g_autoptr (GString) value = g_string_new (NULL);
  char quote = *self->at++;

  for (; *self->at != quote; self->at++)
    {
      if (*self->at == '\\' && self->at[1] == quote)
        self->at++;
      else if (*self->at == '\0' || *self->at == '\\')
        return NULL;
      g_string_append_c (value, *self->at);
    }
  self->at++;
  return g_string_free (g_steal_pointer (&value), FALSE);
}

/* A value up to the next space, in which a backslash makes a space a character. */
static char *
parse_unquoted (Parser *self)
{
  GString *value = g_string_new (NULL);
  const char *end = self->at;

  while (*end && !is_space (g_utf8_get_char (end)))
    {
      if (*end == '\\' && end[1] && is_space (g_utf8_get_char (end + 1)))
        end++;
      end = g_utf8_next_char (end);
    }
  end = give_back_parens (self, end, FALSE);

  while (self->at < end)
    {
      if (*self->at == '\\' && self->at[1] && is_space (g_utf8_get_char (self->at + 1)))
        {
          self->at = g_utf8_next_char (self->at + 1);
          g_string_append_c (value, ' ');
        }
      else
        g_string_append_c (value, *self->at++);
    }
  return g_string_free (value, FALSE);
}

static void
set_order (BooruQuery *query, const char *value)
{
  g_autofree char *lower = g_ascii_strdown (value, -1);

  /* Of several the first counts; an unknown one leaves the default. */
  if (!query->ordered && booru_query_order_from_string (lower, &query->order))
    query->ordered = TRUE;
}

static void
set_limit (BooruQuery *query, const char *value)
{
  guint64 limit;

  if (query->limit < 0 && g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT, &limit, NULL))
    query->limit = (gint)limit;
}

/* Returns NULL for what is no condition. */
static BooruQueryNode *
parse_metatag (Parser *self, BooruMetatag metatag)
{
  gboolean quoted = *self->at == '"' || *self->at == '\'';
  g_autofree char *value = quoted ? parse_quoted (self) : parse_unquoted (self);
  BooruQueryNode *node;

  if (value == NULL)
    return fail (self);
  switch (metatag)
    {
    case BOORU_METATAG_ORDER:
      set_order (self->query, value);
      return NULL;
    case BOORU_METATAG_RANDOM:
      set_order (self->query, "random");
      set_limit (self->query, value);
      return NULL;
    case BOORU_METATAG_LIMIT:
      set_limit (self->query, value);
      return NULL;
    default:
      break;
    }

  node = booru_query_parse_value (metatag, value, quoted);
  self->n_ids += metatag == BOORU_METATAG_ID;
  for (guint i = 0; node->ranges && i < node->ranges->len; i++)
    {
      const BooruQueryRange *range = &g_array_index (node->ranges, BooruQueryRange, i);

      if (range->low == range->high)
        self->n_values++;
      else if (i > 0) /* the first is the term itself */
        self->n_terms++;
    }
  self->n_values += node->words ? node->words->len : 0;
  /* status:any finds every post and is gone with the condition: remember that it was said. */
  if (metatag == BOORU_METATAG_STATUS
      || (node->type == BOORU_QUERY_CONDITION && node->metatag == BOORU_METATAG_STATUS))
    self->query->active_only = self->query->active_only && node->type == BOORU_QUERY_NONE;
  if (self->n_values > BOORU_QUERY_MAX_VALUES || self->n_terms > BOORU_QUERY_MAX_TERMS)
    {
      booru_query_node_free (node);
      return fail_too_complex (self);
    }
  return node;
}

static BooruQueryNode *
new_wildcard (const char *word)
{
  g_autofree char *composed = g_utf8_normalize (word, -1, G_NORMALIZE_NFC);
  g_autofree char *lower = g_utf8_strdown (composed, -1);
  g_autoptr (GString) pattern = g_string_new (lower);

  if (pattern->len > BOORU_QUERY_MAX_PATTERN)
    return booru_query_node_new (BOORU_QUERY_NONE);
  g_string_replace (pattern, "**", "*", 0);
  while (strstr (pattern->str, "**"))
    g_string_replace (pattern, "**", "*", 0);
  return booru_query_node_new_text (BOORU_QUERY_WILDCARD, pattern->str);
}

static BooruQueryNode *
new_tag (const char *word)
{
  g_autofree char *name = booru_tag_normalize (word, NULL);

  /* What cannot be a tag is on no post. */
  return name ? booru_query_node_new_text (BOORU_QUERY_TAG, name)
              : booru_query_node_new (BOORU_QUERY_NONE);
}

/* "and" and "or" stand for themselves nowhere. */
static gboolean
is_reserved (const char *word)
{
  return g_ascii_strcasecmp (word, "and") == 0 || g_ascii_strcasecmp (word, "or") == 0;
}

static BooruQueryNode *
parse_term (Parser *self)
{
  const char *end = give_back_parens (self, find_word_end (self->at), TRUE);
  const char *colon = memchr (self->at, ':', (gsize)(end - self->at));
  g_autofree char *word = NULL;
  BooruMetatag metatag;

  if (end == self->at || strchr (")~-", *self->at))
    return fail (self);
  if (++self->n_terms > BOORU_QUERY_MAX_TERMS)
    return fail_too_complex (self);
  if (colon && booru_metatag_from_name (self->at, (gsize)(colon - self->at), &metatag))
    {
      self->at = colon + 1;
      return parse_metatag (self, metatag);
    }

  word = g_strndup (self->at, (gsize)(end - self->at));
  if (is_reserved (word))
    return fail (self);
  self->at = end;
  return strchr (word, '*') ? new_wildcard (word) : new_tag (word);
}

static BooruQueryNode *
parse_expr (Parser *self)
{
  g_autoptr (BooruQueryNode) group = NULL;

  self->at = skip_space (self->at);
  if (*self->at != '(')
    return parse_term (self);

  if (self->unclosed >= MAX_NESTING)
    return fail_too_complex (self);
  self->at++;
  self->unclosed++;
  group = parse_or_clause (self);
  if (self->failed || *self->at != ')')
    return fail (self);
  self->at++;
  self->unclosed--;
  return g_steal_pointer (&group);
}

/* Whether no factor follows: the end, a closing parenthesis or an operator. */
static gboolean
at_end_of_list (Parser *self)
{
  self->at = skip_space (self->at);
  return *self->at == '\0' || *self->at == ')' || is_operator (self, "and")
         || is_operator (self, "or");
}

/* The children become one node; NULL if there are none. */
static BooruQueryNode *
join (BooruQueryNodeType type, GPtrArray *children)
{
  if (children->len == 0)
    return NULL;
  if (children->len == 1)
    return g_ptr_array_steal_index (children, 0);
  return booru_query_node_new_list (type, g_ptr_array_ref (children));
}

static GPtrArray *
new_children (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)booru_query_node_free);
}

static void
add_child (GPtrArray *children, BooruQueryNode *node)
{
  if (node)
    g_ptr_array_add (children, node);
}

static BooruQueryNode *
parse_factor_list (Parser *self)
{
  g_autoptr (GPtrArray) all = new_children (), options = new_children ();

  do
    {
      BooruQueryNode *node;
      char sign;

      self->at = skip_space (self->at);
      sign = *self->at;
      if (sign == '-' || sign == '~')
        self->at++;
      node = parse_expr (self);
      if (node && sign == '-')
        node = booru_query_node_new_not (node);
      add_child (sign == '~' ? options : all, node);
    }
  while (!self->failed && !at_end_of_list (self));

  if (self->failed)
    return NULL;
  add_child (all, join (BOORU_QUERY_OR, options));
  return join (BOORU_QUERY_AND, all);
}

static BooruQueryNode *
parse_and_clause (Parser *self)
{
  g_autoptr (GPtrArray) all = new_children ();

  do
    add_child (all, parse_factor_list (self));
  while (!self->failed && accept_operator (self, "and"));
  return self->failed ? NULL : join (BOORU_QUERY_AND, all);
}

static BooruQueryNode *
parse_or_clause (Parser *self)
{
  g_autoptr (GPtrArray) all = new_children ();

  do
    add_child (all, parse_and_clause (self));
  while (!self->failed && accept_operator (self, "or"));
  return self->failed ? NULL : join (BOORU_QUERY_OR, all);
}

/* Whether an id: lists single numbers. */
static gboolean
is_list (const BooruQueryNode *ids)
{
  for (guint i = 0; ids && ids->ranges && i < ids->ranges->len; i++)
    {
      const BooruQueryRange *range = &g_array_index (ids->ranges, BooruQueryRange, i);

      if (range->low != range->high)
        return FALSE;
    }
  return ids && ids->ranges;
}

/* What a search is sorted by that says nothing about it. */
BooruQueryOrder
booru_query_get_default_order (const BooruQueryNode *root)
{
  return booru_query_node_find_similar (root) ? BOORU_ORDER_SIMILAR : BOORU_ORDER_ID_DESC;
}

/* Fills the members of a new query from its text. */
void
booru_query_parse_into (BooruQuery *self)
{
  Parser parser = { .query = self, .at = skip_space (self->text) };
  BooruQueryNode *root = NULL;

  if (!g_utf8_validate (self->text, -1, NULL))
    parser.failed = TRUE;
  else if (*parser.at != '\0')
    root = parse_or_clause (&parser);

  if (*parser.at != '\0')
    parser.failed = TRUE;
  if (!parser.failed && root)
    root = booru_query_node_simplify (root, self->order == BOORU_ORDER_CUSTOM);
  /* An order by a list needs the one list. */
  if (self->order == BOORU_ORDER_CUSTOM
      && (parser.n_ids != 1 || root == NULL || !is_list (booru_query_node_find_ids (root))))
    parser.failed = TRUE;
  if (root && booru_query_node_get_depth (root) > BOORU_QUERY_MAX_DEPTH)
    parser.failed = self->too_complex = TRUE;

  if (parser.failed)
    g_clear_pointer (&root, booru_query_node_free);
  if (root == NULL)
    root = booru_query_node_new (parser.failed ? BOORU_QUERY_NONE : BOORU_QUERY_ALL);
  self->root = root;
  /* Nothing is nearer than anything else without something to be near to. */
  if (!self->ordered || self->order == BOORU_ORDER_SIMILAR)
    self->order = booru_query_get_default_order (root);
}
