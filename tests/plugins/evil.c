/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does what its name says: DEED-on-STAGE, such as "crash-on-load". */
#include "fixture.h"

#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static void
act_abort (void)
{
  signal (SIGABRT, SIG_DFL);
  raise (SIGABRT);
}

static void
act_crash (void)
{
  fixture_crash ();
}

static void
act_exit (void)
{
  _exit (7);
}

static void
act_exit_0 (void)
{
  exit (0);
}

static void
act_hang (void)
{
  for (;;)
    pause ();
}

static void
act_kill (void)
{
  raise (SIGKILL);
}

static void
act_loop (void)
{
  for (volatile int again = TRUE; again;)
    ;
}

static int
recurse (volatile char *caller)
{
  volatile char room[4096];

  room[0] = caller[0];
  return room[0] == 'x' ? 0 : recurse (room) + room[0];
}

static void
act_recurse (void)
{
  signal (SIGSEGV, SIG_DFL);
  recurse ("");
}

/* More than anybody wants to keep, and then the end. */
static void
act_shout (void)
{
  for (guint i = 0; i < 100000; i++)
    g_printerr ("I am dying\n");
  act_abort ();
}

static void
act_close_fds (void)
{
  for (int fd = 0; fd < 1024; fd++)
    close (fd);
}

/* Deeds that harm nobody but the process. */

static void
act_scribble (void)
{
  for (int fd = 0; fd < 6; fd++)
    if (write (fd, "scribble", 8) < 0)
      continue;
}

static void
act_signals (void)
{
  sigset_t all;

  sigfillset (&all);
  sigprocmask (SIG_SETMASK, &all, NULL);
  for (int number = 1; number < 32; number++)
    signal (number, SIG_IGN);
}

static void
act_chdir (void)
{
  if (chdir ("/proc/self/fdinfo") == 0)
    setlocale (LC_ALL, "C");
}

static gpointer
run_thread (gpointer unused)
{
  act_hang ();
  return NULL;
}

static void
act_threads (void)
{
  for (guint i = 0; i < 4; i++)
    g_thread_unref (g_thread_new ("left", run_thread, NULL));
}

static void
act_atexit (void)
{
  atexit (act_hang);
}

/* A grandchild that escapes, and holds what it inherited. */
static void
act_fork (void)
{
  if (fork () != 0)
    return;
  setsid ();
  sleep (20);
  _exit (0);
}

static const struct
{
  const char *name;
  void (*act) (void);
} deeds[] = {
  { "abort", act_abort },         { "atexit", act_atexit }, { "chdir", act_chdir },
  { "close-fds", act_close_fds }, { "crash", act_crash },   { "exit", act_exit },
  { "exit-0", act_exit_0 },       { "fork", act_fork },     { "hang", act_hang },
  { "kill", act_kill },           { "loop", act_loop },     { "recurse", act_recurse },
  { "scribble", act_scribble },   { "shout", act_shout },   { "signals", act_signals },
  { "threads", act_threads },
};

static void
reach (const char *stage)
{
  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autofree char *name = g_strconcat (deeds[i].name, "-on-", stage, NULL);

      if (g_str_equal (name,
                       strcmp (FIXTURE_NAME, "essential-crash") ? FIXTURE_NAME : "crash-on-start"))
        deeds[i].act ();
    }
}

__attribute__ ((constructor)) static void
load (void)
{
  reach ("load");
}

static void
on_quiesce (BooruServiceContext *context)
{
  booru_service_context_stopped (context);
}

static gboolean
start (BooruServiceContext *context, GError **error)
{
  reach ("start");
  g_signal_connect (context, "quiesce", G_CALLBACK (on_quiesce), NULL);
  booru_service_context_ready (context);
  return TRUE;
}

static const BooruService service = {
  .name = FIXTURE_NAME,
  .process_name = "booru-fixture",
  .label = "Fixture " FIXTURE_NAME,
  .instances = BOORU_SERVICE_ONE,
  .stop_timeout = 1,
  .start = start,
};

static gboolean
activate (BooruPluginContext *context, GError **error)
{
  reach ("activate");
  booru_plugin_context_add_service (context, &service);
  return TRUE;
}

static gboolean
extend (BooruExtensions *extensions, const char *service_name, GError **error)
{
  reach ("extend");
  return TRUE;
}

BOORU_PLUGIN_DEFINE (FIXTURE_NAME, activate, extend)
