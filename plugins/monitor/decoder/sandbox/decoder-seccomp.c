/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-sandbox.h"

#ifdef HAVE_SECCOMP

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Other calls fail with ENOSYS, as on an older kernel: libraries fall back. Names that this
 * architecture or libseccomp does not know are skipped. No call reaches another process, the
 * network, or a file by name except for reading. */
static const char allowed[] = /* memory */
    "brk mmap mmap2 mprotect munmap mremap madvise mincore msync mlock mlock2 munlock mseal "
    "membarrier pkey_alloc pkey_free pkey_mprotect map_shadow_stack memfd_create get_mempolicy "
    "set_mempolicy mbind cacheflush riscv_flush_icache "
    /* open files */
    "read readv pread64 preadv preadv2 write writev pwrite64 pwritev pwritev2 lseek _llseek close "
    "close_range dup dup2 dup3 pipe pipe2 fstat fstat64 fstatfs fstatfs64 fsync fdatasync "
    "ftruncate "
    "ftruncate64 fadvise64 fadvise64_64 arm_fadvise64_64 readahead sendfile sendfile64 "
    "copy_file_range getdents getdents64 poll ppoll ppoll_time64 select _newselect pselect6 "
    "pselect6_time64 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 "
    "eventfd eventfd2 timerfd_create timerfd_settime timerfd_settime64 timerfd_gettime "
    "timerfd_gettime64 signalfd signalfd4 "
    /* the sockets to the monitor and to the launcher, which are open already */
    "recvmsg recvfrom recv sendmsg sendto send shutdown getsockopt getsockname getpeername "
    /* files by name, to read */
    "stat stat64 lstat lstat64 newfstatat fstatat64 statx statfs statfs64 access faccessat "
    "faccessat2 readlink readlinkat getcwd chdir fchdir umask "
    /* threads */
    "futex futex_time64 futex_wait futex_wake futex_requeue futex_waitv set_robust_list "
    "set_tid_address set_thread_area get_thread_area set_tls arch_prctl rseq getcpu sched_yield "
    "sched_getaffinity sched_getscheduler sched_getparam sched_get_priority_max "
    "sched_get_priority_min exit exit_group "
    /* signals within the process, and time */
    "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait "
    "rt_sigtimedwait_time64 sigaltstack sigaction sigprocmask sigreturn restart_syscall pause "
    "alarm "
    "getitimer setitimer timer_create timer_delete timer_getoverrun timer_gettime timer_gettime64 "
    "timer_settime timer_settime64 nanosleep clock_nanosleep clock_nanosleep_time64 clock_gettime "
    "clock_gettime64 clock_getres clock_getres_time64 gettimeofday time "
    /* what and whose this process is */
    "getpid getppid gettid getpgid getpgrp getsid getuid getuid32 geteuid geteuid32 getgid "
    "getgid32 "
    "getegid getegid32 getresuid getresuid32 getresgid getresgid32 getgroups getgroups32 capget "
    "getpriority getrlimit ugetrlimit setrlimit getrusage times sysinfo uname getrandom wait4 "
    "waitid "
    "waitpid";

/* Commands that could change the user's file or send signals are not allowed. */
static const guint32 fcntl_commands[] = {
  F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETPIPE_SZ, F_SETPIPE_SZ,
};

static const guint32 ioctl_requests[] = { TCGETS, TIOCGWINSZ, FIONREAD, FIOCLEX, FIONCLEX };

/* PR_SET_PDEATHSIG is not allowed: programs must end with their parent. */
static const guint32 prctl_options[] = {
  PR_SET_NAME,    PR_GET_NAME,     PR_GET_DUMPABLE, PR_GET_NO_NEW_PRIVS,
  PR_GET_SECCOMP, PR_CAPBSET_READ, 0x53564d41u, /* PR_SET_VMA: names of memory */
};

#define WRITING (O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY))

#if defined(__s390__)
#define CLONE_FLAGS 1
#else
#define CLONE_FLAGS 0
#endif
/* What threads share; any other flag makes a process or a namespace. clone3() is not allowed, as
 * its flags are in memory, where no filter sees them: the C library falls back to clone(). */
#define THREAD_FLAGS                                                                               \
  (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_SYSVSEM | CLONE_SETTLS                \
   | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_DETACHED)

/* Where argument @index has @value in the bits of @mask. */
static void
allow_masked (scmp_filter_ctx filter, const char *name, guint index, guint64 mask, guint64 value)
{
  int number = seccomp_syscall_resolve_name (name);

  if (number != __NR_SCMP_ERROR)
    seccomp_rule_add (filter, SCMP_ACT_ALLOW, number, 1,
                      SCMP_CMP64 (index, SCMP_CMP_MASKED_EQ, mask, value));
}

/* For arguments of 32 bits, of which the kernel does not read more. */
static void
allow_values (scmp_filter_ctx filter,
              const char *name,
              guint index,
              const guint32 *values,
              gsize n_values)
{
  for (gsize i = 0; i < n_values; i++)
    allow_masked (filter, name, index, G_MAXUINT32, values[i]);
}

static void
allow_calls (scmp_filter_ctx filter)
{
  g_auto (GStrv) names = g_strsplit (allowed, " ", -1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      int number = seccomp_syscall_resolve_name (names[i]);

      if (number != __NR_SCMP_ERROR)
        seccomp_rule_add (filter, SCMP_ACT_ALLOW, number, 0);
    }
}

static scmp_filter_ctx
make_filter (gboolean may_run_program)
{
  /* A program that is run keeps the number. */
  const guint32 self[] = { 0, (guint32)getpid () };
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ERRNO (ENOSYS));

  if (filter == NULL)
    return NULL;
  seccomp_attr_set (filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
  allow_calls (filter);
  allow_masked (filter, "open", 1, WRITING, O_RDONLY);
  allow_masked (filter, "openat", 2, WRITING, O_RDONLY);
  allow_masked (filter, "clone", CLONE_FLAGS, ~(guint64)THREAD_FLAGS, CLONE_THREAD);
  allow_values (filter, "fcntl", 1, fcntl_commands, G_N_ELEMENTS (fcntl_commands));
  allow_values (filter, "fcntl64", 1, fcntl_commands, G_N_ELEMENTS (fcntl_commands));
  allow_values (filter, "ioctl", 1, ioctl_requests, G_N_ELEMENTS (ioctl_requests));
  allow_values (filter, "prctl", 0, prctl_options, G_N_ELEMENTS (prctl_options));
  allow_values (filter, "prlimit64", 0, self, 2);
  allow_values (filter, "sched_setaffinity", 0, self, 2);
  /* abort() and raise() */
  allow_values (filter, "tgkill", 0, self + 1, 1);
  if (may_run_program)
    allow_masked (filter, "execve", 0, 0, 0);
  return filter;
}

gboolean
decoder_seccomp_enter (gboolean may_run_program)
{
  scmp_filter_ctx filter = make_filter (may_run_program);
  gboolean entered = filter != NULL && seccomp_load (filter) == 0;

  if (filter != NULL)
    seccomp_release (filter);
  if (!entered)
    g_debug ("The seccomp filter is not in effect");
  return entered;
}

#else

gboolean
decoder_seccomp_enter (gboolean may_run_program)
{
  return FALSE;
}

#endif
