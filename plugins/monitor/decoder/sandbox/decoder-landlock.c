/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Landlock by its three system calls; glibc has no wrappers, and the headers of older systems miss
 * the newer rights, so that they stand here.
 * https://docs.kernel.org/userspace-api/landlock.html */
#include "decoder-sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

#define CREATE_RULESET_VERSION 1u
#define RULE_PATH_BENEATH 1

#define ACCESS_EXECUTE (1ull << 0)
#define ACCESS_WRITE_FILE (1ull << 1)
#define ACCESS_READ_FILE (1ull << 2)
#define ACCESS_READ_DIR (1ull << 3)
#define ACCESS_ALL_VERSION_1 ((1ull << 13) - 1)
#define ACCESS_REFER (1ull << 13)     /* version 2 */
#define ACCESS_TRUNCATE (1ull << 14)  /* version 3 */
#define ACCESS_IOCTL_DEV (1ull << 15) /* version 5 */
#define NET_BIND_AND_CONNECT_TCP 3ull /* version 4 */
#define SCOPE_ABSTRACT_SOCKETS 1ull   /* version 6 */
#define SCOPE_SIGNALS 2ull

typedef struct
{
  guint64 handled_access_fs;
  guint64 handled_access_net;
  guint64 scoped;
} Ruleset;

typedef struct
{
  guint64 allowed_access;
  gint32 parent_fd;
} __attribute__ ((packed)) PathRule;

/* Libraries, their data, and fonts for text in SVG. Not all of /usr: the dynamic linker could be
 * told to run anything readable. */
static const char *const readable[] = {
  "/usr/lib",
  "/usr/lib32",
  "/usr/lib64",
  "/usr/libx32",
  "/usr/share",
  "/usr/local/lib",
  "/usr/local/share",
  "/lib",
  "/lib32",
  "/lib64",
  "/libx32",
  "/etc/ld.so.cache",
  "/etc/ld.so.preload",
  "/etc/ld.so.conf",
  "/etc/ld.so.conf.d",
  "/etc/fonts",
  "/etc/alternatives",
  "/var/cache/fontconfig",
  "/nix/store",
  "/gnu/store",
  "/dev/urandom",
  "/dev/null",
  "/proc/cpuinfo",
  "/proc/meminfo",
  "/proc/sys/vm/overcommit_memory",
  "/sys/devices/system/cpu",
  "/sys/devices/system/node",
};

int
decoder_landlock_get_version (void)
{
  long version = syscall (SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);

  return version > 0 ? (int)version : 0;
}

/* A decoder's own signals are left to seccomp: the kernel takes the one by which a program dies
 * with its decoder for the decoder's, and the program is in another sandbox. */
static int
create_ruleset (int version, gboolean for_programs)
{
  Ruleset rules = { .handled_access_fs = ACCESS_ALL_VERSION_1 };
  gsize size = sizeof rules.handled_access_fs;

  if (version >= 2)
    rules.handled_access_fs |= ACCESS_REFER;
  if (version >= 3)
    rules.handled_access_fs |= ACCESS_TRUNCATE;
  if (version >= 5)
    rules.handled_access_fs |= ACCESS_IOCTL_DEV;
  if (version >= 4)
    {
      rules.handled_access_net = NET_BIND_AND_CONNECT_TCP;
      size = G_STRUCT_OFFSET (Ruleset, scoped);
    }
  if (version >= 6)
    {
      rules.scoped = SCOPE_ABSTRACT_SOCKETS | (for_programs ? SCOPE_SIGNALS : 0);
      size = sizeof rules;
    }
  return (int)syscall (SYS_landlock_create_ruleset, &rules, size, 0);
}

static void
allow_fd (int ruleset, int fd, guint64 access)
{
  PathRule rule = { access, fd };

  if (syscall (SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) != 0)
    g_debug ("Landlock refuses a rule: %s", g_strerror (errno));
}

/* A missing path needs no rule. */
static void
allow_path (int ruleset, const char *path, guint64 access)
{
  int fd = open (path, O_PATH | O_CLOEXEC);

  if (fd < 0)
    return;
  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    access &= ~ACCESS_READ_DIR;
  allow_fd (ruleset, fd, access);
  close (fd);
}

static int
find_interpreter (struct dl_phdr_info *info, size_t size, void *data)
{
  const char **interpreter = data;

  for (int i = 0; i < info->dlpi_phnum; i++)
    if (info->dlpi_phdr[i].p_type == PT_INTERP)
      *interpreter = (const char *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
  return 1; /* the first is the program itself */
}

/* Running a program also runs the dynamic linker, assumed to be our own. */
static void
allow_programs (int ruleset, const char *const *programs)
{
  const char *interpreter = NULL;

  for (guint i = 0; programs[i] != NULL; i++)
    allow_path (ruleset, programs[i], ACCESS_READ_FILE | ACCESS_EXECUTE);
  dl_iterate_phdr (find_interpreter, &interpreter);
  if (interpreter != NULL)
    allow_path (ruleset, interpreter, ACCESS_READ_FILE | ACCESS_EXECUTE);
}

gboolean
decoder_landlock_enter (const char *const *programs, int input)
{
  int version = decoder_landlock_get_version ();
  int ruleset = version > 0 ? create_ruleset (version, programs != NULL) : -1;
  gboolean entered;

  if (ruleset < 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (readable); i++)
    allow_path (ruleset, readable[i], ACCESS_READ_FILE | ACCESS_READ_DIR);
  allow_path (ruleset, "/dev/null", ACCESS_READ_FILE | ACCESS_WRITE_FILE);
  allow_path (ruleset, "/proc/self", ACCESS_READ_FILE | ACCESS_READ_DIR);
  /* ffmpeg opens its input by /proc/self/fd: by a rule for this one file, not for its folder. */
  if (input >= 0)
    allow_fd (ruleset, input, ACCESS_READ_FILE);
  if (programs != NULL)
    allow_programs (ruleset, programs);
  entered = syscall (SYS_landlock_restrict_self, ruleset, 0) == 0;
  if (!entered)
    g_debug ("Landlock is not in effect: %s", g_strerror (errno));
  close (ruleset);
  return entered;
}
