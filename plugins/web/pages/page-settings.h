/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the page of the settings and what saves them share. */
#pragma once

#include "pages/page-system.h"

G_BEGIN_DECLS

/* A setting as the host describes it. */
typedef struct
{
  char *schema, *key;
  GVariant *value; /* that counts now */
  GVariant *facts; /* a{sv} as of DescribeSettings */
  gboolean live;

  char *text;  /* what was typed; NULL: nothing */
  char *error; /* what is wrong with that; NULL: nothing */
} PageSetting;

GPtrArray *page_settings_parse (GVariant *described); /* of PageSetting; what has a place of its own on /system is left out */
PageSetting *page_settings_find (GPtrArray *settings, const char *schema, const char *key); /* NULL: none */
char *page_setting_to_text (const PageSetting *self, GVariant *value);
GVariant *page_setting_from_text (const PageSetting *self, const char *text); /* transfer full, never floating; NULL: no value of its type */
const char *page_setting_get_summary (const PageSetting *self);

/* What happens when a setting is changed that could lock the administrator out; NULL: nothing of the
 * kind. */
char *page_setting_dup_warning (const PageSetting *self, GVariant *value, WebRequest *request);

void page_settings_show (WebRequest *request, GPtrArray *settings, guint status, const char *notice, gboolean bad);

G_END_DECLS
