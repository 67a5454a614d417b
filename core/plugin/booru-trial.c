/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/booru-trial.h"

#include "base/booru-error.h"

#define ERROR "error"            /* (us): a BooruError, and the message */
#define REFUSAL "refusal"        /* likewise */
#define SERVICES "services"      /* of the type below */
#define ROUTES "routes"          /* as */
#define REPORTS "reports"        /* as */
#define CHECKS "checks-settings" /* b */

/* Name, name of the process, label, instances, listener, seconds to stop, limits. */
#define SERVICE "(sssubuuu)"

void
booru_trial_report_free (BooruTrialReport *self)
{
  g_clear_pointer (&self->services, g_ptr_array_unref);
  g_strfreev (self->routes);
  g_strfreev (self->reports);
  g_clear_error (&self->refusal);
  g_free (self);
}

/* The process that tries */

static GVariant *
pack_services (GPtrArray *services)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a" SERVICE));
  for (guint i = 0; i < services->len; i++)
    {
      const BooruService *service = services->pdata[i];

      g_variant_builder_add (&builder, SERVICE, service->name, service->process_name,
                             service->label, service->instances, service->listener,
                             service->stop_timeout, service->max_memory, service->max_processes);
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
pack_routes (BooruExtensions *extensions)
{
  GVariantBuilder builder;
  gsize n_routes;
  const BooruRouteEntry *entries = booru_extensions_get_routes (extensions, &n_routes);

  g_variant_builder_init (&builder, G_VARIANT_TYPE_STRING_ARRAY);
  for (gsize i = 0; i < n_routes; i++)
    g_variant_builder_add_value (
        &builder, g_variant_new_take_string (g_strconcat (entries[i].route->method, " ",
                                                          entries[i].route->pattern, NULL)));
  return g_variant_builder_end (&builder);
}

static void
insert_error (GVariantDict *answer, const char *key, const GError *error)
{
  BooruError code = error->domain == BOORU_ERROR ? (BooruError)error->code : BOORU_ERROR_FAILED;
  g_autofree char *message = g_utf8_make_valid (error->message, -1);

  g_variant_dict_insert (answer, key, "(us)", code, message);
}

GVariant *
booru_trial_answer_new (BooruPluginInfo *info, BooruExtensions *extensions, const GError *refusal)
{
  g_auto (GVariantDict) answer = G_VARIANT_DICT_INIT (NULL);
  g_auto (GStrv) reports = booru_extensions_list_reports (extensions);

  g_variant_dict_insert_value (&answer, SERVICES,
                               pack_services (booru_plugin_info_get_services (info)));
  g_variant_dict_insert_value (&answer, ROUTES, pack_routes (extensions));
  g_variant_dict_insert (&answer, REPORTS, "^as", reports);
  g_variant_dict_insert (&answer, CHECKS, "b", booru_plugin_info_get_settings_check (info) != NULL);
  if (refusal)
    insert_error (&answer, REFUSAL, refusal);
  return g_variant_dict_end (&answer);
}

GVariant *
booru_trial_answer_new_error (const GError *error)
{
  g_auto (GVariantDict) answer = G_VARIANT_DICT_INIT (NULL);

  insert_error (&answer, ERROR, error);
  return g_variant_dict_end (&answer);
}

/* The host */

static GPtrArray *
unpack_services (GVariant *answer)
{
  g_autoptr (GVariantIter) iter = NULL;
  GPtrArray *services = g_ptr_array_new_with_free_func (g_free);
  const char *name, *process_name, *label;
  guint instances, stop_timeout, max_memory, max_processes;
  gboolean listener;

  if (!g_variant_lookup (answer, SERVICES, "a" SERVICE, &iter))
    return services;
  while (g_variant_iter_next (iter, "(&s&s&subuuu)", &name, &process_name, &label, &instances,
                              &listener, &stop_timeout, &max_memory, &max_processes))
    {
      BooruService *service = g_new0 (BooruService, 1);

      service->name = g_intern_string (name);
      service->process_name = g_intern_string (process_name);
      service->label = g_intern_string (label);
      service->instances
          = instances == BOORU_SERVICE_ONE ? BOORU_SERVICE_ONE : BOORU_SERVICE_WORKERS;
      service->listener = listener;
      service->stop_timeout = stop_timeout;
      service->max_memory = max_memory;
      service->max_processes = max_processes;
      g_ptr_array_add (services, service);
    }
  return services;
}

static GError *
unpack_error (GVariant *answer, const char *key)
{
  const char *message;
  guint code;

  return g_variant_lookup (answer, key, "(u&s)", &code, &message)
             ? g_error_new_literal (BOORU_ERROR, (int)code, message)
             : NULL;
}

BooruTrialReport *
booru_trial_report_new (GVariant *answer, GError **error)
{
  g_autoptr (BooruTrialReport) self = g_new0 (BooruTrialReport, 1);
  GError *fault = unpack_error (answer, ERROR);

  if (fault)
    {
      g_propagate_error (error, fault);
      return NULL;
    }
  self->refusal = unpack_error (answer, REFUSAL);
  self->services = unpack_services (answer);
  if (g_variant_lookup (answer, ROUTES, "^as", &self->routes)
      && g_variant_lookup (answer, REPORTS, "^as", &self->reports)
      && g_variant_lookup (answer, CHECKS, "b", &self->checks_settings))
    return g_steal_pointer (&self);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "The answer lacks something");
  return NULL;
}
