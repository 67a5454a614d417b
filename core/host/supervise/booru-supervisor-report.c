/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a supervisor says of its processes. */
#include "booru-supervisor-private.h"

#include "base/booru-error.h"

gboolean
booru_supervisor_is_one (BooruSupervisor *self)
{
  return self->spec->service->instances == BOORU_SERVICE_ONE;
}

guint
booru_supervisor_get_target (BooruSupervisor *self)
{
  BooruConfig *config = self->config;

  return booru_supervisor_is_one (self)
             ? 1
             : MAX (1, booru_config_get_uint (config, BOORU_CONFIG_WORKERS, 1));
}

gboolean
booru_slot_is_ready (const Slot *slot)
{
  return slot->child && booru_child_get_state (slot->child) == BOORU_CHILD_READY;
}

gboolean
booru_supervisor_is_healthy (BooruSupervisor *self)
{
  for (guint i = 0; i < self->slots->len; i++)
    if (!booru_slot_is_ready (self->slots->pdata[i]))
      return FALSE;
  return TRUE;
}

void
booru_supervisor_foreach (BooruSupervisor *self, GFunc func, gpointer data)
{
  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = self->slots->pdata[i];

      if (slot->child)
        func (slot->child, data);
      if (slot->next)
        func (slot->next, data);
    }
  g_ptr_array_foreach (self->leaving, func, data);
}

guint
booru_supervisor_get_n_processes (BooruSupervisor *self)
{
  return self->slots->len;
}

static void
describe_child (gpointer child, gpointer out)
{
  g_string_append (out, "\n  ");
  booru_child_describe (child, out);
}

void
booru_supervisor_describe (BooruSupervisor *self, GString *out)
{
  booru_supervisor_foreach (self, describe_child, out);
  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = self->slots->pdata[i];

      if (slot->child == NULL)
        g_string_append_printf (
            out, "\n  %s, process %u: %s after %u failures", self->spec->service->process_name,
            i + 1, slot->given_up ? "given up" : "waiting to restart", slot->backoff.n_failures);
    }
}

static BooruServiceState
get_state (BooruSupervisor *self)
{
  if (self->stopping)
    return BOORU_SERVICE_STOPPING;
  if (self->failed)
    return BOORU_SERVICE_FAILED;
  if (booru_supervisor_is_healthy (self))
    return BOORU_SERVICE_READY;
  for (guint i = 0; i < self->slots->len; i++)
    {
      const Slot *slot = self->slots->pdata[i];

      if (slot->child == NULL && (slot->restart || slot->given_up))
        return BOORU_SERVICE_BACKOFF;
    }
  return BOORU_SERVICE_STARTING;
}

static void
find_activity (gpointer child, gpointer activity)
{
  if (*(const char **)activity == NULL)
    *(const char **)activity = booru_child_get_activity (child);
}

static void
count_trouble (gpointer child, gpointer data)
{
  BooruServiceStatus *status = data;
  const char *trouble = booru_child_get_trouble (child);

  if (trouble == NULL)
    return;
  status->trouble = trouble;
  status->troubled++;
}

void
booru_supervisor_get_status (BooruSupervisor *self, BooruServiceStatus *status)
{
  *status = (BooruServiceStatus){ 0 };
  status->state = get_state (self);
  status->wanted = booru_supervisor_get_target (self);
  for (guint i = 0; i < self->slots->len; i++)
    {
      const Slot *slot = self->slots->pdata[i];

      status->ready += booru_slot_is_ready (slot);
      status->crashed_at_boot |= slot->crashed_at_boot;
    }
  status->restarts = self->n_restarts;
  for (guint i = 0; i < BOORU_N_CHILD_ENDS; i++)
    status->restarts_after[i] = self->restarts_after[i];
  for (guint i = 0; i < BOORU_N_RECYCLE_REASONS; i++)
    status->recycled[i] = self->recycled[i];
  status->error = self->error;
  booru_supervisor_foreach (self, find_activity, &status->activity);
  booru_supervisor_foreach (self, count_trouble, status);
}

static void
list_child (gpointer child, gpointer processes)
{
  BooruProcessStatus status = { booru_child_get_pid (child), booru_child_get_state (child),
                                booru_child_get_spawned (child), booru_child_get_requests (child),
                                booru_child_get_activity (child) };

  g_array_append_val (processes, status);
}

GArray *
booru_supervisor_list_processes (BooruSupervisor *self)
{
  GArray *processes = g_array_new (FALSE, FALSE, sizeof (BooruProcessStatus));

  booru_supervisor_foreach (self, list_child, processes);
  return processes;
}

/* One process a place: while one is being replaced, the old one speaks. */
void
booru_supervisor_collect (BooruSupervisor *self, BooruCollector *collector)
{
  const char *service = self->spec->service->name;

  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = self->slots->pdata[i];
      g_autofree char *process = booru_supervisor_is_one (self)
                                     ? g_strdup (service)
                                     : g_strdup_printf ("%s-%u", service, i + 1);

      if (slot->child)
        booru_child_collect (slot->child, process, collector);
      else
        booru_collector_ask (collector, process, 0, NULL);
    }
}

/* The first one that is ready speaks for all. */
void
booru_supervisor_report (BooruSupervisor *self, const char *name, GVariant *arguments, GTask *task)
{
  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = self->slots->pdata[i];

      if (booru_slot_is_ready (slot))
        {
          booru_child_report (slot->child, name, arguments, task);
          return;
        }
    }
  g_task_return_new_error (task, BOORU_ERROR, BOORU_ERROR_BUSY,
                           "No process of the service %s is ready: try again in a moment",
                           self->spec->service->name);
  g_object_unref (task);
}
