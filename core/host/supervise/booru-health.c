/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-health.h"

#include "booru-build-config.h"

/* A service that has not been up yet is not amiss, unless it has failed already. */
static gboolean
is_impaired (BooruHostedService *service, const BooruServiceStatus *status)
{
  const char *state = booru_hosted_service_get_state (service);

  return g_str_equal (state, "failed") || g_str_equal (state, "failing")
         || g_str_equal (state, "degraded")
         || (g_str_equal (state, "starting")
             && (status->restarts > 0 || status->state == BOORU_SERVICE_BACKOFF));
}

static void
add (GVariantBuilder *builder, const char *name, GVariant *value)
{
  g_variant_builder_add (builder, "{sv}", name, value);
}

static void
describe_service (GVariantBuilder *services,
                  BooruHostedService *service,
                  const BooruServiceStatus *status)
{
  GVariantBuilder dict;

  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  add (&dict, "state", g_variant_new_string (booru_hosted_service_get_state (service)));
  add (&dict, "essential",
       g_variant_new_boolean (booru_hosted_service_get_spec (service)->essential));
  add (&dict, "wanted", g_variant_new_uint32 (status->wanted));
  add (&dict, "ready", g_variant_new_uint32 (status->ready));
  add (&dict, "restarts", g_variant_new_uint32 (status->restarts));
  if (status->activity)
    add (&dict, "activity", g_variant_new_string (status->activity));
  if (status->trouble)
    add (&dict, "trouble", g_variant_new_string (status->trouble));
  if (status->error)
    add (&dict, "error", g_variant_new_take_string (g_utf8_make_valid (status->error, -1)));
  add (services, booru_hosted_service_get_name (service), g_variant_builder_end (&dict));
}

/* The worst that can be said, given what was said before. */
static const char *
judge (const char *before,
       BooruHostedService *service,
       const BooruServiceStatus *status,
       GString *reason)
{
  const char *label = booru_hosted_service_get_label (service);

  if (booru_hosted_service_get_spec (service)->essential
      && (booru_hosted_service_has_failed (service) || status->state == BOORU_SERVICE_FAILING))
    before = "failed";
  else if (booru_hosted_service_get_spec (service)->essential
           && !booru_hosted_service_is_started (service) && status->ready == 0)
    before = g_str_equal (before, "failed") ? before : "starting";
  else if (!is_impaired (service, status))
    return before;
  else if (g_str_equal (before, "ready"))
    before = "degraded";

  g_string_append_printf (reason, "%s%s is %s", reason->len ? "; " : "", label,
                          booru_hosted_service_get_state (service));
  if (status->activity)
    g_string_append_printf (reason, ": %s", status->activity);
  else if (status->trouble)
    g_string_append_printf (reason, ": %s", status->trouble);
  else if (status->error)
    g_string_append_printf (reason, ": %s", status->error);
  return before;
}

GVariant *
booru_health_describe (BooruServiceSet *services, gint64 started_at)
{
  const char *state = "ready";
  g_autoptr (GString) reason = g_string_new (NULL);
  gint64 age = g_get_monotonic_time () - started_at;
  GVariantBuilder list, dict;

  g_variant_builder_init (&list, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; i < booru_service_set_get_n (services); i++)
    {
      BooruHostedService *service = booru_service_set_get (services, i);
      BooruServiceStatus status;

      if (booru_hosted_service_is_removed (service))
        continue;
      booru_supervisor_get_status (booru_hosted_service_get_supervisor (service), &status);
      describe_service (&list, service, &status);
      state = judge (state, service, &status, reason);
    }

  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  add (&dict, "state",
       g_variant_new_string (booru_service_set_is_stopping (services) ? "stopping" : state));
  if (reason->len > 0)
    add (&dict, "reason", g_variant_new_take_string (g_utf8_make_valid (reason->str, -1)));
  add (&dict, "version", g_variant_new_string (BOORU_VERSION));
  add (&dict, "uptime", g_variant_new_uint64 ((guint64)age / G_USEC_PER_SEC));
  add (&dict, "services", g_variant_builder_end (&list));
  return g_variant_builder_end (&dict);
}
