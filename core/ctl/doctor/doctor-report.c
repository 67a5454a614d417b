/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/doctor/doctor-report.h"

#include <stdio.h>
#include <sysexits.h>

#include "ctl/ctl.h"

#define EXIT_WARNINGS 1
#define SUBJECT_WIDTH 16

struct _DoctorReport
{
  gboolean json;
  gboolean utf8; /* the terminal's */
  const char *check;
  guint counts[DOCTOR_ERROR + 1];
  JsonArray *findings;
};

static const struct
{
  const char *name, *mark, *plain_mark;
  CtlColour colour;
} looks[] = {
  [DOCTOR_OK] = { "ok", "✓", "+", CTL_GOOD },
  [DOCTOR_NOTE] = { "note", "·", "-", CTL_FAINT },
  [DOCTOR_WARNING] = { "warning", "!", "!", CTL_FAIR },
  [DOCTOR_ERROR] = { "error", "✗", "x", CTL_BAD },
};

DoctorReport *
doctor_report_new (gboolean json)
{
  DoctorReport *self = g_new0 (DoctorReport, 1);

  self->json = json;
  self->utf8 = g_get_charset (NULL);
  self->check = "";
  self->findings = json_array_new ();
  return self;
}

void
doctor_report_free (DoctorReport *self)
{
  json_array_unref (self->findings);
  g_free (self);
}

void
doctor_report_begin (DoctorReport *self, const char *check)
{
  self->check = check;
}

static char *
make_text (const char *format, va_list args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);

  return g_utf8_make_valid (text, -1);
}

static void
print_finding (DoctorReport *self, DoctorStatus status, const char *subject, const char *message)
{
  int padding = MAX (0, SUBJECT_WIDTH - (int)g_utf8_strlen (subject, -1));

  ctl_print (looks[status].colour, "%s",
             self->utf8 ? looks[status].mark : looks[status].plain_mark);
  g_print (" ");
  ctl_print (CTL_BOLD, "%s", subject);
  g_print ("%*s  %s\n", padding, "", message);
  fflush (stdout); /* some checks take their time */
}

void
doctor_report_add (DoctorReport *self,
                   DoctorStatus status,
                   const char *subject,
                   const char *format,
                   ...)
{
  g_autofree char *valid_subject = g_utf8_make_valid (subject, -1);
  g_autofree char *message = NULL;
  JsonObject *finding = json_object_new ();
  va_list args;

  va_start (args, format);
  message = make_text (format, args);
  va_end (args);

  self->counts[status]++;
  json_object_set_string_member (finding, "check", self->check);
  json_object_set_string_member (finding, "subject", valid_subject);
  json_object_set_string_member (finding, "status", looks[status].name);
  json_object_set_string_member (finding, "message", message);
  json_object_set_string_member (finding, "advice", "");
  json_array_add_object_element (self->findings, finding);
  if (!self->json)
    print_finding (self, status, valid_subject, message);
}

void
doctor_report_advise (DoctorReport *self, const char *format, ...)
{
  guint n = json_array_get_length (self->findings);
  g_autofree char *advice = NULL;
  va_list args;

  g_return_if_fail (n > 0);
  va_start (args, format);
  advice = make_text (format, args);
  va_end (args);
  json_object_set_string_member (json_array_get_object_element (self->findings, n - 1), "advice",
                                 advice);
  if (!self->json)
    g_print ("    %s %s\n", self->utf8 ? "→" : "->", advice);
}

static void
print_count (DoctorReport *self, DoctorStatus status, const char *one, const char *many)
{
  guint n = self->counts[status];

  if (n > 0)
    ctl_print (looks[status].colour, "%u %s", n, n == 1 ? one : many);
}

static void
print_summary (DoctorReport *self)
{
  gboolean both = self->counts[DOCTOR_WARNING] > 0 && self->counts[DOCTOR_ERROR] > 0;

  g_print ("\n");
  print_count (self, DOCTOR_ERROR, "error", "errors");
  g_print ("%s", both ? ", " : "");
  print_count (self, DOCTOR_WARNING, "warning", "warnings");
  if (self->counts[DOCTOR_WARNING] + self->counts[DOCTOR_ERROR] == 0)
    ctl_print (CTL_GOOD, "No problems found");
  g_print ("\n");
}

int
doctor_report_finish (DoctorReport *self)
{
  if (self->json)
    ctl_print_json (json_node_init_array (json_node_alloc (), self->findings));
  else
    print_summary (self);
  if (self->counts[DOCTOR_ERROR] > 0)
    return EX_CONFIG;
  return self->counts[DOCTOR_WARNING] > 0 ? EXIT_WARNINGS : EX_OK;
}
