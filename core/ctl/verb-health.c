/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl.h"

#include <sysexits.h>

#define EXIT_DEGRADED 1

/* 0: it serves, and nothing is missing. */
static int
get_exit_code (const char *state)
{
  if (g_str_equal (state, "ready") || g_str_equal (state, "reloading"))
    return EX_OK;
  return g_str_equal (state, "degraded") ? EXIT_DEGRADED : EX_TEMPFAIL;
}

static int
run (Ctl *ctl, GError **error)
{
  g_autoptr (GVariant) objects = ctl_list_objects (ctl, error);
  const char *state = booru_host1_get_state (ctl->host);
  g_autoptr (JsonObject) root = json_object_new ();
  JsonObject *services = json_object_new ();
  GVariantIter iter;
  GVariant *interfaces;

  if (ctl->sockets)
    json_object_set_string_member (root, "host", ctl->label);
  json_object_set_string_member (root, "state", state);
  json_object_set_object_member (root, "services", services);
  if (objects == NULL)
    return EX_OK;

  if (!ctl->json)
    ctl_print (ctl_colour_of_state (state), "%s%s%s\n", ctl->sockets ? ctl->label : "",
               ctl->sockets ? ": " : "", state);
  g_variant_iter_init (&iter, objects);
  while (g_variant_iter_loop (&iter, "{o@a{sa{sv}}}", NULL, &interfaces))
    {
      g_autoptr (GVariant) service
          = g_variant_lookup_value (interfaces, "org.booru.Service1", G_VARIANT_TYPE_VARDICT);
      const char *name;
      const char *service_state;
      const char *why;
      const char *trouble;

      if (service == NULL || !g_variant_lookup (service, "Name", "&s", &name)
          || !g_variant_lookup (service, "State", "&s", &service_state)
          || !g_variant_lookup (service, "Error", "&s", &why)
          || !g_variant_lookup (service, "Trouble", "&s", &trouble))
        continue;
      if (*trouble)
        {
          service_state = "troubled";
          why = trouble;
        }
      json_object_set_string_member (services, name, service_state);
      if (!ctl->json && !g_str_equal (service_state, "ready"))
        g_print ("%s: %s%s%s\n", name, service_state, *why ? ": " : "", why);
    }
  if (ctl->json)
    ctl_print_json (json_node_init_object (json_node_alloc (), root));
  return get_exit_code (state);
}

const CtlVerb ctl_verb_health = {
  .name = "health",
  .arguments = "",
  .summary = "Show the health, also as exit code: 0 ready, 1 degraded, 75 neither",
  .run = run,
  .each = TRUE,
};
