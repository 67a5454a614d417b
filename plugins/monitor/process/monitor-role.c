/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-role.h"

#include <string.h>

#include "monitor-beacon.h"

/* Who waits sleeps until the lease ends by its time, or the beacon goes out. Where there is no
 * beacon, or something is in the way, it looks again after these many milliseconds, so that a role
 * that is given back is taken soon. A look reads one row. */
#define LOOK_MIN 500
#define LOOK_MAX 1000
#define JITTER 100 /* after the end of a lease, so that not all who wait come at once */
#define RENEW_AGAIN 500

struct _MonitorRole
{
  BooruStore *store;
  char *holder; /* us, as the lease says it */
  MonitorBeacon *beacon;
  MonitorRoleFuncs funcs;
  gpointer user_data;
  gint64 length;     /* µs */
  BooruLease *lease; /* NULL: not ours */
  gint64 token;      /* of the last one that was ours */
  guint source;
  gboolean told; /* who has it, or that it cannot be renewed */
  GMutex mutex;
  gint64 valid_until; /* CLOCK_BOOTTIME, µs; under the mutex */
};

static void schedule (MonitorRole *self, gint64 ms);

static void
set_valid_until (MonitorRole *self, gint64 time)
{
  g_mutex_lock (&self->mutex);
  self->valid_until = time;
  g_mutex_unlock (&self->mutex);
}

/* Renews at a third of the length: two attempts may fail. */
static gint64
renewal_interval (MonitorRole *self)
{
  return self->length / 3 / 1000;
}

static void
renew (MonitorRole *self)
{
  g_autoptr (GError) error = NULL;

  if (booru_store_renew_lease (self->store, self->lease, self->length, &error))
    {
      self->told = FALSE;
      set_valid_until (self, self->lease->expires_at);
      schedule (self, renewal_interval (self));
    }
  else if (booru_err_fenced (error))
    monitor_role_lose (self);
  else
    {
      if (!self->told)
        g_warning ("The monitor's role cannot be renewed now; trying again: %s", error->message);
      self->told = TRUE;
      schedule (self, RENEW_AGAIN);
    }
}

static gboolean
try_to_take (MonitorRole *self)
{
  g_autoptr (GError) error = NULL;

  /* The fence of an earlier lease; nothing is written while waiting. The beacon burns before
   * anybody can read that the role is taken. */
  booru_store_set_fence (self->store, NULL, 0);
  monitor_beacon_unwatch (self->beacon);
  monitor_beacon_light (self->beacon);
  self->lease = booru_store_acquire_lease (self->store, BOORU_ROLE_MONITOR, self->holder,
                                           self->length, &error);
  if (self->lease == NULL)
    {
      if (!booru_err_exists (error) && !booru_err_busy (error))
        g_warning ("The monitor's role cannot be taken: %s", error->message);
      booru_store_set_fence (self->store, BOORU_ROLE_MONITOR, self->token);
      monitor_beacon_extinguish (self->beacon);
      return FALSE;
    }
  self->token = self->lease->token;
  self->told = FALSE;
  booru_store_set_fence (self->store, BOORU_ROLE_MONITOR, self->token);
  set_valid_until (self, self->lease->expires_at);
  g_message ("This host's monitor has the role (token %" G_GINT64_FORMAT ")", self->token);
  schedule (self, renewal_interval (self));
  self->funcs.taken (self->user_data);
  return TRUE;
}

char *
monitor_role_dup_holder (const char *data_dir)
{
  g_autofree char *process = booru_lease_dup_holder ();
  g_autofree char *shown = g_filename_display_name (data_dir);

  return g_strdup_printf ("%s, %s", process, shown);
}

/* Whether only the process differs: machine, boot and data folder are ours. */
static gboolean
is_beside (MonitorRole *self, const char *holder)
{
  static const char mark[] = ", pid ";
  const char *own = strstr (self->holder, mark), *other = strstr (holder, mark);

  if (other == NULL || own - self->holder != other - holder
      || memcmp (self->holder, holder, (gsize)(own - self->holder)) != 0)
    return FALSE;
  own += strlen (mark);
  other += strlen (mark);
  return g_str_equal (own + strspn (own, "0123456789"), other + strspn (other, "0123456789"));
}

/* A beacon is seen within its data folder and its machine only. */
static gboolean
is_gone (MonitorRole *self, const BooruLease *other)
{
  return other->expires_at != 0 && is_beside (self, other->holder)
         && monitor_beacon_is_out (self->beacon);
}

/* Who has the lease has not got the beacon any more: it ended without giving the role back. This is
 * done in its stead. */
static void
release_for (MonitorRole *self, BooruLease *gone)
{
  g_autoptr (GError) error = NULL;

  g_message ("%s, which had the monitor's role, is gone", gone->holder);
  booru_store_set_fence (self->store, NULL, 0);
  if (booru_store_release_lease (self->store, gone, &error))
    gone->expires_at = 0;
  else if (!booru_err_fenced (error) && !booru_err_busy (error))
    g_warning ("The monitor's role cannot be taken over before its lease ends: %s", error->message);
  booru_store_set_fence (self->store, BOORU_ROLE_MONITOR, self->token);
}

static gboolean
may_take (MonitorRole *self)
{
  return self->funcs.may_take == NULL || self->funcs.may_take (self->user_data);
}

static void
check_holder (MonitorRole *self)
{
  /* Watch before reading, so that the holder's exit is not missed. */
  gboolean watched = monitor_beacon_watch (self->beacon);
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruLease) other = booru_store_get_lease (self->store, BOORU_ROLE_MONITOR, &error);
  gint64 pause = g_random_int_range (LOOK_MIN, LOOK_MAX);
  gint64 left;

  if (other != NULL && is_gone (self, other))
    release_for (self, other);
  if (other == NULL && !booru_err_notfound (error))
    g_warning ("The holder of the monitor's role cannot be read: %s", error->message);
  else if ((other == NULL || other->expires_at == 0) && may_take (self) && try_to_take (self))
    return;
  else if (other != NULL && other->expires_at != 0)
    {
      if (!self->told)
        g_message ("This host's monitor waits: the role is held by %s", other->holder);
      self->told = TRUE;
      left = (other->expires_at - booru_lease_get_time ()) / 1000 + 1;
      left = MAX (left, 0) + g_random_int_range (1, JITTER);
      if (!watched || left < pause)
        pause = MIN (pause, left);
      else if (is_beside (self, other->holder) && !monitor_beacon_is_out (self->beacon))
        pause = left;
    }
  schedule (self, pause);
}

static void
on_beacon_out (gpointer user_data)
{
  MonitorRole *self = user_data;

  if (self->lease == NULL)
    check_holder (self);
}

static gboolean
on_time (gpointer user_data)
{
  MonitorRole *self = user_data;

  self->source = 0;
  if (self->lease != NULL)
    renew (self);
  else
    check_holder (self);
  return G_SOURCE_REMOVE;
}

static void
schedule (MonitorRole *self, gint64 ms)
{
  g_clear_handle_id (&self->source, g_source_remove);
  /* Before all else: what is in work should not make it late. */
  self->source = g_timeout_add_full (G_PRIORITY_HIGH, MAX (ms, 1), on_time, self, NULL);
}

void
monitor_role_wait (MonitorRole *self)
{
  if (self->lease == NULL)
    check_holder (self);
}

void
monitor_role_lose (MonitorRole *self)
{
  if (self->lease == NULL)
    return;
  g_message ("This host's monitor has lost the role (token %" G_GINT64_FORMAT ")", self->token);
  set_valid_until (self, 0);
  g_clear_pointer (&self->lease, booru_lease_free);
  g_clear_handle_id (&self->source, g_source_remove);
  monitor_beacon_extinguish (self->beacon);
  self->funcs.lost (self->user_data);
}

void
monitor_role_release (MonitorRole *self)
{
  g_autoptr (BooruLease) lease = g_steal_pointer (&self->lease);
  g_autoptr (GError) error = NULL;

  g_clear_handle_id (&self->source, g_source_remove);
  set_valid_until (self, 0);
  if (lease != NULL && !booru_store_release_lease (self->store, lease, &error)
      && !booru_err_fenced (error))
    g_warning ("The monitor's role cannot be given back, and expires: %s", error->message);
  monitor_beacon_unwatch (self->beacon);
  monitor_beacon_extinguish (self->beacon);
}

void
monitor_role_set_length (MonitorRole *self, guint seconds)
{
  self->length = seconds * G_USEC_PER_SEC;
  if (self->lease != NULL)
    schedule (self, 1);
}

gboolean
monitor_role_is_valid (MonitorRole *self)
{
  gboolean valid;

  if (self == NULL)
    return TRUE;
  g_mutex_lock (&self->mutex);
  valid = booru_lease_get_time () < self->valid_until;
  g_mutex_unlock (&self->mutex);
  return valid;
}

gboolean
monitor_role_check (MonitorRole *self, GError **error)
{
  if (monitor_role_is_valid (self))
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_FENCED,
               "The file stays where it is: the monitor's role may be another process's by now");
  return FALSE;
}

MonitorRole *
monitor_role_new (BooruStore *store,
                  const char *data_dir,
                  guint seconds,
                  const MonitorRoleFuncs *funcs,
                  gpointer user_data)
{
  MonitorRole *self = g_new0 (MonitorRole, 1);

  g_mutex_init (&self->mutex);
  self->store = g_object_ref (store);
  self->holder = monitor_role_dup_holder (data_dir);
  self->beacon = monitor_beacon_new (data_dir, on_beacon_out, self);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->length = seconds * G_USEC_PER_SEC;
  return self;
}

void
monitor_role_free (MonitorRole *self)
{
  monitor_role_release (self);
  monitor_beacon_free (self->beacon);
  g_mutex_clear (&self->mutex);
  g_object_unref (self->store);
  g_free (self->holder);
  g_free (self);
}
