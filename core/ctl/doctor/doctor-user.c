/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Examines files as the right user: the administrator may be root, who can read everything. */
#include "ctl/doctor/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/booru-names.h"

static char *
dup_user_name (uid_t uid)
{
  const struct passwd *entry = getpwuid (uid);

  return entry ? g_strdup (entry->pw_name) : g_strdup_printf ("%u", (guint)uid);
}

/* The user who runs the host, else the owner of its data, else the user of the service. */
static gboolean
find_owner (Doctor *self, uid_t *uid)
{
  g_autofree char *process = NULL;
  const struct passwd *service = self->ctl->system ? getpwnam (BOORU_SYSTEM_USER) : NULL;
  struct stat info;

  if (self->ctl->host)
    process = g_strdup_printf ("/proc/%u", booru_host1_get_pid (self->ctl->host));
  if ((process && stat (process, &info) == 0) || stat (self->data_dir, &info) == 0)
    *uid = info.st_uid;
  else if (service)
    *uid = service->pw_uid;
  else
    return FALSE;
  return TRUE;
}

void
doctor_user_find (Doctor *self)
{
  struct stat info;
  uid_t owner;

  self->user.uid = geteuid ();
  self->user.gid = getegid ();
  if (geteuid () == 0 && find_owner (self, &owner) && owner != 0)
    {
      const struct passwd *entry = getpwuid (owner);

      self->user.uid = owner;
      self->user.gid = entry ? entry->pw_gid : (gid_t)owner; /* at least not root's */
      self->user.switched = TRUE;
    }
  self->user.name = dup_user_name (self->user.uid);
  if (stat (self->data_dir, &info) != 0 || info.st_uid == self->user.uid)
    return;
  self->user.owner = dup_user_name (info.st_uid);
  self->blind = !doctor_user_may (self, self->data_dir, X_OK);
}

/* The effective ids decide about files; the saved ones stay root's, so that there is a way back. */
void
doctor_user_enter (Doctor *self)
{
  const DoctorUser *user = &self->user;

  if (!user->switched)
    return;
  if (initgroups (user->name, user->gid) != 0 || setegid (user->gid) != 0
      || seteuid (user->uid) != 0)
    g_debug ("Cannot become %s: %s", user->name, g_strerror (errno));
}

void
doctor_user_leave (Doctor *self)
{
  if (!self->user.switched)
    return;
  if (seteuid (0) != 0 || setegid (0) != 0 || initgroups ("root", 0) != 0)
    g_debug ("Cannot become root again: %s", g_strerror (errno));
}

gboolean
doctor_user_may (Doctor *self, const char *path, int mode)
{
  gboolean may;
  int errnum;

  doctor_user_enter (self);
  may = faccessat (AT_FDCWD, path, mode, AT_EACCESS) == 0;
  errnum = errno;
  doctor_user_leave (self);
  errno = errnum;
  return may;
}

void
doctor_user_become (gpointer doctor)
{
  const DoctorUser *user = &((Doctor *)doctor)->user;

  /* Must not run with root's rights by accident. */
  if (user->switched
      && (initgroups (user->name, user->gid) != 0 || setgid (user->gid) != 0
          || setuid (user->uid) != 0))
    _exit (126);
}
