/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the pages of /system share. */
#pragma once

#include "web-page.h"

G_BEGIN_DECLS

/**
 * PageSystem:
 *
 * How everything is, as the host and this worker know it. The host is asked; when it does not
 * answer in time, what it would have said is missing, and why says so.
 */
typedef struct _PageSystem PageSystem;
typedef void (*PageSystemFunc) (PageSystem *self);

struct _PageSystem
{
  WebRequest *request;
  GVariant *status; /* a{sv} as of GetStatus; NULL: not known */
  GVariant *events; /* a(txss); NULL: not known */
  char *metrics;    /* of all processes, Prometheus' text; NULL: not known */
  char *why;        /* the host did not answer; or NULL */

  /* The caller's. */
  guint http_status;
  char *notice;        /* what is said on top; NULL: nothing */
  gboolean bad;        /* it is nothing good */
  char *field;         /* of a form that was refused; NULL: none */
  char *typed, *wrong; /* what was typed there, and what is wrong with it */
  PageSystemFunc done;
  guint n_pending;
};

PageSystem *page_system_new (WebRequest *request);

/* Takes over @self: frees it after @done. */
void page_system_ask (PageSystem *self, PageSystemFunc done);
void page_system_show (PageSystem *self); /* takes over @self: the overview, with its notice */
/* aa{sv} of the status: "services"…; transfer full, empty if it is not known. */
GVariant *page_system_get_list (PageSystem *self, const char *name);

/* a{sv}; transfer full, empty if it is not known. */
GVariant *page_system_get_host (PageSystem *self);

/* Of the one process that has it, or with its labels in name; NAN: not known. */
double page_system_get_metric (PageSystem *self, const char *name);

/* page-system-parts.c: what the overview shows. */
void page_system_add_host (PageSystem *self, WebDict *values);
void page_system_add_services (PageSystem *self, WebDict *values);
void page_system_add_plugins (PageSystem *self, WebDict *values);
void page_system_add_numbers (PageSystem *self, WebDict *values);
void page_system_add_versions (PageSystem *self, WebPage *page);
void page_system_add_events (PageSystem *self, WebDict *values);

/* page-system-folders.c */
void page_system_add_folders (PageSystem *self, WebDict *values);
void page_system_add_progress (PageSystem *self, WebDict *values);
char *page_system_escape_path (const char *path); /* raw bytes, for a form's field */
/* Without blanks around; "~" is the home folder. */
char *page_system_expand_path (const char *typed);
char *page_system_unescape_path (const char *text); /* NULL: it is none */

/* "“/a” covers “/a/b”, which is part of it now…", of the folder that was added; NULL: it covers
 * none. */
char *page_system_describe_covered (WebRequest *request);

char *
page_system_describe_ignored (gint64 n_ignored); /* files that are neither pictures nor videos */

/* Common to all pages of /system: the navigation, the token. */
char *page_system_dup_done (WebRequest *request); /* what the form did that led here; "": nothing */
void
page_system_init_page (WebPage *page, WebRequest *request, const char *title, const char *here);

/* Handlers. */
void page_system_handle_overview (BooruRequest *request, gpointer user_data);
void page_system_handle_json (BooruRequest *request, gpointer user_data);
void page_system_handle_action (BooruRequest *request, gpointer user_data);
void page_system_handle_failures (BooruRequest *request, gpointer user_data);
void page_system_handle_settings (BooruRequest *request, gpointer user_data);
void page_system_handle_change (BooruRequest *request, gpointer user_data);

G_END_DECLS
