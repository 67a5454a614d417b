/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "plugin/booru-plugin-info.h"
#include "test-util.h"

/* TEST_PLUGIN_DIR: where the plugins of tests/plugins are built. */

static char *
write_plugin (const char *folder, const char *name, const char *depends)
{
  g_autofree char *file = g_strconcat (name, ".plugin", NULL);
  g_autofree char *contents
      = g_strdup_printf ("[Plugin]\nName=%s\nModule=lib%s.so\nABI=%d\nDepends=%s\n", name, name,
                         BOORU_PLUGIN_ABI, depends);

  return test_write_file (folder, file, contents);
}

static BooruPluginInfo *
read_fixture (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".plugin", NULL);
  g_autofree char *path = g_build_filename (TEST_PLUGIN_DIR, file, NULL);
  g_autoptr (GError) error = NULL;
  BooruPluginInfo *plugin = booru_plugin_info_new_from_file (path, &error);

  g_assert_no_error (error);
  return plugin;
}

static void
test_metadata (void)
{
  g_autofree char *folder = test_make_folder ();
  g_autofree char *module = g_build_filename (folder, "libfull.so", NULL);
  g_autofree char *path = test_write_file (folder, "full.plugin",
                                           "[Plugin]\nName=full\nDescription=Does it all\n"
                                           "Module=libfull.so\nABI=1\nDepends=one;two;\n"
                                           "Extends=web;\nEssential=true\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPluginInfo) plugin = booru_plugin_info_new_from_file (path, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (booru_plugin_info_get_name (plugin), ==, "full");
  g_assert_cmpstr (booru_plugin_info_get_description (plugin), ==, "Does it all");
  g_assert_cmpstr (booru_plugin_info_get_path (plugin), ==, path);
  g_assert_cmpstr (booru_plugin_info_get_module_path (plugin), ==, module);
  g_assert_cmpstr (booru_plugin_info_get_depends (plugin)[0], ==, "one");
  g_assert_cmpstr (booru_plugin_info_get_depends (plugin)[1], ==, "two");
  g_assert_null (booru_plugin_info_get_depends (plugin)[2]);
  g_assert_cmpstr (booru_plugin_info_get_extends (plugin)[0], ==, "web");
  g_assert_true (booru_plugin_info_is_essential (plugin));
  g_assert_null (booru_plugin_info_get_descriptor (plugin));
  g_assert_cmpuint (booru_plugin_info_get_services (plugin)->len, ==, 0);
  test_remove_folder (folder);
}

static void
test_metadata_refused (void)
{
  static const struct
  {
    const char *contents;
    const char *why;
  } table[] = {
    { "", "[Plugin]" },
    { "rubbish", "rubbish" },
    { "[Other]\nName=x\n", "Name= is missing" },
    { "[Plugin]\nModule=libx.so\nABI=1\n", "Name= is missing" },
    { "[Plugin]\nName=../x\nModule=libx.so\nABI=1\n", "../x" },
    { "[Plugin]\nName=X\nModule=libx.so\nABI=1\n", "letters a to z" },
    { "[Plugin]\nName=x\nABI=1\n", "Module= is missing" },
    { "[Plugin]\nName=x\nModule=libx.so\n", "ABI= is missing" },
    { "[Plugin]\nName=x\nModule=libx.so\nABI=one\n", "is not a number" },
    { "[Plugin]\nName=x\nModule=libx.so\nABI=4711\n", "plugin ABI 4711, but this program has 1" },
    { "[Plugin]\nName=x\nModule=libx.so\nABI=1\nEssential=perhaps\n", "true or false" },
  };
  g_autofree char *folder = test_make_folder ();

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *path = test_write_file (folder, "x.plugin", table[i].contents);
      g_autoptr (GError) error = NULL;

      g_assert_null (booru_plugin_info_new_from_file (path, &error));
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG);
      test_assert_contains (error->message, path);
      test_assert_contains (error->message, table[i].why);
    }
  test_remove_folder (folder);
}

static void
assert_refused_file (const char *path, const char *why)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (booru_plugin_info_new_from_file (path, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG);
  test_assert_contains (error->message, path);
  test_assert_contains (error->message, why);
}

static void
make_socket (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *)&address, sizeof address), ==, 0);
  close (fd);
}

/* Whatever else may bear such a name is neither waited for nor believed. */
static void
test_metadata_no_file (void)
{
  g_autofree char *folder = test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "x.plugin", NULL);

  assert_refused_file (path, "there is no such file");
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  assert_refused_file (path, "it is not a regular file");
  g_remove (path);
  make_socket (path);
  assert_refused_file (path, "it is not a regular file");
  g_remove (path);
  g_mkdir (path, 0700);
  assert_refused_file (path, "it is a folder, not a file");
  g_rmdir (path);
  g_assert_cmpint (symlink ("x.plugin", path), ==, 0);
  assert_refused_file (path, "Too many levels of symbolic links");
  test_remove_folder (folder);
}

static void
test_metadata_untrusted (void)
{
  g_autofree char *folder = test_make_folder ();
  g_autofree char *path = write_plugin (folder, "x", "");
  g_autoptr (BooruPluginInfo) plugin = booru_plugin_info_new_from_file (path, NULL);

  g_assert_nonnull (plugin);
  g_assert_cmpint (g_chmod (path, 0664), ==, 0);
  assert_refused_file (path, "“chmod go-w”");
  g_assert_cmpint (g_chmod (path, 0602), ==, 0);
  assert_refused_file (path, "“chmod go-w”");
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  if (geteuid () == 0)
    {
      g_assert_cmpint (chown (path, 12345, 0), ==, 0);
      assert_refused_file (path, "it belongs to neither root nor the user");
    }

  /* As large as you like, and read no further than needed. */
  g_remove (path);
  g_free (test_write_file (folder, "x.plugin", ""));
  g_assert_cmpint (truncate (path, (off_t)40 << 30), ==, 0);
  assert_refused_file (path, "it is larger than 64 KiB");
  test_remove_folder (folder);
}

static void
test_metadata_misspelt (void)
{
  g_autofree char *folder = test_make_folder ();
  g_autofree char *path = test_write_file (folder, "x.plugin",
                                           "[Plugin]\nName=x\nModule=libx.so\nABI=1\n"
                                           "Description[de]=Ein Plugin\ndepend=web\nExtend=web\n"
                                           "[Service]\nRestart=always\n");
  g_autoptr (BooruPluginInfo) plugin = booru_plugin_info_new_from_file (path, NULL);
  g_autofree char *warnings = g_strjoinv ("; ", (GStrv)booru_plugin_info_get_warnings (plugin));

  g_assert_cmpstr (warnings, ==,
                   "the group [Service] is not known, only [Plugin]; the key depend= is not known; "
                   "did you mean Depends=?; the key Extend= is not known; did you mean Extends=?");
  test_remove_folder (folder);
}

/* The initialisers of a module of another ABI must not run: this one would end the test. */
static void
test_abi_before_code (void)
{
  g_autofree char *folder = test_make_folder ();
  g_autofree char *path = test_write_file (folder, "crash-on-load.plugin",
                                           "[Plugin]\nName=crash-on-load\nABI=4711\n"
                                           "Module=" TEST_PLUGIN_DIR "/libcrash-on-load.so\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPluginInfo) plugin = booru_plugin_info_new_from_file (path, &error);

  if (plugin)
    booru_plugin_info_load (plugin, &error);
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG);
  test_remove_folder (folder);
}

static char *
list_names (GPtrArray *plugins)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < plugins->len; i++)
    g_string_append_printf (names, "%s%s", i ? " " : "",
                            booru_plugin_info_get_name (plugins->pdata[i]));
  return g_string_free (names, FALSE);
}

static void
test_discover (void)
{
  g_autofree char *folder = test_make_folder ();
  g_autofree char *first = g_build_filename (folder, "first", NULL);
  g_autofree char *second = g_build_filename (folder, "second", NULL);
  const char *search_path[] = { first, "/nothing/here", second, NULL };
  g_autofree char *wanted = write_plugin (first, "twin", "");
  g_autofree char *hidden = write_plugin (second, "twin", "");
  g_autofree char *other = write_plugin (second, "other", "");
  g_autofree char *below = g_build_filename (second, "sub", NULL);
  g_autofree char *deeper = g_build_filename (second, "sub", "sub", NULL);
  g_autofree char *found_below = write_plugin (below, "below", "");
  g_autofree char *too_deep = write_plugin (deeper, "deeper", "");
  g_autofree char *broken = test_write_file (second, "broken.plugin", "rubbish");
  g_autofree char *no_plugin = test_write_file (second, "README", "text");
  g_autoptr (GPtrArray) plugins = NULL;
  g_autofree char *names = NULL;

  g_test_expect_message ("booru", G_LOG_LEVEL_WARNING, "*broken.plugin*skipped*");
  plugins = booru_plugin_discover (search_path);
  g_test_assert_expected_messages ();
  names = list_names (plugins);
  g_assert_cmpstr (names, ==, "below broken other twin");
  g_assert_cmpstr (booru_plugin_info_get_path (plugins->pdata[3]), ==, wanted);
  test_assert_contains (booru_plugin_info_get_fault (plugins->pdata[1]), "broken.plugin");
  g_assert_null (booru_plugin_info_get_fault (plugins->pdata[0]));
  test_remove_folder (folder);
}

/* In one folder that is a mistake. */
static void
test_discover_twins (void)
{
  g_autofree char *folder = test_make_folder ();
  const char *search_path[] = { folder, NULL };
  g_autofree char *first = write_plugin (folder, "twin", "");
  g_autofree char *second = test_write_file (folder, "zwilling.plugin",
                                             "[Plugin]\nName=twin\nModule=libx.so\nABI=1\nX=1\n");
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) plugins = booru_plugin_discover_all (search_path, faults);

  g_assert_cmpuint (plugins->len, ==, 1);
  g_assert_cmpstr (booru_plugin_info_get_path (plugins->pdata[0]), ==, first);
  g_assert_cmpuint (faults->len, ==, 1);
  test_assert_contains (faults->pdata[0], second);
  test_assert_contains (faults->pdata[0], "has the name twin already");
  test_remove_folder (folder);
}

/* A diamond, a chain, a ring of three, one that needs itself, and one that needs what is missing.
 */
static GPtrArray *
discover_graph (const char *folder)
{
  static const char *const graph[][2] = {
    { "web", "" },
    { "monitor", "" },
    { "base", "" },
    { "left", "base" },
    { "right", "base" },
    { "top", "right;left" },
    { "a", "b" },
    { "b", "c" },
    { "c", "a" },
    { "to-ring", "a" },
    { "narcissus", "narcissus" },
    { "lost", "web;nowhere" },
    { "over-lost", "lost" },
  };
  const char *search_path[] = { folder, NULL };

  for (guint i = 0; i < G_N_ELEMENTS (graph); i++)
    g_free (write_plugin (folder, graph[i][0], graph[i][1]));
  return booru_plugin_discover (search_path);
}

static void
test_resolve (void)
{
  static const struct
  {
    const char *names;
    const char *expected;
  } table[] = {
    { "", "" },
    { "web monitor", "monitor web" },
    { "monitor web", "monitor web" },
    { "web web", "web" },
    { "top", "base left right top" },
    { "top left web", "base left right top web" },
  };
  g_autofree char *folder = test_make_folder ();
  g_autoptr (GPtrArray) available = discover_graph (folder);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_auto (GStrv) names = g_strsplit (table[i].names, " ", -1);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) order
          = booru_plugin_resolve (available, (const char *const *)names, &error);
      g_autofree char *found = NULL;

      g_assert_no_error (error);
      found = list_names (order);
      g_assert_cmpstr (found, ==, table[i].expected);
    }
  test_remove_folder (folder);
}

static void
test_resolve_refused (void)
{
  static const struct
  {
    const char *name;
    const char *why;
  } table[] = {
    { "nobody", "There is no plugin “nobody”" },
    { "a", "The plugin a depends on itself: a → b → c → a" },
    { "b", "The plugin b depends on itself: b → c → a → b" },
    { "to-ring", "The plugin a depends on itself: a → b → c → a" },
    { "narcissus", "narcissus → narcissus" },
    { "lost", "The plugin lost depends on the plugin “nowhere”, which is not installed" },
    { "over-lost", "The plugin lost depends on the plugin “nowhere”" },
  };
  g_autofree char *folder = test_make_folder ();
  g_autoptr (GPtrArray) available = discover_graph (folder);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      const char *names[] = { "web", table[i].name, NULL };
      g_autoptr (GError) error = NULL;

      g_assert_null (booru_plugin_resolve (available, names, &error));
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG);
      test_assert_contains (error->message, table[i].why);
    }
  test_remove_folder (folder);
}

static void
test_load (void)
{
  g_autoptr (BooruPluginInfo) plugin = read_fixture ("good");
  g_autoptr (GError) error = NULL;
  const BooruService *service;

  for (int i = 0; i < 2; i++)
    {
      g_assert_true (booru_plugin_info_load (plugin, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (booru_plugin_info_get_services (plugin)->len, ==, 1);
    }
  service = booru_plugin_info_get_services (plugin)->pdata[0];
  g_assert_cmpstr (service->name, ==, "good");
  g_assert_cmpint (service->instances, ==, BOORU_SERVICE_ONE);
  g_assert_cmpuint (booru_plugin_info_get_descriptor (plugin)->abi, ==, BOORU_PLUGIN_ABI);
}

static void
test_load_refused (void)
{
  static const struct
  {
    const char *name;
    const char *why;
  } table[] = {
    { "no-symbol", "does not export “booru_plugin”" },
    { "undefined-symbol", "fixture_function_that_nobody_has" },
    { "wrong-abi", "plugin ABI 4711, but this program has 1" },
    { "wrong-name", "calls itself “somebody-else”" },
    { "activate-fails", "this machine has no scanner" },
    { "same-service-twice", "a service of this name already" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (BooruPluginInfo) plugin = read_fixture (table[i].name);
      g_autoptr (GError) error = NULL;

      g_assert_false (booru_plugin_info_load (plugin, &error));
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG);
      test_assert_contains (error->message, table[i].name);
      test_assert_contains (error->message, booru_plugin_info_get_module_path (plugin));
      test_assert_contains (error->message, table[i].why);
      g_assert_null (booru_plugin_info_get_descriptor (plugin));
      g_assert_cmpuint (booru_plugin_info_get_services (plugin)->len, ==, 0);
    }
}

static void
assert_load_fails (const char *folder, const char *contents_of_module, const char *why)
{
  g_autofree char *path = write_plugin (folder, "x", "");
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPluginInfo) plugin = booru_plugin_info_new_from_file (path, &error);

  if (contents_of_module)
    g_free (test_write_file (folder, "libx.so", contents_of_module));
  g_assert_no_error (error);
  g_assert_false (booru_plugin_info_load (plugin, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG);
  test_assert_contains (error->message, why);
}

static void
test_load_no_module (void)
{
  g_autofree char *folder = test_make_folder ();
  g_autofree char *module = g_build_filename (folder, "libx.so", NULL);

  assert_load_fails (folder, NULL, "there is no such file");
  assert_load_fails (folder, "", "file too short");
  g_assert_cmpint (g_chmod (module, 0666), ==, 0);
  assert_load_fails (folder, NULL, "“chmod go-w”");
  g_remove (module);
  g_assert_cmpint (mkfifo (module, 0600), ==, 0);
  assert_load_fails (folder, NULL, "it is not a regular file");
  g_remove (module);
  assert_load_fails (folder,
                     "this is some text and no shared object, of length enough for a header",
                     "invalid ELF header");
  test_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plugin/metadata", test_metadata);
  g_test_add_func ("/plugin/metadata/refused", test_metadata_refused);
  g_test_add_func ("/plugin/metadata/no-file", test_metadata_no_file);
  g_test_add_func ("/plugin/metadata/untrusted", test_metadata_untrusted);
  g_test_add_func ("/plugin/metadata/misspelt", test_metadata_misspelt);
  g_test_add_func ("/plugin/abi-before-code", test_abi_before_code);
  g_test_add_func ("/plugin/discover", test_discover);
  g_test_add_func ("/plugin/discover/twins", test_discover_twins);
  g_test_add_func ("/plugin/resolve", test_resolve);
  g_test_add_func ("/plugin/resolve/refused", test_resolve_refused);
  g_test_add_func ("/plugin/load", test_load);
  g_test_add_func ("/plugin/load/refused", test_load_refused);
  g_test_add_func ("/plugin/load/no-module", test_load_no_module);
  return g_test_run ();
}
