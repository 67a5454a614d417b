/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-router.h"

#include <string.h>

#define MAX_SEGMENTS 16
#define N_METHODS 5

static const char *const methods[N_METHODS] = { "GET", "POST", "PUT", "DELETE", "PATCH" };

typedef struct
{
  const BooruRoute *route;
  gpointer user_data;
} Target;

typedef struct _Node Node;

/* One way on from a node that takes any segment with the given end. */
typedef struct
{
  char *name;
  char *suffix; /* "" for a plain capture */
  Node *node;
} Capture;

struct _Node
{
  GHashTable *literals; /* segment → Node */
  GPtrArray *captures;  /* Capture; those with the longest end first */
  Target targets[N_METHODS];
};

struct _WebRouter
{
  Node *root;
};

static void
node_free (Node *node)
{
  g_hash_table_unref (node->literals);
  g_ptr_array_unref (node->captures);
  g_free (node);
}

static void
capture_free (Capture *capture)
{
  g_free (capture->name);
  g_free (capture->suffix);
  node_free (capture->node);
  g_free (capture);
}

static Node *
node_new (void)
{
  Node *node = g_new0 (Node, 1);

  node->literals
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)node_free);
  node->captures = g_ptr_array_new_with_free_func ((GDestroyNotify)capture_free);
  return node;
}

WebRouter *
web_router_new (void)
{
  WebRouter *self = g_new0 (WebRouter, 1);

  self->root = node_new ();
  return self;
}

void
web_router_free (WebRouter *self)
{
  node_free (self->root);
  g_free (self);
}

static gint
compare_captures (gconstpointer a, gconstpointer b)
{
  const Capture *left = *(Capture *const *)a, *right = *(Capture *const *)b;
  gsize left_length = strlen (left->suffix), right_length = strlen (right->suffix);

  return left_length < right_length ? 1 : left_length > right_length ? -1 : 0;
}

static Node *
ensure_capture (Node *node, const char *segment)
{
  gsize name_length = strspn (segment, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_");
  const char *suffix = segment + name_length;
  Capture *capture;

  for (guint i = 0; i < node->captures->len; i++)
    {
      capture = node->captures->pdata[i];
      if (strncmp (capture->name, segment, name_length) == 0 && capture->name[name_length] == '\0'
          && g_str_equal (capture->suffix, suffix))
        return capture->node;
    }

  capture = g_new0 (Capture, 1);
  capture->name = g_strndup (segment, name_length);
  capture->suffix = g_strdup (suffix);
  capture->node = node_new ();
  g_ptr_array_add (node->captures, capture);
  g_ptr_array_sort (node->captures, compare_captures);
  return capture->node;
}

static Node *
ensure_literal (Node *node, const char *segment)
{
  Node *child = g_hash_table_lookup (node->literals, segment);

  if (child == NULL)
    {
      child = node_new ();
      g_hash_table_insert (node->literals, g_strdup (segment), child);
    }
  return child;
}

static gint
find_method (const char *method)
{
  for (gint i = 0; i < N_METHODS; i++)
    if (strcmp (methods[i], method) == 0)
      return i;
  return -1;
}

/**
 * web_router_add:
 * @self: a router
 * @route: (transfer none): outlives the router
 * @user_data: returned with a match
 * @error: BOORU_ERROR_CONFIG, naming the pattern and what is wrong with it
 *
 * Adds a route. The first one of a method and pattern wins.
 */
gboolean
web_router_add (WebRouter *self, const BooruRoute *route, gpointer user_data, GError **error)
{
  g_auto (GStrv) segments = NULL;
  gint method = find_method (route->method);
  guint n_captures = 0;
  Node *node = self->root;

  if (method < 0 || route->pattern[0] != '/')
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG, "The route “%s %s” has %s",
                   route->method, route->pattern,
                   method < 0 ? "a method that is not served"
                              : "a pattern that does not begin with /");
      return FALSE;
    }

  segments = g_strsplit (route->pattern + 1, "/", -1);
  if (g_strv_length (segments) > MAX_SEGMENTS)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                   "The route “%s” has more than %d segments", route->pattern, MAX_SEGMENTS);
      return FALSE;
    }

  for (guint i = 0; segments[i]; i++)
    {
      const char *segment = segments[i];

      if (*segment == '\0')
        continue;
      if (*segment == ':' && (!g_ascii_isalpha (segment[1]) || ++n_captures > WEB_MAX_CAPTURES))
        {
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                       "The route “%s” has a capture without a name or more than %d captures",
                       route->pattern, WEB_MAX_CAPTURES);
          return FALSE;
        }
      node = *segment == ':' ? ensure_capture (node, segment + 1) : ensure_literal (node, segment);
    }

  if (node->targets[method].route == NULL)
    node->targets[method] = (Target){ route, user_data };
  return TRUE;
}

/* Decodes one segment. NULL: broken encoding, a NUL, or not UTF-8. */
static char *
decode_segment (const char *segment, gsize length)
{
  g_autofree char *decoded = NULL;

  if (memchr (segment, '%', length) == NULL)
    decoded = g_strndup (segment, length);
  else
    decoded = g_uri_unescape_segment (segment, segment + length, NULL);

  if (decoded == NULL || !g_utf8_validate (decoded, -1, NULL))
    return NULL;
  return g_steal_pointer (&decoded);
}

typedef struct
{
  char *segments[MAX_SEGMENTS];
  guint n_segments;
} Path;

static void
path_clear (Path *path)
{
  for (guint i = 0; i < path->n_segments; i++)
    g_free (path->segments[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Path, path_clear)

/* Splits before it decodes, so that an encoded slash does not separate. */
static WebMatchResult
path_init (Path *path, const char *encoded)
{
  const char *at = encoded;
  WebMatchResult result = WEB_MATCH_FOUND;

  path->n_segments = 0;
  if (*at++ != '/')
    return WEB_MATCH_BAD_PATH;

  for (; *at; at++)
    {
      const char *end = strchrnul (at, '/');
      g_autofree char *segment = decode_segment (at, (gsize)(end - at));

      if (segment == NULL)
        return WEB_MATCH_BAD_PATH;
      if (path->n_segments == MAX_SEGMENTS)
        result = WEB_MATCH_NOT_FOUND;
      else if (*segment)
        path->segments[path->n_segments++] = g_steal_pointer (&segment);
      if (*end == '\0')
        break;
      at = end;
    }
  return result;
}

/* Walks on from @node; a dead end further down goes back to the next best way. */
static const Node *
walk (const Node *node, const Path *path, guint at, gint method, WebMatch *match)
{
  const Node *child, *found;

  if (at == path->n_segments)
    return node->targets[method].route ? node : NULL;

  child = g_hash_table_lookup (node->literals, path->segments[at]);
  if (child && (found = walk (child, path, at + 1, method, match)))
    return found;

  for (guint i = 0; i < node->captures->len; i++)
    {
      const Capture *capture = node->captures->pdata[i];
      gsize length = strlen (path->segments[at]), suffix = strlen (capture->suffix);
      guint n_captures = match->n_captures;

      if (length <= suffix || strcmp (path->segments[at] + length - suffix, capture->suffix) != 0)
        continue;

      match->captures[n_captures].name = capture->name;
      match->captures[n_captures].value = g_strndup (path->segments[at], length - suffix);
      match->n_captures++;
      found = walk (capture->node, path, at + 1, method, match);
      if (found)
        return found;
      g_clear_pointer (&match->captures[n_captures].value, g_free);
      match->n_captures = n_captures;
    }
  return NULL;
}

static char *
make_allow (WebRouter *self, const Path *path, const BooruRoute **route)
{
  GString *allow = g_string_new (NULL);
  const Node *node;

  for (gint i = 0; i < N_METHODS; i++)
    {
      g_auto (WebMatch) other = { 0 };

      if ((node = walk (self->root, path, 0, i, &other)) == NULL)
        continue;
      if (*route == NULL)
        *route = node->targets[i].route;
      g_string_append_printf (allow, "%s%s", allow->len ? ", " : "", methods[i]);
      if (i == 0)
        g_string_append (allow, ", HEAD");
    }
  return g_string_free (allow, FALSE);
}

/**
 * web_router_match:
 * @self: a router
 * @method: an HTTP method; HEAD finds what GET does
 * @path: as it stands in the URL: encoded, without the query
 * @match: (out caller-allocates): filled for FOUND and WRONG_METHOD; clear it with
 * web_match_clear()
 *
 * Returns: what was found
 */
WebMatchResult
web_router_match (WebRouter *self, const char *method, const char *path, WebMatch *match)
{
  g_auto (Path) segments = { .n_segments = 0 };
  gint index = find_method (g_str_equal (method, "HEAD") ? "GET" : method);
  const Node *node = NULL;
  WebMatchResult result;

  memset (match, 0, sizeof *match);
  result = path_init (&segments, path);
  if (result != WEB_MATCH_FOUND)
    return result;

  if (index >= 0)
    node = walk (self->root, &segments, 0, index, match);
  if (node)
    {
      match->route = node->targets[index].route;
      match->user_data = node->targets[index].user_data;
      return WEB_MATCH_FOUND;
    }

  match->allow = make_allow (self, &segments, &match->route);
  if (*match->allow)
    return WEB_MATCH_WRONG_METHOD;
  g_clear_pointer (&match->allow, g_free);
  return WEB_MATCH_NOT_FOUND;
}

void
web_match_clear (WebMatch *match)
{
  for (guint i = 0; i < match->n_captures; i++)
    g_free (match->captures[i].value);
  g_free (match->allow);
  memset (match, 0, sizeof *match);
}

/**
 * web_match_get_capture:
 * @match: a match
 * @name: name of a capture, without the colon
 *
 * Returns: (nullable): what it matched
 */
const char *
web_match_get_capture (const WebMatch *match, const char *name)
{
  for (guint i = 0; i < match->n_captures; i++)
    if (g_str_equal (match->captures[i].name, name))
      return match->captures[i].value;
  return NULL;
}
