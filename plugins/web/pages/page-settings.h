/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the page of the settings and what saves them share. */
#pragma once

#include "page-system.h"

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

/* Of PageSetting; what has a place of its own on /system is left out. */
GPtrArray *page_settings_parse (GVariant *described);
char *page_setting_to_text (const PageSetting *self, GVariant *value);

/* Transfer full, never floating; NULL: no value of its type. */
GVariant *page_setting_from_text (const PageSetting *self, const char *text);

/* Floating; as: one word a line, empty lines are left out. */
GVariant *page_setting_parse_lines (const char *text);
const char *page_setting_get_summary (const PageSetting *self);

/* page-settings-groups.c: the settings in the order of what people want to do. */
typedef struct
{
  const char *name;
  gboolean rare; /* folded */
  const char *keys[16];
} PageSettingGroup;

/* The last one has what no other has. */
const PageSettingGroup *page_setting_groups (gsize *n_groups);
const char *page_setting_get_unit (const char *key); /* "" : none */

/* page-settings-rules.c: the rules of folders as a form. */
gboolean page_setting_is_rules (const PageSetting *self);
gboolean page_setting_equal_rules (GVariant *rules, GVariant *others);
void page_setting_add_rules (WebDict *dict, GVariant *rules); /* @rules: (nullable) */
/* Transfer full, never floating; NULL: the form has none. */
GVariant *page_setting_read_rules (BooruRequest *request);

/* Answers with the page of all settings; notice: on top, NULL: none. */
void page_settings_show (WebRequest *request,
                         GPtrArray *settings,
                         guint status,
                         const char *notice,
                         gboolean bad);

G_END_DECLS
