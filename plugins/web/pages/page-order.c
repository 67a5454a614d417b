/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The menu of orders beside a gallery's heading. */
#include "page-order.h"

#include <string.h>

#include "page-text.h"

static const struct
{
  const char *order, *label;
} orders[] = {
  { "", "Newest first" },           { "id", "Oldest first" },
  { "change", "Recently changed" }, { "score", "Highest score" },
  { "favcount", "Most favorites" }, { "mpixels", "Most pixels" },
  { "filesize", "Largest files" },  { "duration", "Longest" },
  { "landscape", "Widest" },        { "portrait", "Tallest" },
  { "tagcount", "Most tags" },      { "tagcount_asc", "Fewest tags" },
  { "random", "Random" },
};

/* The end of the word at @text; quoted values may have spaces. */
static const char *
find_end (const char *text)
{
  gboolean quoted = FALSE;

  for (; *text && (quoted || !strchr (" \t\n", *text)); text++)
    if (*text == '"')
      quoted = !quoted;
  return text;
}

static gboolean
is_order (const char *word, gsize length)
{
  return length >= strlen ("order:")
         && g_ascii_strncasecmp (word, "order:", strlen ("order:")) == 0;
}

/* @query without its order; the value of that in *@order, if there was one. */
static char *
take_order (const char *query, char **order)
{
  GString *rest = g_string_sized_new (strlen (query));

  while (*query)
    {
      const char *end;

      query += strspn (query, " \t\n");
      end = find_end (query);
      if (is_order (query, (gsize)(end - query)))
        {
          gsize before = strlen ("order:");

          g_free (*order);
          *order = g_ascii_strdown (query + before, end - query - (gssize)before);
        }
      else if (end > query)
        {
          if (rest->len)
            g_string_append_c (rest, ' ');
          g_string_append_len (rest, query, end - query);
        }
      query = end;
    }
  return g_string_free (rest, FALSE);
}

void
page_order_add_menu (WebDict *values, const char *query)
{
  g_autofree char *current = g_strdup ("");
  g_autofree char *rest = take_order (query, &current);
  WebList *list = web_dict_add_list (values, "orders");

  web_dict_set_string (values, "order-label", current);
  if (strcmp (current, "id_desc") == 0)
    *current = '\0';
  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      WebDict *dict = web_list_append (list);
      g_autofree char *word = g_strconcat ("order:", orders[i].order, NULL);
      g_autofree char *all = g_strconcat (rest, *rest ? " " : "", word, NULL);
      gboolean here = strcmp (orders[i].order, current) == 0;

      web_dict_set_static (dict, "order", orders[i].label);
      web_dict_take_string (dict, "order-href",
                            page_url_from_search ("/posts", *orders[i].order ? all : rest));
      web_dict_set_boolean (dict, "order-here", here);
      if (here)
        web_dict_set_static (values, "order-label", orders[i].label);
    }
}
