/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each test enters the sandbox in a process of its own, as there is no way out of it. Where the
 * tests are run by root, that process becomes an ordinary user first: it is one who has other
 * processes. */
#include <dlfcn.h>
#include <fcntl.h>
#include <glib.h>
#include <grp.h>
#include <linux/fs.h>
#include <linux/keyctl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../test-util.h"
#include "decoder/sandbox/decoder-sandbox.h"

#define MEMORY (G_GUINT64_CONSTANT (512) << 20)
#define NOBODY 65534

typedef struct
{
  char *folder;
  char *secret; /* a file of the user's, open as fd for reading */
  int fd;
  pid_t victim; /* another process of the user's */
} Fixture;

static guint n_succeeded;

/* What the sandbox is to prevent. */
static gboolean
attempt (const char *what, gint64 result)
{
  if (result == -1)
    return FALSE;
  g_printerr ("In the sandbox this succeeds: %s\n", what);
  n_succeeded++;
  return TRUE;
}

#define TRY(call) attempt (#call, (gint64)(call))
/* A call that returns twice where it succeeds. */
#define TRY_FORK(call)                                                                             \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 pid_ = (gint64)(call);                                                                  \
    if (pid_ == 0)                                                                                 \
      _exit (0);                                                                                   \
    attempt (#call, pid_);                                                                         \
  }                                                                                                \
  G_STMT_END

static void
become_ordinary (void)
{
  if (getuid () != 0)
    return;
  g_assert_cmpint (setgroups (0, NULL), ==, 0);
  g_assert_cmpint (setresgid (NOBODY, NOBODY, NOBODY), ==, 0);
  g_assert_cmpint (setresuid (NOBODY, NOBODY, NOBODY), ==, 0);
  /* Giving up root's identity made it so that nothing of it can be looked at. */
  prctl (PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static pid_t
start_victim (void)
{
  pid_t pid = fork ();

  if (pid == 0)
    {
      become_ordinary ();
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      while (TRUE)
        pause ();
    }
  return pid;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = test_make_folder ();
  fixture->secret = test_write_file (fixture->folder, "secret", "secret");
  if (getuid () == 0)
    {
      g_assert_cmpint (chown (fixture->folder, NOBODY, NOBODY), ==, 0);
      g_assert_cmpint (chown (fixture->secret, NOBODY, NOBODY), ==, 0);
    }
  fixture->fd = open (fixture->secret, O_RDONLY | O_CLOEXEC);
  g_assert_cmpint (fixture->fd, >=, 0);
  fixture->victim = start_victim ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *contents = NULL;

  kill (fixture->victim, SIGKILL);
  waitpid (fixture->victim, NULL, 0);
  close (fixture->fd);
  g_assert_true (g_file_get_contents (fixture->secret, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "secret");
  test_remove_folder (fixture->folder);
  g_free (fixture->secret);
  g_free (fixture->folder);
}

/* As a decoder does; or as a program that it runs, with the fixture's file as input. */
static void
enter (const Fixture *fixture, gboolean as_program)
{
  static const char *const programs[] = { "/bin/true", NULL };
  g_autoptr (GError) error = NULL;

  become_ordinary ();
  g_assert_true (decoder_sandbox_limit (&error));
  g_assert_no_error (error);
  if (!as_program)
    {
      decoder_sandbox_enter ();
      return;
    }
  decoder_landlock_enter (programs, fixture->fd);
  decoder_seccomp_enter (TRUE);
}

/* Its exit status. */
static int
run_in_sandbox (const Fixture *fixture, gboolean as_program, void (*run) (const Fixture *))
{
  pid_t pid = fork ();
  int status;

  if (pid == 0)
    {
      enter (fixture, as_program);
      run (fixture);
      /* Without the leak check, which wants what the sandbox forbids. */
      _exit (n_succeeded == 0 ? 0 : 1);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  return status;
}

static gboolean
have_sandbox (void)
{
#ifdef HAVE_SECCOMP
  if (decoder_landlock_get_version () > 0)
    return TRUE;
  g_test_skip ("this kernel has no Landlock");
#else
  g_test_skip ("built without libseccomp");
#endif
  return FALSE;
}

/* In both kinds of sandbox. */
static void
assert_prevented (const Fixture *fixture, void (*run) (const Fixture *))
{
  if (!have_sandbox ())
    return;
  g_assert_cmpint (run_in_sandbox (fixture, FALSE, run), ==, 0);
  g_assert_cmpint (run_in_sandbox (fixture, TRUE, run), ==, 0);
}

static void
try_files (const Fixture *fixture)
{
  const char *path = fixture->secret;
  const struct timespec times[2] = { { 1, 0 }, { 1, 0 } };
  int flags = FS_NOATIME_FL;

  TRY (open ("/etc/passwd", O_RDONLY));
  TRY (open ("/bin/sh", O_RDONLY));
  TRY (open (path, O_WRONLY));
  TRY (open (path, O_RDWR));
  TRY (open (path, O_WRONLY | O_TRUNC));
  TRY (open (fixture->folder, O_RDONLY | O_DIRECTORY));
  TRY (open (fixture->folder, O_TMPFILE | O_RDWR, 0600));
  TRY (open ("/tmp/booru-sandbox-new", O_CREAT | O_RDONLY, 0600));
  TRY (unlink (path));
  TRY (rename (path, "/tmp/booru-sandbox-new"));
  TRY (link (path, "/tmp/booru-sandbox-new"));
  TRY (symlink (path, "/tmp/booru-sandbox-new"));
  TRY (mkdir ("/tmp/booru-sandbox-new", 0700));
  TRY (mknod ("/tmp/booru-sandbox-new", S_IFIFO | 0600, 0));
  TRY (truncate (path, 0));
  TRY (chmod (path, 0777));
  TRY (fchmod (fixture->fd, 0777));
  TRY (syscall (SYS_fchmodat, AT_FDCWD, path, 0777));
  TRY (syscall (452 /* fchmodat2 */, AT_FDCWD, path, 0777, 0));
  TRY (chown (path, getuid (), getgid ()));
  TRY (fchown (fixture->fd, getuid (), getgid ()));
  TRY (utimensat (AT_FDCWD, path, times, 0));
  TRY (futimens (fixture->fd, times));
  TRY (syscall (SYS_setxattr, path, "user.booru", "1", 1, 0));
  TRY (syscall (SYS_fsetxattr, fixture->fd, "user.booru", "1", 1, 0));
  TRY (ioctl (fixture->fd, FS_IOC_SETFLAGS, &flags));
  TRY (fcntl (fixture->fd, F_SETLEASE, F_RDLCK));
  TRY (flock (fixture->fd, LOCK_EX));
  TRY (chroot ("/"));
  TRY (mount ("none", "/tmp", "tmpfs", 0, NULL));
}

static void
test_files (Fixture *fixture, gconstpointer data)
{
  assert_prevented (fixture, try_files);
}

static void
try_other_processes (const Fixture *fixture)
{
  pid_t victim = fixture->victim;
  struct rlimit limit = { 1, 1 };
  struct sched_param parameters = { 0 };
  struct f_owner_ex owner = { F_OWNER_PID, victim };
  struct iovec vector = { &limit, sizeof limit };
  siginfo_t info = { .si_code = SI_QUEUE };
  unsigned long nodes = 1;
  cpu_set_t cpus;

  CPU_ZERO (&cpus);
  CPU_SET (0, &cpus);
  TRY (kill (victim, SIGKILL));
  TRY (kill (-1, 0));
  TRY (kill (0, 0));
  TRY (syscall (SYS_tkill, victim, SIGKILL));
  TRY (syscall (SYS_tgkill, victim, victim, SIGKILL));
  TRY (syscall (SYS_rt_sigqueueinfo, victim, SIGUSR1, &info));
  TRY (syscall (SYS_pidfd_open, victim, 0));
  TRY (prlimit (victim, RLIMIT_CPU, &limit, NULL));
  TRY (prlimit (victim, RLIMIT_CPU, NULL, &limit));
  TRY (sched_setaffinity (victim, sizeof cpus, &cpus));
  TRY (sched_setscheduler (victim, SCHED_IDLE, &parameters));
  TRY (sched_setparam (victim, &parameters));
  TRY (setpriority (PRIO_PROCESS, (id_t)victim, 19));
  TRY (setpriority (PRIO_USER, 0, 19));
  TRY (syscall (SYS_ioprio_set, 1, victim, 3 << 13));
  TRY (syscall (SYS_migrate_pages, victim, 64, &nodes, &nodes));
  TRY (ptrace (PTRACE_SEIZE, victim, NULL, NULL));
  TRY (syscall (SYS_process_vm_readv, victim, &vector, 1, &vector, 1, 0));
  TRY (syscall (SYS_kcmp, victim, victim, 0, 0, 0));
  /* Signals that the kernel sends for it. */
  TRY (fcntl (fixture->fd, F_SETOWN, victim));
  TRY (fcntl (fixture->fd, F_SETOWN_EX, &owner));
  TRY (fcntl (fixture->fd, F_SETSIG, SIGKILL));
  TRY (ioctl (fixture->fd, FIOSETOWN, &victim));
}

static void
test_other_processes (Fixture *fixture, gconstpointer data)
{
  assert_prevented (fixture, try_other_processes);
  g_assert_cmpint (waitpid (fixture->victim, NULL, WNOHANG), ==, 0);
}

static void
try_escapes (const Fixture *fixture)
{
  struct clone_args arguments = { .exit_signal = SIGCHLD };
  char parameters[120] = { 0 };

  TRY_FORK (fork ());
  TRY_FORK (syscall (SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL));
  TRY_FORK (syscall (SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL));
  TRY_FORK (syscall (SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL));
  TRY_FORK (syscall (SYS_clone3, &arguments, sizeof arguments));
  TRY (unshare (CLONE_NEWUSER));
  TRY (unshare (CLONE_FS));
  TRY (setsid ());
  TRY (setpgid (0, 0));
  TRY (prctl (PR_SET_PDEATHSIG, 0, 0, 0, 0));
  TRY (prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
  TRY (prctl (PR_SET_DUMPABLE, 1, 0, 0, 0));
  TRY (socket (AF_INET, SOCK_STREAM, 0));
  TRY (socket (AF_UNIX, SOCK_STREAM, 0));
  TRY (shmget (IPC_PRIVATE, 4096, 0600));
  TRY (syscall (SYS_add_key, "user", "booru", "1", 1, KEY_SPEC_USER_KEYRING));
  TRY (syscall (SYS_io_uring_setup, 1, parameters));
  TRY (syscall (SYS_userfaultfd, 1 /* UFFD_USER_MODE_ONLY */));
  TRY (syscall (SYS_bpf, 0, parameters, sizeof parameters));
  TRY (syscall (SYS_perf_event_open, parameters, 0, -1, -1, 0));
  TRY (syscall (SYS_inotify_init1, 0));
}

static void
test_escapes (Fixture *fixture, gconstpointer data)
{
  assert_prevented (fixture, try_escapes);
}

/* What the dynamic linker is told to run is no way around what may be run. */
static void
exec_by_linker (const Fixture *fixture)
{
  Dl_info info;

  g_assert_true (dladdr ((void *)getauxval (AT_BASE), &info) != 0);
  execl (info.dli_fname, info.dli_fname, "/bin/sh", "-c", "exit 42", NULL);
}

static void
exec_shell (const Fixture *fixture)
{
  execl ("/bin/sh", "sh", "-c", "exit 42", NULL);
}

static void
exec_the_program (const Fixture *fixture)
{
  execl ("/bin/true", "true", NULL);
  _exit (43);
}

static void
test_programs (Fixture *fixture, gconstpointer data)
{
  if (!have_sandbox ())
    return;
  g_assert_cmpint (WEXITSTATUS (run_in_sandbox (fixture, TRUE, exec_by_linker)), !=, 42);
  g_assert_cmpint (WEXITSTATUS (run_in_sandbox (fixture, FALSE, exec_by_linker)), !=, 42);
  g_assert_cmpint (WEXITSTATUS (run_in_sandbox (fixture, TRUE, exec_shell)), !=, 42);
  g_assert_cmpint (run_in_sandbox (fixture, TRUE, exec_the_program), ==, 0);
  g_assert_cmpint (WEXITSTATUS (run_in_sandbox (fixture, FALSE, exec_the_program)), ==, 43);
}

static void *
thread_main (void *data)
{
  return data;
}

/* What libraries do. */
static void
use_libraries (const Fixture *fixture)
{
  struct rlimit limit;
  pthread_t threads[20];
  cpu_set_t cpus;
  char buffer[16];
  void *memory = mmap (NULL, 1 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int fds[2];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpint (pthread_create (&threads[i], NULL, thread_main, NULL), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    pthread_join (threads[i], NULL);
  g_assert_true (memory != MAP_FAILED);
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  g_assert_cmpint (sched_getaffinity (0, sizeof cpus, &cpus), ==, 0);
  g_assert_cmpint (open ("/dev/null", O_RDONLY), >=, 0);
  g_assert_cmpint (access ("/usr/share", R_OK), ==, 0);
  g_assert_cmpint (pipe2 (fds, O_CLOEXEC), ==, 0);
  g_assert_cmpint (fcntl (fds[0], F_SETFL, O_NONBLOCK), ==, 0);
  g_assert_cmpint (memfd_create ("memory", 0), >=, 0);
  g_assert_cmpint (eventfd (0, EFD_CLOEXEC), >=, 0);
  g_assert_cmpint (pread (fixture->fd, buffer, sizeof buffer, 0), ==, 6);
  signal (SIGUSR1, SIG_IGN);
  g_assert_cmpint (raise (SIGUSR1), ==, 0);
}

static void
open_input (const Fixture *fixture)
{
  g_autofree char *by_fd = g_strdup_printf ("/proc/self/fd/%d", fixture->fd);

  g_assert_cmpint (open (by_fd, O_RDONLY), >=, 0);
  TRY (open (by_fd, O_RDWR));
}

static void
test_libraries (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (run_in_sandbox (fixture, FALSE, use_libraries), ==, 0);
  g_assert_cmpint (run_in_sandbox (fixture, TRUE, use_libraries), ==, 0);
  if (have_sandbox ())
    g_assert_cmpint (run_in_sandbox (fixture, TRUE, open_input), ==, 0);
}

static void
check_limits (const Fixture *fixture)
{
  struct rlimit limit;

  g_assert_true (decoder_sandbox_limit_memory (MEMORY, NULL));
  g_assert_cmpint (prctl (PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), ==, 1);
  g_assert_cmpint (prctl (PR_GET_DUMPABLE, 0, 0, 0, 0), ==, 0);
  getrlimit (RLIMIT_CORE, &limit);
  g_assert_cmpuint (limit.rlim_max, ==, 0);
  getrlimit (RLIMIT_FSIZE, &limit);
  g_assert_cmpuint (limit.rlim_max, <=, 64 * 1024 * 1024);
  getrlimit (RLIMIT_NOFILE, &limit);
  g_assert_cmpuint (limit.rlim_max, <=, 64);
  getrlimit (RLIMIT_NPROC, &limit);
  g_assert_cmpuint (limit.rlim_max, !=, RLIM_INFINITY);
  g_assert_cmpuint (limit.rlim_cur, ==, limit.rlim_max);
#if !defined(__SANITIZE_ADDRESS__)
  TRY (mmap (NULL, 2 * MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
#endif
}

static void
test_limits (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (run_in_sandbox (fixture, FALSE, check_limits), ==, 0);
}

static void *
wait_for_ever (void *data)
{
  pause ();
  return data;
}

static void
start_threads (guint n)
{
  pthread_t thread;
  pthread_attr_t small;

  pthread_attr_init (&small);
  pthread_attr_setstacksize (&small, 128 * 1024);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (pthread_create (&thread, &small, wait_for_ever, NULL), ==, 0);
}

/* Where the user runs more than a decoder may start, a decoder has its threads all the same. */
static void
test_many_processes (Fixture *fixture, gconstpointer data)
{
  struct rlimit limit;
  int fds[2];
  pid_t pid;
  char ready;

  if (getrlimit (RLIMIT_NPROC, &limit) != 0 || limit.rlim_cur < 8192)
    {
      g_test_skip ("fewer than 8192 processes are allowed here");
      return;
    }
  g_assert_cmpint (pipe2 (fds, O_CLOEXEC), ==, 0);
  pid = fork ();
  if (pid == 0)
    {
      become_ordinary ();
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      start_threads (1500);
      g_assert_cmpint (write (fds[1], "r", 1), ==, 1);
      wait_for_ever (NULL);
    }
  close (fds[1]);
  g_assert_cmpint (read (fds[0], &ready, 1), ==, 1);
  close (fds[0]);
  g_assert_cmpint (run_in_sandbox (fixture, FALSE, use_libraries), ==, 0);
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/decoder/sandbox/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("files", test_files);
  ADD ("other-processes", test_other_processes);
  ADD ("escapes", test_escapes);
  ADD ("programs", test_programs);
  ADD ("libraries", test_libraries);
  ADD ("limits", test_limits);
  ADD ("many-processes", test_many_processes);
  return g_test_run ();
}
