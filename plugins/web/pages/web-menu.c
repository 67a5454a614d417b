/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-menu.h"

#include "web-form-token.h"

static GArray *entries; /* of the process, as its plugins are; NULL: none */

void
web_menu_set (GArray *all)
{
  g_clear_pointer (&entries, g_array_unref);
  entries = all;
}

void
web_menu_add (WebRequest *request, WebDict *values)
{
  WebList *list = web_dict_add_list (values, "menu");
  const char *here = web_request_get_incoming (request)->path;

  for (guint i = 0; entries && i < entries->len; i++)
    {
      const WebMenuEntry *entry = &g_array_index (entries, WebMenuEntry, i);
      WebDict *dict;

      if (entry->access > booru_request_get_user (BOORU_REQUEST (request))->access)
        continue;
      dict = web_list_append (list);
      web_dict_set_static (dict, "menu-href", entry->href);
      web_dict_set_static (dict, "menu-label", entry->label);
      web_dict_set_boolean (dict, "menu-here", g_str_equal (entry->href, here));
    }
}
