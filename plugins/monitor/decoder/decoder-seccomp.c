/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-sandbox.h"

#ifdef HAVE_SECCOMP

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>

/* Each answers EPERM: a library that asks for something needless goes on without. */
static const int denied[] = {
  /* the network; the socket to the monitor is open already */
  SCMP_SYS (socket),
  SCMP_SYS (socketpair),
  SCMP_SYS (connect),
  SCMP_SYS (bind),
  SCMP_SYS (listen),
  SCMP_SYS (accept),
  SCMP_SYS (accept4),
  /* other processes */
  SCMP_SYS (ptrace),
  SCMP_SYS (process_vm_readv),
  SCMP_SYS (process_vm_writev),
  SCMP_SYS (kcmp),
  SCMP_SYS (pidfd_open),
  SCMP_SYS (pidfd_getfd),
  SCMP_SYS (pidfd_send_signal),
  /* the system */
  SCMP_SYS (mount),
  SCMP_SYS (umount2),
  SCMP_SYS (pivot_root),
  SCMP_SYS (chroot),
  SCMP_SYS (setns),
  SCMP_SYS (unshare),
  SCMP_SYS (reboot),
  SCMP_SYS (swapon),
  SCMP_SYS (swapoff),
  SCMP_SYS (syslog),
  SCMP_SYS (kexec_load),
  SCMP_SYS (kexec_file_load),
  SCMP_SYS (init_module),
  SCMP_SYS (finit_module),
  SCMP_SYS (delete_module),
  SCMP_SYS (settimeofday),
  SCMP_SYS (clock_settime),
  SCMP_SYS (adjtimex),
  SCMP_SYS (clock_adjtime),
  SCMP_SYS (sethostname),
  SCMP_SYS (setdomainname),
  SCMP_SYS (quotactl),
  SCMP_SYS (acct),
  SCMP_SYS (iopl),
  SCMP_SYS (ioperm),
  SCMP_SYS (move_mount),
  SCMP_SYS (open_tree),
  SCMP_SYS (fsopen),
  SCMP_SYS (fsconfig),
  SCMP_SYS (fsmount),
  SCMP_SYS (fspick),
  SCMP_SYS (mount_setattr),
  /* where the kernel's holes have been */
  SCMP_SYS (bpf),
  SCMP_SYS (perf_event_open),
  SCMP_SYS (userfaultfd),
  SCMP_SYS (keyctl),
  SCMP_SYS (add_key),
  SCMP_SYS (request_key),
  SCMP_SYS (io_uring_setup),
  SCMP_SYS (io_uring_enter),
  SCMP_SYS (io_uring_register),
  SCMP_SYS (open_by_handle_at),
  SCMP_SYS (name_to_handle_at),
  SCMP_SYS (personality),
  SCMP_SYS (modify_ldt),
  SCMP_SYS (lookup_dcookie),
  SCMP_SYS (vmsplice),
  /* files by name; thumbnails are written to files that are open already */
  SCMP_SYS (creat),
  SCMP_SYS (openat2),
  SCMP_SYS (unlink),
  SCMP_SYS (unlinkat),
  SCMP_SYS (rename),
  SCMP_SYS (renameat),
  SCMP_SYS (renameat2),
  SCMP_SYS (mkdir),
  SCMP_SYS (mkdirat),
  SCMP_SYS (rmdir),
  SCMP_SYS (link),
  SCMP_SYS (linkat),
  SCMP_SYS (symlink),
  SCMP_SYS (symlinkat),
  SCMP_SYS (mknod),
  SCMP_SYS (mknodat),
  SCMP_SYS (truncate),
  SCMP_SYS (chmod),
  SCMP_SYS (fchmodat),
  SCMP_SYS (fchmod),
  SCMP_SYS (chown),
  SCMP_SYS (lchown),
  SCMP_SYS (fchown),
  SCMP_SYS (fchownat),
  SCMP_SYS (utime),
  SCMP_SYS (utimes),
  SCMP_SYS (utimensat),
  SCMP_SYS (futimesat),
  SCMP_SYS (setxattr),
  SCMP_SYS (lsetxattr),
  SCMP_SYS (fsetxattr),
  SCMP_SYS (removexattr),
  SCMP_SYS (lremovexattr),
  SCMP_SYS (fremovexattr),
  SCMP_SYS (inotify_add_watch),
  SCMP_SYS (fanotify_init),
};

static const int denied_without_programs[] = {
  SCMP_SYS (execve),
  SCMP_SYS (execveat),
  SCMP_SYS (fork),
  SCMP_SYS (vfork),
};

static void
deny (scmp_filter_ctx filter, const int *calls, gsize n_calls)
{
  /* A call that this machine's architecture does not have cannot be made either. */
  for (gsize i = 0; i < n_calls; i++)
    seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), calls[i], 0);
}

/* Opening by name is for reading. /dev/null stays: programs open it for writing. */
static void
deny_opening_for_writing (scmp_filter_ctx filter)
{
  static const unsigned flags[] = { O_CREAT, O_TRUNC };

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (open), 1,
                        SCMP_A1 (SCMP_CMP_MASKED_EQ, flags[i], flags[i]));
      seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (openat), 1,
                        SCMP_A2 (SCMP_CMP_MASKED_EQ, flags[i], flags[i]));
    }
}

gboolean
decoder_seccomp_enter (gboolean may_run_programs)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);
  gboolean entered;

  if (filter == NULL)
    return FALSE;
  deny (filter, denied, G_N_ELEMENTS (denied));
  deny_opening_for_writing (filter);
  if (!may_run_programs)
    {
      deny (filter, denied_without_programs, G_N_ELEMENTS (denied_without_programs));
      /* Threads are made by clone(); the flags of clone3() are in memory, where no filter sees
       * them, and the C library falls back to clone() where clone3() does not exist. */
      seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (clone), 1,
                        SCMP_A0 (SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
      seccomp_rule_add (filter, SCMP_ACT_ERRNO (ENOSYS), SCMP_SYS (clone3), 0);
    }
  entered = seccomp_load (filter) == 0;
  seccomp_release (filter);
  if (!entered)
    g_debug ("seccomp is not entered");
  return entered;
}

#else

gboolean
decoder_seccomp_enter (gboolean may_run_programs)
{
  return FALSE;
}

#endif
