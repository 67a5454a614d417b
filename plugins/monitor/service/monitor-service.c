/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-service.h"

#include "monitor-feed.h"
#include "monitor-requests.h"
#include "monitor-status.h"
#include "index/monitor-index.h"
#include "jobs/monitor-jobs.h"
#include "similar/monitor-similar.h"
#include "decoding/monitor-display.h"
#include "decoding/monitor-hasher.h"
#include "library/monitor-library.h"
#include "ingest/monitor-scratch.h"

/* Keys of the schema org.booru.host.monitor, with what is taken where it is not installed. */
#define RECONCILE_INTERVAL 300
#define DECODER_IDLE_TIMEOUT 10
#define DECODE_TIMEOUT 60
#define DECODE_MEMORY 1024
#define MAX_PIXELS 300000000
#define LEASE_SECONDS 15
#define DUPLICATE_DISTANCE 8
#define UPLOAD_KEEP_DAYS 7
#define DISPLAY_CACHE_SIZE 4096

/* What is not taken now is tried again later, so that the main loop never hangs for long (ms). */
#define BUSY_TIMEOUT 1000

typedef struct
{
  BooruServiceContext *context; /* unowned: it owns the service */
  BooruStore *store;
  MonitorDecoderPool *pool;
  MonitorScratch *scratch;
  MonitorHasher *hasher;
  MonitorDisplay *display;
  MonitorStatus *status;
  MonitorFeed *feed;
  MonitorRole *role;                     /* NULL: no other host may use the store */
  MonitorLibrary *library;               /* NULL: another host's monitor works */
  MonitorSimilar *similar;               /* likewise */
  MonitorIndex *index;                   /* likewise */
  MonitorJobs *jobs;                     /* likewise */
  guint giving_up;                       /* source */
  char *store_trouble, *library_trouble; /* NULL: none */
  gboolean quiescing, stopped;
} MonitorService;

static void
service_free (gpointer data)
{
  MonitorService *self = data;

  g_clear_handle_id (&self->giving_up, g_source_remove);
  g_clear_pointer (&self->similar, monitor_similar_free);
  g_clear_pointer (&self->index, monitor_index_free);
  g_clear_pointer (&self->jobs, monitor_jobs_free);
  g_clear_pointer (&self->library, monitor_library_free);
  g_clear_pointer (&self->role, monitor_role_free);
  g_clear_pointer (&self->hasher, monitor_hasher_free);
  g_clear_pointer (&self->display, monitor_display_free);
  g_clear_pointer (&self->status, monitor_status_free);
  g_clear_object (&self->pool);
  g_clear_pointer (&self->scratch, monitor_scratch_free);
  g_clear_object (&self->store);
  g_clear_pointer (&self->feed, monitor_feed_free);
  g_free (self->store_trouble);
  g_free (self->library_trouble);
  g_free (self);
}

static void
tell_trouble (MonitorService *self)
{
  const char *first = self->store_trouble ? self->store_trouble : self->library_trouble;
  const char *second = self->store_trouble ? self->library_trouble : NULL;
  g_autofree char *both = second ? g_strconcat (first, "; ", second, NULL) : NULL;

  booru_service_context_set_trouble (self->context, both ? both : first);
}

static void
on_library_trouble (const char *what, gpointer user_data)
{
  MonitorService *self = user_data;

  g_free (self->library_trouble);
  self->library_trouble = g_strdup (what);
  tell_trouble (self);
}

/* None of them stands for any. */
static void
on_posts_changed (GArray *ids, gpointer user_data)
{
  MonitorService *self = user_data;
  guint n_ids = ids->len * sizeof (gint64) <= BOORU_EVENT_MAX_SIZE ? ids->len : 0;
  g_autoptr (GVariant) posts = NULL;

  if (self->similar)
    monitor_similar_wake (self->similar);
  if (self->index)
    monitor_index_wake (self->index);
  posts = g_variant_ref_sink (
      g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, ids->data, n_ids, sizeof (gint64)));
  monitor_feed_note_told (self->feed, posts);
  booru_service_context_publish (self->context, BOORU_EVENT_POSTS_CHANGED, posts);
}

/* By a web worker. */
static void
on_posts_changed_elsewhere (BooruServiceContext *context,
                            const char *topic,
                            GVariant *payload,
                            MonitorService *self)
{
  monitor_feed_note_told (self->feed, payload);
  if (self->index)
    monitor_index_wake (self->index);
}

static void
on_uploaded_elsewhere (gpointer user_data)
{
  MonitorService *self = user_data;

  if (self->index)
    monitor_index_wake (self->index);
  if (self->library)
    monitor_library_look_for_uploads (self->library);
}

static void
on_upload_changed (gint64 asset_id, gpointer user_data)
{
  MonitorService *self = user_data;

  booru_service_context_publish (
      self->context, BOORU_EVENT_UPLOADS_CHANGED,
      g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, &asset_id, 1, sizeof asset_id));
}

static void
on_jobs_changed (GArray *ids, gpointer user_data)
{
  MonitorService *self = user_data;

  booru_service_context_publish (
      self->context, BOORU_EVENT_JOBS_CHANGED,
      g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, ids->data, ids->len, sizeof (gint64)));
}

static void
on_jobs_busy (gboolean busy, gpointer user_data)
{
  MonitorService *self = user_data;

  if (self->index)
    monitor_index_hold (self->index, busy);
}

static const MonitorJobsFuncs jobs_funcs = {
  .busy_changed = on_jobs_busy,
  .posts_changed = on_posts_changed,
  .jobs_changed = on_jobs_changed,
};

static void
on_progress (GVariant *progress, gpointer user_data)
{
  MonitorService *self = user_data;

  monitor_status_set_scan (self->status, progress);
}

static void
on_ingest_progress (GVariant *progress, gpointer user_data)
{
  MonitorService *self = user_data;

  monitor_status_set_ingest (self->status, progress);
}

static void
on_broken (const GError *error, gpointer user_data)
{
  MonitorService *self = user_data;

  if (self->role && booru_err_fenced (error))
    monitor_role_lose (self->role);
  else
    booru_service_context_fail (self->context, error);
}

static void
on_stopped (gpointer user_data)
{
  MonitorService *self = user_data;

  if (self->stopped)
    return;
  self->stopped = TRUE;
  /* All is written: another host's monitor can take over at once. */
  if (self->role)
    monitor_role_release (self->role);
  booru_service_context_stopped (self->context);
}

static const MonitorLibraryFuncs library_funcs = {
  .posts_changed = on_posts_changed,
  .upload_changed = on_upload_changed,
  .trouble_changed = on_library_trouble,
  .progress = on_progress,
  .ingest_progress = on_ingest_progress,
  .broken = on_broken,
  .stopped = on_stopped,
};

static gboolean
is_taking_in (gpointer user_data)
{
  MonitorService *self = user_data;

  return self->library && !monitor_library_is_idle (self->library);
}

/* The strings are owned by others: the library of paths, and the caller. */
static void
read_decoder_options (BooruConfig *config, const char *output_dir, MonitorDecoderOptions *options)
{
  guint max = booru_config_get_uint (config, "decoders-max", 0);

  *options = (MonitorDecoderOptions){
    .program = booru_paths_get_decoder_program (),
    .output_dir = output_dir,
    .min = booru_config_get_uint (config, "decoders-min", 0),
    .max = max > 0 ? max : g_get_num_processors (),
    .idle_timeout = booru_config_get_uint (config, "decoder-idle-timeout", DECODER_IDLE_TIMEOUT),
    .timeout = booru_config_get_uint (config, "decode-timeout", DECODE_TIMEOUT),
    .memory_limit = (guint64)booru_config_get_uint (config, "decode-memory", DECODE_MEMORY) << 20,
    .max_pixels = (guint64)booru_config_get_int64 (config, "max-pixels", MAX_PIXELS),
  };
  options->min = MIN (options->min, options->max);
}

static gboolean
apply_folders (MonitorService *self, BooruConfig *config, GError **error)
{
  g_autoptr (BooruFolders) folders = booru_folders_new (config, TRUE);

  monitor_status_set_folders (self->status, folders);
  return monitor_library_set_folders (self->library, (const char *const *)folders->library,
                                      folders->ingest, error);
}

/* Wrong ones are refused when they are set: these stand in a file. */
static void
apply_rules (MonitorService *self, BooruConfig *config)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (
      booru_config_to_variant (config), "folder-rules", G_VARIANT_TYPE ("a(aya{sv})"));
  g_autoptr (GError) error = NULL;
  GPtrArray *rules = value ? booru_folder_rules_parse (value, &error) : NULL;

  if (error != NULL)
    g_warning ("The setting folder-rules of %s is not used: %s", "org.booru.host.monitor",
               error->message);
  if (error == NULL)
    monitor_library_set_rules (self->library, monitor_rules_new (rules));
}

static void
apply_decoder_options (MonitorService *self)
{
  BooruConfig *config = booru_service_context_get_config (self->context);
  MonitorDecoderOptions options;

  read_decoder_options (config, monitor_scratch_get_path (self->scratch), &options);
  if (self->pool)
    monitor_decoder_pool_set_options (self->pool, &options);
  else
    self->pool = monitor_decoder_pool_new (&options);
}

static gboolean
apply_config (MonitorService *self, GError **error)
{
  BooruConfig *config = booru_service_context_get_config (self->context);
  const char *output_dir = monitor_scratch_get_path (self->scratch);

  apply_decoder_options (self);

  if (self->library == NULL)
    {
      MonitorLibraryOptions library_options = {
        .data_dir = booru_config_get_path (config, BOORU_CONFIG_DATA_DIR),
        .files_dir = booru_config_get_path (config, BOORU_CONFIG_FILES_DIR),
        .database = booru_config_get_string (config, BOORU_CONFIG_DATABASE, NULL),
        .temporary_dir = output_dir,
        .role = self->role,
        .store = self->store,
        .pool = self->pool,
        .metrics = booru_service_context_get_metrics (self->context),
      };

      monitor_scratch_ensure (self->scratch);
      self->library = monitor_library_new (&library_options, &library_funcs, self, error);
      if (self->library == NULL)
        return FALSE;
    }
  if (self->similar == NULL)
    self->similar = monitor_similar_new (self->store, is_taking_in, self);
  if (self->index == NULL)
    self->index = monitor_index_new (self->store, is_taking_in, self);
  if (self->jobs == NULL)
    self->jobs = monitor_jobs_new (self->store, &jobs_funcs, self);
  monitor_similar_set_distance (
      self->similar, booru_config_get_uint (config, "duplicate-distance", DUPLICATE_DISTANCE));
  monitor_library_set_interval (
      self->library, booru_config_get_uint (config, "reconcile-interval", RECONCILE_INTERVAL));
  apply_rules (self, config);
  monitor_library_set_upload_keep_time (
      self->library, booru_config_get_uint (config, "upload-keep-days", UPLOAD_KEEP_DAYS));
  return apply_folders (self, config, error);
}

static guint
get_role_length (MonitorService *self)
{
  BooruConfig *config = booru_service_context_get_config (self->context);

  return booru_config_get_uint (config, "lease-seconds", LEASE_SECONDS);
}

static void
on_configure (BooruServiceContext *context, gpointer user_data)
{
  MonitorService *self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->role)
    monitor_role_set_length (self->role, get_role_length (self));
  if (self->role && self->library == NULL)
    return; /* read when the role is taken */
  if (!apply_config (self, &error))
    g_warning ("The new settings cannot be applied: %s", error->message);
}

static MonitorLibrary *
get_library (BooruServiceContext *context)
{
  return ((MonitorService *)booru_service_context_get_data (context))->library;
}

static MonitorDecoderPool *
ensure_pool (MonitorService *self)
{
  if (self->pool == NULL)
    apply_decoder_options (self);
  return self->pool;
}

/* Somebody searches by a picture. Also where another host's monitor has the role: nothing is
 * written. */
static void
find_hashes (MonitorService *self, const char *name)
{
  if (!self->quiescing)
    monitor_hasher_answer (self->hasher, ensure_pool (self), name);
}

static void
cancel_hashes (MonitorService *self, const char *name)
{
  monitor_hasher_cancel (self->hasher, name);
}

/* As above; the picture is a cache's, which no other host's monitor minds. */
static void
make_display (MonitorService *self, const char *md5)
{
  BooruConfig *config = booru_service_context_get_config (self->context);
  guint64 limit = booru_config_get_uint (config, "display-cache-size", DISPLAY_CACHE_SIZE);

  monitor_display_set_limit (self->display, limit << 20);
  if (!self->quiescing)
    monitor_display_make (self->display, ensure_pool (self), md5);
}

static void
look_for_jobs (MonitorService *self, const char *payload)
{
  if (self->jobs)
    monitor_jobs_wake (self->jobs);
}

static void
look_for_uploads (MonitorService *self, const char *payload)
{
  if (self->library)
    monitor_library_look_for_uploads (self->library);
}

/* What the host passes on, by topic. */
static const struct
{
  const char *topic;
  gboolean has_text; /* as the payload; otherwise it does not matter */
  void (*handle) (MonitorService *self, const char *text);
} requests[] = {
  { BOORU_EVENT_HASHES_REQUESTED, TRUE, find_hashes },
  { BOORU_EVENT_HASHES_CANCELLED, TRUE, cancel_hashes },
  { BOORU_EVENT_DISPLAY_REQUESTED, TRUE, make_display },
  { BOORU_EVENT_UPLOADS_CHANGED, FALSE, look_for_uploads },
  { BOORU_EVENT_JOBS_CHANGED, FALSE, look_for_jobs },
};

static void
on_requested (BooruServiceContext *context,
              const char *topic,
              GVariant *payload,
              gpointer user_data)
{
  const char *text = g_variant_is_of_type (payload, G_VARIANT_TYPE_STRING)
                         ? g_variant_get_string (payload, NULL)
                         : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    if (g_str_equal (requests[i].topic, topic) && (text || !requests[i].has_text))
      requests[i].handle (user_data, text);
}

static void
on_quiesce (BooruServiceContext *context, gpointer user_data)
{
  MonitorService *self = user_data;

  self->quiescing = TRUE;
  g_clear_pointer (&self->similar, monitor_similar_free);
  g_clear_pointer (&self->index, monitor_index_free);
  g_clear_pointer (&self->jobs, monitor_jobs_free);
  if (self->library)
    monitor_library_stop (self->library);
  else
    on_stopped (self);
}

static void
on_taken (gpointer user_data)
{
  MonitorService *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!apply_config (self, &error))
    on_broken (error, self);
}

/* What is in work is given up; its temporary files go, and what it came from stays. */
static gboolean
give_up (gpointer user_data)
{
  MonitorService *self = user_data;

  self->giving_up = 0;
  g_clear_pointer (&self->similar, monitor_similar_free);
  g_clear_pointer (&self->index, monitor_index_free);
  g_clear_pointer (&self->jobs, monitor_jobs_free);
  g_clear_pointer (&self->library, monitor_library_free);
  on_library_trouble (NULL, self);
  if (self->quiescing)
    on_stopped (self);
  else
    monitor_role_wait (self->role);
  return G_SOURCE_REMOVE;
}

/* Not at once: it may be the library's own call that found out. */
static void
on_lost (gpointer user_data)
{
  MonitorService *self = user_data;

  if (self->giving_up == 0)
    self->giving_up = g_idle_add_full (G_PRIORITY_HIGH, give_up, self, NULL);
}

/* While originals and thumbnails are out of reach, somebody else may reach them. */
static gboolean
may_take (gpointer user_data)
{
  MonitorService *self = user_data;
  BooruConfig *config = booru_service_context_get_config (self->context);
  const char *data_dir = booru_config_get_path (config, BOORU_CONFIG_DATA_DIR);
  const char *files_dir = booru_config_get_path (config, BOORU_CONFIG_FILES_DIR);
  gboolean there = booru_files_folder_is_there (data_dir, files_dir);
  g_autofree char *shown = NULL;

  if (there == (self->library_trouble == NULL))
    return there;
  shown = g_filename_display_name (files_dir);
  on_library_trouble (there ? NULL : "the files folder is away: see files-dir", self);
  if (!there)
    g_warning ("The files folder “%s” is away (its file " BOORU_FILE_FILES_ID
               " is not there): this host's monitor cannot take the role",
               shown);
  return there;
}

static const MonitorRoleFuncs role_funcs
    = { .may_take = may_take, .taken = on_taken, .lost = on_lost };

/* Hosts on other machines may use a database that is not in the data folder. */
static gboolean
is_elsewhere (BooruConfig *config)
{
  return *booru_config_get_string (config, BOORU_CONFIG_DATABASE, "") != '\0';
}

static gboolean
may_have_rivals (BooruConfig *config)
{
  return booru_config_get_boolean (config, BOORU_CONFIG_SHARED, FALSE) || is_elsewhere (config);
}

/* A monitor that waits is ready, too: to take over. */
static gboolean
begin (MonitorService *self, GError **error)
{
  BooruConfig *config = booru_service_context_get_config (self->context);

  if (!may_have_rivals (config))
    return apply_config (self, error);
  self->role = monitor_role_new (self->store, booru_config_get_path (config, BOORU_CONFIG_DATA_DIR),
                                 get_role_length (self), &role_funcs, self);
  monitor_role_wait (self->role);
  return TRUE;
}

/* An older database is migrated first, which may take long. */
static void
on_opening (const char *what, guint seconds, gpointer context)
{
  booru_service_context_starting (context, seconds, what);
}

static void
on_trouble (const GError *error, gpointer user_data)
{
  MonitorService *self = user_data;

  g_free (self->store_trouble);
  self->store_trouble = error ? g_strdup (error->message) : NULL;
  tell_trouble (self);
}

static void
connect_signals (MonitorService *self)
{
  BooruServiceContext *context = self->context;

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autofree char *signal = g_strconcat ("event::", requests[i].topic, NULL);

      g_signal_connect (context, signal, G_CALLBACK (on_requested), self);
    }
  g_signal_connect (context, "event::" BOORU_EVENT_POSTS_CHANGED,
                    G_CALLBACK (on_posts_changed_elsewhere), self);
  g_signal_connect (context, "configure", G_CALLBACK (on_configure), self);
  g_signal_connect (context, "quiesce", G_CALLBACK (on_quiesce), self);
}

static gboolean
start (BooruServiceContext *context, GError **error)
{
  BooruConfig *config = booru_service_context_get_config (context);
  const char *data_dir = booru_config_get_path (config, BOORU_CONFIG_DATA_DIR);
  const char *files_dir = booru_config_get_path (config, BOORU_CONFIG_FILES_DIR);
  MonitorService *self;

  if (data_dir == NULL || files_dir == NULL)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                   "The monitor was started without a data folder");
      return FALSE;
    }
  self = g_new0 (MonitorService, 1);
  self->context = context;
  self->status = monitor_status_new (context);
  monitor_requests_register (context, get_library);
  booru_service_context_set_data (context, self, service_free);

  self->store
      = booru_store_open (data_dir, booru_config_get_string (config, BOORU_CONFIG_DATABASE, NULL),
                          BOORU_STORE_CREATE, on_opening, context, error);
  if (self->store == NULL)
    return FALSE;
  booru_store_set_busy_timeout (self->store, BUSY_TIMEOUT);
  booru_store_watch_trouble (self->store, on_trouble, self);
  booru_store_set_metrics (self->store, booru_service_context_get_metrics (context));
  if (!booru_store_use_files_folder (self->store, data_dir, files_dir, error)
      || (is_elsewhere (config) && !booru_store_join_nodes (self->store, data_dir, error)))
    return FALSE;
  self->scratch = monitor_scratch_new (data_dir, files_dir, error);
  if (self->scratch == NULL)
    return FALSE;
  self->hasher = monitor_hasher_new (context, data_dir);
  self->display = monitor_display_new (context, self->store, files_dir);
  self->feed = monitor_feed_new (context, self->store, on_uploaded_elsewhere, self);
  if (!begin (self, error))
    return FALSE;
  connect_signals (self);
  booru_service_context_ready (context);
  return TRUE;
}

const BooruService monitor_service = {
  .name = "monitor",
  .process_name = "booru-monitor",
  .label = "Monitor",
  .instances = BOORU_SERVICE_ONE,
  .stop_timeout = 60,
  .start = start,
};
