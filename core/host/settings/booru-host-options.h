/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/booru-settings.h"

G_BEGIN_DECLS

/* Which message bus the host is to be controlled over, beside the socket in the runtime folder. */
typedef enum
{
  BOORU_HOST_BUS_DEFAULT, /* that of the session, if there is one */
  BOORU_HOST_BUS_SESSION,
  BOORU_HOST_BUS_SYSTEM,
  BOORU_HOST_BUS_NONE,
} BooruHostBus;

/**
 * BooruHostOptions:
 *
 * The command line, parsed and free of contradictions, but not yet looked at against the file
 * system. Paths are raw bytes, absolute.
 */
typedef struct
{
  gboolean show_version;
  gboolean list_plugins;
  gboolean describe; /* for booructl doctor */
  gboolean dev;
  gboolean shared;
  gboolean verbose;
  GStrv enable_plugins;  /* never NULL */
  GStrv disable_plugins; /* never NULL */
  GStrv folders;         /* of --library and arguments, in their order; never NULL */
  char *ingest;          /* or NULL */
  char *data_dir;        /* or NULL */
  char *files_dir;       /* or NULL */
  char *database;        /* or NULL */
  char *settings;        /* keyfile, or NULL */
  BooruHostBus bus;
  char *address; /* or NULL */
  int port;      /* -1: not given */
  int workers;   /* -1: not given */
} BooruHostOptions;

BooruHostOptions *booru_host_options_parse (int argc, char **argv, GError **error);
void booru_host_options_free (BooruHostOptions *self);
gboolean
booru_host_options_apply (const BooruHostOptions *self, BooruSettings *settings, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruHostOptions, booru_host_options_free)

G_END_DECLS
