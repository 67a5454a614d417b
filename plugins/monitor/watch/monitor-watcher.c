/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-watcher.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "monitor-departure.h"
#include "monitor-watch-tree.h"

#define FILE_MASK                                                                                  \
  (IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_ATTRIB | IN_ONLYDIR   \
   | IN_EXCL_UNLINK)
#define ROOT_MASK (FILE_MASK | IN_DELETE_SELF | IN_MOVE_SELF)

#define READ_SIZE (64 * 1024)
#define PAIR_TIMEOUT (20 * G_TIME_SPAN_MILLISECOND)

/* s between attempts to get an inotify instance */
#define FIRST_ATTEMPT 2
#define LAST_ATTEMPT 60

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

  GMutex mutex;          /* for all below: walkers add from their threads */
  MonitorWatchTree tree; /* without a descriptor: blind */
  GHashTable *places;    /* number of a root -> where it lay when it was watched */
  guint max_watches;
  gboolean warned;
};

static void
note_full (MonitorWatcher *self)
{
  if (self->warned)
    return;
  self->warned = TRUE;
  g_warning (
      "The limit of %u watched folders is reached; changes in others are found by the next "
      "reconcile only. Raise fs.inotify.max_user_watches by sysctl to have them seen at once.",
      self->tree.n_watches);
}

/* Whether the open directory @link still has the name under which @node knows it. The walk may have
 * opened it before one above it was renamed, and come here after the renaming was dealt with: then
 * the watch would tell of a place that is none any more, until the next reconcile. */
static gboolean
is_named (MonitorWatcher *self, const WatchNode *node, const char *link)
{
  const char *root = g_hash_table_lookup (self->places, GUINT_TO_POINTER (node->root));
  g_autofree char *path = watch_node_dup_path (node, "");
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
node_watch (MonitorWatcher *self, WatchNode *node, int dir_fd)
{
  char place[32];
  WatchNode *other;
  int wd;

  if (self->tree.fd < 0)
    return FALSE;
  if (node->wd < 0 && self->tree.n_watches >= self->max_watches)
    {
      note_full (self);
      return FALSE;
    }

  /* By descriptor, so that it is this very directory and none that took its name. */
  g_snprintf (place, sizeof place, "/proc/self/fd/%d", dir_fd);
  wd = inotify_add_watch (self->tree.fd, place, node->parent ? FILE_MASK : ROOT_MASK);
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
  other = g_hash_table_lookup (self->tree.by_wd, GINT_TO_POINTER (wd));
  if (!is_named (self, node, place))
    {
      if (other == NULL)
        inotify_rm_watch (self->tree.fd, wd);
      return other != NULL;
    }
  if (other != NULL)
    watch_tree_unset_watch (&self->tree, other, FALSE);
  watch_tree_set_watch (&self->tree, node, wd);
  return TRUE;
}

gboolean
monitor_watcher_watch (MonitorWatcher *self, guint root, const char *path, int dir_fd)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  WatchNode *node = watch_tree_ensure (&self->tree, root, path);
  gboolean watched = node_watch (self, node, dir_fd);

  watch_tree_remove_if_unused (&self->tree, node);
  return watched;
}

void
monitor_watcher_forget (MonitorWatcher *self, guint root)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_hash_table_remove (self->places, GUINT_TO_POINTER (root));
  watch_tree_remove_root (&self->tree, root);
}

void
monitor_watcher_forget_below (MonitorWatcher *self, guint root, const char *path)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  WatchNode *node = watch_tree_find (&self->tree, root, path);

  if (node != NULL && node->parent != NULL)
    watch_tree_remove (&self->tree, node);
}

guint
monitor_watcher_get_n_watches (MonitorWatcher *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->tree.n_watches;
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
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  WatchNode *node = watch_tree_find (&self->tree, from->root, from->path);

  if (node != NULL)
    watch_tree_move (&self->tree, node, root, path);
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

  return watch_tree_find (&self->tree, root, path) != NULL;
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
  WatchNode *node;

  if (event->mask & IN_Q_OVERFLOW)
    {
      g_message ("Changes came faster than they could be followed; scanning all folders");
      emit (self, MONITOR_WATCH_OVERFLOW, 0, "");
      return;
    }

  g_mutex_lock (&self->mutex);
  node = g_hash_table_lookup (self->tree.by_wd, GINT_TO_POINTER (event->wd));
  if (node != NULL)
    {
      root = node->root;
      path = watch_node_dup_path (node, name);
      if (event->mask & IN_IGNORED)
        watch_tree_unset_watch (&self->tree, node, FALSE);
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
  gssize n = read (self->tree.fd, buffer, READ_SIZE);

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
  self->tree.fd = fd;
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
    g_message ("An inotify instance is available now: folders are watched");
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

MonitorWatcher *
monitor_watcher_new (guint max_watches, MonitorWatchFunc func, gpointer user_data)
{
  MonitorWatcher *self = g_new0 (MonitorWatcher, 1);

  watch_tree_init (&self->tree);
  self->func = func;
  self->user_data = user_data;
  self->max_watches = max_watches ? max_watches : monitor_watcher_read_system_limit (NULL);
  self->places = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->attempt_delay = FIRST_ATTEMPT;
  g_mutex_init (&self->mutex);
  g_queue_init (&self->departures);

  self->source = g_source_new (&watcher_source_funcs, sizeof (WatcherSource));
  ((WatcherSource *)self->source)->watcher = self;
  g_source_set_static_name (self->source, "[booru] inotify");
  g_source_attach (self->source, g_main_context_get_thread_default ());
  if (take_instance (self))
    return self;

  g_warning ("Folders cannot be watched by inotify: %s. They are scanned once a minute until they "
             "can. Raise fs.inotify.max_user_instances by sysctl.",
             g_strerror (errno));
  attempt_later (self);
  return self;
}

void
monitor_watcher_free (MonitorWatcher *self)
{
  if (self->attempt)
    g_source_destroy (self->attempt);
  g_clear_pointer (&self->attempt, g_source_unref);
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_queue_clear_full (&self->departures, (GDestroyNotify)monitor_departure_free);

  watch_tree_clear (&self->tree);
  g_hash_table_unref (self->places);
  g_mutex_clear (&self->mutex);
  g_free (self);
}
