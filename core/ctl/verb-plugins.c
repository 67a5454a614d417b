/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl.h"

#include <sysexits.h>

static void
add_row (CtlTable *table, const char *name, GVariant *properties)
{
  const char *description = "";
  const char *fault = NULL;
  gboolean enabled = FALSE;
  gboolean essential = FALSE;
  const char *state;

  g_variant_lookup (properties, "description", "&s", &description);
  g_variant_lookup (properties, "error", "&s", &fault);
  g_variant_lookup (properties, "enabled", "b", &enabled);
  g_variant_lookup (properties, "essential", "b", &essential);
  state = fault ? "broken" : enabled ? "enabled" : "disabled";
  ctl_table_add (table, ctl_colour_of_state (state), name, state, essential ? "yes" : "",
                 fault ? fault : description, NULL);
}

static JsonNode *
make_node (const char *name, GVariant *properties)
{
  JsonNode *node = ctl_properties_to_json (properties);

  json_object_set_string_member (json_node_get_object (node), "name", name);
  return node;
}

static int
run (Ctl *ctl, GError **error)
{
  g_autoptr (GVariant) plugins = NULL;
  g_autoptr (JsonArray) array = json_array_new ();
  CtlTable *table;
  GVariantIter iter;
  const char *name;
  GVariant *properties;

  if (!booru_host1_call_list_plugins_sync (ctl->host, &plugins, NULL, error))
    return EX_OK;
  table = ctl_table_new ("PLUGIN", "STATE", "ESSENTIAL", "DESCRIPTION", NULL);
  g_variant_iter_init (&iter, plugins);
  while (g_variant_iter_loop (&iter, "(&s@a{sv})", &name, &properties))
    {
      add_row (table, name, properties);
      json_array_add_element (array, make_node (name, properties));
    }
  if (ctl->json)
    {
      ctl_print_json (json_node_init_array (json_node_alloc (), array));
      ctl_table_free (table);
    }
  else
    ctl_table_print (table);
  return EX_OK;
}

const CtlVerb ctl_verb_plugins = {
  "plugins", "", "List the plugins", 0, 0, run,
};
