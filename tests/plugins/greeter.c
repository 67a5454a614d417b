/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adds pages to the web: one with a form, one for the administrator, one in the board's place, one
 * that fails. Its templates are resources, its assets a folder. */
#include "fixture.h"

static char *last;
static guint32 count;

static GVariant *
get_hello (BooruRequest *request, gpointer user_data, GError **error)
{
  GVariantDict values, row;
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  if (last)
    {
      g_variant_dict_init (&row, NULL);
      g_variant_dict_insert (&row, "greeted-name", "s", last);
      g_variant_builder_add_value (&rows, g_variant_dict_end (&row));
    }
  g_variant_dict_init (&values, NULL);
  g_variant_dict_insert (&values, "name", "s", user_data);
  g_variant_dict_insert (&values, "count", "u", count);
  g_variant_dict_insert (&values, "polite", "b", count > 0);
  g_variant_dict_insert_value (&values, "greeted", g_variant_builder_end (&rows));
  return g_variant_dict_end (&values);
}

static gboolean
submit_hello (BooruRequest *request, gpointer user_data, GError **error)
{
  const char *name = booru_request_get_param (request, "name");

  if (name == NULL || *name == '\0')
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "Nobody to greet");
      return FALSE;
    }
  g_free (last);
  last = g_strdup (name);
  count++;
  return TRUE;
}

static GVariant *
fail (BooruRequest *request, gpointer user_data, GError **error)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is nobody here");
  return NULL;
}

static const BooruWebPage pages[] = {
  {
      .size = sizeof (BooruWebPage),
      .path = "/greeter",
      .template = "hello",
      .title = "Greeter",
      .menu = "Greet",
      .get_values = get_hello,
      .submit = submit_hello,
  },
  {
      .size = sizeof (BooruWebPage),
      .path = "/greeter/secret",
      .template = "hello",
      .title = "Secret",
      .menu = "Secret",
      .access = BOORU_ACCESS_ADMIN,
      .get_values = get_hello,
  },
  {
      .size = sizeof (BooruWebPage),
      .path = "/greeter/nobody",
      .template = "hello",
      .title = "Nobody",
      .get_values = fail,
  },
  {
      .size = sizeof (BooruWebPage),
      .path = "/tags",
      .template = "hello",
      .title = "Tags",
      .menu = "Other tags",
      .get_values = get_hello,
  },
};

static gboolean
activate (BooruPluginContext *context, GError **error)
{
  return TRUE;
}

static gboolean
extend (BooruExtensions *extensions, const char *service, GError **error)
{
  const char *assets = g_getenv ("GREETER_ASSETS");

  booru_extensions_set_web_page_files (extensions, "resource:///org/booru/greeter/templates",
                                       assets ? assets : GREETER_ASSETS);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    booru_extensions_add_web_page (extensions, &pages[i], "<world>");
  return TRUE;
}

BOORU_PLUGIN_DEFINE (FIXTURE_NAME, activate, extend)
