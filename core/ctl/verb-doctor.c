/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl.h"

#include <sysexits.h>

#include "base/booru-error.h"
#include "ctl/doctor/doctor.h"

/* In the order in which one thing rests on another. */
static const struct
{
  const char *name;
  void (*check) (Doctor *self);
} checks[] = {
  { "installation", doctor_check_installation },
  { "settings", doctor_check_settings },
  { "folders", doctor_check_folders },
  { "limits", doctor_check_limits },
  { "database", doctor_check_database },
  { "decoder", doctor_check_decoder },
  { "bus", doctor_check_bus },
  { "host", doctor_check_host },
};

static gboolean
is_known (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    if (g_str_equal (checks[i].name, name))
      return TRUE;
  return FALSE;
}

static gboolean
check_arguments (Ctl *ctl, GError **error)
{
  for (char **name = ctl->arguments; *name; name++)
    if (!is_known (*name))
      {
        g_set_error (
            error, BOORU_ERROR, BOORU_ERROR_USAGE,
            "There is no check “%s”. The checks are installation, settings, folders, limits, "
            "database, decoder, bus and host",
            *name);
        return FALSE;
      }
  return TRUE;
}

static int
run (Ctl *ctl, GError **error)
{
  g_autoptr (Doctor) doctor = NULL;
  const char *const *chosen = (const char *const *)ctl->arguments;

  if (!check_arguments (ctl, error))
    return EX_OK;
  doctor = doctor_new (ctl);
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    if (*chosen == NULL || g_strv_contains (chosen, checks[i].name))
      {
        doctor_report_begin (doctor->report, checks[i].name);
        checks[i].check (doctor);
      }
  return doctor_report_finish (doctor->report);
}

const CtlVerb ctl_verb_doctor = {
  .name = "doctor",
  .arguments = "[CHECK…]",
  .summary = "Look for problems, whether a host is running or not",
  .max_arguments = G_N_ELEMENTS (checks),
  .run = run,
  .finds_host = TRUE,
};
