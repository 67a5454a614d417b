/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-control-live.h"

#include "booru-host-private.h"
#include "booru-process-usage.h"

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
};

G_DEFINE_FINAL_TYPE (LiveHost, live_host, BOORU_TYPE_HOST1_SKELETON)

enum
{
  PROP_UPTIME = 1,
};

static void
live_host_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LiveHost *self = LIVE_HOST (object);

  if (id == PROP_UPTIME)
    g_value_set_uint64 (value,
                        (guint64)(g_get_monotonic_time () - self->started_at) / G_USEC_PER_SEC);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
live_host_class_init (LiveHostClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = live_host_get_property;
  object_class->set_property = refuse_property;
  g_object_class_override_property (object_class, PROP_UPTIME, "uptime");
}

static void
live_host_init (LiveHost *self)
{
}

BooruHost1 *
booru_live_host_new (BooruHost *host)
{
  LiveHost *self = g_object_new (TYPE_LIVE_HOST, NULL);

  self->started_at = host->started_at;
  return BOORU_HOST1 (self);
}

/* A process */

struct _BooruLiveProcess
{
  BooruProcess1Skeleton parent_instance;
  BooruHost *host; /* not owned */
};

G_DEFINE_FINAL_TYPE (BooruLiveProcess, booru_live_process, BOORU_TYPE_PROCESS1_SKELETON)

enum
{
  PROP_REQUESTS = 1,
  PROP_MEMORY,
};

static guint64
count_requests (BooruHost *host, GPid pid)
{
  for (guint i = 0; host && i < host->services->len; i++)
    {
      BooruHostService *service = host->services->pdata[i];
      g_autoptr (GArray) processes = booru_service_runner_list_processes (service->runner);

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
      g_value_set_uint64 (value, count_requests (self->host, pid));
      break;
    case PROP_MEMORY:
      g_value_set_uint64 (value, booru_process_read_memory (pid));
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
}

static void
booru_live_process_init (BooruLiveProcess *self)
{
}

void
booru_live_process_set_host (GDBusInterfaceSkeleton *process, BooruHost *host)
{
  BOORU_LIVE_PROCESS (process)->host = host;
}
