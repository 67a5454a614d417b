/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http/web-cache.h"
#include "http/web-guard.h"

static WebSettings *
make_settings (const char *address, const char *base_url)
{
  GVariantBuilder builder;
  const char *proxies[] = { "10.0.0.0/8", "nonsense", NULL };
  g_autoptr (BooruConfig) config = NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", BOORU_CONFIG_ADDRESS, g_variant_new_string (address));
  g_variant_builder_add (&builder, "{sv}", "base-url", g_variant_new_string (base_url));
  g_variant_builder_add (&builder, "{sv}", "trusted-proxies", g_variant_new_strv (proxies, -1));
  config = booru_config_new (g_variant_builder_end (&builder));
  g_test_expect_message ("booru-web", G_LOG_LEVEL_WARNING, "*nonsense*");
  return web_settings_new (config);
}

static void
test_hosts (void)
{
  g_autoptr (WebSettings) settings = make_settings ("127.0.0.1", "https://booru.example.org/");
  static const char *const good[] = {
    "localhost",   "LOCALHOST:5000",    "127.0.0.1:5000",        "127.3.2.1",  "[::1]:5000",
    "a.localhost", "booru.example.org", "Booru.Example.Org:443", "localhost.",
  };
  static const char *const bad[] = {
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "[::2]",
    "[::1",
    "",
    "user@localhost",
    "localhost/evil",
    "192.168.1.1",
    "0.0.0.0",
    "xlocalhost",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (web_guard_check_host (settings, good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (web_guard_check_host (settings, bad[i]));
  g_assert_cmpstr (settings->base_url, ==, "https://booru.example.org");
}

static void
test_hosts_elsewhere (void)
{
  g_autoptr (WebSettings) settings = make_settings ("0.0.0.0", "");

  g_assert_true (web_guard_check_host (settings, "evil.example"));
}

static gboolean
check (const char *method, const char *origin, const char *site, const char *referer)
{
  g_autoptr (WebSettings) settings = make_settings ("127.0.0.1", "https://booru.example.org");
  WebOrigin from = { method, "localhost:5000", origin, site, referer };

  return web_guard_check_origin (settings, &from);
}

static void
test_origins (void)
{
  g_assert_true (check ("GET", "https://evil.example", "cross-site", NULL));
  g_assert_true (check ("PUT", NULL, NULL, NULL));
  g_assert_true (check ("PUT", "http://localhost:5000", NULL, NULL));
  g_assert_true (check ("PUT", "https://booru.example.org", NULL, NULL));
  g_assert_true (check ("PUT", NULL, "same-origin", NULL));
  g_assert_true (check ("PUT", NULL, "none", NULL));
  g_assert_true (check ("PUT", NULL, NULL, "http://localhost:5000/posts/1?a=b"));
  g_assert_false (check ("PUT", "https://evil.example", NULL, NULL));
  g_assert_false (check ("PUT", "null", NULL, NULL));
  g_assert_false (check ("POST", "http://localhost:5001", NULL, NULL));
  g_assert_false (check ("POST", "http://localhost", NULL, NULL));
  g_assert_false (check ("POST", "https://booru.example.org.evil.example", NULL, NULL));
  g_assert_false (check ("PUT", NULL, "cross-site", NULL));
  g_assert_false (check ("PUT", NULL, "same-site", NULL));
  g_assert_false (check ("DELETE", NULL, NULL, "http://evil.example/localhost:5000"));
}

static void
test_proxies (void)
{
  g_autoptr (WebSettings) settings = make_settings ("127.0.0.1", "");
  g_autoptr (GSocketAddress) inside = g_inet_socket_address_new_from_string ("10.1.2.3", 1);
  g_autoptr (GSocketAddress) outside = g_inet_socket_address_new_from_string ("11.1.2.3", 1);

  g_assert_true (web_settings_is_trusted_proxy (settings, inside));
  g_assert_false (web_settings_is_trusted_proxy (settings, outside));
  g_assert_false (web_settings_is_trusted_proxy (settings, NULL));
}

static gboolean
holds (WebCache *cache, const char *key, gint64 now)
{
  GBytes *head, *body;
  gconstpointer maker;

  return web_cache_lookup (cache, key, NULL, now, &maker, &head, &body);
}

static void
test_cache (void)
{
  g_autoptr (WebCache) cache = web_cache_new (64 * 1024);
  g_autoptr (GBytes) head = g_bytes_new_static ("h", 1);
  g_autofree char *data = g_malloc0 (3000); /* too small to be packed */
  g_autoptr (GBytes) body = g_bytes_new (data, 3000);
  g_autoptr (GBytes) large = g_bytes_new_take (g_malloc0 (5000), 5000);
  guint n_held = 0;

  web_cache_insert (cache, "a", 1, NULL, 100, NULL, head, body);
  g_assert_true (holds (cache, "a", 99));
  g_assert_false (holds (cache, "b", 99));
  g_assert_false (holds (cache, "a", 100)); /* too old: dropped */
  g_assert_cmpuint (web_cache_get_size (cache), ==, 0);
  web_cache_insert (cache, "a", 1, NULL, 100, NULL, head, body);
  web_cache_insert (cache, "large", 1, NULL, 100, NULL, head, large);
  g_assert_false (holds (cache, "large", 0));

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);

      web_cache_insert (cache, key, 1, NULL, 100, NULL, head, body);
      g_assert_cmpuint (web_cache_get_size (cache), <=, 64 * 1024);
      g_assert_true (holds (cache, key, 0));
    }
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);

      n_held += holds (cache, key, 0);
    }
  g_assert_cmpuint (n_held, >, 10);
  g_assert_cmpuint (n_held, <, 22);
  web_cache_clear (cache);
  g_assert_cmpuint (web_cache_get_size (cache), ==, 0);
  g_assert_false (holds (cache, "99", 0));
}

/* When it is full, what can be packed is, and comes out as it went in. */
static void
test_packing (void)
{
  g_autoptr (WebCache) cache = web_cache_new (1024 * 1024);
  g_autoptr (GBytes) head = g_bytes_new_static ("h", 1);
  GBytes *found_head, *found_body;
  gconstpointer maker;
  guint n_held = 0;

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);
      g_autofree char *text = g_strnfill (40000, (char)('A' + i % 26));
      g_autoptr (GBytes) body = g_bytes_new (text, 40000);

      web_cache_insert (cache, key, 1, NULL, 100, NULL, head, body);
      g_assert_cmpuint (web_cache_get_size (cache), <=, 1024 * 1024);
    }
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);
      g_autofree char *text = g_strnfill (40000, (char)('A' + i % 26));

      if (!web_cache_lookup (cache, key, NULL, 0, &maker, &found_head, &found_body))
        continue;
      n_held++;
      g_assert_cmpmem (g_bytes_get_data (found_body, NULL), g_bytes_get_size (found_body), text,
                       40000);
    }
  /* Twenty-six would fit as they are. */
  g_assert_cmpuint (n_held, >, 60);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/guard/hosts", test_hosts);
  g_test_add_func ("/web/guard/hosts-elsewhere", test_hosts_elsewhere);
  g_test_add_func ("/web/guard/origins", test_origins);
  g_test_add_func ("/web/guard/proxies", test_proxies);
  g_test_add_func ("/web/cache/bounds", test_cache);
  g_test_add_func ("/web/cache/packing", test_packing);
  return g_test_run ();
}
