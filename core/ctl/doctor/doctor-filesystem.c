/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/doctor/doctor-filesystem.h"

#include <sys/statfs.h>

/* Numbers of statfs(2). */
static const struct
{
  guint32 type;
  DoctorFilesystemKind kind;
  const char *name;
} types[] = {
  { 0x6969, DOCTOR_FILESYSTEM_NETWORK, "NFS" },
  { 0xff534d42, DOCTOR_FILESYSTEM_NETWORK, "CIFS" },
  { 0xfe534d42, DOCTOR_FILESYSTEM_NETWORK, "SMB" },
  { 0x517b, DOCTOR_FILESYSTEM_NETWORK, "SMB" },
  { 0x01021997, DOCTOR_FILESYSTEM_NETWORK, "9p" },
  { 0x5346414f, DOCTOR_FILESYSTEM_NETWORK, "AFS" },
  { 0x73757245, DOCTOR_FILESYSTEM_NETWORK, "Coda" },
  { 0x00c36400, DOCTOR_FILESYSTEM_NETWORK, "Ceph" },
  { 0x65735546, DOCTOR_FILESYSTEM_NETWORK, "FUSE" }, /* sshfs, rclone; local ones too */
  { 0x01021994, DOCTOR_FILESYSTEM_MEMORY, "tmpfs" },
  { 0x858458f6, DOCTOR_FILESYSTEM_MEMORY, "ramfs" },
};

gboolean
doctor_filesystem_look (DoctorFilesystem *self, const char *path)
{
  struct statfs info;

  *self = (DoctorFilesystem){ 0 };
  if (statfs (path, &info) != 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if ((guint32)info.f_type == types[i].type)
      {
        self->kind = types[i].kind;
        self->name = types[i].name;
      }
  self->size = (guint64)info.f_blocks * (guint64)info.f_bsize;
  self->available = (guint64)info.f_bavail * (guint64)info.f_bsize;
  /* Some, such as btrfs, have no fixed number of them. */
  self->few_inodes = info.f_files > 0 && info.f_ffree < info.f_files / 100;
  return TRUE;
}
