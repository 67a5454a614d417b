/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the list of events says of a changed setting: what a person would. */
#include "base/booru-names.h"
#include "host/settings/booru-setting-change.h"

static void
require (const char *schema,
         const char *key,
         const char *before,
         const char *after,
         const char *text)
{
  g_autoptr (BooruSettings) settings = booru_settings_new (schema, NULL, NULL);
  g_autoptr (GVariant) from = booru_settings_get (settings, key);
  const GVariantType *type = g_variant_get_type (from);
  g_autoptr (GVariant) old = g_variant_parse (type, before, NULL, NULL, NULL);
  g_autoptr (GVariant) new = after ? g_variant_parse (type, after, NULL, NULL, NULL) : NULL;
  g_autofree char *said = booru_setting_describe_change (settings, key, old, new);

  g_assert_cmpstr (said, ==, text);
}

static void
test_lists (void)
{
  require (BOORU_SCHEMA_HOST, "library-folders", "[b'/a']",
           "[b'/a', b'/Ferien 2024 – \\342\\202\\254']",
           "Library folders changed: added “/Ferien 2024 – €”");
  require (BOORU_SCHEMA_HOST, "library-folders", "[b'/a', b'/b']", "[b'/c', b'/d']",
           "Library folders changed: added “/c”, “/d”; removed “/a”, “/b”");
  require (BOORU_SCHEMA_HOST, "library-folders", "[b'/a', b'/b']", "[b'/b', b'/a']",
           "Library folders changed");
  require (BOORU_SCHEMA_HOST, "library-folders", "[b'/a/b', b'/a2']", "[b'/a/b', b'/a2', b'/a']",
           "Library folders changed: added “/a”. “/a” covers “/a/b”, which is part of it now. "
           "Its rules are kept");
  require (BOORU_SCHEMA_HOST, "library-folders", "[b'/a']", "[b'/a', b'/a/b']",
           "Library folders changed: added “/a/b”");
  require (BOORU_SCHEMA_HOST ".web", "trusted-proxies", "[]", "['10.0.0.0/8']",
           "Trusted proxies changed: added “10.0.0.0/8”");
}

static void
test_values (void)
{
  require (BOORU_SCHEMA_HOST, "workers", "4", "3", "Web processes set to 3");
  require (BOORU_SCHEMA_HOST, "workers", "4", NULL, "Web processes reset to the default");
  require (BOORU_SCHEMA_HOST, "verbose", "false", "true", "Log details: on");
  require (BOORU_SCHEMA_HOST, "address", "'::1'", "'127.0.0.1'",
           "Address to listen on set to “127.0.0.1”");
  require (BOORU_SCHEMA_HOST, "ingest-folder", "b''", "b'/in'", "Ingest folder set to “/in”");
  require (BOORU_SCHEMA_HOST ".monitor", "folder-rules", "[]", "[(b'/a', {'rating': <'q'>})]",
           "Folder rules changed");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/setting-change/lists", test_lists);
  g_test_add_func ("/setting-change/values", test_values);
  return g_test_run ();
}
