/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-watcher.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "monitor-departure.h"

#define FILE_MASK                                                                                  \
  (IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_ATTRIB | IN_ONLYDIR   \
   | IN_EXCL_UNLINK)
#define ROOT_MASK (FILE_MASK | IN_DELETE_SELF | IN_MOVE_SELF)

#define READ_SIZE (64 * 1024)
#define PAIR_TIMEOUT (20 * G_TIME_SPAN_MILLISECOND)

/* s between attempts to get an inotify instance */
#define FIRST_ATTEMPT 2
#define LAST_ATTEMPT 60

/* A directory. One without a watch (wd -1) only holds watched ones below it together. */
typedef struct _Node Node;
struct _Node
{
  int wd;
  guint root;
  char *name; /* "" for a root */
  Node *parent;
  Node *children;
  Node *previous, *next; /* among the parent's children */
};

typedef struct
{
  GSource source;
  MonitorWatcher *watcher;
} WatcherSource;

struct _MonitorWatcher
{
  GSource *source;
  GSource *attempt; /* NULL unless blind */
  guint attempt_delay;
  MonitorWatchFunc func;
  gpointer user_data;
  GQueue departures; /* main thread only */

  GMutex mutex;         /* for all below: walkers add from their threads */
  int fd;               /* of inotify; -1: blind */
  GHashTable *roots;    /* number -> Node, owned */
  GHashTable *places;   /* number -> where the root lay when it was watched */
  GHashTable *by_wd;    /* wd -> Node */
  GHashTable *by_place; /* set of Node by parent and name */
  guint n_watches, max_watches;
  gboolean warned;
};

static guint
node_hash (gconstpointer key)
{
  const Node *node = key;

  return g_str_hash (node->name) ^ g_direct_hash (node->parent);
}

static gboolean
node_equal (gconstpointer a, gconstpointer b)
{
  const Node *left = a, *right = b;

  return left->parent == right->parent && g_str_equal (left->name, right->name);
}

static void
node_unlink (MonitorWatcher *self, Node *node)
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
node_link (MonitorWatcher *self, Node *node, Node *parent)
{
  node->parent = parent;
  node->previous = NULL;
  node->next = parent->children;
  if (node->next)
    node->next->previous = node;
  parent->children = node;
  g_hash_table_add (self->by_place, node);
}

static void
node_unwatch (MonitorWatcher *self, Node *node, gboolean remove)
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
static void
node_free_subtree (MonitorWatcher *self, Node *top)
{
  Node *node = top;

  node_unlink (self, top);
  while (node != NULL)
    {
      Node *parent = node->parent;

      if (node->children)
        {
          node = node->children;
          continue;
        }
      node_unwatch (self, node, TRUE);
      if (node != top)
        node_unlink (self, node);
      g_free (node->name);
      g_free (node);
      node = node == top ? NULL : parent;
    }
}

static void
root_free (MonitorWatcher *self, guint root)
{
  Node *node = g_hash_table_lookup (self->roots, GUINT_TO_POINTER (root));

  if (node == NULL)
    return;
  g_hash_table_remove (self->roots, GUINT_TO_POINTER (root));
  g_hash_table_remove (self->places, GUINT_TO_POINTER (root));
  node_free_subtree (self, node);
}

static Node *
node_child (MonitorWatcher *self, Node *parent, const char *name)
{
  Node key = { .parent = parent, .name = (char *)name };

  return g_hash_table_lookup (self->by_place, &key);
}

static Node *
node_new (MonitorWatcher *self, Node *parent, guint root, const char *name)
{
  Node *node = g_new0 (Node, 1);

  node->wd = -1;
  node->root = root;
  node->name = g_strdup (name);
  if (parent)
    node_link (self, node, parent);
  else
    g_hash_table_insert (self->roots, GUINT_TO_POINTER (root), node);
  return node;
}

static Node *
node_at (MonitorWatcher *self, guint root, const char *path, gboolean create)
{
  Node *node = g_hash_table_lookup (self->roots, GUINT_TO_POINTER (root));
  g_auto (GStrv) names = NULL;

  if (node == NULL && create)
    node = node_new (self, NULL, root, "");
  if (node == NULL || *path == '\0')
    return node;

  names = g_strsplit (path, "/", -1);
  for (guint i = 0; names[i] != NULL && node != NULL; i++)
    {
      Node *child = node_child (self, node, names[i]);

      if (child == NULL && create)
        child = node_new (self, node, root, names[i]);
      node = child;
    }
  return node;
}

/* The path of @name in @node below their root. */
static char *
node_path (const Node *node, const char *name)
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

/* Drops @node and what above it existed only to hold it. */
static void
node_drop_if_unused (MonitorWatcher *self, Node *node)
{
  while (node->parent != NULL && node->wd < 0 && node->children == NULL)
    {
      Node *parent = node->parent;

      node_free_subtree (self, node);
      node = parent;
    }
}

static void
note_full (MonitorWatcher *self)
{
  if (self->warned)
    return;
  self->warned = TRUE;
  g_warning ("%u folders are watched, which is as many as may be; changes in the others are found "
             "by the regular comparison only. Raise fs.inotify.max_user_watches by sysctl to have "
             "them seen at once.",
             self->n_watches);
}

/* Whether the open directory @link still has the name under which @node knows it. The walk may have
 * opened it before one above it was renamed, and come here after the renaming was dealt with: then
 * the watch would tell of a place that is none any more, until the next comparison. */
static gboolean
is_named (MonitorWatcher *self, const Node *node, const char *link)
{
  const char *root = g_hash_table_lookup (self->places, GUINT_TO_POINTER (node->root));
  g_autofree char *path = node_path (node, "");
  g_autofree char *known = root ? g_build_filename (root, path, NULL) : NULL;
  char now[PATH_MAX] = "";
  struct stat here, there;

  if (node->parent == NULL || known == NULL)
    return TRUE;
  if (readlink (link, now, sizeof now - 1) > 0 && g_str_equal (now, known))
    return TRUE;

  /* The kernel's words may be others (a name in other case on FAT), so ask once more. */
  if (stat (known, &there) < 0)
    return errno == ENAMETOOLONG;
  return stat (link, &here) == 0 && here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

static void
note_place (MonitorWatcher *self, guint root, const char *link)
{
  char place[PATH_MAX] = "";

  if (readlink (link, place, sizeof place - 1) > 0)
    g_hash_table_insert (self->places, GUINT_TO_POINTER (root), g_strdup (place));
}

static gboolean
node_watch (MonitorWatcher *self, Node *node, int dir_fd)
{
  char place[32];
  Node *other;
  int wd;

  if (self->fd < 0)
    return FALSE;
  if (node->wd < 0 && self->n_watches >= self->max_watches)
    {
      note_full (self);
      return FALSE;
    }

  /* By descriptor, so that it is this very directory and none that took its name. */
  g_snprintf (place, sizeof place, "/proc/self/fd/%d", dir_fd);
  wd = inotify_add_watch (self->fd, place, node->parent ? FILE_MASK : ROOT_MASK);
  if (wd < 0 && errno == ENOSPC)
    note_full (self);
  else if (wd < 0)
    g_info ("A folder cannot be watched: %s", g_strerror (errno));
  if (wd < 0)
    return FALSE;
  if (node->parent == NULL)
    note_place (self, node->root, place);
  if (wd == node->wd)
    return TRUE;

  /* One directory reached by two ways (moved a moment ago, or mounted twice): the later way counts,
   * and the kernel has given the watch that it had. */
  other = g_hash_table_lookup (self->by_wd, GINT_TO_POINTER (wd));
  if (!is_named (self, node, place))
    {
      if (other == NULL)
        inotify_rm_watch (self->fd, wd);
      return other != NULL;
    }
  if (other != NULL)
    node_unwatch (self, other, FALSE);
  node_unwatch (self, node, TRUE);
  node->wd = wd;
  g_hash_table_insert (self->by_wd, GINT_TO_POINTER (wd), node);
  self->n_watches++;
  return TRUE;
}

/**
 * monitor_watcher_watch:
 * @self: a watcher
 * @root: a number, not 0, that stands for the tree
 * @path: of the directory below the tree's root, "" for the root itself
 * @dir_fd: the directory, open
 *
 * Watches one directory, if it is not watched yet. To be called before its entries are read. May be
 * called from any thread.
 *
 * Returns: whether it is watched now; if not, only walking it again shows what changes in it
 */
gboolean
monitor_watcher_watch (MonitorWatcher *self, guint root, const char *path, int dir_fd)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Node *node = node_at (self, root, path, TRUE);
  gboolean watched = node_watch (self, node, dir_fd);

  node_drop_if_unused (self, node);
  return watched;
}

/**
 * monitor_watcher_forget:
 * @self: a watcher
 * @root: number of a tree
 *
 * Removes all watches of a tree. Events of it may still be queued, but none is delivered any more.
 */
void
monitor_watcher_forget (MonitorWatcher *self, guint root)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  root_free (self, root);
}

void
monitor_watcher_forget_below (MonitorWatcher *self, guint root, const char *path)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Node *node = node_at (self, root, path, FALSE);

  if (node != NULL && node->parent != NULL)
    node_free_subtree (self, node);
}

guint
monitor_watcher_get_n_watches (MonitorWatcher *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->n_watches;
}

static void
emit (MonitorWatcher *self, MonitorWatchKind kind, guint root, const char *path)
{
  MonitorWatchEvent event = { .kind = kind, .root = root, .path = path };

  self->func (&event, self->user_data);
}

/* Nothing arrived under the departure's cookie: it left for a place that is not watched. */
static void
departure_complete (MonitorWatcher *self, MonitorDeparture *departure)
{
  if (departure->is_dir)
    monitor_watcher_forget_below (self, departure->root, departure->path);
  emit (self, departure->is_dir ? MONITOR_WATCH_DIR_REMOVED : MONITOR_WATCH_DELETED,
        departure->root, departure->path);
  monitor_departure_free (departure);
}

static void
departures_flush (MonitorWatcher *self, gint64 now)
{
  MonitorDeparture *first;

  while ((first = g_queue_peek_head (&self->departures)) != NULL && first->expires <= now)
    departure_complete (self, g_queue_pop_head (&self->departures));
  g_source_set_ready_time (self->source, first ? first->expires : -1);
}

static void
depart (MonitorWatcher *self, const struct inotify_event *event, guint root, const char *path)
{
  MonitorDeparture *departure = g_new0 (MonitorDeparture, 1);

  departure->cookie = event->cookie;
  departure->is_dir = (event->mask & IN_ISDIR) != 0;
  departure->root = root;
  departure->path = g_strdup (path);
  departure->expires = g_get_monotonic_time () + PAIR_TIMEOUT;
  g_queue_push_tail (&self->departures, departure);
}

/* The watches of a moved directory stay valid; only its place in our tree changes. */
static void
move_node (MonitorWatcher *self, const MonitorDeparture *from, guint root, const char *path)
{
  g_autofree char *dir = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Node *parent = node_at (self, root, g_str_equal (dir, ".") ? "" : dir, FALSE);
  Node *node = node_at (self, from->root, from->path, FALSE);
  Node *replaced = parent ? node_child (self, parent, name) : NULL;

  if (node == NULL || node->parent == NULL || node == replaced)
    return;
  if (replaced)
    node_free_subtree (self, replaced);
  if (parent == NULL || from->root != root)
    {
      /* In another tree: the walk that follows watches it anew, under its own number. */
      node_free_subtree (self, node);
      return;
    }
  node_unlink (self, node);
  g_free (node->name);
  node->name = g_steal_pointer (&name);
  node_link (self, node, parent);
}

static void
arrive (MonitorWatcher *self, const struct inotify_event *event, guint root, const char *path)
{
  gboolean is_dir = (event->mask & IN_ISDIR) != 0;
  MonitorDeparture *from = monitor_departure_take (&self->departures, event->cookie);
  MonitorWatchEvent moved = { .to_root = root, .to_path = path };

  if (from == NULL)
    {
      emit (self, is_dir ? MONITOR_WATCH_DIR_ADDED : MONITOR_WATCH_CLOSED, root, path);
      return;
    }

  if (is_dir)
    move_node (self, from, root, path);
  moved.kind = is_dir ? MONITOR_WATCH_DIR_MOVED : MONITOR_WATCH_MOVED;
  moved.root = from->root;
  moved.path = from->path;
  self->func (&moved, self->user_data);
  monitor_departure_free (from);
}

static gboolean
has_node (MonitorWatcher *self, guint root, const char *path)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return node_at (self, root, path, FALSE) != NULL;
}

/* Something happened to the entry @path of a watched directory. */
static void
handle_entry (MonitorWatcher *self, const struct inotify_event *event, guint root, const char *path)
{
  gboolean is_dir = (event->mask & IN_ISDIR) != 0;

  if (event->mask & IN_MOVED_FROM)
    depart (self, event, root, path);
  else if (event->mask & IN_MOVED_TO)
    arrive (self, event, root, path);
  else if (event->mask & IN_CREATE)
    emit (self, is_dir ? MONITOR_WATCH_DIR_ADDED : MONITOR_WATCH_CREATED, root, path);
  else if (event->mask & IN_CLOSE_WRITE)
    emit (self, MONITOR_WATCH_CLOSED, root, path);
  else if ((event->mask & IN_DELETE) && is_dir)
    {
      monitor_watcher_forget_below (self, root, path);
      emit (self, MONITOR_WATCH_DIR_REMOVED, root, path);
    }
  else if (event->mask & IN_DELETE)
    emit (self, MONITOR_WATCH_DELETED, root, path);
  else if ((event->mask & IN_ATTRIB) && !is_dir)
    emit (self, MONITOR_WATCH_ATTRIBUTES, root, path);
  else if ((event->mask & IN_ATTRIB) && !has_node (self, root, path))
    emit (self, MONITOR_WATCH_DIR_ADDED, root, path); /* it may have become readable */
}

/* Something happened to a watched directory itself. */
static void
handle_self (MonitorWatcher *self, const struct inotify_event *event, guint root, const char *path)
{
  gboolean is_root = *path == '\0';

  if (is_root && (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED)))
    {
      monitor_watcher_forget (self, root);
      emit (self, MONITOR_WATCH_ROOT_LOST, root, "");
    }
  else if (event->mask & (IN_UNMOUNT | IN_IGNORED))
    {
      monitor_watcher_forget_below (self, root, path);
      if (event->mask & IN_UNMOUNT)
        emit (self, MONITOR_WATCH_DIR_REMOVED, root, path);
    }
}

static void
handle_event (MonitorWatcher *self, const struct inotify_event *event)
{
  const char *name = event->len > 0 ? event->name : "";
  g_autofree char *path = NULL;
  guint root = 0;
  Node *node;

  if (event->mask & IN_Q_OVERFLOW)
    {
      g_message ("Changes came faster than they could be followed; looking through all folders");
      emit (self, MONITOR_WATCH_OVERFLOW, 0, "");
      return;
    }

  g_mutex_lock (&self->mutex);
  node = g_hash_table_lookup (self->by_wd, GINT_TO_POINTER (event->wd));
  if (node != NULL)
    {
      root = node->root;
      path = node_path (node, name);
      if (event->mask & IN_IGNORED)
        node_unwatch (self, node, FALSE);
    }
  g_mutex_unlock (&self->mutex);

  if (node == NULL)
    return;
  if (*name != '\0')
    handle_entry (self, event, root, path);
  else
    handle_self (self, event, root, path);
}

static gboolean
watcher_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  MonitorWatcher *self = ((WatcherSource *)source)->watcher;
  g_autofree char *buffer = g_malloc (READ_SIZE); /* malloc's alignment fits the events */
  gssize n = read (self->fd, buffer, READ_SIZE);

  /* One read at a time: the main loop has others to serve, even while a million files arrive. */
  for (gssize at = 0; at < n;)
    {
      const struct inotify_event *event = (const struct inotify_event *)(buffer + at);

      handle_event (self, event);
      at += (gssize)(sizeof *event + event->len);
    }
  departures_flush (self, g_get_monotonic_time ());
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs watcher_source_funcs = { .dispatch = watcher_dispatch };

static gboolean
take_instance (MonitorWatcher *self)
{
  int fd = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);

  if (fd < 0)
    return FALSE;
  g_mutex_lock (&self->mutex);
  self->fd = fd;
  g_mutex_unlock (&self->mutex);
  g_source_add_unix_fd (self->source, fd, G_IO_IN);
  return TRUE;
}

static gboolean on_attempt (gpointer user_data);

/* The more time has passed, the longer it is likely to last. */
static void
attempt_later (MonitorWatcher *self)
{
  self->attempt = g_timeout_source_new_seconds (self->attempt_delay);
  self->attempt_delay = MIN (2 * self->attempt_delay, LAST_ATTEMPT);
  g_source_set_callback (self->attempt, on_attempt, self, NULL);
  g_source_attach (self->attempt, g_main_context_get_thread_default ());
}

static gboolean
on_attempt (gpointer user_data)
{
  MonitorWatcher *self = user_data;
  gboolean taken = take_instance (self);

  g_clear_pointer (&self->attempt, g_source_unref);
  if (taken)
    g_message ("There is an inotify instance now: folders are watched");
  else
    attempt_later (self);
  emit (self, taken ? MONITOR_WATCH_SEEING : MONITOR_WATCH_BLIND, 0, "");
  return G_SOURCE_REMOVE;
}

gboolean
monitor_watcher_is_blind (MonitorWatcher *self)
{
  return self->attempt != NULL;
}

/**
 * monitor_watcher_new:
 * @max_watches: how many directories to watch at most; 0: what the system's limit allows
 * @func: called in the thread-default main context of the caller, for each event
 * @user_data: for @func
 *
 * Without an inotify instance it is blind, and says so by %MONITOR_WATCH_BLIND each time that
 * looking through everything makes up for it, once a minute at least, until there is one.
 *
 * Returns: (transfer full): a new watcher
 */
MonitorWatcher *
monitor_watcher_new (guint max_watches, MonitorWatchFunc func, gpointer user_data)
{
  MonitorWatcher *self = g_new0 (MonitorWatcher, 1);

  self->fd = -1;
  self->func = func;
  self->user_data = user_data;
  self->max_watches = max_watches ? max_watches : monitor_watcher_read_system_limit (NULL);
  self->roots = g_hash_table_new (NULL, NULL);
  self->places = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->by_wd = g_hash_table_new (NULL, NULL);
  self->by_place = g_hash_table_new (node_hash, node_equal);
  self->attempt_delay = FIRST_ATTEMPT;
  g_mutex_init (&self->mutex);
  g_queue_init (&self->departures);

  self->source = g_source_new (&watcher_source_funcs, sizeof (WatcherSource));
  ((WatcherSource *)self->source)->watcher = self;
  g_source_set_static_name (self->source, "[booru] inotify");
  g_source_attach (self->source, g_main_context_get_thread_default ());
  if (take_instance (self))
    return self;

  g_warning (
      "Folders cannot be watched by inotify: %s. They are looked through once a minute until "
      "they can. Raise fs.inotify.max_user_instances by sysctl.",
      g_strerror (errno));
  attempt_later (self);
  return self;
}

void
monitor_watcher_free (MonitorWatcher *self)
{
  GHashTableIter iter;
  gpointer root;

  if (self->attempt)
    g_source_destroy (self->attempt);
  g_clear_pointer (&self->attempt, g_source_unref);
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_queue_clear_full (&self->departures, (GDestroyNotify)monitor_departure_free);

  /* Closing the descriptor removes all watches at once, far faster than one by one. */
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  for (g_hash_table_iter_init (&iter, self->roots); g_hash_table_iter_next (&iter, &root, NULL);
       g_hash_table_iter_init (&iter, self->roots))
    root_free (self, GPOINTER_TO_UINT (root));

  g_hash_table_unref (self->roots);
  g_hash_table_unref (self->places);
  g_hash_table_unref (self->by_wd);
  g_hash_table_unref (self->by_place);
  g_mutex_clear (&self->mutex);
  g_free (self);
}
