/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random queries of the whole language. */
#include "index-board.h"

static gint
draw (IndexBoard *self, gint below)
{
  return g_rand_int_range (self->random, 0, below);
}

static gint64
draw_id (IndexBoard *self)
{
  const IndexPost *post = self->posts->pdata[draw (self, (gint)self->posts->len)];

  return draw (self, 10) ? post->id : post->id + draw (self, 100);
}

static void
append_tag (IndexBoard *self, GString *out)
{
  static const char *const patterns[]
      = { "*",     "*hair*", "blue_*", "*_sky", "*a*",  "sun*", "r*1",     "n*", "*zz*",
          "zz*zz", "*_*_*",  "h*t",    "*(*)*", "cat*", "*é",   "ünder_*", "q*" };

  if (draw (self, 6) == 0)
    g_string_append (out, patterns[draw (self, G_N_ELEMENTS (patterns))]);
  else if (draw (self, 20) == 0)
    g_string_append (out, "no_such_tag");
  else if (draw (self, 20) == 0)
    g_string_append (out, draw (self, 2) ? "/ho" : "/nu");
  else
    g_string_append (out, self->tags[draw (self, draw (self, 2) ? 12 : INDEX_N_TAGS)].name);
}

/* One number, a list, a range. */
static void
append_numbers (IndexBoard *self,
                const char *name,
                gint low,
                gint high,
                const char *unit,
                GString *out)
{
  gint a = low + draw (self, high - low + 1), b = low + draw (self, high - low + 1);

  g_string_append_printf (out, "%s:", name);
  switch (draw (self, 8))
    {
    case 0:
      g_string_append_printf (out, ">%d%s", a, unit);
      break;
    case 1:
      g_string_append_printf (out, "<=%d%s", a, unit);
      break;
    case 2:
      g_string_append_printf (out, "%d%s..%d%s", MIN (a, b), unit, MAX (a, b), unit);
      break;
    case 3:
      g_string_append_printf (out, "%d%s...%d%s", MIN (a, b), unit, MAX (a, b), unit);
      break;
    case 4:
      g_string_append_printf (out, "%d%s,%d%s,>%d%s", a, unit, b, unit, high, unit);
      break;
    case 5:
      for (gint i = 0; i < 12; i++)
        g_string_append_printf (out, "%s%d%s", i ? "," : "", low + draw (self, high - low + 1),
                                unit);
      break;
    case 6:
      g_string_append_printf (out, "..%d%s", a, unit);
      break;
    default:
      g_string_append_printf (out, "%d%s", a, unit);
      break;
    }
}

static void
append_ids (IndexBoard *self, GString *out)
{
  gint64 a = draw_id (self), b = draw_id (self);

  g_string_append (out, "id:");
  switch (draw (self, 4))
    {
    case 0:
      g_string_append_printf (out, ">%" G_GINT64_FORMAT, a);
      break;
    case 1:
      g_string_append_printf (out, "%" G_GINT64_FORMAT "..%" G_GINT64_FORMAT, MIN (a, b),
                              MAX (a, b));
      break;
    case 2:
      for (gint i = draw (self, 30); i >= 0; i--)
        g_string_append_printf (out, "%" G_GINT64_FORMAT "%s", draw_id (self), i ? "," : "");
      break;
    default:
      g_string_append_printf (out, "<=%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT, a, b);
      break;
    }
}

static void
append_relative (IndexBoard *self, GString *out)
{
  static const char *const fixed[]
      = { "parent:any",     "parent:none", "parent:active", "parent:deleted",
          "child:any",      "child:none",  "child:active",  "child:missing",
          "child:expunged", "is:parent",   "has:children",  "parent:missing" };

  if (draw (self, 4) == 0)
    g_string_append_printf (out, "parent:%" G_GINT64_FORMAT, draw_id (self));
  else
    g_string_append (out, fixed[draw (self, G_N_ELEMENTS (fixed))]);
}

static void
append_md5 (IndexBoard *self, GString *out)
{
  const IndexPost *post = self->posts->pdata[draw (self, (gint)self->posts->len)];

  g_string_append (out, "md5:");
  for (guint i = 0; i < 16; i++)
    g_string_append_printf (out, "%02x", post->md5[i]);
}

static void
append_condition (IndexBoard *self, GString *out)
{
  static const struct
  {
    const char *name;
    gint low, high;
    const char *unit;
  } numbers[] = {
    { "score", -12, 12, "" },   { "upvotes", 0, 10, "" }, { "downvotes", 0, 10, "" },
    { "favcount", 0, 6, "" },   { "width", 0, 4100, "" }, { "height", 0, 4100, "" },
    { "mpixels", 0, 16, "" },   { "ratio", 0, 4, "" },    { "filesize", 0, 3000, "kb" },
    { "duration", 0, 200, "" }, { "age", 1, 400, "d" },   { "tagcount", 0, 12, "" },
    { "gentags", 0, 6, "" },    { "arttags", 0, 6, "" },  { "copytags", 0, 6, "" },
    { "chartags", 0, 6, "" },   { "metatags", 0, 6, "" },
  };
  static const char *const fixed[] = {
    "rating:g",
    "rating:s,q",
    "rating:g,s,q",
    "rating:e",
    "is:sfw",
    "status:any",
    "status:deleted",
    "status:active,missing",
    "status:expunged",
    "is:missing",
    "filetype:png",
    "filetype:jpg,gif",
    "filetype:xyz",
    "is:webm",
    "is:incomplete",
    "source:none",
    "has:source",
    "source:https",
    "source:*EXAMPLE",
    "duration:any",
    "duration:none",
    "ratio:16:9",
    "date:>2020-01-01",
    "date:<2020-01-01",
    "mpixels:>2.5",
    "filesize:1mb",
    "pixiv:any",
    "pixiv_id:none",
    "commenter:any",
    "commenter:none",
    "commenter:somebody",
    "comm:nobody",
    "fav:somebody",
    "flagger:none",
    "flag_count:0",
    "appeals:>0",
    "has:comments",
    "unaliased:cat",
    "nonsense:x",
    "newpool:x",
    "id:5000000000",
    "id:>5000000000",
    "score:any",
    "score:none",
    "width:>99999999999",
    "width:<-99999999999",
  };
  guint kind = (guint)draw (self, 20);

  if (kind < 9)
    {
      guint i = (guint)draw (self, G_N_ELEMENTS (numbers));

      append_numbers (self, numbers[i].name, numbers[i].low, numbers[i].high, numbers[i].unit, out);
    }
  else if (kind < 12)
    append_ids (self, out);
  else if (kind < 14)
    append_relative (self, out);
  else if (kind < 15)
    append_md5 (self, out);
  else if (kind < 16)
    g_string_append_printf (out, "similar:%" G_GINT64_FORMAT ",%d", draw_id (self), draw (self, 5));
  else
    g_string_append (out, fixed[draw (self, G_N_ELEMENTS (fixed))]);
}

static void append_list (IndexBoard *self, guint depth, GString *out);

static void
append_term (IndexBoard *self, guint depth, GString *out)
{
  if (draw (self, 4) == 0)
    g_string_append_c (out, '-');
  else if (draw (self, 12) == 0)
    g_string_append_c (out, '~');
  if (depth > 0 && draw (self, 4) == 0)
    {
      g_string_append (out, "( ");
      append_list (self, depth - 1, out);
      g_string_append (out, " )");
    }
  else if (draw (self, 5) < 3)
    append_tag (self, out);
  else
    append_condition (self, out);
}

static void
append_list (IndexBoard *self, guint depth, GString *out)
{
  for (gint n = 1 + draw (self, 3), i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append (out, draw (self, 3) ? " " : " or ");
      append_term (self, depth, out);
    }
}

static void
append_order (IndexBoard *self, GString *out)
{
  BooruQueryOrder order = (BooruQueryOrder)draw (self, BOORU_N_ORDERS);

  if (order == BOORU_ORDER_CUSTOM)
    {
      g_string_truncate (out, 0);
      g_string_append (out, "id:");
      for (gint i = draw (self, 40); i >= 0; i--)
        g_string_append_printf (out, "%" G_GINT64_FORMAT "%s", draw_id (self), i ? "," : "");
      if (draw (self, 2))
        {
          g_string_append (out, " or ");
          append_tag (self, out);
          g_string_prepend (out, "( ");
          g_string_append (out, " )");
        }
    }
  if (draw (self, 20) == 0)
    g_string_append (out, draw (self, 4) ? " ordpool:pool" : " ordpool:nothing");
  else
    g_string_append_printf (out, " order:%s", booru_query_order_to_string (order));
}

char *
index_board_draw_query (IndexBoard *self)
{
  GString *out = g_string_new (NULL);

  if (draw (self, 30))
    append_list (self, 3, out);
  if (draw (self, 2))
    {
      g_string_prepend (out, "( ");
      g_string_append (out, out->len > 2 ? " )" : "rating:any or a )");
      append_order (self, out);
    }
  return g_string_free (out, FALSE);
}
