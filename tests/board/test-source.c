/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is read off the addresses that posts come from. */
#include <booru.h>

static const struct
{
  const char *source;
  gint64 id;
} sources[] = {
  { "https://www.pixiv.net/artworks/46324488", 46324488 },
  { "https://www.pixiv.net/en/artworks/46324488#1", 46324488 },
  { "http://pixiv.net/i/18557054", 18557054 },
  { "http://www.pixiv.net/member_illust.php?mode=medium&illust_id=18557054", 18557054 },
  { "http://www.pixiv.net/member_illust.php?illust_id=18557054&mode=big", 18557054 },
  { "https://www.phixiv.net/artworks/5", 5 },
  { "https://i.pximg.net/img-original/img/2014/10/03/18/10/20/46324488_p0.png", 46324488 },
  { "https://i.pximg.net/c/600x600/img-master/img/2014/10/02/13/51/23/46304396_p0_master1200.jpg",
    46304396 },
  { "https://i.pximg.net/img-zip-ugoira/img/2016/04/09/14/25/29/56268141_ugoira1920x1080.zip",
    56268141 },
  { "https://i.pximg.net/img-original/img/2026/03/01/07/35/25/141762848-757d4d64_p0.jpg",
    141762848 },
  { "http://i2.pixiv.net/img18/img/evazion/14901720_m.png", 14901720 },
  { "http://img25.pixiv.net/img/master4th/16024681", 16024681 },
  { "https://i.pximg.net/user-profile/img/2014/12/18/10/31/23/8733472_7dc7310d_170.jpg", -1 },
  { "https://i.pximg.net/novel-cover-original/img/2022/10/23/17/33/05/ci18588585_23.jpg", -1 },
  { "https://www.pixiv.net/users/46324488", -1 },
  { "https://www.pixiv.net/artworks/", -1 },
  { "https://www.pixiv.net/artworks/99999999999999999999", -1 },
  { "https://notpixiv.net/artworks/5", -1 },
  { "https://example.org/?x=https://www.pixiv.net/artworks/5", -1 },
  { "pixiv.net/artworks/5", -1 },
  { "", -1 },
};

static void
test_pixiv (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      g_test_message ("%s", sources[i].source);
      g_assert_cmpint (booru_source_get_pixiv_id (sources[i].source), ==, sources[i].id);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/source/pixiv", test_pixiv);
  return g_test_run ();
}
