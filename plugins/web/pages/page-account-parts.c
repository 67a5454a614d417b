/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "page-account.h"

void
page_set_time (WebDict *dict, const char *name, gint64 time)
{
  g_autoptr (GDateTime) date = time ? booru_time_from_usec (time) : NULL;

  web_dict_take_string (dict, name,
                        date ? g_date_time_format (date, "%Y-%m-%d %H:%M") : g_strdup ("never"));
}

void
page_add_levels (WebDict *dict, BooruAccess selected)
{
  WebList *list = web_dict_add_list (dict, "levels");

  for (BooruAccess access = BOORU_ACCESS_VIEWER; access <= BOORU_ACCESS_ADMIN; access++)
    {
      WebDict *level = web_list_append (list);

      web_dict_set_static (level, "level", booru_access_to_name (access));
      web_dict_set_boolean (level, "selected", access == selected);
    }
}
