/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-watch-tree.h"

#include <booru.h>
#include <sys/inotify.h>

static guint
node_hash (gconstpointer key)
{
  const WatchNode *node = key;

  return g_str_hash (node->name) ^ g_direct_hash (node->parent);
}

static gboolean
node_equal (gconstpointer a, gconstpointer b)
{
  const WatchNode *left = a, *right = b;

  return left->parent == right->parent && g_str_equal (left->name, right->name);
}

static void
node_unlink (MonitorWatchTree *self, WatchNode *node)
{
  if (node->parent == NULL)
    return;
  g_hash_table_remove (self->by_place, node);
  if (node->previous)
    node->previous->next = node->next;
  else
    node->parent->children = node->next;
  if (node->next)
    node->next->previous = node->previous;
  node->previous = node->next = NULL;
}

static void
node_link (MonitorWatchTree *self, WatchNode *node, WatchNode *parent)
{
  node->parent = parent;
  node->previous = NULL;
  node->next = parent->children;
  if (node->next)
    node->next->previous = node;
  parent->children = node;
  g_hash_table_add (self->by_place, node);
}

void
watch_tree_unset_watch (MonitorWatchTree *self, WatchNode *node, gboolean remove)
{
  if (node->wd < 0)
    return;
  if (remove)
    inotify_rm_watch (self->fd, node->wd);
  g_hash_table_remove (self->by_wd, GINT_TO_POINTER (node->wd));
  node->wd = -1;
  self->n_watches--;
}

/* Iterates instead of recursing: a tree can be deeper than the stack. */
void
watch_tree_remove (MonitorWatchTree *self, WatchNode *top)
{
  WatchNode *node = top;

  node_unlink (self, top);
  while (node != NULL)
    {
      WatchNode *parent = node->parent;

      if (node->children)
        {
          node = node->children;
          continue;
        }
      watch_tree_unset_watch (self, node, TRUE);
      if (node != top)
        node_unlink (self, node);
      g_free (node->name);
      g_free (node);
      node = node == top ? NULL : parent;
    }
}

void
watch_tree_remove_root (MonitorWatchTree *self, guint root)
{
  WatchNode *node = g_hash_table_lookup (self->roots, GUINT_TO_POINTER (root));

  if (node == NULL)
    return;
  g_hash_table_remove (self->roots, GUINT_TO_POINTER (root));
  watch_tree_remove (self, node);
}

static WatchNode *
node_child (MonitorWatchTree *self, WatchNode *parent, const char *name)
{
  WatchNode key = { .parent = parent, .name = (char *)name };

  return g_hash_table_lookup (self->by_place, &key);
}

static WatchNode *
node_new (MonitorWatchTree *self, WatchNode *parent, guint root, const char *name)
{
  WatchNode *node = g_new0 (WatchNode, 1);

  node->wd = -1;
  node->root = root;
  node->name = g_strdup (name);
  if (parent)
    node_link (self, node, parent);
  else
    g_hash_table_insert (self->roots, GUINT_TO_POINTER (root), node);
  return node;
}

static WatchNode *
node_at (MonitorWatchTree *self, guint root, const char *path, gboolean create)
{
  WatchNode *node = g_hash_table_lookup (self->roots, GUINT_TO_POINTER (root));
  g_auto (GStrv) names = NULL;

  if (node == NULL && create)
    node = node_new (self, NULL, root, "");
  if (node == NULL || *path == '\0')
    return node;

  names = g_strsplit (path, "/", -1);
  for (guint i = 0; names[i] != NULL && node != NULL; i++)
    {
      WatchNode *child = node_child (self, node, names[i]);

      if (child == NULL && create)
        child = node_new (self, node, root, names[i]);
      node = child;
    }
  return node;
}

char *
watch_node_dup_path (const WatchNode *node, const char *name)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GString *path = g_string_new (NULL);

  for (; node->parent != NULL; node = node->parent)
    g_ptr_array_add (names, node->name);
  for (guint i = names->len; i-- > 0;)
    {
      g_string_append (path, g_ptr_array_index (names, i));
      if (i > 0 || *name)
        g_string_append_c (path, '/');
    }
  g_string_append (path, name);
  return g_string_free (path, FALSE);
}

void
watch_tree_remove_if_unused (MonitorWatchTree *self, WatchNode *node)
{
  while (node->parent != NULL && node->wd < 0 && node->children == NULL)
    {
      WatchNode *parent = node->parent;

      watch_tree_remove (self, node);
      node = parent;
    }
}

WatchNode *
watch_tree_find (MonitorWatchTree *self, guint root, const char *path)
{
  return node_at (self, root, path, FALSE);
}

WatchNode *
watch_tree_ensure (MonitorWatchTree *self, guint root, const char *path)
{
  return node_at (self, root, path, TRUE);
}

void
watch_tree_set_watch (MonitorWatchTree *self, WatchNode *node, int wd)
{
  watch_tree_unset_watch (self, node, TRUE);
  node->wd = wd;
  g_hash_table_insert (self->by_wd, GINT_TO_POINTER (wd), node);
  self->n_watches++;
}

void
watch_tree_move (MonitorWatchTree *self, WatchNode *node, guint root, const char *path)
{
  g_autofree char *dir = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  WatchNode *parent = watch_tree_find (self, root, g_str_equal (dir, ".") ? "" : dir);
  WatchNode *replaced = parent ? node_child (self, parent, name) : NULL;

  if (node->parent == NULL || node == replaced)
    return;
  if (replaced)
    watch_tree_remove (self, replaced);
  if (parent == NULL || node->root != root)
    {
      watch_tree_remove (self, node);
      return;
    }
  node_unlink (self, node);
  g_free (node->name);
  node->name = g_steal_pointer (&name);
  node_link (self, node, parent);
}

void
watch_tree_init (MonitorWatchTree *self)
{
  self->fd = -1;
  self->roots = g_hash_table_new (NULL, NULL);
  self->by_wd = g_hash_table_new (NULL, NULL);
  self->by_place = g_hash_table_new (node_hash, node_equal);
}

void
watch_tree_clear (MonitorWatchTree *self)
{
  GHashTableIter iter;
  gpointer root;

  /* Closing the descriptor removes all watches at once, far faster than one by one. */
  booru_clear_fd (&self->fd);
  for (g_hash_table_iter_init (&iter, self->roots); g_hash_table_iter_next (&iter, &root, NULL);
       g_hash_table_iter_init (&iter, self->roots))
    watch_tree_remove_root (self, GPOINTER_TO_UINT (root));
  g_hash_table_unref (self->roots);
  g_hash_table_unref (self->by_wd);
  g_hash_table_unref (self->by_place);
}
