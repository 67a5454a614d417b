/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-child-end.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/booru-error.h"

static gboolean
is_crash (int wait_status)
{
  static const int crashes[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP };

  for (guint i = 0; i < G_N_ELEMENTS (crashes); i++)
    if (WIFSIGNALED (wait_status) && WTERMSIG (wait_status) == crashes[i])
      return TRUE;
  return FALSE;
}

static char *
build_text (const BooruChildEnd *self, const char *name, int wait_status)
{
  g_autoptr (GString) text = g_string_new (name);

  if (WIFSIGNALED (wait_status))
    g_string_append_printf (text, " was killed by signal %d (%s)", WTERMSIG (wait_status),
                            g_strsignal (WTERMSIG (wait_status)));
  else
    g_string_append_printf (text, " exited with code %d", WEXITSTATUS (wait_status));
  if (self->task)
    g_string_append_printf (text, " during %s", self->task);
  if (self->extension)
    g_string_append_printf (text, " in the plugin %s", self->extension);
  if (self->at_boot)
    g_string_append (text, " before it was ready");
  if (self->error)
    g_string_append_printf (text, ": %s", self->error->message);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static BooruChildEndKind
find_kind (const BooruChildEnd *self, int wait_status, BooruChildEndKind how)
{
  if (self->at_boot && how != BOORU_CHILD_OVER_LIMIT)
    return BOORU_CHILD_NOT_STARTED;
  if (how != BOORU_CHILD_EXITED)
    return how;
  return WIFSIGNALED (wait_status) ? BOORU_CHILD_SIGNALED : BOORU_CHILD_EXITED;
}

BooruChildEnd *
booru_child_end_new (const char *name,
                     int wait_status,
                     gboolean was_ready,
                     BooruChildEndKind how,
                     char *task,
                     char *extension,
                     GError *error)
{
  BooruChildEnd *self = g_new0 (BooruChildEnd, 1);

  self->at_boot = !was_ready;
  self->clean = WIFEXITED (wait_status) && WEXITSTATUS (wait_status) == 0;
  self->crashed = is_crash (wait_status);
  self->task = task;
  self->extension = extension;
  self->error = error;
  self->kind = find_kind (self, wait_status, how);
  self->text = build_text (self, name, wait_status);
  return self;
}

BooruChildEnd *
booru_child_end_new_not_spawned (GError *error)
{
  BooruChildEnd *self = g_new0 (BooruChildEnd, 1);

  self->kind = BOORU_CHILD_NOT_SPAWNED;
  self->text = g_strdup (error->message);
  self->error = error;
  return self;
}

void
booru_child_end_free (BooruChildEnd *self)
{
  g_free (self->text);
  g_free (self->task);
  g_free (self->extension);
  g_clear_error (&self->error);
  g_free (self);
}

gboolean
booru_child_end_is_permanent (const BooruChildEnd *self)
{
  static const BooruError codes[] = { BOORU_ERROR_CONFIG, BOORU_ERROR_CORRUPT, BOORU_ERROR_TOO_NEW,
                                      BOORU_ERROR_DENIED, BOORU_ERROR_USAGE };

  /* What an extension says is wrong is no fault of the service. */
  if (self->extension || self->kind == BOORU_CHILD_NOT_SPAWNED)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (self->error, BOORU_ERROR, codes[i]))
      return TRUE;
  return FALSE;
}

GError *
booru_child_end_dup_error (const BooruChildEnd *self)
{
  gboolean not_spawned = self->kind == BOORU_CHILD_NOT_SPAWNED;

  if (booru_child_end_is_permanent (self))
    return g_error_copy (self->error);
  return g_error_new_literal (BOORU_ERROR,
                              self->error && !not_spawned ? self->error->code : BOORU_ERROR_FAILED,
                              self->text);
}
