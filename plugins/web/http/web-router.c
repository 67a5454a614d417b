/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-router.h"

#include <string.h>

const char *const web_router_methods[] = { "GET", "POST", "PUT", "DELETE", "PATCH", NULL };
#define N_METHODS (G_N_ELEMENTS (web_router_methods) - 1)

typedef struct
{
  const BooruRouteEntry *entry;
  char **names; /* of the pattern's captures */
} Target;

/* One way on from a node that takes any segment with the given end. */
typedef struct
{
  char *suffix; /* "" for a plain capture */
  WebNode *node;
} Capture;

struct _WebNode
{
  GHashTable *literals; /* segment → WebNode */
  GPtrArray *captures;  /* Capture; those with the longest end first */
  Target targets[N_METHODS];
  gboolean has_targets;
};

struct _WebRouter
{
  WebNode *root;
};

static void
node_free (WebNode *node)
{
  g_hash_table_unref (node->literals);
  g_ptr_array_unref (node->captures);
  for (gsize i = 0; i < N_METHODS; i++)
    g_strfreev (node->targets[i].names);
  g_free (node);
}

static void
capture_free (Capture *capture)
{
  g_free (capture->suffix);
  node_free (capture->node);
  g_free (capture);
}

static WebNode *
node_new (void)
{
  WebNode *node = g_new0 (WebNode, 1);

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

static WebNode *
ensure_capture (WebNode *node, const char *suffix)
{
  Capture *capture;

  for (guint i = 0; i < node->captures->len; i++)
    {
      capture = node->captures->pdata[i];
      if (g_str_equal (capture->suffix, suffix))
        return capture->node;
    }

  capture = g_new0 (Capture, 1);
  capture->suffix = g_strdup (suffix);
  capture->node = node_new ();
  g_ptr_array_add (node->captures, capture);
  g_ptr_array_sort (node->captures, compare_captures);
  return capture->node;
}

static WebNode *
ensure_literal (WebNode *node, const char *segment)
{
  WebNode *child = g_hash_table_lookup (node->literals, segment);

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
  for (gsize i = 0; i < N_METHODS; i++)
    if (strcmp (web_router_methods[i], method) == 0)
      return (gint)i;
  return -1;
}

static gboolean
fail (GError **error, const BooruRouteEntry *entry, const char *why)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG, "The route “%s %s” of the plugin “%s” %s",
               entry->route->method, entry->route->pattern, entry->plugin, why);
  return FALSE;
}

/* The node of a pattern, with the names of its captures. NULL: the pattern makes no sense. */
static WebNode *
ensure_node (WebRouter *self, const BooruRouteEntry *entry, GStrvBuilder *names, GError **error)
{
  g_auto (GStrv) segments = g_strsplit (entry->route->pattern + 1, "/", -1);
  WebNode *node = self->root;
  guint n_captures = 0;

  if (g_strv_length (segments) > WEB_MAX_SEGMENTS)
    {
      fail (error, entry, "has more than " G_STRINGIFY (WEB_MAX_SEGMENTS) " segments");
      return NULL;
    }
  for (guint i = 0; segments[i]; i++)
    {
      const char *segment = segments[i];
      gsize length
          = strspn (segment + (*segment == ':'), G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_");
      g_autofree char *name = *segment == ':' ? g_strndup (segment + 1, length) : NULL;

      if (name && (!g_ascii_isalpha (*name) || ++n_captures > WEB_MAX_CAPTURES))
        {
          fail (error, entry,
                "has a capture without a name or more than " G_STRINGIFY (
                    WEB_MAX_CAPTURES) " captures");
          return NULL;
        }
      if (name)
        {
          g_strv_builder_add (names, name);
          node = ensure_capture (node, segment + 1 + length);
        }
      else if (*segment)
        node = ensure_literal (node, segment);
    }
  return node;
}

static gboolean
set_target (WebNode *node, const BooruRouteEntry *entry, char **names, GError **error)
{
  const BooruRoute *route = entry->route;
  Target *target = &node->targets[find_method (route->method)];

  if (target->entry)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS,
                   "The route “%s %s” of the plugin “%s” is left out: the plugin “%s” has “%s”",
                   route->method, route->pattern, entry->plugin, target->entry->plugin,
                   target->entry->route->pattern);
      g_strfreev (names);
      return FALSE;
    }
  *target = (Target){ entry, names };
  node->has_targets = TRUE;
  return TRUE;
}

gboolean
web_router_add (WebRouter *self, const BooruRouteEntry *entry, GError **error)
{
  const BooruRoute *route = entry->route;
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  WebNode *node;

  if (find_method (route->method) < 0)
    return fail (error, entry, "has a method that is not served");
  if (route->pattern[0] != '/')
    return fail (error, entry, "has a pattern that does not begin with /");
  node = ensure_node (self, entry, names, error);
  return node && set_target (node, entry, g_strv_builder_end (names), error);
}

static void
find (const WebNode *node, char *const *segments, guint n_left, WebPlace *place, GArray *places)
{
  const WebNode *child;

  if (n_left == 0)
    {
      place->node = node;
      if (node->has_targets)
        g_array_append_val (places, *place);
      return;
    }

  child = g_hash_table_lookup (node->literals, *segments);
  if (child)
    find (child, segments + 1, n_left - 1, place, places);
  for (guint i = 0; i < node->captures->len; i++)
    {
      const Capture *capture = node->captures->pdata[i];
      gsize length = strlen (*segments), suffix = strlen (capture->suffix);

      if (length <= suffix || strcmp (*segments + length - suffix, capture->suffix) != 0)
        continue;
      place->captures[place->n_captures++] = (WebSlice){ *segments, length - suffix };
      find (capture->node, segments + 1, n_left - 1, place, places);
      place->n_captures--;
    }
}

void
web_router_find (const WebRouter *self, char *const *segments, guint n_segments, GArray *places)
{
  WebPlace place = { .n_captures = 0 };

  find (self->root, segments, n_segments, &place, places);
}

gboolean
web_place_match (const WebPlace *self, const char *method, WebMatch *match)
{
  gint index = find_method (g_str_equal (method, "HEAD") ? "GET" : method);
  const Target *target = index >= 0 ? &self->node->targets[index] : NULL;

  if (target == NULL || target->entry == NULL)
    return FALSE;
  match->entry = target->entry;
  match->names = (const char *const *)target->names;
  for (guint i = 0; i < self->n_captures; i++)
    match->values[i] = g_strndup (self->captures[i].data, self->captures[i].length);
  return TRUE;
}

void
web_match_clear (WebMatch *match)
{
  for (guint i = 0; i < WEB_MAX_CAPTURES; i++)
    g_free (match->values[i]);
  g_free (match->allow);
  memset (match, 0, sizeof *match);
}

const char *
web_match_get_capture (const WebMatch *match, const char *name)
{
  for (guint i = 0; match->names && match->names[i]; i++)
    if (g_str_equal (match->names[i], name))
      return match->values[i];
  return NULL;
}
