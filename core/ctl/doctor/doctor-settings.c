/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stored settings, whether they make sense, and what overrides them. */
#include "ctl/doctor/doctor.h"

#include <string.h>
#include <unistd.h>

#include "base/booru-names.h"

/* The file */

static void
check_faults (Doctor *self, GPtrArray *faults)
{
  for (guint i = 0; i < faults->len; i++)
    {
      const BooruSettingsFault *fault = faults->pdata[i];

      doctor_report_add (self->report, fault->harmless ? DOCTOR_WARNING : DOCTOR_ERROR,
                         "settings file", "%s", fault->text);
      if (fault->harmless)
        doctor_report_advise (
            self->report,
            "Correct or delete it. “booructl settings” lists all names while a host is running");
      else
        doctor_report_advise (self->report, "Correct it: booru-host does not start like this, and "
                                            "a running one keeps the values that it read before");
    }
}

/* The host stores settings by writing a new file beside the old one. */
static void
check_writable (Doctor *self)
{
  g_autofree char *folder = g_path_get_dirname (self->keyfile);
  gboolean exists = g_file_test (self->keyfile, G_FILE_TEST_EXISTS);

  if (exists && !doctor_user_may (self, self->keyfile, R_OK))
    {
      doctor_error (self->report, "settings file", "“%s” can't be read by the user %s",
                    self->keyfile, self->user.name);
      doctor_report_advise (self->report, "Run “chgrp %s %s” and “chmod g+r %s” as root",
                            self->user.name, self->keyfile, self->keyfile);
    }
  else if (g_file_test (folder, G_FILE_TEST_IS_DIR)
           && (!doctor_user_may (self, folder, W_OK)
               || (exists && !doctor_user_may (self, self->keyfile, W_OK))))
    doctor_note (
        self->report, "settings file",
        "“%s” is not writable by the user %s: change settings by editing it, not with booructl",
        self->keyfile, self->user.name);
}

static void
check_file (Doctor *self)
{
  g_autoptr (GPtrArray) faults = NULL;

  if (self->keyfile == NULL)
    {
      if (self->unreadable)
        doctor_error (self->report, "settings", "cannot be read: %s", self->unreadable->message);
      else
        doctor_ok (self->report, "settings", "are kept in dconf, or where GSETTINGS_BACKEND says");
      return;
    }
  if (!g_file_test (self->keyfile, G_FILE_TEST_EXISTS))
    doctor_note (self->report, "settings file",
                 "“%s” does not exist: all settings are at their defaults", self->keyfile);
  faults = booru_settings_inspect_keyfile (self->keyfile, NULL);
  if (faults == NULL)
    return; /* no schemas: that was said */
  check_faults (self, faults);
  check_writable (self);
  if (faults->len == 0 && g_file_test (self->keyfile, G_FILE_TEST_EXISTS))
    doctor_ok (self->report, "settings file", "“%s” is valid", self->keyfile);
}

/* Values that fit their keys, but not each other */

static void
check_web (Doctor *self)
{
  g_autofree char *url = doctor_get_text (self, "web", "base-url");
  g_autofree char *accel = doctor_get_text (self, "web", "accel-redirect");
  g_autoptr (GVariant) proxies = doctor_get_setting (self, "web", "trusted-proxies");
  g_autofree const char **masks = NULL;
  g_autoptr (GUri) uri = *url ? g_uri_parse (url, G_URI_FLAGS_NONE, NULL) : NULL;

  if (*url
      && (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0'
          || !g_str_has_prefix (g_uri_get_scheme (uri), "http")))
    {
      doctor_warning (self->report, "web.base-url", "“%s” is not a URL of a web site", url);
      doctor_report_advise (self->report, "Give one such as https://booru.example.org");
    }
  if (*accel && *accel != '/')
    {
      doctor_warning (self->report, "web.accel-redirect", "“%s” does not begin with a slash",
                      accel);
      doctor_report_advise (self->report, "Give nginx's internal location, such as /internal");
    }
  if (proxies && g_variant_is_of_type (proxies, G_VARIANT_TYPE_STRING_ARRAY))
    masks = g_variant_get_strv (proxies, NULL);
  for (guint i = 0; masks && masks[i]; i++)
    {
      g_autoptr (GInetAddressMask) mask = g_inet_address_mask_new_from_string (masks[i], NULL);

      if (mask)
        continue;
      doctor_warning (self->report, "web.trusted-proxies",
                      "“%s” is neither an address nor a network, and is ignored", masks[i]);
      doctor_report_advise (self->report, "Give an address such as 127.0.0.1, or 10.0.0.0/8");
    }
  if (doctor_get_number (self, "web", "max-connections-per-address")
      > doctor_get_number (self, "web", "max-connections"))
    doctor_note (self->report, "web.max-connections-per-address",
                 "is greater than max-connections, so one address can take all connections");
}

static void
check_monitor (Doctor *self)
{
  guint64 min = doctor_get_number (self, "monitor", "decoders-min");
  guint64 max = doctor_get_number (self, "monitor", "decoders-max");

  if (max == 0 || min <= max)
    return;
  doctor_warning (self->report, "monitor.decoders-min",
                  "is %" G_GUINT64_FORMAT ", but decoders-max is %" G_GUINT64_FORMAT, min, max);
  doctor_report_advise (self->report, "Raise decoders-max, or lower decoders-min");
}

/* What differs in the running host, and only until its next start. */
static void
check_running (Doctor *self)
{
  g_autoptr (GString) options = g_string_new (NULL);
  GVariantIter iter;
  const char *schema, *key, *origin;

  if (self->running == NULL)
    return;
  g_variant_iter_init (&iter, self->running);
  while (g_variant_iter_next (&iter, "(&s&sv&sb)", &schema, &key, NULL, &origin, NULL))
    if (g_str_equal (origin, "option") || g_str_equal (origin, "environment"))
      g_string_append_printf (options, "%s%s (%s)", options->len > 0 ? ", " : "", key, origin);
  if (options->len > 0)
    doctor_note (self->report, "running host", "these override stored settings: %s", options->str);
}

void
doctor_check_settings (Doctor *self)
{
  check_file (self);
  if (!self->ctl->system)
    doctor_check_environment (self);
  if (self->stored == NULL && self->running == NULL)
    {
      doctor_note (self->report, "settings",
                   "their values are not checked because they can't be read");
      return;
    }
  doctor_check_address (self);
  check_web (self);
  check_monitor (self);
  check_running (self);
}
