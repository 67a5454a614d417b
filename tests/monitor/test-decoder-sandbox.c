/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each test runs in a process of its own, as there is no way out of the sandbox. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "decoder-sandbox.h"

#define MEMORY (G_GUINT64_CONSTANT (512) << 20)

static void
enter (int video_fd, const char *const *programs)
{
  DecoderSandboxOptions options = { MEMORY, video_fd, programs };
  g_autoptr (GError) error = NULL;

  g_assert_true (decoder_sandbox_enter (&options, &error));
  g_assert_no_error (error);
}

/* Runs the rest of the test that calls it in a child; TRUE in the child. */
static gboolean
in_child (void)
{
  if (g_test_subprocess ())
    return TRUE;
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  return FALSE;
}

/* Leaves without the leak check, which wants what the sandbox forbids. */
static void
leave (void)
{
  _exit (0);
}

static void
test_limits (void)
{
  struct rlimit limit;

  if (!in_child ())
    return;
  enter (-1, NULL);
  g_assert_cmpint (prctl (PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), ==, 1);
  g_assert_cmpint (prctl (PR_GET_DUMPABLE, 0, 0, 0, 0), ==, 0);
  getrlimit (RLIMIT_CORE, &limit);
  g_assert_cmpuint (limit.rlim_max, ==, 0);
  getrlimit (RLIMIT_FSIZE, &limit);
  g_assert_cmpuint (limit.rlim_max, <=, 64 * 1024 * 1024);
  getrlimit (RLIMIT_NOFILE, &limit);
  g_assert_cmpuint (limit.rlim_max, <=, 64);
#if !defined(__SANITIZE_ADDRESS__)
  g_assert_true (mmap (NULL, 2 * MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                 == MAP_FAILED);
#endif
  leave ();
}

static void
test_files (void)
{
  g_autofree char *folder = NULL;
  g_autofree char *secret = NULL;
  int status;

  if (!in_child ())
    return;
  folder = g_dir_make_tmp ("booru-sandbox-XXXXXX", NULL);
  secret = g_build_filename (folder, "secret", NULL);
  g_assert_true (g_file_set_contents (secret, "secret", -1, NULL));
  if (decoder_landlock_get_version () == 0)
    {
      g_unlink (secret);
      g_rmdir (folder);
      g_test_skip ("this kernel has no Landlock");
      return;
    }
  if (fork () == 0)
    {
      enter (-1, NULL);
      g_assert_cmpint (open (secret, O_RDONLY), ==, -1);
      g_assert_cmpint (open ("/etc/passwd", O_RDONLY), ==, -1);
      g_assert_cmpint (open (secret, O_WRONLY), ==, -1);
      g_assert_cmpint (unlink (secret), ==, -1);
      g_assert_cmpint (rename (secret, "/tmp/elsewhere"), ==, -1);
      g_assert_cmpint (mkdir ("/tmp/booru-sandbox-new", 0700), ==, -1);
      g_assert_cmpint (open ("/dev/null", O_RDONLY), >=, 0);
      leave ();
    }
  wait (&status);
  g_assert_cmpint (status, ==, 0);
  g_assert_true (g_file_test (secret, G_FILE_TEST_EXISTS));
  g_unlink (secret);
  g_rmdir (folder);
}

static void *
thread_main (void *data)
{
  return data;
}

static void
test_calls (void)
{
#ifdef HAVE_SECCOMP
  pthread_t thread;

  if (!in_child ())
    return;
  enter (-1, NULL);
  g_assert_cmpint (socket (AF_INET, SOCK_STREAM, 0), ==, -1);
  g_assert_cmpint (errno, ==, EPERM);
  g_assert_cmpint (socket (AF_UNIX, SOCK_STREAM, 0), ==, -1);
  g_assert_cmpint (execl ("/bin/true", "true", NULL), ==, -1);
  g_assert_cmpint (fork (), ==, -1);
  /* Libraries do make threads. */
  g_assert_cmpint (pthread_create (&thread, NULL, thread_main, NULL), ==, 0);
  pthread_join (thread, NULL);
  leave ();
#else
  g_test_skip ("built without libseccomp");
#endif
}

/* With one file and one program: that file, that program, and no other. */
static void
test_video (void)
{
  static const char *programs[] = { "/bin/true", NULL };
  g_autofree char *path = NULL;
  g_autofree char *other = NULL;
  g_autofree char *by_fd = NULL;
  int fd, status;

  if (!in_child ())
    return;
  fd = g_file_open_tmp ("booru-sandbox-XXXXXX", &path, NULL);
  other = g_strconcat (path, "-other", NULL);
  g_assert_true (g_file_set_contents (other, "other", -1, NULL));
  if (decoder_landlock_get_version () > 0 && fork () == 0)
    {
      enter (fd, programs);
      by_fd = g_strdup_printf ("/proc/self/fd/%d", fd);
      g_assert_cmpint (open (by_fd, O_RDONLY), >=, 0);
      g_assert_cmpint (open (by_fd, O_RDWR), ==, -1);
      g_assert_cmpint (open (other, O_RDONLY), ==, -1);
      if (fork () == 0)
        {
          execl ("/bin/true", "true", NULL);
          _exit (1);
        }
      wait (&status);
      g_assert_cmpint (status, ==, 0);
      g_assert_cmpint (execl ("/bin/sh", "sh", "-c", ":", NULL), ==, -1);
      leave ();
    }
  wait (&status);
  unlink (path);
  unlink (other);
  g_assert_cmpint (status, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decoder/sandbox/limits", test_limits);
  g_test_add_func ("/decoder/sandbox/files", test_files);
  g_test_add_func ("/decoder/sandbox/calls", test_calls);
  g_test_add_func ("/decoder/sandbox/video", test_video);
  return g_test_run ();
}
