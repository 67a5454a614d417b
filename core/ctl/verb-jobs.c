/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl.h"

#include <stdio.h>
#include <sysexits.h>

#include "base/booru-error.h"

/* The newest jobs, an aa{sv}; NULL: @error. */
static GVariant *
ask (Ctl *ctl, GError **error)
{
  g_autoptr (GVariant) boxed = NULL, report = NULL;
  GVariant *jobs = NULL;
  GVariantDict arguments;

  g_variant_dict_init (&arguments, NULL);
  if (!booru_host1_call_get_report_sync (ctl->host, "jobs", g_variant_dict_end (&arguments), &boxed,
                                         NULL, error))
    return NULL;
  report = g_variant_get_variant (boxed);
  if (g_variant_is_of_type (report, G_VARIANT_TYPE_VARDICT))
    jobs = g_variant_lookup_value (report, "jobs", G_VARIANT_TYPE ("aa{sv}"));
  if (jobs == NULL)
    g_set_error (
        error, BOORU_ERROR, BOORU_ERROR_FAILED,
        "Unexpected answer from the host. Are the host and this booructl of the same version?");
  return jobs;
}

static void
print_job (GVariant *job)
{
  const char *title = "", *state = "", *reason = NULL;
  gint64 id = 0, total = 0, done = 0, changed = 0;

  g_variant_lookup (job, "id", "x", &id);
  g_variant_lookup (job, "title", "&s", &title);
  g_variant_lookup (job, "state", "&s", &state);
  g_variant_lookup (job, "total", "x", &total);
  g_variant_lookup (job, "done", "x", &done);
  g_variant_lookup (job, "changed", "x", &changed);
  ctl_print (CTL_BOLD, "%" G_GINT64_FORMAT, id);
  g_print ("  %-9s  %s\n", state, title);
  if (total >= 0)
    ctl_print (CTL_FAINT,
               "  %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " posts, %" G_GINT64_FORMAT
               " changed\n",
               done, total, changed);
  if (g_variant_lookup (job, "error", "&s", &reason))
    g_print ("  %s\n", reason);
}

static int
run (Ctl *ctl, GError **error)
{
  g_autoptr (GVariant) jobs = ask (ctl, error);
  JsonArray *all;

  if (jobs == NULL)
    return EX_OK;
  if (ctl->json)
    {
      all = json_array_new ();
      for (gsize i = 0; i < g_variant_n_children (jobs); i++)
        {
          g_autoptr (GVariant) job = g_variant_get_child_value (jobs, i);

          json_array_add_element (all, ctl_to_json (job));
        }
      ctl_print_json (json_node_init_array (json_node_alloc (), all));
      json_array_unref (all);
      return EX_OK;
    }
  for (gsize i = 0; i < g_variant_n_children (jobs); i++)
    {
      g_autoptr (GVariant) job = g_variant_get_child_value (jobs, i);

      print_job (job);
    }
  if (g_variant_n_children (jobs) == 0)
    g_print ("There are no jobs\n");
  return EX_OK;
}

const CtlVerb ctl_verb_jobs = {
  "jobs", "", "List the jobs, such as edits of many posts, and how far they are", 0, 0, run,
};
