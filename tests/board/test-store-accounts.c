/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Accounts, and how they sign in. */
#include <string.h>

#include "board-fixture.h"

#define HOUR G_TIME_SPAN_HOUR

static const BooruActor nobody = { 0, NULL };

static gint64
add (BoardFixture *self, const char *name, BooruAccess access)
{
  g_autoptr (GError) error = NULL;
  gint64 id = booru_store_add_account (self->store, name, access, "$y$hash", NULL, &nobody, &error);

  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  return id;
}

static void
require_refused (BoardFixture *self, const char *name, gint code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *shown = g_strescape (name, NULL);

  g_test_message ("%s", shown);
  g_assert_cmpint (
      booru_store_add_account (self->store, name, BOORU_ACCESS_VIEWER, NULL, NULL, &nobody, &error),
      ==, 0);
  g_assert_error (error, BOORU_ERROR, code);
}

static void
test_names (BoardFixture *self, gconstpointer data)
{
  g_autoptr (BooruAccount) found = NULL;
  g_autofree char *password = NULL;

  g_assert_cmpint (add (self, "Anna", BOORU_ACCESS_ADMIN), ==, BOORU_USER_OWNER);
  add (self, "peter", BOORU_ACCESS_EDITOR);
  add (self, "Ярослав", BOORU_ACCESS_VIEWER);
  add (self, "山田たろう", BOORU_ACCESS_VIEWER);
  add (self, "jürgen-1.x", BOORU_ACCESS_VIEWER);

  /* The same, whatever the case, the width, the alphabet. */
  require_refused (self, "anna", BOORU_ERROR_EXISTS);
  require_refused (self, "ＡＮＮＡ", BOORU_ERROR_EXISTS);
  add (self, "cop", BOORU_ACCESS_VIEWER);
  require_refused (self, "\xd1\x81\xd0\xbe\xd1\x80", BOORU_ERROR_EXISTS); /* Cyrillic es, o, er */
  require_refused (self, "pеter", BOORU_ERROR_INVALID);                   /* with a Cyrillic e */
  require_refused (self, "αnna", BOORU_ERROR_INVALID);                    /* with a Greek alpha */

  require_refused (self, "", BOORU_ERROR_INVALID);
  require_refused (self, "a b", BOORU_ERROR_INVALID);
  require_refused (self, "a:b", BOORU_ERROR_INVALID);
  require_refused (self, "a\nb", BOORU_ERROR_INVALID);
  require_refused (self,
                   "a\xe2\x80\x8b"
                   "b",
                   BOORU_ERROR_INVALID); /* zero-width space */
  require_refused (self,
                   "a\xe2\x80\xae"
                   "b",
                   BOORU_ERROR_INVALID); /* right-to-left override */
  require_refused (self,
                   "a\xc2\xa0"
                   "b",
                   BOORU_ERROR_INVALID); /* no-break space */
  require_refused (self, "\xff", BOORU_ERROR_INVALID);
  require_refused (self, "None", BOORU_ERROR_INVALID);
  require_refused (self, "12345678901234567890123456789012345678901", BOORU_ERROR_INVALID);

  found = booru_store_find_account (self->store, "aNNa", &password, NULL);
  g_assert_nonnull (found);
  g_assert_cmpstr (found->name, ==, "Anna");
  g_assert_cmpstr (password, ==, "$y$hash");
  g_assert_null (booru_store_find_account (self->store, "nobody", NULL, NULL));
  g_assert_null (booru_store_find_account (self->store, "a b", NULL, NULL));
}

static void
change (BoardFixture *self, gint64 id, BooruAccountChange change, gint code)
{
  g_autoptr (GError) error = NULL;
  gboolean done = booru_store_change_account (self->store, id, &change, 0, &nobody, &error);

  if (code == 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, BOORU_ERROR, code);
  g_assert_cmpint (done, ==, code == 0);
}

#define DELETED(value) ((BooruAccountChange){ .deleted = value, .per_page = -1 })
#define CHANGE(...) ((BooruAccountChange){ .deleted = -1, .per_page = -1, __VA_ARGS__ })

static void
test_changes (BoardFixture *self, gconstpointer data)
{
  gint64 anna = add (self, "anna", BOORU_ACCESS_ADMIN);
  gint64 peter = add (self, "peter", BOORU_ACCESS_EDITOR);
  g_autoptr (BooruAccount) account = NULL;
  g_autoptr (GPtrArray) audit = NULL;
  BooruAccountChange settings
      = { .theme = "dark", .per_page = 60, .blacklisted_tags = "gore\nx y", .deleted = -1 };

  change (self, peter, settings, 0);
  account = booru_store_get_account (self->store, peter, NULL);
  g_assert_cmpstr (account->theme, ==, "dark");
  g_assert_cmpuint (account->per_page, ==, 60);
  g_assert_cmpstr (account->blacklisted_tags, ==, "gore\nx y");
  g_assert_cmpint (account->access, ==, BOORU_ACCESS_EDITOR);
  g_assert_true (account->has_password);

  change (self, peter, CHANGE (.name = "ANNA"), BOORU_ERROR_EXISTS);
  change (self, peter, CHANGE (.name = "Peter"), 0); /* his own, written otherwise */
  change (self, 99, CHANGE (.theme = "dark"), BOORU_ERROR_NOT_FOUND);

  /* One administrator stays, who is not disabled. */
  change (self, anna, CHANGE (.access = BOORU_ACCESS_EDITOR), BOORU_ERROR_INVALID);
  change (self, anna, DELETED (1), BOORU_ERROR_INVALID);
  change (self, peter, CHANGE (.access = BOORU_ACCESS_ADMIN), 0);
  change (self, peter, DELETED (1), 0);
  change (self, anna, CHANGE (.access = BOORU_ACCESS_EDITOR), BOORU_ERROR_INVALID);
  change (self, peter, DELETED (0), 0);
  change (self, anna, CHANGE (.access = BOORU_ACCESS_EDITOR), 0);

  audit = booru_store_list_audit (self->store, 0, 0, 100, NULL);
  g_assert_cmpstr (((BooruAuditEntry *)audit->pdata[0])->action, ==, "user.level");
  g_assert_cmpstr (((BooruAuditEntry *)audit->pdata[0])->target, ==, "anna");
  g_assert_cmpstr (((BooruAuditEntry *)audit->pdata[0])->details, ==, "editor");
}

static guint
count (BoardFixture *self, const BooruAccountFilter *filter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = booru_store_list_accounts (self->store, filter, &error);

  g_assert_no_error (error);
  return list->len;
}

static void
test_lists (BoardFixture *self, gconstpointer data)
{
  BooruPage all = { BOORU_PAGE_NUMBER, 1, 100 };
  gint64 ids[] = { 2, 1, 77 };
  g_autoptr (GArray) some = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GHashTable) names = NULL;
  BooruAccountFilter filter = { .page = all };
  gint64 one = 1;

  g_array_append_vals (some, ids, G_N_ELEMENTS (ids));
  names = booru_store_list_user_names (self->store, some, NULL);
  g_assert_cmpstr (g_hash_table_lookup (names, &one), ==, "owner");
  g_clear_pointer (&names, g_hash_table_unref);

  add (self, "Anna", BOORU_ACCESS_ADMIN);
  add (self, "annabel", BOORU_ACCESS_EDITOR);
  add (self, "peter", BOORU_ACCESS_EDITOR);
  change (self, 3, DELETED (1), 0);
  g_assert_cmpuint (count (self, &filter), ==, 2);
  filter.deleted = TRUE;
  g_assert_cmpuint (count (self, &filter), ==, 3);
  filter.name = "ANN*";
  g_assert_cmpuint (count (self, &filter), ==, 2);
  filter.access = BOORU_ACCESS_EDITOR;
  g_assert_cmpuint (count (self, &filter), ==, 1);
  filter = (BooruAccountFilter){ .ids = some, .deleted = TRUE, .page = all };
  g_assert_cmpuint (count (self, &filter), ==, 2);
  filter = (BooruAccountFilter){ .deleted = TRUE, .page = { BOORU_PAGE_AFTER, 1, 1 } };
  after = booru_store_list_accounts (self->store, &filter, NULL);
  g_assert_cmpuint (after->len, ==, 1);
  g_assert_cmpint (((BooruAccount *)after->pdata[0])->id, ==, 2);

  names = booru_store_list_user_names (self->store, some, NULL);
  g_assert_cmpuint (g_hash_table_size (names), ==, 2);
  g_assert_cmpstr (g_hash_table_lookup (names, &one), ==, "Anna");
  g_assert_cmpint (booru_store_count_accounts (self->store, NULL), ==, 3);
}

static gboolean
has_session (BoardFixture *self, const char *token)
{
  g_autoptr (BooruSession) session = booru_store_find_session (self->store, token, NULL);

  return session != NULL;
}

static void
test_sessions (BoardFixture *self, gconstpointer data)
{
  gint64 anna = add (self, "anna", BOORU_ACCESS_ADMIN), peter = add (self, "peter", 4), first;
  g_autofree char *token = booru_token_new (), *other = booru_token_new ();
  g_autofree char *third = booru_token_new ();
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (BooruAccount) account = NULL;
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (BooruChangedRange));
  guint64 generation = 0;
  gboolean every;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (strlen (token), ==, 32);
  g_assert_cmpstr (token, !=, other);
  first = booru_store_add_session (self->store, anna, token, HOUR, "::1", "Browser", &error);
  g_assert_no_error (error);
  booru_store_add_session (self->store, anna, other, HOUR, "::1", "Other\xff", &error);
  booru_store_add_session (self->store, peter, third, -1, "::1", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (has_session (self, token));
  g_assert_false (has_session (self, third)); /* expired */
  g_assert_false (has_session (self, "nothing"));
  account = booru_store_get_account (self->store, anna, NULL);
  g_assert_cmpint (account->last_logged_in_at, >, 0);

  list = booru_store_list_sessions (self->store, anna, NULL);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_true (booru_store_touch_session (self->store, first, HOUR, "10.0.0.1", NULL));

  /* Not by somebody else; and everybody hears of the end. */
  booru_store_list_changes (self->store, BOORU_CHANGE_LOGIN, &generation, ranges, &every, NULL);
  g_assert_false (booru_store_end_session (self->store, peter, first, 0, &nobody, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
  g_assert_true (booru_store_end_session (self->store, anna, first, 0, &nobody, NULL));
  booru_store_list_changes (self->store, BOORU_CHANGE_LOGIN, &generation, ranges, &every, NULL);
  g_assert_cmpuint (ranges->len, ==, 1);
  g_assert_cmpint (g_array_index (ranges, BooruChangedRange, 0).first, ==, anna);
  g_assert_false (has_session (self, token));
  g_assert_true (has_session (self, other));

  /* A new password ends them. */
  change (self, anna, CHANGE (.password = "$y$new"), 0);
  g_assert_false (has_session (self, other));
}

static void
test_attempts (BoardFixture *self, gconstpointer data)
{
  gint64 anna = add (self, "anna", BOORU_ACCESS_ADMIN);
  g_autoptr (GError) error = NULL;
  guint n = 0;

  /* From one network, whatever the name; there need not be one. */
  while (booru_store_begin_login (self->store, n % 2 ? "anna" : "x y", "2001:db8::1", &error))
    g_assert_cmpuint (++n, <, 100);
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT);
  g_assert_false (booru_store_begin_login (self->store, "peter", "2001:db8::2", NULL));
  g_assert_true (booru_store_begin_login (self->store, "peter", "2001:db9::1", NULL));

  /* Of one name, from everywhere. */
  n = 0;
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *address = g_strdup_printf ("10.0.0.%u", i);

      n += booru_store_begin_login (self->store, "ANNA", address, NULL);
    }
  g_assert_cmpuint (n, <, 30);
  g_assert_cmpuint (n, >, 5);

  /* Whoever succeeds has not failed. */
  g_assert_false (booru_store_begin_login (self->store, "anna", "10.0.1.1", NULL));
  board_execute (self, "DELETE FROM login_attempts");
  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *token = booru_token_new ();

      g_assert_true (booru_store_begin_login (self->store, "anna", "10.0.1.1", NULL));
      g_assert_cmpint (
          booru_store_add_session (self->store, anna, token, HOUR, "10.0.1.1", NULL, NULL), >, 0);
    }
}

static void
test_keys (BoardFixture *self, gconstpointer data)
{
  gint64 anna = add (self, "anna", BOORU_ACCESS_ADMIN), id;
  g_autofree char *token = booru_token_new (), *stored = NULL;
  g_autoptr (BooruApiKey) key = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (booru_store_add_api_key (self->store, anna, token, "x", BOORU_ACCESS_EDITOR,
                                            "posts", &nobody, &error),
                   ==, 0);
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_clear_error (&error);
  id = booru_store_add_api_key (self->store, anna, token, "phone", BOORU_ACCESS_EDITOR,
                                "/posts /tags", &nobody, &error);
  g_assert_no_error (error);
  key = booru_store_find_api_key (self->store, token, NULL);
  g_assert_cmpint (key->user_id, ==, anna);
  g_assert_cmpint (key->access, ==, BOORU_ACCESS_EDITOR);
  g_assert_cmpstr (key->routes, ==, "/posts /tags");
  g_assert_true (booru_store_touch_api_key (self->store, id, NULL));
  list = booru_store_list_api_keys (self->store, anna, NULL);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpint (((BooruApiKey *)list->pdata[0])->last_used_at, >, 0);
  stored = board_query_text (self, "SELECT token FROM api_keys");
  g_assert_null (strstr (stored, token));

  g_assert_true (booru_store_remove_api_key (self->store, anna, id, &nobody, NULL));
  g_assert_false (booru_store_remove_api_key (self->store, anna, id, &nobody, NULL));
  g_assert_null (booru_store_find_api_key (self->store, token, NULL));
}

static void
test_invitations (BoardFixture *self, gconstpointer data)
{
  g_autofree char *setup = booru_token_new (), *again = booru_token_new ();
  g_autofree char *code = booru_token_new (), *old = booru_token_new ();
  BooruActor anna = { 1, "::1" };
  gint64 expires, id;
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruAccount) account = NULL;

  /* The first account, by the newest code only, and once. */
  booru_store_add_invitation (self->store, setup, BOORU_ACCESS_ADMIN, HOUR, &nobody, &error);
  booru_store_add_invitation (self->store, again, BOORU_ACCESS_ADMIN, HOUR, &nobody, &error);
  g_assert_no_error (error);
  g_assert_true (booru_store_get_setup_expiry (self->store, &expires, NULL));
  g_assert_cmpint (expires, >, 0);
  g_assert_cmpint (booru_store_accept_invitation (self->store, setup, "anna", "$y$", "::1", NULL),
                   ==, 0);
  g_assert_cmpint (booru_store_accept_invitation (self->store, again, "a b", "$y$", "::1", &error),
                   ==, 0);
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID); /* and the code is still good */
  g_clear_error (&error);
  g_assert_cmpint (booru_store_accept_invitation (self->store, again, "anna", "$y$", "::1", &error),
                   ==, BOORU_USER_OWNER);
  g_assert_cmpint (booru_store_accept_invitation (self->store, again, "eve", "$y$", "::1", NULL),
                   ==, 0);
  booru_store_add_invitation (self->store, setup, BOORU_ACCESS_ADMIN, HOUR, &nobody, NULL);
  g_assert_cmpint (booru_store_accept_invitation (self->store, setup, "eve", "$y$", "::1", &error),
                   ==, 0);
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
  g_clear_error (&error);

  booru_store_add_invitation (self->store, code, BOORU_ACCESS_EDITOR, HOUR, &anna, &error);
  id = booru_store_add_invitation (self->store, old, BOORU_ACCESS_EDITOR, -1, &anna, &error);
  g_assert_no_error (error);
  g_assert_cmpint (booru_store_accept_invitation (self->store, old, "eve", "$y$", "::1", NULL), ==,
                   0);
  g_assert_cmpint (booru_store_accept_invitation (self->store, code, "eve", "$y$", "::1", NULL), ==,
                   2);
  g_assert_cmpint (booru_store_accept_invitation (self->store, code, "bob", "$y$", "::1", NULL), ==,
                   0);
  account = booru_store_get_account (self->store, 2, NULL);
  g_assert_cmpint (account->access, ==, BOORU_ACCESS_EDITOR);
  g_assert_true (booru_store_remove_invitation (self->store, id, &anna, NULL));
}

static void
test_shares (BoardFixture *self, gconstpointer data)
{
  gint64 anna = add (self, "anna", BOORU_ACCESS_ADMIN), id;
  BooruActor actor = { anna, NULL };
  BooruShareLink link = { .kind = BOORU_SHARE_SEARCH, .target = (char *)"sky" };
  BooruShareLink past = { .target = (char *)"1", .expires_at = 1 };
  g_autoptr (BooruShareLink) found = NULL;
  g_autofree char *token = booru_token_new (), *old = booru_token_new ();
  g_autoptr (GPtrArray) list = NULL;

  id = booru_store_add_share_link (self->store, token, &link, &actor, NULL);
  g_assert_cmpint (id, >, 0);
  g_assert_cmpint (booru_store_add_share_link (self->store, old, &past, &actor, NULL), >, 0);
  found = booru_store_find_share_link (self->store, token, NULL);
  g_assert_cmpint (found->kind, ==, BOORU_SHARE_SEARCH);
  g_assert_cmpstr (found->target, ==, "sky");
  g_assert_null (found->password);
  g_assert_null (booru_store_find_share_link (self->store, old, NULL));
  list = booru_store_list_share_links (self->store, anna, NULL);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_false (booru_store_remove_share_link (self->store, 2, id, &actor, NULL));
  g_assert_true (booru_store_remove_share_link (self->store, anna, id, &actor, NULL));
  g_assert_null (booru_store_find_share_link (self->store, token, NULL));
}

static void
test_passwords (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = booru_password_hash ("correct horse", &error);
  g_autofree char *again = booru_password_hash ("correct horse", NULL);
  gint64 start;

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (hash, "$y$"));
  g_assert_cmpstr (hash, !=, again);
  g_assert_true (booru_password_check ("correct horse", hash));
  g_assert_false (booru_password_check ("correct horsE", hash));
  g_assert_false (booru_password_check ("", ""));
  g_assert_false (booru_password_check ("*0", "*0"));
  start = g_get_monotonic_time ();
  g_assert_false (booru_password_check ("correct horse", NULL)); /* takes its time all the same */
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 50 * 1000);
  g_assert_null (booru_password_hash ("short", &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                            \
  g_test_add ("/store/accounts/" path, BoardFixture, NULL, board_fixture_set_up, func,             \
              board_fixture_tear_down)
  ADD ("names", test_names);
  ADD ("changes", test_changes);
  ADD ("lists", test_lists);
  ADD ("sessions", test_sessions);
  ADD ("attempts", test_attempts);
  ADD ("keys", test_keys);
  ADD ("invitations", test_invitations);
  ADD ("shares", test_shares);
  g_test_add_func ("/store/accounts/passwords", test_passwords);
  return g_test_run ();
}
