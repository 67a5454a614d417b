/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl.h"

#include <sysexits.h>

#include "base/booru-error.h"

#define AT_ONCE 200 /* a page of the report, which passes through the host */

/* The next page, or NULL. */
static GVariant *
ask (Ctl *ctl, const char *folder, guint offset, GError **error)
{
  g_autoptr (GVariant) boxed = NULL;
  g_autoptr (GVariant) report = NULL;
  GVariantDict arguments;

  g_variant_dict_init (&arguments, NULL);
  g_variant_dict_insert (&arguments, "limit", "u", AT_ONCE);
  g_variant_dict_insert (&arguments, "offset", "u", offset);
  if (folder)
    g_variant_dict_insert (&arguments, "folder", "^ay", folder);
  if (!booru_host1_call_get_report_sync (ctl->host, "failures", g_variant_dict_end (&arguments),
                                         &boxed, NULL, error))
    return NULL;
  report = g_variant_get_variant (boxed);
  if (g_variant_is_of_type (report, G_VARIANT_TYPE_VARDICT))
    return g_steal_pointer (&report);
  g_set_error (
      error, BOORU_ERROR, BOORU_ERROR_FAILED,
      "Unexpected answer from the host. Are the host and this booructl of the same version?");
  return NULL;
}

static void
print_failure (GVariant *failure)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *when = NULL;
  g_autofree char *how_large = NULL;
  g_autofree char *why = NULL;
  const char *path = "", *reason = "";
  gint64 size = 0, time = 0;

  g_variant_lookup (failure, "path", "^&ay", &path);
  g_variant_lookup (failure, "reason", "&s", &reason);
  g_variant_lookup (failure, "size", "x", &size);
  g_variant_lookup (failure, "time", "x", &time);
  utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  local = utc ? g_date_time_to_local (utc) : NULL;
  when = local ? g_date_time_format (local, "%Y-%m-%d %H:%M:%S") : g_strdup ("");
  how_large = g_format_size ((guint64)MAX (0, size));
  shown = ctl_dup_shown_path (path);
  why = ctl_dup_shown_path (reason);
  ctl_print (CTL_BOLD, "%s\n", shown);
  g_print ("  %s\n", why);
  ctl_print (CTL_FAINT, "  %s, %s\n", when, how_large);
}

static guint
take_page (Ctl *ctl, GVariant *report, JsonArray *all)
{
  g_autoptr (GVariant) failures
      = g_variant_lookup_value (report, "failures", G_VARIANT_TYPE ("aa{sv}"));
  guint n = failures ? (guint)g_variant_n_children (failures) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GVariant) failure = g_variant_get_child_value (failures, i);

      if (ctl->json)
        json_array_add_element (all, ctl_to_json (failure));
      else
        print_failure (failure);
    }
  return n;
}

static void
print_end (Ctl *ctl, GVariant *report, guint n, JsonArray *all)
{
  guint64 ignored = 0;
  JsonObject *root;

  g_variant_lookup (report, "ignored", "t", &ignored);
  if (!ctl->json)
    {
      g_print ("%s%u %s could not be read; %" G_GUINT64_FORMAT " other %s ignored\n", n ? "\n" : "",
               n, n == 1 ? "file" : "files", ignored, ignored == 1 ? "file" : "files");
      return;
    }
  root = json_object_new ();
  json_object_set_int_member (root, "total", n);
  json_object_set_int_member (root, "ignored", (gint64)ignored);
  json_object_set_array_member (root, "failures", json_array_ref (all));
  ctl_print_json (json_node_init_object (json_node_alloc (), root));
  json_object_unref (root);
}

static int
run (Ctl *ctl, GError **error)
{
  const char *argument = ctl->arguments[0];
  g_autofree char *folder = argument ? g_canonicalize_filename (argument, NULL) : NULL;
  g_autoptr (JsonArray) all = json_array_new ();
  guint n_all = 0;

  while (TRUE)
    {
      g_autoptr (GVariant) report = ask (ctl, folder, n_all, error);
      guint n;

      if (report == NULL)
        return EX_OK;
      n = take_page (ctl, report, all);
      n_all += n;
      if (n < AT_ONCE)
        {
          print_end (ctl, report, n_all, all);
          return EX_OK;
        }
    }
}

const CtlVerb ctl_verb_failures = {
  "failures", "[FOLDER]", "List the files that could not be read, and why", 0, 1, run,
};
