/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-worker.h"

#define CACHE_SIZE (8 * 1024 * 1024)
#define FILES_LOOK 2 /* s, while they are away */

struct _WebWorker
{
  BooruServiceContext *context; /* not owned: it owns the service */
  const WebHooks *hooks;
  WebSettings *settings;
  BooruStore *store;
  WebChanges *changes;
  WebCache *cache;
  WebMetrics *metrics;
  GVariant *services; /* a{ss}; NULL: not heard yet */
  WebLogins *logins;
  WebPasswords *passwords;
  WebRates *rates;
  char *store_trouble, *files_trouble; /* NULL: none */
  guint files_source;
  gboolean quiescing;
};

void
web_worker_free (WebWorker *self)
{
  g_signal_handlers_disconnect_by_data (self->context, self);
  g_clear_handle_id (&self->files_source, g_source_remove);
  g_free (self->store_trouble);
  g_free (self->files_trouble);
  g_clear_pointer (&self->services, g_variant_unref);
  g_clear_pointer (&self->cache, web_cache_free);
  g_clear_pointer (&self->logins, web_logins_free);
  g_clear_pointer (&self->passwords, web_passwords_free);
  g_clear_pointer (&self->rates, web_rates_free);
  g_clear_pointer (&self->changes, web_changes_free);
  g_clear_pointer (&self->metrics, web_metrics_free);
  g_clear_object (&self->store);
  g_clear_pointer (&self->settings, web_settings_free);
  g_free (self);
}

BooruStore *
web_worker_get_store (WebWorker *self)
{
  return self->store;
}

const WebSettings *
web_worker_get_settings (WebWorker *self)
{
  return self->settings;
}

BooruServiceContext *
web_worker_get_context (WebWorker *self)
{
  return self->context;
}

const WebHooks *
web_worker_get_hooks (WebWorker *self)
{
  return self->hooks;
}

WebCache *
web_worker_get_cache (WebWorker *self)
{
  return self->cache;
}

WebChanges *
web_worker_get_changes (WebWorker *self)
{
  return self->changes;
}

WebMetrics *
web_worker_get_metrics (WebWorker *self)
{
  return self->metrics;
}

GVariant *
web_worker_get_services (WebWorker *self)
{
  return self->services;
}

WebLogins *
web_worker_get_logins (WebWorker *self)
{
  return self->logins;
}

WebPasswords *
web_worker_get_passwords (WebWorker *self)
{
  return self->passwords;
}

WebRates *
web_worker_get_rates (WebWorker *self)
{
  return self->rates;
}

gboolean
web_worker_is_quiescing (WebWorker *self)
{
  return self->quiescing;
}

void
web_worker_set_quiescing (WebWorker *self)
{
  self->quiescing = TRUE;
}

void
web_worker_set_task (WebWorker *self, const char *method, const char *path)
{
  char task[256];

  if (method)
    g_snprintf (task, sizeof task, "%s %s", method, path);
  booru_service_context_set_task (self->context, method ? task : NULL);
}

void
web_worker_posts_changed (WebWorker *self, const gint64 *ids, gsize n_ids)
{
  g_autoptr (GVariant) payload = g_variant_ref_sink (
      g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, ids, n_ids, sizeof *ids));

  booru_service_context_publish (self->context, BOORU_EVENT_POSTS_CHANGED, payload);
}

void
web_worker_jobs_changed (WebWorker *self, gint64 id)
{
  g_autoptr (GVariant) payload
      = g_variant_ref_sink (g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, &id, 1, sizeof id));

  booru_service_context_publish (self->context, BOORU_EVENT_JOBS_CHANGED, payload);
}

void
web_worker_configure (WebWorker *self)
{
  WebSettings *settings = web_settings_new (booru_service_context_get_config (self->context));

  g_clear_pointer (&self->settings, web_settings_free);
  self->settings = settings;
  if (self->logins)
    web_logins_configure (self->logins, settings);
  booru_time_set_zone (settings->time_zone);
  web_cache_clear (self->cache);
}

static void
on_services (WebWorker *self, const char *topic, GVariant *states)
{
  g_clear_pointer (&self->services, g_variant_unref);
  if (g_variant_is_of_type (states, G_VARIANT_TYPE ("a{ss}")))
    self->services = g_variant_ref (states);
}

/* An older database is migrated first, which may take long. */
static void
on_opening (const char *what, guint seconds, gpointer context)
{
  booru_service_context_starting (context, seconds, what);
}

static void
tell_trouble (WebWorker *self)
{
  const char *first = self->store_trouble ? self->store_trouble : self->files_trouble;
  const char *second = self->store_trouble ? self->files_trouble : NULL;
  g_autofree char *both = second ? g_strconcat (first, "; ", second, NULL) : NULL;

  booru_service_context_set_trouble (self->context, both ? both : first);
}

static void
on_trouble (const GError *error, gpointer user_data)
{
  WebWorker *self = user_data;

  g_free (self->store_trouble);
  self->store_trouble = error ? g_strdup (error->message) : NULL;
  tell_trouble (self);
}

static gboolean
on_files_look (gpointer user_data)
{
  WebWorker *self = user_data;

  if (!booru_files_folder_is_there (self->settings->data_dir, self->settings->files_dir))
    return G_SOURCE_CONTINUE;
  self->files_source = 0;
  g_clear_pointer (&self->files_trouble, g_free);
  tell_trouble (self);
  return G_SOURCE_REMOVE;
}

gboolean
web_worker_has_files (WebWorker *self)
{
  const WebSettings *settings = self->settings;
  g_autofree char *shown = NULL;

  if (booru_files_folder_is_there (settings->data_dir, settings->files_dir))
    return TRUE;
  if (self->files_source != 0)
    return FALSE;
  shown = g_filename_display_name (settings->files_dir);
  self->files_trouble = g_strdup_printf (
      "the files folder %s is away (its file " BOORU_FILE_FILES_ID " is not there)", shown);
  self->files_source = g_timeout_add_seconds (FILES_LOOK, on_files_look, self);
  tell_trouble (self);
  return FALSE;
}

static gboolean
open_store (WebWorker *self, GError **error)
{
  const char *data_dir = self->settings->data_dir, *files_dir = self->settings->files_dir;

  /* A predecessor that crashed may have left files there. */
  booru_spool_clean (data_dir);
  self->store = booru_store_open (data_dir, self->settings->database, BOORU_STORE_CREATE,
                                  on_opening, self->context, error);
  if (self->store == NULL)
    return FALSE;
  booru_store_set_metrics (self->store, booru_service_context_get_metrics (self->context));
  booru_store_watch_trouble (self->store, on_trouble, self);
  if (!booru_store_use_files_folder (self->store, data_dir, files_dir, error))
    return FALSE;
  if (web_worker_has_files (self))
    booru_trash_recover (self->store, files_dir);
  self->changes = web_changes_new (self->store);
  self->logins = web_logins_new (self->store, self->changes);
  web_logins_configure (self->logins, self->settings);
  return TRUE;
}

WebWorker *
web_worker_new (BooruServiceContext *context, const WebHooks *hooks, GError **error)
{
  g_autoptr (WebWorker) self = g_new0 (WebWorker, 1);

  self->context = context;
  self->hooks = hooks;
  self->cache = web_cache_new (CACHE_SIZE);
  self->metrics = web_metrics_new (context);
  self->passwords = web_passwords_new ();
  self->rates = web_rates_new ();
  web_worker_configure (self);
  if (self->settings->data_dir == NULL)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                   "The web service was started without a data folder");
      return NULL;
    }
  if (!open_store (self, error))
    return NULL;
  g_signal_connect_swapped (context, "event::" BOORU_EVENT_SERVICES, G_CALLBACK (on_services),
                            self);
  return g_steal_pointer (&self);
}
