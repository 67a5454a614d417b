/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* “booructl doctor” on the folders of a test host, which may run or not. Machines that tests run on
 * may lack a codec or a part of the sandbox, so that only findings that were provoked are looked
 * for. */
#pragma once

#include "../integration/test-host.h"

G_BEGIN_DECLS

typedef struct
{
  TestHost *host;
  char *root, *run, *settings;
  char **environment;
} DoctorFixture;

void doctor_fixture_set_up (DoctorFixture *f, gconstpointer unused);
void doctor_fixture_tear_down (DoctorFixture *f, gconstpointer unused);

/* Of host and doctor; NULL unsets. */
void doctor_fixture_setenv (DoctorFixture *f, const char *name, const char *value);
void doctor_fixture_write_settings (DoctorFixture *f, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Settings that name the host's library folder. */
void doctor_fixture_write_library (DoctorFixture *f);

/* @shell: a script that runs it as "$@"; or NULL. */
char *doctor_fixture_run (DoctorFixture *f,
                          const char *shell,
                          const char *const *arguments,
                          int *exit_code);
/* The findings of one check; or NULL, of all. */
JsonArray *doctor_fixture_examine (DoctorFixture *f, const char *check, int *exit_code);
JsonArray *
doctor_fixture_examine_in (DoctorFixture *f, const char *shell, const char *check, int *exit_code);

/* Parts of a subject and of a message are enough. Who finds something wrong must say what to do. */
void
doctor_require (JsonArray *findings, const char *status, const char *subject, const char *text);
void doctor_require_advice (JsonArray *findings, const char *subject, const char *text);
void doctor_prohibit (JsonArray *findings, const char *status);

G_END_DECLS
