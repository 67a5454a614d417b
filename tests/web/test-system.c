/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The administrator's pages, with a host that the fixture plays. */
#include <glib/gstdio.h>
#include <string.h>

#include "test-util.h"
#include "web-fixture.h"

#define TOKEN "0123456789abcdef0123456789abcdef"

/* As a browser sends a form that it got before. */
static Answer *
send_form (Fixture *fixture, const char *path, const char *cookie, const char *form)
{
  g_autofree char *header = g_strconcat ("booru-form=", cookie, NULL);

  return fixture_send_with (fixture, "POST", path, FORM, form, "Cookie", header, "Accept",
                            "text/html", NULL);
}

static Answer *
press (Fixture *fixture, const char *path, const char *form)
{
  g_autofree char *with_token = g_strconcat ("token=" TOKEN "&", form, NULL);

  return send_form (fixture, path, TOKEN, with_token);
}

static const char *
last_call (Fixture *fixture)
{
  return fixture->controlled->len > 0 ? fixture->controlled->pdata[fixture->controlled->len - 1]
                                      : "";
}

static void
test_overview (Fixture *fixture)
{
  g_autoptr (Answer) page = fixture_get_page (fixture, "/system", 200);
  g_autoptr (Answer) json = fixture_ask (fixture, "GET", "/system.json", NULL);
  JsonObject *object;

  require_text (page, "up 1 h 1 min");
  require_text (page, "max=\"5000\" value=\"1200\"");
  require_text (page, "1,200 of 5,000 files (24 %), 33 files/s, 2.0");
  require_text (page, "3 min 20 s left");
  require_text (page, "cat&lt;s&gt;.jpg");
  require_text (page, "it &lt;crashed&gt;");
  /* As booructl says it. */
  require_text (page, "<span class=\"state fair\">troubled</span>");
  require_text (page, "no &lt;more&gt; descriptors");
  require_text (page, "<span class=\"state fair\">starting: migrates</span>");
  require_text (page, "All is &lt;well&gt;");
  require_text (page, "9.0");
  g_assert_cmpstr (answer_header (page, "Cache-Control"), ==, "no-cache");
  /* Whoever turns off what serves this page cannot turn it on again. */
  require_text (page, "id=\"plugin-monitor\"");
  prohibit_text (page, "id=\"plugin-web\"");

  require_status (json, 200);
  object = json_node_get_object (json->json);
  g_assert_cmpstr (
      json_object_get_string_member (json_object_get_object_member (object, "host"), "state"), ==,
      "ready");
  g_assert_cmpint (json_object_get_int_member (object, "failures"), ==, 0);
}

/* The token in the page is the one in the cookie. */
static void
test_token (Fixture *fixture)
{
  g_autoptr (Answer) page = fixture_get_page (fixture, "/system", 200);
  const char *cookie = answer_header (page, "Set-Cookie");
  g_autofree char *token = g_strndup (cookie + strlen ("booru-form="), 32);
  g_autofree char *field = g_strdup_printf ("name=\"token\" value=\"%s\"", token);
  g_autofree char *form = g_strdup_printf ("token=%s&folder=", token);
  g_autofree char *known = g_strconcat ("other=1; booru-form=", token, NULL);
  g_autoptr (Answer) again = NULL;
  g_autoptr (Answer) without = NULL;
  g_autoptr (Answer) other = NULL;
  g_autoptr (Answer) none = NULL;
  g_autoptr (Answer) foreign = NULL;
  g_autoptr (Answer) right = NULL;

  g_assert_nonnull (strstr (cookie, "HttpOnly"));
  g_assert_nonnull (strstr (cookie, "SameSite=Strict"));
  require_text (page, field);
  again = fixture_ask (fixture, "GET", "/system", "Cookie", known, "Accept", "text/html", NULL);
  g_assert_null (answer_header (again, "Set-Cookie"));
  require_text (again, field);

  without = fixture_post_form (fixture, "/system/scan", form);
  require_status (without, 403);
  other = send_form (fixture, "/system/scan", TOKEN, form);
  require_status (other, 403);
  none = send_form (fixture, "/system/scan", token, "folder=");
  require_status (none, 403);
  foreign = fixture_send_with (fixture, "POST", "/system/scan", FORM, form, "Cookie", known,
                               "Origin", "http://elsewhere.example", NULL);
  require_status (foreign, 403);
  g_assert_cmpuint (fixture->controlled->len, ==, 0);

  right = send_form (fixture, "/system/scan", token, form);
  require_status (right, 303);
  g_assert_cmpstr (answer_header (right, "Location"), ==, "/system?done=scan");
  g_assert_cmpstr (last_call (fixture), ==, "Scan (b'',)");
}

static void
test_actions (Fixture *fixture)
{
  static const struct
  {
    const char *path, *form, *called;
  } table[] = {
    { "/system/retry", "path=/lib/a%2520b%25ff.jpg", "Retry (b'/lib/a b\\377.jpg',)" },
    { "/system/reload", "", "Reload ()" },
    { "/system/restart", "service=web", "RestartService ('web',)" },
    { "/system/enable", "plugin=x", "EnablePlugin ('x',)" },
    { "/system/disable", "plugin=x", "DisablePlugin ('x',)" },
    { "/system/add-folder", "path=+/more+",
      "ApplySetting ('org.booru.host', 'library-folders', <[b'/lib', b'/more']>)" },
    { "/system/remove-folder", "folder=/lib",
      "ApplySetting ('org.booru.host', 'library-folders', <@aay []>)" },
    { "/system/ingest-folder", "path=/in",
      "ApplySetting ('org.booru.host', 'ingest-folder', <b'/in'>)" },
  };
  g_autoptr (Answer) twice = NULL;
  g_autoptr (Answer) bad = NULL;
  g_autoptr (Answer) none = NULL;
  g_autoptr (Answer) away = NULL;
  guint n;

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (Answer) answer = press (fixture, table[i].path, table[i].form);

      require_status (answer, 303);
      g_assert_cmpstr (last_call (fixture), ==, table[i].called);
    }
  n = fixture->controlled->len;
  twice = press (fixture, "/system/add-folder", "path=/lib");
  require_status (twice, 422);
  require_text (twice, "is already a library folder");
  none = press (fixture, "/system/nothing", "");
  require_status (none, 404);
  g_assert_cmpuint (fixture->controlled->len, ==, n);

  bad = press (fixture, "/system/scan", "folder=/bad");
  require_status (bad, 422);
  require_text (bad, "There is no &lt;bad&gt; here");
  /* Only to pages of its own. */
  away = press (fixture, "/system/scan", "folder=&back=//elsewhere.example/system");
  g_assert_cmpstr (answer_header (away, "Location"), ==, "/system?done=scan");
}

static void
test_settings (Fixture *fixture)
{
  g_autoptr (Answer) page = fixture_get_page (fixture, "/system/settings", 200);
  g_autoptr (Answer) same = NULL;
  g_autoptr (Answer) changed = NULL;
  g_autoptr (Answer) wrong = NULL;
  g_autoptr (Answer) reset = NULL;
  g_autoptr (Answer) warned = NULL;
  g_autoptr (Answer) confirmed = NULL;

  require_text (page, "name=\"value[workers]\" value=\"4\" min=\"1\" max=\"64\"");
  require_text (page, "How many &lt;b&gt;processes&lt;/b&gt;.");
  require_text (page, "set on the command line");
  require_text (page, "takes effect at the next start");
  prohibit_text (page, "library-folders");

  same = press (fixture, "/system/settings",
                "schema=org.booru.host&value[workers]=4&shown[verbose]=1&value[verbose]=true");
  g_assert_cmpstr (answer_header (same, "Location"), ==, "/system/settings?saved=no");
  g_assert_cmpuint (fixture->controlled->len, ==, 0);

  changed = press (fixture, "/system/settings",
                   "schema=org.booru.host&value[workers]=2&shown[verbose]=1");
  require_status (changed, 303);
  g_assert_cmpuint (fixture->controlled->len, ==, 2);
  g_assert_cmpstr (fixture->controlled->pdata[0], ==,
                   "ApplySetting ('org.booru.host', 'workers', <uint32 2>)");
  g_assert_cmpstr (fixture->controlled->pdata[1], ==,
                   "ApplySetting ('org.booru.host', 'verbose', <false>)");

  wrong = press (fixture, "/system/settings", "schema=org.booru.host&value[workers]=many");
  require_status (wrong, 422);
  require_text (wrong, "“many” isn&#39;t valid. Enter a number from 1 to 64");
  require_text (wrong, "value=\"many\"");
  g_assert_cmpuint (fixture->controlled->len, ==, 2);

  reset = press (fixture, "/system/settings", "schema=org.booru.host&reset=workers");
  require_status (reset, 303);
  g_assert_cmpstr (last_call (fixture), ==, "ResetSetting ('org.booru.host', 'workers')");

  warned = press (fixture, "/system/settings", "schema=org.booru.host&value[port]=6000");
  require_status (warned, 200);
  require_text (warned, "stops working");
  g_assert_cmpuint (fixture->controlled->len, ==, 3);
  confirmed
      = press (fixture, "/system/settings", "schema=org.booru.host&value[port]=6000&confirm=1");
  require_status (confirmed, 303);
  g_assert_cmpstr (last_call (fixture), ==, "SetSetting ('org.booru.host', 'port', <uint16 6000>)");
}

/* Beside the data folder, in which none may lie. */
static char *
dup_inbox (Fixture *fixture)
{
  return g_strconcat (fixture->data_dir, "-inbox", NULL);
}

static void
write_in_inbox (Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *inbox = dup_inbox (fixture);
  g_autofree char *folder = g_build_filename (inbox, "failed", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* Rules are changed by a form: nobody has to write a GVariant. */
static void
test_rules (Fixture *fixture)
{
  g_autoptr (Answer) page = fixture_get_page (fixture, "/system/settings", 200), saved = NULL,
                     same = NULL;
  g_autoptr (Answer) removed = NULL;

  require_text (page, "<code>/a&lt;b&gt;\\xff</code>");
  require_text (page, "name=\"rule-0-tags\" value=\"wip\"");
  require_text (page, "<option value=\"q\" selected>");
  require_text (page, "*.gif\nold</textarea>");
  require_text (page, "name=\"rule-1-folder\"");
  prohibit_text (page, "[(b");

  same = press (fixture, "/system/settings",
                "rules=2&rule-0-escaped=/a%253Cb%253E%25FF&rule-0-tags=wip&rule-0-rating=q"
                "&rule-0-embedded=false&rule-0-exclude=*.gif%0D%0Aold");
  g_assert_cmpstr (answer_header (same, "Location"), ==, "/system/settings?saved=no");
  g_assert_cmpuint (fixture->controlled->len, ==, 0);

  saved = press (fixture, "/system/settings",
                 "rules=2&rule-0-escaped=/a%253Cb%253E%25FF&rule-0-sidecars=true"
                 "&rule-1-folder=/new&rule-1-exclude=%0A*.tmp%0A&rule-1-folder-names=last");
  require_status (saved, 303);
  g_assert_cmpstr (last_call (fixture), ==,
                   "ApplySetting ('org.booru.host.monitor', 'folder-rules', "
                   "<[(b'/a<b>\\377', {'sidecars': <true>}), "
                   "(b'/new', {'folder-names': <'last'>, 'exclude': <['*.tmp']>})]>)");
  removed = press (fixture, "/system/settings",
                   "rules=2&rule-0-escaped=/a%253Cb%253E%25FF&rule-0-remove=1");
  require_status (removed, 303);
  g_assert_cmpstr (last_call (fixture), ==,
                   "ApplySetting ('org.booru.host.monitor', 'folder-rules', <@a(aya{sv}) []>)");
}

static void
test_failures (Fixture *fixture)
{
  g_autofree char *folder = g_uri_escape_string (fixture->library, "/", FALSE);
  g_autofree char *only = g_strconcat ("/system/failures?folder=", folder, NULL);
  g_autofree char *below = g_strconcat ("/system/failures.json?folder=", folder, "/sub", NULL);
  g_autoptr (Answer) none = fixture_get_page (fixture, "/system/failures", 200);
  g_autoptr (Answer) page = NULL;
  g_autoptr (Answer) some = NULL;
  g_autoptr (Answer) json = NULL;
  g_autoptr (Answer) wrong = NULL;
  JsonObject *object;
  JsonArray *list;

  require_text (none, "Nothing failed");
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s%u.jpg", i < 5 ? "sub/" : "", i);

      fixture_fail_file (fixture, name, i == 59 ? "The decoder <crashed> (SIGSEGV)" : "damaged");
    }
  fixture_fail_file (fixture, "odd\xff\n.jpg", "damaged");

  page = fixture_get_page (fixture, "/system/failures", 200);
  require_text (page, "61 files could not be read");
  require_text (page, "odd\\xff\\n.jpg");
  require_text (page, "odd%FF%0A.jpg");
  require_text (page, "The decoder &lt;crashed&gt; (SIGSEGV)");
  require_text (page, "Try all 61 again");
  require_text (page, "/system/failures?page=2");
  some = fixture_get_page (fixture, only, 200);
  require_text (some, "61 files could not be read");

  json = fixture_ask (fixture, "GET", below, NULL);
  require_status (json, 200);
  object = json_node_get_object (json->json);
  g_assert_cmpint (json_object_get_int_member (object, "total"), ==, 5);
  list = json_object_get_array_member (object, "failures");
  g_assert_cmpuint (json_array_get_length (list), ==, 5);
  g_assert_cmpstr (
      json_object_get_string_member (json_array_get_object_element (list, 0), "reason"), ==,
      "damaged");

  wrong = fixture_ask (fixture, "GET", "/system/failures.json?folder=/nowhere", NULL);
  require_error (wrong, 404);
}

static void
set_inbox (Fixture *fixture)
{
  g_autofree char *inbox = dup_inbox (fixture);
  GVariantDict dict;

  g_variant_dict_init (
      &dict, booru_config_to_variant (booru_service_context_get_config (fixture->context)));
  g_variant_dict_insert (&dict, BOORU_CONFIG_INGEST_FOLDER, "^ay", inbox);
  booru_service_context_take_config (fixture->context,
                                     booru_config_new (g_variant_dict_end (&dict)));
}

static void
test_set_aside (Fixture *fixture)
{
  g_autofree char *inbox = dup_inbox (fixture);
  g_autoptr (Answer) page = NULL;
  g_autoptr (Answer) second = NULL;

  write_in_inbox (fixture, "one.jpg", "x");
  write_in_inbox (fixture, "one.jpg.reason.txt", "It is <broken>\n");
  write_in_inbox (fixture, "two.jpg", "x");
  write_in_inbox (fixture, "gone.jpg.reason.txt", "stale\n");
  fixture_invoke (set_inbox, fixture);
  fixture_fail_file (fixture, "three.jpg", "damaged");

  page = fixture_get_page (fixture, "/system/failures", 200);
  require_text (page, "3 files could not be read");
  require_text (page, "failed/one.jpg");
  require_text (page, "It is &lt;broken&gt;");
  require_text (page, "unknown reason");
  prohibit_text (page, "stale");

  /* Pages go on from the one kind to the other. */
  second = fixture_ask (fixture, "GET", "/system/failures.json?limit=2&page=2", NULL);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (
                        json_node_get_object (second->json), "failures")),
                    ==, 1);
  require_text (second, "three.jpg");
  test_remove_folder (inbox);
}

static void
test_not_for_everybody (Fixture *fixture)
{
  static const char *const paths[] = { "/system", "/system.json", "/system/failures",
                                       "/system/failures.json", "/system/settings" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (Answer) answer = fixture_ask (fixture, "GET", paths[i], NULL);

      require_status (answer, 401);
    }
  {
    g_autoptr (Answer) answer = press (fixture, "/system/scan", "folder=");

    require_status (answer, 401);
    g_assert_cmpuint (fixture->controlled->len, ==, 0);
  }
}

static void
open_to_all (Fixture *fixture)
{
  GVariantDict dict;

  g_variant_dict_init (
      &dict, booru_config_to_variant (booru_service_context_get_config (fixture->context)));
  g_variant_dict_insert (&dict, BOORU_CONFIG_ADDRESS, "s", "192.0.2.1");
  g_variant_dict_insert (&dict, "public", "b", TRUE);
  booru_service_context_take_config (fixture->context,
                                     booru_config_new (g_variant_dict_end (&dict)));
}

static void
test_elsewhere (Fixture *fixture)
{
  fixture_invoke (open_to_all, fixture);
  test_not_for_everybody (fixture);
}

/* A folder that lies in the one that was added is not watched by itself any more. */
static void
test_covering_folder (Fixture *fixture)
{
  g_autoptr (BooruFolder) inner
      = booru_store_ensure_folder (fixture->store, "/ph/a b<", BOORU_FOLDER_LIBRARY, NULL);
  g_autoptr (BooruFolder) beside
      = booru_store_ensure_folder (fixture->store, "/photos", BOORU_FOLDER_LIBRARY, NULL);
  g_autoptr (Answer) added = press (fixture, "/system/add-folder", "path=/ph");
  g_autoptr (Answer) told = NULL, again = NULL;

  require_status (added, 303);
  told = fixture_get_page (fixture, answer_header (added, "Location"), 200);
  require_text (told, "Folder added. Scanning it now. “/ph” covers “/ph/a b&lt;”, which is part of "
                      "it now. Its rules are kept.</p>");

  again = fixture_get_page (fixture, "/system?done=folder&added=/photos", 200);
  require_text (again, "Folder added. Scanning it now.</p>");
}

/* A board without posts asks for a folder, on its first page. */
static void
test_first_run (Fixture *fixture)
{
  g_autofree char *called = g_strdup_printf (
      "ApplySetting ('org.booru.host', 'library-folders', <[b'/lib', b'%s/Pictures']>)",
      g_get_home_dir ());
  g_autofree char *led_to
      = g_strdup_printf ("/posts?done=folder&added=%s/Pictures", g_get_home_dir ());
  g_autoptr (Answer) page = fixture_get_page (fixture, "/posts", 200), added = NULL, told = NULL,
                     wrong = NULL;
  g_autoptr (Answer) ingest = NULL;

  require_text (page, "No folder has been added yet");
  require_text (page, "name=\"path\" type=\"text\" value=\"~/Pictures\"");
  prohibit_text (page, "Stop the program");

  added = press (fixture, "/system/add-folder", "path=~/Pictures&back=/posts");
  require_status (added, 303);
  g_assert_cmpstr (last_call (fixture), ==, called);
  g_assert_cmpstr (answer_header (added, "Location"), ==, led_to);
  told = fixture_get_page (fixture, led_to, 200);
  require_text (told, "Folder added. Scanning it now.");

  /* What was typed stays, and beside it stands what is wrong. */
  wrong = press (fixture, "/system/add-folder", "path=/bad/<one>&back=/posts");
  require_status (wrong, 422);
  require_text (wrong, "value=\"/bad/&lt;one&gt;\"");
  require_text (wrong, "aria-invalid=\"true\" autofocus");
  require_text (wrong, "<p class=\"warn\" role=\"alert\">There is no &lt;bad&gt; here</p>");
  require_text (wrong, "No pictures yet");
  ingest = press (fixture, "/system/ingest-folder", "path=/bad");
  require_status (ingest, 422);
  require_text (ingest, "id=\"ingest-folder\" name=\"path\" type=\"text\" value=\"/bad\"");
  require_text (ingest, "<p class=\"warn\" role=\"alert\">There is no &lt;bad&gt; here</p>");
}

/* Whoever may not add one is not offered it. */
static void
test_first_run_elsewhere (Fixture *fixture)
{
  g_autoptr (Answer) page = NULL;

  fixture_invoke (open_to_all, fixture);
  page = fixture_get_page (fixture, "/posts", 200);
  require_text (page, "The administrator can add one");
  prohibit_text (page, "name=\"path\"");
}

int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("booru-test-XXXXXX", NULL);
  g_autofree char *pictures = g_build_filename (home, "Pictures", NULL);
  int failed;

  g_setenv ("HOME", home, TRUE);
  g_assert_cmpint (g_mkdir (pictures, 0700), ==, 0);
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/system/overview", NULL, test_overview);
  fixture_add_test ("/web/system/token", NULL, test_token);
  fixture_add_test ("/web/system/actions", NULL, test_actions);
  fixture_add_test ("/web/system/settings", NULL, test_settings);
  fixture_add_test ("/web/system/rules", NULL, test_rules);
  fixture_add_test ("/web/system/failures", NULL, test_failures);
  fixture_add_test ("/web/system/set-aside", NULL, test_set_aside);
  fixture_add_test ("/web/system/elsewhere", NULL, test_elsewhere);
  fixture_add_test ("/web/system/covering-folder", NULL, test_covering_folder);
  fixture_add_test ("/web/system/first-run", NULL, test_first_run);
  fixture_add_test ("/web/system/first-run-elsewhere", NULL, test_first_run_elsewhere);
  failed = g_test_run ();
  g_rmdir (pictures);
  g_rmdir (home);
  return failed;
}
