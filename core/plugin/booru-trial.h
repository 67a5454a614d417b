/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/booru-plugin-info.h"

G_BEGIN_DECLS

/* Where the process in which a plugin is tried finds the mailbox (booru-mailbox.h). In it lies
 * what to check, of the type BOORU_TRIAL_REQUEST, or nothing; before the process ends, it leaves
 * its answer there, an a{sv}. */
#define BOORU_TRIAL_FD 3
/* The configuration that is wanted, and the one that there is. */
#define BOORU_TRIAL_REQUEST G_VARIANT_TYPE ("(a{sv}a{sv})")

/**
 * BooruTrialReport:
 *
 * What a plugin was found to bring when it was tried in a process of its own.
 */
typedef struct
{
  GPtrArray *services; /* BooruService, without start() */
  GStrv routes;        /* "GET /posts" for each that it adds to a service */
  GStrv reports;       /* the names of those that it adds */
  gboolean checks_settings;
  GError *refusal; /* what it says against the settings that it was asked about; NULL: nothing */
} BooruTrialReport;

void booru_trial_report_free (BooruTrialReport *self);

/* For the process that tries: the plugin is loaded, and has extended what it extends. Floating. */
GVariant *
booru_trial_answer_new (BooruPluginInfo *info, BooruExtensions *extensions, const GError *refusal);
GVariant *booru_trial_answer_new_error (const GError *error);

/* For the host. NULL with @error, which is the one that the answer holds, or
 * BOORU_ERROR_INVALID. */
BooruTrialReport *booru_trial_report_new (GVariant *answer, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruTrialReport, booru_trial_report_free)

G_END_DECLS
