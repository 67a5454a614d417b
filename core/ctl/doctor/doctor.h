/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the checks of “booructl doctor”: what they examine, as which user, and what they
 * found. */
#pragma once

#include <sys/types.h>

#include "base/booru-settings.h"
#include "ctl/ctl.h"
#include "ctl/doctor/doctor-report.h"

G_BEGIN_DECLS

/* The user of the host, now or later. Root can read everything, and would not notice what that user
 * cannot. */
typedef struct
{
  uid_t uid;
  gid_t gid;
  char *name;
  gboolean switched; /* not the caller */
  char *owner;       /* of the data folder, if that is yet another one; or NULL */
} DoctorUser;

/* What a walk through a folder found. */
typedef struct
{
  guint64 n_directories, n_files;
  guint64 n_unreadable;   /* directories */
  char *first_unreadable; /* or NULL */
  gboolean complete;      /* it was not cut short */
} DoctorTree;

typedef struct
{
  Ctl *ctl; /* its host is NULL if none answers */
  DoctorReport *report;
  GError *no_host; /* why none does */
  gboolean silent; /* because it does not answer in time */

  char *data_dir;        /* absolute; resolved if it exists */
  char *keyfile;         /* of the settings; NULL: dconf, or another backend */
  BooruSettings *stored; /* of BOORU_SCHEMA_HOST, with the environment; NULL: they cannot be read */
  GError *unreadable;    /* why */
  GVariant *running;     /* a(ssvsb), of the host; or NULL */
  DoctorUser user;
  gboolean blind; /* the data folder is unreadable for us */

  GVariant *plugins;   /* a(sa{sv}) of doctor_list_plugins() */
  GVariant *described; /* a{sv} */
  DoctorTree trees;    /* of all library folders together */
  GHashTable *walked;  /* folder → DoctorTree; NULL: not yet */
} Doctor;

/* doctor.c */
Doctor *doctor_new (Ctl *ctl);
void doctor_free (Doctor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Doctor, doctor_free)

/* plugin: or NULL for the host itself. The value in the running host, else in one started here;
 * transfer full; NULL: unavailable. */
GVariant *doctor_get_setting (Doctor *self, const char *plugin, const char *key);

/* Those of a key of type ay or aay; never NULL. */
GStrv doctor_get_folders (Doctor *self, const char *key);
char *doctor_get_text (Doctor *self, const char *plugin, const char *key); /* never NULL */
/* 0 if unavailable. */
guint64 doctor_get_number (Doctor *self, const char *plugin, const char *key);

/* aa{sv}: their properties; transfer full; without a host empty. */
GVariant *doctor_list_objects (Doctor *self, const char *interface);

/* doctor-user.c */
void doctor_user_find (Doctor *self);

/* Until doctor_user_leave(), files are accessed as that user. */
void doctor_user_enter (Doctor *self);
void doctor_user_leave (Doctor *self);
gboolean doctor_user_may (Doctor *self, const char *path, int mode); /* as access(2); errno */
void doctor_user_become (gpointer doctor); /* for good, in a child before exec */

/* doctor-ask.c */
/* a{sv} that the program prints. */
GVariant *doctor_ask (Doctor *self, guint seconds, GError **error, const char *program, ...)
    G_GNUC_NULL_TERMINATED;
char *doctor_ask_version (Doctor *self, const char *program, GError **error);

/* a(sa{sv}), transfer none; empty if the host program does not answer. */
GVariant *doctor_list_plugins (Doctor *self);

/* doctor-tree.c */
void doctor_walk_libraries (Doctor *self); /* once */

/* The checks. */
void doctor_check_installation (Doctor *self);
void doctor_check_settings (Doctor *self);
void doctor_check_folders (Doctor *self);
void doctor_check_limits (Doctor *self);
void doctor_check_database (Doctor *self);
void doctor_check_decoder (Doctor *self);
void doctor_check_bus (Doctor *self);
void doctor_check_host (Doctor *self);

/* Parts of them, in their own files. */
void doctor_check_plugins (Doctor *self);     /* doctor-plugins.c, of installation */
GStrv doctor_list_enabled (Doctor *self);     /* names of plugins; never NULL */
void doctor_check_environment (Doctor *self); /* doctor-environment.c, of settings */
void doctor_check_address (Doctor *self);     /* doctor-address.c, of settings */
void doctor_check_data_dir (Doctor *self);    /* doctor-data.c, of folders */
void doctor_check_index (Doctor *self);       /* doctor-index.c, of database */

G_END_DECLS
