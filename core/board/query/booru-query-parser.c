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
#include "board/query/booru-query-words.h"

/* How deep parentheses may nest before simplification: bounds the recursion. */
#define MAX_NESTING 100

typedef struct
{
  BooruQuery *query;
  const char *at;
  guint unclosed; /* parentheses that are open */
  guint n_terms, n_values;
  guint n_ids; /* id: metatags */
  guint n_orders, n_limits, n_randoms;
  const char
      *singleton;  /* the last metatag that is of the whole search: order:, ordpool:, limit: … */
  guint n_unknown; /* metatags that this board does not have */
  gboolean failed;
} Parser;

/* What is wrong from @start to @end. */
static void G_GNUC_PRINTF (4, 5)
    add_fault (Parser *self, const char *start, const char *end, const char *format, ...)
{
  BooruQueryFault *fault = g_new0 (BooruQueryFault, 1);
  va_list arguments;

  va_start (arguments, format);
  fault->message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  fault->start = (gsize)(start - self->query->text);
  fault->length = (gsize)(end - start);
  g_ptr_array_add (self->query->faults, fault);
}

static BooruQueryNode *parse_or_clause (Parser *self);

static BooruQueryNode *
fail (Parser *self)
{
  self->failed = TRUE;
  return NULL;
}

/* The search fails as a whole, with the fault that was added last. */
static BooruQueryNode *
refuse (Parser *self)
{
  BooruQueryFault *fault = g_ptr_array_index (self->query->faults, self->query->faults->len - 1);

  fault->refused = self->query->refused = TRUE;
  return fail (self);
}

static BooruQueryNode *
fail_too_complex (Parser *self)
{
  add_fault (self, self->at, self->at + strlen (self->at),
             "This search is too complex: use fewer terms or fewer nested parentheses");
  return refuse (self);
}

/* A term is expected at @self->at, and there is none: the end, a parenthesis, a second sign. */
static BooruQueryNode *
fail_without_term (Parser *self)
{
  const char *text = self->query->text, *before = self->at, *word;

  if (*self->at == '-' || *self->at == '~')
    {
      add_fault (self, self->at, self->at + 1, "Only one “-” or “~” can stand before a tag.");
      return fail (self);
    }
  while (before > text && g_ascii_isspace (before[-1]))
    before--;
  for (word = before; word > text && g_ascii_isalpha (word[-1]); word--)
    ;
  if (word == before && word > text)
    word--;
  if (*self->at == ')' && self->unclosed == 0)
    add_fault (self, self->at, self->at + 1, "This “)” closes nothing.");
  else if (*self->at == ')' && *word == '(')
    add_fault (self, word, self->at + 1, "There is nothing between these parentheses.");
  else if (*word == '(')
    add_fault (self, word, before, "This “(” is never closed.");
  else
    add_fault (self, word, before, "A tag is missing after “%.*s”.", (int)(before - word), word);
  return fail (self);
}

static gboolean
accept_operator (Parser *self, const char *operator)
{
  self->at = booru_query_skip_space (self->at);
  if (!booru_query_is_operator (self->at, operator))
    return FALSE;
  self->at = booru_query_skip_space (self->at + strlen (operator));
  return TRUE;
}

/* An unknown order leaves the default. */
static void
set_order (Parser *self, const char *start, const char *value)
{
  g_autofree char *lower = g_ascii_strdown (value, -1);
  const char *other;

  self->query->ordered = booru_query_order_from_string (lower, &self->query->order);
  if (self->query->ordered)
    return;
  other = booru_query_order_suggest (lower);
  add_fault (self, start, self->at, "There is no order “%s”%s%s%s.", value,
             other ? ". Did you mean order:" : ": use one such as order:score", other ? other : "",
             other ? "?" : "");
}

static gint
read_count (Parser *self, BooruMetatag metatag, const char *start, const char *value)
{
  guint64 count;

  if (g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT, &count, NULL))
    return (gint)count;
  add_fault (self, start, self->at, "“%.*s” is not understood: use %s.", (int)(self->at - start),
             start, booru_metatag_get_expected (metatag));
  return -1;
}

/* An order beside ordpool: and its like is one too many. */
static void
take_singleton (Parser *self, BooruMetatag metatag, const char *start, const char *value)
{
  guint *n = metatag == BOORU_METATAG_LIMIT    ? &self->n_limits
             : metatag == BOORU_METATAG_RANDOM ? &self->n_randoms
                                               : &self->n_orders;

  self->singleton = start;
  if (++*n > 1)
    {
      add_fault (self, start, self->at, "A search can have only one %s.",
                 metatag == BOORU_METATAG_LIMIT    ? "limit:"
                 : metatag == BOORU_METATAG_RANDOM ? "random:"
                                                   : "order");
      refuse (self);
    }
  else if (metatag == BOORU_METATAG_ORDER && value[0] == '\0')
    {
      add_fault (self, start, self->at, "An order is missing after “order:”.");
      refuse (self);
    }
  else if (metatag == BOORU_METATAG_ORDER)
    set_order (self, start, value);
  else if (metatag == BOORU_METATAG_LIMIT)
    self->query->limit = read_count (self, metatag, start, value);
  else if (metatag == BOORU_METATAG_RANDOM)
    self->query->cap = read_count (self, metatag, start, value);
}

/* What this board does not have finds nothing, negated or not. */
static BooruQueryNode *
take_unknown (Parser *self, const char *start, const char *colon)
{
  self->n_unknown++;
  add_fault (self, start, self->at, "This board cannot search by “%.*s:”.", (int)(colon - start),
             start);
  return booru_query_node_new (BOORU_QUERY_NONE);
}

/* Counts what the condition costs. Returns whether it is too much. */
static gboolean
is_too_much (Parser *self, const BooruQueryNode *node)
{
  const BooruQueryNode *inner = node->type == BOORU_QUERY_NOT ? node->children->pdata[0] : node;

  for (guint i = 0; inner->ranges && i < inner->ranges->len; i++)
    {
      const BooruQueryRange *range = &g_array_index (inner->ranges, BooruQueryRange, i);

      if (range->low == range->high)
        self->n_values++;
      else if (i > 0) /* the first is the term itself */
        self->n_terms++;
    }
  self->n_values += inner->words ? inner->words->len : 0;
  return self->n_values > BOORU_QUERY_MAX_VALUES || self->n_terms > BOORU_QUERY_MAX_TERMS;
}

static BooruQueryNode *
read_value (Parser *self,
            BooruMetatag metatag,
            const char *start,
            const char *value,
            gboolean quoted)
{
  BooruQueryNode *node = booru_query_parse_value (metatag, value, quoted);
  BooruQueryNode *inner = node && node->type == BOORU_QUERY_NOT ? node->children->pdata[0] : node;

  if (node == NULL)
    {
      add_fault (self, start, self->at, "“%.*s” is not understood: use %s.",
                 (int)(self->at - start), start, booru_metatag_get_expected (metatag));
      return booru_query_node_new (BOORU_QUERY_NONE);
    }
  if (booru_metatag_is_personal (metatag))
    {
      self->query->personal = TRUE;
      inner->asker = self->query->asker;
    }
  return node;
}

/* Returns NULL for what is no condition. */
static BooruQueryNode *
parse_metatag (Parser *self, BooruMetatag metatag, const char *start)
{
  const char *colon = self->at - 1;
  gboolean quoted = *self->at == '"' || *self->at == '\'';
  g_autofree char *value = quoted ? booru_query_read_quoted (&self->at)
                                  : booru_query_read_unquoted (&self->at, self->unclosed);
  BooruQueryNode *node;

  if (value == NULL)
    {
      add_fault (self, colon + 1, start + strlen (start), "This quotation mark is never closed.");
      return fail (self);
    }
  if (metatag == BOORU_METATAG_RESERVED)
    return take_unknown (self, start, colon);
  if (booru_metatag_is_singleton (metatag))
    take_singleton (self, metatag, start, value);
  if (booru_metatag_get_answer (metatag) == BOORU_ANSWER_QUERY || self->failed)
    return NULL;

  node = read_value (self, metatag, start, value, quoted);
  self->n_ids += metatag == BOORU_METATAG_ID;
  /* status:any finds every post and is gone with the condition: remember that it was said. */
  if (metatag == BOORU_METATAG_STATUS
      || (node->type == BOORU_QUERY_CONDITION && node->metatag == BOORU_METATAG_STATUS))
    self->query->active_only = self->query->active_only && node->type == BOORU_QUERY_NONE;
  if (is_too_much (self, node))
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

/* "/lh", which stands for long_hair and cannot be a tag itself. */
static gboolean
is_abbreviation (const char *word)
{
  const char *p = word + 1;

  if (word[0] != '/')
    return FALSE;
  while (g_ascii_isalnum (*p))
    p++;
  return *p == '\0' && p > word + 1;
}

/* From @start to @self->at. */
static BooruQueryNode *
new_tag (Parser *self, const char *start, const char *word)
{
  g_autoptr (GError) error = NULL;
  BooruQueryTag *tag;
  char *name;

  if (is_abbreviation (word))
    {
      g_autofree char *lower = g_ascii_strdown (word, -1);

      return booru_query_node_new_text (BOORU_QUERY_TAG, lower);
    }
  name = booru_tag_normalize (word, &error);
  /* What cannot be a tag is on no post. */
  if (name == NULL)
    {
      add_fault (self, start, self->at, "%s.", error->message);
      return booru_query_node_new (BOORU_QUERY_NONE);
    }
  tag = g_new0 (BooruQueryTag, 1);
  tag->start = (gsize)(start - self->query->text);
  tag->length = (gsize)(self->at - start);
  tag->name = name;
  g_ptr_array_add (self->query->tags, tag);
  return booru_query_node_new_text (BOORU_QUERY_TAG, name);
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
  const char *end = booru_query_give_back_parens (self->at, booru_query_find_word_end (self->at),
                                                  self->unclosed, TRUE);
  const char *colon = memchr (self->at, ':', (gsize)(end - self->at));
  const char *start = self->at;
  g_autofree char *word = NULL;
  BooruMetatag metatag;

  if (end == self->at || strchr (")~-", *self->at))
    return fail_without_term (self);
  if (++self->n_terms > BOORU_QUERY_MAX_TERMS)
    return fail_too_complex (self);
  if (colon && booru_metatag_from_name (self->at, (gsize)(colon - self->at), &metatag))
    {
      self->at = colon + 1;
      return parse_metatag (self, metatag, start);
    }

  word = g_strndup (self->at, (gsize)(end - self->at));
  if (is_reserved (word))
    {
      add_fault (self, start, end, "A tag is missing beside “%s”.", word);
      return fail (self);
    }
  self->at = end;
  return strchr (word, '*') ? new_wildcard (word) : new_tag (self, start, word);
}

static BooruQueryNode *
parse_expr (Parser *self)
{
  g_autoptr (BooruQueryNode) group = NULL;
  const char *start;

  self->at = booru_query_skip_space (self->at);
  if (*self->at != '(')
    return parse_term (self);

  start = self->at;
  if (self->unclosed >= MAX_NESTING)
    return fail_too_complex (self);
  self->at++;
  self->unclosed++;
  group = parse_or_clause (self);
  if (self->failed)
    return NULL;
  if (*self->at != ')')
    {
      add_fault (self, start, start + 1, "This “(” is never closed.");
      return fail (self);
    }
  self->at++;
  self->unclosed--;
  return g_steal_pointer (&group);
}

/* Whether no factor follows: the end, a closing parenthesis or an operator. */
static gboolean
at_end_of_list (Parser *self)
{
  self->at = booru_query_skip_space (self->at);
  return *self->at == '\0' || *self->at == ')' || booru_query_is_operator (self->at, "and")
         || booru_query_is_operator (self->at, "or");
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

/* What is of the whole search neither is negated nor stands in an alternative: @before is the last
 * such metatag that stands before it. */
static void
check_singletons (Parser *self, const char *before, const char *problem)
{
  const char *start = self->singleton;

  if (self->failed || start == before)
    return;
  add_fault (self, start, booru_query_find_word_end (start), "“%.*s” %s.",
             (int)strcspn (start, ":") + 1, start, problem);
  refuse (self);
}

static BooruQueryNode *
negate (Parser *self, BooruQueryNode *node, guint n_unknown)
{
  if (self->n_unknown == n_unknown)
    return booru_query_node_new_not (node);
  booru_query_node_free (node);
  return booru_query_node_new (BOORU_QUERY_NONE);
}

static BooruQueryNode *
parse_factor_list (Parser *self)
{
  g_autoptr (GPtrArray) all = new_children (), options = new_children ();

  do
    {
      const char *singleton = self->singleton;
      guint n_unknown = self->n_unknown;
      BooruQueryNode *node;
      char sign;

      self->at = booru_query_skip_space (self->at);
      sign = *self->at;
      if (sign == '-' || sign == '~')
        self->at++;
      node = parse_expr (self);
      if (sign == '-')
        check_singletons (self, singleton, "cannot be negated");
      if (sign == '~')
        check_singletons (self, singleton, "cannot be one of several alternatives");
      if (node && sign == '-')
        node = negate (self, node, n_unknown);
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
  const char *singleton = self->singleton;
  guint n = 0;

  do
    {
      add_child (all, parse_and_clause (self));
      n++;
    }
  while (!self->failed && accept_operator (self, "or"));
  if (n > 1)
    check_singletons (self, singleton, "cannot be one of several alternatives: put these in ( )");
  return self->failed ? NULL : join (BOORU_QUERY_OR, all);
}

/* Parses the text, or says why not. */
static BooruQueryNode *
parse_text (Parser *self)
{
  BooruQueryNode *root = NULL;

  if (!g_utf8_validate (self->query->text, -1, NULL))
    {
      add_fault (self, self->at, self->at, "The search is not valid UTF-8.");
      return fail (self);
    }
  if (*self->at != '\0')
    root = parse_or_clause (self);
  if (!self->failed && *self->at != '\0')
    {
      add_fault (self, self->at, self->at + 1, "This “%c” closes nothing.", *self->at);
      fail (self);
    }
  return root;
}

/* Fills the members of a new query from its text. */
void
booru_query_parse_into (BooruQuery *self)
{
  Parser parser = { .query = self, .at = booru_query_skip_space (self->text) };
  BooruQueryNode *root = parse_text (&parser);

  if (self->cap >= 0 && !self->ordered)
    {
      self->order = BOORU_ORDER_RANDOM;
      self->ordered = TRUE;
    }
  if (!parser.failed && root)
    {
      gboolean keep_ranges = self->order == BOORU_ORDER_CUSTOM;

      /* Before ranges of ids are joined. */
      self->active_only = self->active_only && !booru_query_names_posts (root);
      root = booru_query_node_simplify (root, keep_ranges);
    }
  /* An order by a list needs the one list. */
  if (self->order == BOORU_ORDER_CUSTOM && !parser.failed
      && (parser.n_ids != 1 || root == NULL
          || !booru_query_node_is_list (booru_query_node_find_ids (root))))
    {
      add_fault (&parser, parser.singleton, booru_query_find_word_end (parser.singleton),
                 "order:custom needs one list of ids beside it, such as id:3,1,2.");
      fail (&parser);
    }
  if (!parser.failed && root && booru_query_node_get_depth (root) > BOORU_QUERY_MAX_DEPTH)
    fail_too_complex (&parser);

  if (parser.failed)
    g_clear_pointer (&root, booru_query_node_free);
  if (root == NULL)
    root = booru_query_node_new (parser.failed ? BOORU_QUERY_NONE : BOORU_QUERY_ALL);
  self->root = root;
  /* Nothing is nearer than anything else without something to be near to. */
  if (!self->ordered || self->order == BOORU_ORDER_SIMILAR)
    self->order = booru_query_get_default_order (root);
}
