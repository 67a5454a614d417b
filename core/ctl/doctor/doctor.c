/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/doctor/doctor.h"

#include <stdlib.h>
#include <string.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-paths.h"

/* Seconds in which a healthy host answers, even under load. */
#define PATIENCE 10

/* Finding the host: a hanging host must not hang its doctor. */

typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean connected;
  GCancellable *cancellable;
} Patience;

static gpointer
wait_patiently (gpointer data)
{
  Patience *self = data;
  gint64 deadline = g_get_monotonic_time () + PATIENCE * G_TIME_SPAN_SECOND;

  g_mutex_lock (&self->mutex);
  while (!self->connected && g_cond_wait_until (&self->cond, &self->mutex, deadline))
    ;
  if (!self->connected)
    g_cancellable_cancel (self->cancellable);
  g_mutex_unlock (&self->mutex);
  return NULL;
}

static void
find_host (Doctor *self)
{
  Patience patience = { .cancellable = g_cancellable_new () };
  GThread *thread;

  g_mutex_init (&patience.mutex);
  g_cond_init (&patience.cond);
  self->ctl->cancellable = patience.cancellable;
  thread = g_thread_new ("patience", wait_patiently, &patience);
  /* If several hosts share the data folder, any of them will do. */
  if (ctl_connect (self->ctl, TRUE, &self->no_host) && self->ctl->sockets)
    ctl_connect_to (self->ctl, self->ctl->sockets[0], &self->no_host);
  g_mutex_lock (&patience.mutex);
  patience.connected = TRUE;
  g_cond_signal (&patience.cond);
  g_mutex_unlock (&patience.mutex);
  g_thread_join (thread);

  self->silent = g_cancellable_is_cancelled (patience.cancellable) && self->ctl->host == NULL;
  self->ctl->cancellable = NULL;
  g_object_unref (patience.cancellable);
  g_mutex_clear (&patience.mutex);
  g_cond_clear (&patience.cond);
  if (self->ctl->host)
    g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (self->ctl->host), PATIENCE * 1000);
}

/* Settings */

static char *
find_keyfile (Doctor *self)
{
  const char *used = self->ctl->host ? booru_host1_get_settings_file (self->ctl->host) : NULL;

  if (self->ctl->settings)
    return g_canonicalize_filename (self->ctl->settings, NULL);
  if (used)
    return *used ? g_strdup (used) : NULL;
  return self->ctl->system ? g_strdup (BOORU_SYSTEM_SETTINGS) : booru_settings_dup_keyfile (NULL);
}

static void
ignore (const char *domain, GLogLevelFlags level, const char *message, gpointer unused)
{
}

/* Its warnings are reported as findings. */
static BooruSettings *
open_settings (Doctor *self, const char *schema, GError **error)
{
  guint handler = g_log_set_handler ("booru", G_LOG_LEVEL_WARNING, ignore, NULL);
  BooruSettings *settings = booru_settings_new (schema, self->keyfile, error);

  g_log_remove_handler ("booru", handler);
  return settings;
}

/* An invalid variable is reported separately; the others are still used. The service has its own
 * environment. */
static void
read_settings (Doctor *self)
{
  self->stored = open_settings (self, BOORU_SCHEMA_HOST, &self->unreadable);
  for (const BooruSettingsVariable *each = booru_settings_list_variables ();
       self->stored && !self->ctl->system && each->key; each++)
    booru_settings_bind_environment (self->stored, each->key, each->variable, NULL);
  if (self->ctl->host)
    booru_host1_call_list_settings_sync (self->ctl->host, &self->running, NULL, NULL);
}

static GVariant *
find_running (Doctor *self, const char *schema, const char *key)
{
  GVariantIter iter;
  const char *schema_at, *key_at;
  GVariant *value;

  g_variant_iter_init (&iter, self->running);
  while (g_variant_iter_loop (&iter, "(&s&sv&sb)", &schema_at, &key_at, &value, NULL, NULL))
    if (g_str_equal (schema_at, schema) && g_str_equal (key_at, key))
      return value; /* transferred to us by leaving the loop */
  return NULL;
}

GVariant *
doctor_get_setting (Doctor *self, const char *plugin, const char *key)
{
  g_autofree char *schema
      = plugin ? g_strconcat (BOORU_SCHEMA_HOST ".", plugin, NULL) : g_strdup (BOORU_SCHEMA_HOST);
  g_autoptr (BooruSettings) settings = NULL;

  if (self->running)
    return find_running (self, schema, key);
  if (plugin && booru_settings_has_schema (schema))
    settings = open_settings (self, schema, NULL);
  else if (plugin == NULL && self->stored)
    settings = g_object_ref (self->stored);
  return settings && booru_settings_has_key (settings, key) ? booru_settings_get (settings, key)
                                                            : NULL;
}

static char *
resolve (const char *path)
{
  char *found = realpath (path, NULL);
  char *resolved = found ? g_strdup (found) : g_canonicalize_filename (path, NULL);

  free (found);
  return resolved;
}

GStrv
doctor_get_folders (Doctor *self, const char *key)
{
  g_autoptr (GVariant) value = doctor_get_setting (self, NULL, key);
  g_autoptr (GStrvBuilder) folders = g_strv_builder_new ();
  g_autofree const char **paths = NULL;

  if (value && g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING_ARRAY))
    paths = g_variant_get_bytestring_array (value, NULL);
  for (guint i = 0; paths && paths[i]; i++)
    {
      g_autofree char *folder = resolve (paths[i]);

      g_strv_builder_add (folders, folder);
    }
  if (value && g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING)
      && *g_variant_get_bytestring (value))
    {
      g_autofree char *folder = resolve (g_variant_get_bytestring (value));

      g_strv_builder_add (folders, folder);
    }
  return g_strv_builder_end (folders);
}

char *
doctor_get_text (Doctor *self, const char *plugin, const char *key)
{
  g_autoptr (GVariant) value = doctor_get_setting (self, plugin, key);

  if (value && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (value, NULL);
  return g_strdup ("");
}

guint64
doctor_get_number (Doctor *self, const char *plugin, const char *key)
{
  g_autoptr (GVariant) value = doctor_get_setting (self, plugin, key);

  if (value && g_variant_is_of_type (value, G_VARIANT_TYPE_UINT16))
    return g_variant_get_uint16 (value);
  if (value && g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    return g_variant_get_uint32 (value);
  if (value && g_variant_is_of_type (value, G_VARIANT_TYPE_UINT64))
    return g_variant_get_uint64 (value);
  return 0;
}

/* The data folder of the examined host, whether it runs or not. */
static char *
find_data_dir (Doctor *self)
{
  const char *variable = g_getenv (BOORU_ENV_DATA_DIR);
  g_autofree char *stored = NULL;

  if (self->ctl->host)
    return resolve (booru_host1_get_data_dir (self->ctl->host));
  if (self->ctl->data_dir)
    return resolve (self->ctl->data_dir);
  if (variable && *variable && !self->ctl->system)
    return resolve (variable);
  stored = doctor_get_text (self, NULL, "data-dir");
  if (*stored)
    return resolve (stored);
  return self->ctl->system ? g_strdup (BOORU_SYSTEM_DATA_DIR) : booru_paths_dup_default_data_dir ();
}

GVariant *
doctor_list_objects (Doctor *self, const char *interface)
{
  g_autoptr (GVariant) objects = self->ctl->host ? ctl_list_objects (self->ctl, NULL) : NULL;
  GVariantBuilder found;
  GVariantIter iter;
  GVariant *interfaces;

  g_variant_builder_init (&found, G_VARIANT_TYPE ("aa{sv}"));
  if (objects)
    {
      g_variant_iter_init (&iter, objects);
      while (g_variant_iter_loop (&iter, "{o@a{sa{sv}}}", NULL, &interfaces))
        {
          g_autoptr (GVariant) properties
              = g_variant_lookup_value (interfaces, interface, G_VARIANT_TYPE_VARDICT);

          if (properties)
            g_variant_builder_add_value (&found, properties);
        }
    }
  return g_variant_ref_sink (g_variant_builder_end (&found));
}

/**
 * doctor_new:
 * @ctl: what the command line says; not connected
 *
 * Finds out what is to be looked at: which host, data folder and settings.
 *
 * Returns: (transfer full): the doctor
 */
Doctor *
doctor_new (Ctl *ctl)
{
  Doctor *self = g_new0 (Doctor, 1);

  self->ctl = ctl;
  self->report = doctor_report_new (ctl->json);
  find_host (self);
  self->keyfile = find_keyfile (self);
  read_settings (self);
  self->data_dir = find_data_dir (self);
  doctor_user_find (self);
  return self;
}

void
doctor_free (Doctor *self)
{
  doctor_report_free (self->report);
  g_clear_error (&self->no_host);
  g_clear_error (&self->unreadable);
  g_clear_object (&self->stored);
  g_clear_pointer (&self->running, g_variant_unref);
  g_clear_pointer (&self->plugins, g_variant_unref);
  g_clear_pointer (&self->described, g_variant_unref);
  g_clear_pointer (&self->walked, g_hash_table_unref);
  g_free (self->data_dir);
  g_free (self->keyfile);
  g_free (self->user.name);
  g_free (self->user.owner);
  g_free (self);
}
