/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A directory. One without a watch (wd -1) only holds watched ones below it together. */
typedef struct _WatchNode WatchNode;
struct _WatchNode
{
  int wd;
  guint root;
  char *name; /* "" for a root */
  WatchNode *parent;
  WatchNode *children;
  WatchNode *previous, *next; /* among the parent's children */
};

/**
 * MonitorWatchTree:
 *
 * The directories that are watched, as trees, so that one that is renamed takes those below it
 * along. Not thread-safe.
 */
typedef struct
{
  int fd;               /* of inotify; -1: there is none */
  GHashTable *roots;    /* number -> WatchNode, owned */
  GHashTable *by_wd;    /* wd -> WatchNode */
  GHashTable *by_place; /* set of WatchNode by parent and name */
  guint n_watches;
} MonitorWatchTree;

void watch_tree_init (MonitorWatchTree *self);
void watch_tree_clear (MonitorWatchTree *self); /* the descriptor, too */
WatchNode *watch_tree_find (MonitorWatchTree *self, guint root, const char *path); /* NULL: none */

WatchNode *watch_tree_ensure (MonitorWatchTree *self, guint root, const char *path);
void watch_tree_remove_root (MonitorWatchTree *self, guint root);
void watch_tree_remove (MonitorWatchTree *self, WatchNode *node); /* with all below it */

/* Removes it, and what above it existed only to hold it, unless anything is watched there. */
void watch_tree_remove_if_unused (MonitorWatchTree *self, WatchNode *node);

/* The directory's place becomes @path; one that was there is removed. One that goes to another
 * root, or to a place that is not watched, is removed itself: the walk that follows watches it
 * anew. */
void watch_tree_move (MonitorWatchTree *self, WatchNode *node, guint root, const char *path);

/* Says what inotify watches a directory by. */
void watch_tree_set_watch (MonitorWatchTree *self, WatchNode *node, int wd);

/* @remove: FALSE: inotify has removed it already. */
void watch_tree_unset_watch (MonitorWatchTree *self, WatchNode *node, gboolean remove);

/* The path of @name in @node below their root; transfer full. */
char *watch_node_dup_path (const WatchNode *node, const char *name);

G_END_DECLS
