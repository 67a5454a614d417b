/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  DOCTOR_OK,
  DOCTOR_NOTE,    /* worth knowing; nothing is wrong */
  DOCTOR_WARNING, /* it works, but not as it should, or not for long */
  DOCTOR_ERROR,   /* something does not work */
} DoctorStatus;

/**
 * DoctorReport:
 *
 * What was found: a line for each finding, printed at once, or an array in JSON at the end. Texts
 * may hold file names as they are; what is not UTF-8 in them is replaced.
 */
typedef struct _DoctorReport DoctorReport;

DoctorReport *doctor_report_new (gboolean json);
void doctor_report_free (DoctorReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DoctorReport, doctor_report_free)

/* static: which check the next findings are of. */
void doctor_report_begin (DoctorReport *self, const char *check);
void doctor_report_add (DoctorReport *self,
                        DoctorStatus status,
                        const char *subject,
                        const char *format,
                        ...) G_GNUC_PRINTF (4, 5);

/* Advice on the last finding. */
void doctor_report_advise (DoctorReport *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
int doctor_report_finish (DoctorReport *self); /* prints the rest; returns the exit code */

#define doctor_ok(report, ...) doctor_report_add (report, DOCTOR_OK, __VA_ARGS__)
#define doctor_note(report, ...) doctor_report_add (report, DOCTOR_NOTE, __VA_ARGS__)
#define doctor_warning(report, ...) doctor_report_add (report, DOCTOR_WARNING, __VA_ARGS__)
#define doctor_error(report, ...) doctor_report_add (report, DOCTOR_ERROR, __VA_ARGS__)

G_END_DECLS
