/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-control-live.h"

#include <unistd.h>

#include "host/supervise/booru-process-usage.h"

/* The interfaces' properties are writable for the generated objects' sake. */
static void
refuse_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

/* The host */

#define TYPE_LIVE_HOST (live_host_get_type ())
G_DECLARE_FINAL_TYPE (LiveHost, live_host, LIVE, HOST, BooruHost1Skeleton)

struct _LiveHost
{
  BooruHost1Skeleton parent_instance;
  gint64 started_at;
  BooruMethodFunc call;
  gpointer data; /* for call () */
};

G_DEFINE_FINAL_TYPE (LiveHost, live_host, BOORU_TYPE_HOST1_SKELETON)

enum
{
  PROP_UPTIME = 1,
  PROP_HOST_MEMORY,
  PROP_HOST_CPU_TIME,
};

static double
read_cpu_time (GPid pid)
{
  BooruProcessUsage usage;

  return booru_process_usage_read (&usage, pid) ? usage.cpu_seconds : 0;
}

static void
live_host_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LiveHost *self = LIVE_HOST (object);

  switch (id)
    {
    case PROP_UPTIME:
      g_value_set_uint64 (value,
                          (guint64)(g_get_monotonic_time () - self->started_at) / G_USEC_PER_SEC);
      break;
    case PROP_HOST_MEMORY:
      g_value_set_uint64 (value, booru_process_read_memory (getpid ()));
      break;
    case PROP_HOST_CPU_TIME:
      g_value_set_double (value, read_cpu_time (getpid ()));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

/* All methods are called the same way, rather than by one signal each. */
static void
on_called (GObject *object, GAsyncResult *result, gpointer invocation)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) values = g_task_propagate_pointer (G_TASK (result), &error);

  if (values)
    g_dbus_method_invocation_return_value (invocation, values);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
}

static void
on_method_call (GDBusConnection *connection,
                const char *sender,
                const char *path,
                const char *interface,
                const char *method,
                GVariant *parameters,
                GDBusMethodInvocation *invocation,
                gpointer user_data)
{
  LiveHost *self = LIVE_HOST (user_data);

  self->call (self->data, method, parameters, g_task_new (self, NULL, on_called, invocation));
}

static GDBusInterfaceVTable *
live_host_get_vtable (GDBusInterfaceSkeleton *skeleton)
{
  static GDBusInterfaceVTable vtable;

  vtable = *G_DBUS_INTERFACE_SKELETON_CLASS (live_host_parent_class)->get_vtable (skeleton);
  vtable.method_call = on_method_call;
  return &vtable;
}

static void
live_host_class_init (LiveHostClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = live_host_get_property;
  object_class->set_property = refuse_property;
  G_DBUS_INTERFACE_SKELETON_CLASS (klass)->get_vtable = live_host_get_vtable;
  g_object_class_override_property (object_class, PROP_UPTIME, "uptime");
  g_object_class_override_property (object_class, PROP_HOST_MEMORY, "memory");
  g_object_class_override_property (object_class, PROP_HOST_CPU_TIME, "cpu-time");
}

static void
live_host_init (LiveHost *self)
{
}

BooruHost1 *
booru_live_host_new (gint64 started_at, BooruMethodFunc call, gpointer data)
{
  LiveHost *self = g_object_new (TYPE_LIVE_HOST, NULL);

  self->started_at = started_at;
  self->call = call;
  self->data = data;
  return BOORU_HOST1 (self);
}

/* A process */

struct _BooruLiveProcess
{
  BooruProcess1Skeleton parent_instance;
  BooruServiceSet *services; /* not owned */
};

G_DEFINE_FINAL_TYPE (BooruLiveProcess, booru_live_process, BOORU_TYPE_PROCESS1_SKELETON)

enum
{
  PROP_REQUESTS = 1,
  PROP_MEMORY,
  PROP_CPU_TIME,
};

static guint64
count_requests (BooruServiceSet *services, GPid pid)
{
  for (guint i = 0; services && i < booru_service_set_get_n (services); i++)
    {
      BooruHostedService *service = booru_service_set_get (services, i);
      g_autoptr (GArray) processes
          = booru_supervisor_list_processes (booru_hosted_service_get_supervisor (service));

      for (guint j = 0; j < processes->len; j++)
        if (g_array_index (processes, BooruProcessStatus, j).pid == pid)
          return g_array_index (processes, BooruProcessStatus, j).requests;
    }
  return 0;
}

static void
booru_live_process_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BooruLiveProcess *self = BOORU_LIVE_PROCESS (object);
  GPid pid = (GPid)booru_process1_get_pid (BOORU_PROCESS1 (self));

  switch (id)
    {
    case PROP_REQUESTS:
      g_value_set_uint64 (value, count_requests (self->services, pid));
      break;
    case PROP_MEMORY:
      g_value_set_uint64 (value, booru_process_read_memory (pid));
      break;
    case PROP_CPU_TIME:
      g_value_set_double (value, read_cpu_time (pid));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
booru_live_process_class_init (BooruLiveProcessClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = booru_live_process_get_property;
  object_class->set_property = refuse_property;
  g_object_class_override_property (object_class, PROP_REQUESTS, "requests");
  g_object_class_override_property (object_class, PROP_MEMORY, "memory");
  g_object_class_override_property (object_class, PROP_CPU_TIME, "cpu-time");
}

static void
booru_live_process_init (BooruLiveProcess *self)
{
}

void
booru_live_process_set_services (GDBusInterfaceSkeleton *process, BooruServiceSet *services)
{
  BOORU_LIVE_PROCESS (process)->services = services;
}
