/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be done with accounts without a browser. */
#include "accounts.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "board/booru-query.h"

#define INVITATION_TIME (7 * G_TIME_SPAN_DAY)

/* Whoever may read the database may do everything. */
static const BooruActor operator= { 0, NULL };

/* Passwords */

/* One line, without its end; NULL: there is none. */
static char *
read_line (void)
{
  char *line = NULL;
  size_t size = 0;
  ssize_t length = getline (&line, &size, stdin);
  char *copy = NULL;

  if (length > 0)
    {
      line[strcspn (line, "\r\n")] = '\0';
      copy = g_strdup (line);
      explicit_bzero (line, size);
    }
  free (line); /* getline() allocated it */
  return copy;
}

/* From a terminal it is not shown; a script gives it as the first line of its standard input. */
static char *
ask (const char *question)
{
  struct termios shown, hidden;
  char *line;

  if (tcgetattr (STDIN_FILENO, &shown) != 0)
    return read_line ();
  fprintf (stderr, "%s: ", question);
  hidden = shown;
  hidden.c_lflag &= ~(tcflag_t)ECHO;
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
  line = read_line ();
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &shown);
  fputc ('\n', stderr);
  return line;
}

static char *
read_password (GError **error)
{
  g_autofree char *password = ask ("Password");
  g_autofree char *again = NULL;

  if (password && isatty (STDIN_FILENO))
    {
      again = ask ("Password, once more");
      if (g_strcmp0 (password, again) != 0)
        {
          g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                               "The two passwords differ; nothing was changed");
          return NULL;
        }
    }
  return booru_password_hash (password ? password : "", error);
}

/* Verbs */

static gboolean
check (const Accounts *self, GError **error)
{
  gint64 count = booru_store_count_accounts (self->store, error);

  if (count == 0)
    g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There are no accounts yet");
  return count > 0;
}

/* The first one has to be able to do everything. */
static gboolean
get_level (const Accounts *self, const char *given, BooruAccess *access, GError **error)
{
  gint64 count = booru_store_count_accounts (self->store, error);

  if (count < 0 || (given && !booru_access_from_name (given, access, error)))
    return FALSE;
  if (given == NULL)
    *access = count == 0 ? BOORU_ACCESS_ADMIN : BOORU_ACCESS_EDITOR;
  if (count > 0 || *access == BOORU_ACCESS_ADMIN)
    return TRUE;
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                       "The first account is the administrator's: leave the level out");
  return FALSE;
}

static gboolean
add (const Accounts *self, GError **error)
{
  g_autofree char *key = booru_user_name_to_key (self->words[0], error), *hash = NULL;
  BooruAccess access;
  gint64 id;

  if (key == NULL || !get_level (self, self->words[1], &access, error))
    return FALSE;
  hash = read_password (error);
  id = hash ? booru_store_add_account (self->store, self->words[0], access, hash, NULL, &operator,
                                       error)
            : 0;
  if (id)
    printf ("Added “%s” as %s\n", self->words[0], booru_access_to_name (access));
  return id != 0;
}

static char *
format_time (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);

  return time ? g_date_time_format (date, "%Y-%m-%d %H:%M") : g_strdup ("never");
}

static gboolean
list (const Accounts *self, GError **error)
{
  BooruAccountFilter filter = { .deleted = TRUE, .page = { BOORU_PAGE_NUMBER, 1, G_MAXINT32 } };
  g_autoptr (GPtrArray) accounts = booru_store_list_accounts (self->store, &filter, error);

  for (guint i = accounts ? accounts->len : 0; i > 0; i--)
    {
      const BooruAccount *account = accounts->pdata[i - 1];
      g_autofree char *last = format_time (account->last_logged_in_at);
      const char *level = booru_access_to_name (account->access);

      /* Names hold no quotation marks, backslashes or control characters. */
      if (self->json)
        printf ("{\"id\":%" G_GINT64_FORMAT ",\"name\":\"%s\",\"level\":\"%s\",\"disabled\":%s,"
                "\"last_signed_in\":\"%s\"}\n",
                account->id, account->name, level, account->is_deleted ? "true" : "false", last);
      else
        printf ("%-5" G_GINT64_FORMAT " %-24s %-8s %s%s\n", account->id, account->name, level, last,
                account->is_deleted ? "  (disabled)" : "");
    }
  return accounts != NULL;
}

static BooruAccount *
find (const Accounts *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  BooruAccount *account
      = booru_store_find_account (self->store, self->words[0], NULL, &local_error);

  if (account == NULL && booru_err_notfound (local_error))
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                 "There is no account “%s”: “booructl user list” shows all", self->words[0]);
  else if (account == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return account;
}

static gboolean
change (const Accounts *self, const BooruAccountChange *what, const char *done, GError **error)
{
  g_autoptr (BooruAccount) account = find (self, error);

  if (account == NULL
      || !booru_store_change_account (self->store, account->id, what, 0, &operator, error))
    return FALSE;
  printf ("“%s” %s\n", account->name, done);
  return TRUE;
}

static gboolean
set_password (const Accounts *self, GError **error)
{
  g_autoptr (BooruAccount) account = find (self, error);
  g_autofree char *hash = account ? read_password (error) : NULL;
  BooruAccountChange what = BOORU_ACCOUNT_CHANGE_INIT;

  what.password = hash;
  return hash && change (self, &what, "has a new password, and has to sign in again", error);
}

static gboolean
set_level (const Accounts *self, GError **error)
{
  BooruAccountChange what = BOORU_ACCOUNT_CHANGE_INIT;
  g_autofree char *done = g_strconcat ("is now ", self->words[1], NULL);

  return booru_access_from_name (self->words[1], &what.access, error)
         && change (self, &what, done, error);
}

static gboolean
disable (const Accounts *self, GError **error)
{
  BooruAccountChange what = BOORU_ACCOUNT_CHANGE_INIT;

  what.deleted = 1;
  return change (self, &what, "may not sign in any more; what it did stays under its name", error);
}

static gboolean
enable (const Accounts *self, GError **error)
{
  BooruAccountChange what = BOORU_ACCOUNT_CHANGE_INIT;

  what.deleted = 0;
  return change (self, &what, "may sign in again", error);
}

static gboolean
add_key (const Accounts *self, GError **error)
{
  g_autoptr (BooruAccount) account = find (self, error);
  g_autofree char *key = booru_token_new ();
  BooruAccess access = BOORU_ACCESS_EDITOR;
  gboolean done;

  if (account == NULL
      || (self->words[1] && !booru_access_from_name (self->words[1], &access, error)))
    return FALSE;
  done = booru_store_add_api_key (self->store, account->id, key, "booructl", access, "", &operator,
                                  error)
         != 0;
  if (done)
    printf ("%s\n", key);
  return done;
}

/* In the name of the first account, as the store knows who invited. */
static gboolean
invite (const Accounts *self, GError **error)
{
  g_autofree char *code = booru_token_new ();
  BooruActor owner = { BOORU_USER_OWNER, NULL };
  BooruAccess access = BOORU_ACCESS_VIEWER;

  if (self->words[0] && !booru_access_from_name (self->words[0], &access, error))
    return FALSE;
  if (!check (self, error)
      || !booru_store_add_invitation (self->store, code, access, INVITATION_TIME, &owner, error))
    return FALSE;
  printf ("/invitations/%s\n", code);
  return TRUE;
}

const AccountsVerb accounts_verbs[] = {
  { "check", "", 0, 0, check },
  { "add", "NAME [LEVEL]", 1, 2, add },
  { "list", "", 0, 0, list },
  { "passwd", "NAME", 1, 1, set_password },
  { "level", "NAME LEVEL", 2, 2, set_level },
  { "remove", "NAME", 1, 1, disable },
  { "restore", "NAME", 1, 1, enable },
  { "key", "NAME [LEVEL]", 1, 2, add_key },
  { "invite", "[LEVEL]", 0, 1, invite },
  { NULL },
};
