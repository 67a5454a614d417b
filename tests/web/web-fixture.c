/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-fixture.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/booru-plugin-extend.h"

#define TEST_TYPE_CONTEXT (test_context_get_type ())
G_DECLARE_FINAL_TYPE (TestContext, test_context, TEST, CONTEXT, BooruServiceContext)

struct _TestContext
{
  BooruServiceContext parent_instance;
  Fixture *fixture;
};

G_DEFINE_FINAL_TYPE (TestContext, test_context, BOORU_TYPE_SERVICE_CONTEXT)

static void
test_context_ready (BooruServiceContext *context)
{
  g_atomic_int_inc (&TEST_CONTEXT (context)->fixture->ready);
}

static void
test_context_stopped (BooruServiceContext *context)
{
  g_atomic_int_inc (&TEST_CONTEXT (context)->fixture->stopped);
}

static void
test_context_fail (BooruServiceContext *context, const GError *error)
{
  g_error ("The service failed: %s", error->message);
}

static void
test_context_publish (BooruServiceContext *context, const char *topic, GVariant *payload)
{
  g_autofree char *text = g_variant_print (payload, FALSE);

  g_ptr_array_add (TEST_CONTEXT (context)->fixture->published,
                   g_strdup_printf ("%s %s", topic, text));
}

static const char told_settings[]
    = "([('org.booru.host', 'library-folders', {'value': <<[b'/lib']>>, 'summary': <'Folders'>}),"
      "  ('org.booru.host', 'port', {'value': <<uint16 5000>>, 'live': <false>,"
      "   'default': <<uint16 5000>>, 'origin': <'default'>, 'summary': <'Port'>,"
      "   'description': <'A TCP port.'>, 'takes': <'a number'>}),"
      "  ('org.booru.host', 'workers', {'value': <<uint32 4>>, 'live': <true>,"
      "   'default': <<uint32 4>>, 'stored': <<uint32 4>>, 'origin': <'stored'>,"
      "   'summary': <'Web processes'>, 'description': <'How many <b>processes</b>.'>,"
      "   'takes': <'a number from 1 to 64'>, 'minimum': <<uint32 1>>, 'maximum': <<uint32 64>>}),"
      "  ('org.booru.host', 'verbose', {'value': <<true>>, 'live': <true>,"
      "   'default': <<false>>, 'origin': <'option'>, 'summary': <'Log details'>,"
      "   'description': <''>, 'takes': <'true or false'>}),"
      "  ('org.booru.host.monitor', 'folder-rules', {'live': <true>, 'origin': <'stored'>,"
      "   'value': <<[(b'/a<b>\\377', {'tags': <'wip'>, 'rating': <'q'>, 'embedded': <false>,"
      "     'exclude': <['*.gif', 'old']>})]>>, 'summary': <'Folder rules'>,"
      "   'description': <'For example [(b1, {})]'>, 'takes': <'rules'>})],)";
static const char told_status[]
    = "({'host': <{'State': <'ready'>, 'Version': <'1.2.3'>, 'Pid': <uint32 7>, 'Uptime': <uint64 "
      "3700>,"
      "   'Address': <'http://127.0.0.1:1/'>, 'DataDir': <b'/data'>,"
      "   'Progress': <[{'folder': <b'/lib'>, 'running': <true>, 'passed': <uint64 1200>,"
      "     'total': <uint64 5000>, 'files-rate': <33.0>, 'bytes-rate': <2e6>, 'left': <uint64 "
      "200>,"
      "     'current': <b'cat<s>.jpg'>}]>,"
      "   'Ingest': <{'running': <true>, 'queued': <uint64 5>, 'working': <uint64 2>}>}>,"
      "  'services': <[{'Name': <'monitor'>, 'State': <'failed'>, 'Error': <'it <crashed>'>},"
      "    {'Name': <'web'>, 'State': <'ready'>, 'Trouble': <'no <more> descriptors'>}]>,"
      "  'processes': <[{'Name': <'booru-web'>, 'Pid': <uint32 8>, 'State': <'starting'>,"
      "     'Activity': <'migrates'>,"
      "     'Memory': <uint64 9000000>, 'CpuTime': <1.5>}]>,"
      "  'plugins': <[{'Name': <'monitor'>, 'Enabled': <true>}, {'Name': <'web'>, 'Enabled': "
      "<true>}]>},)";

static const char *
answer_method (const char *method)
{
  if (g_str_equal (method, "GetStatus"))
    return told_status;
  if (g_str_equal (method, "DescribeSettings"))
    return told_settings;
  if (g_str_equal (method, "ListEvents"))
    return "([(uint64 1, int64 1000000, 'ready', 'All is <well>')],)";
  return "()";
}

/* As the host would; what changes something is written down. */
static void
test_context_ask_host (BooruServiceContext *context,
                       BooruHostQuestion question,
                       GVariant *argument,
                       GTask *task)
{
  g_autoptr (GTask) owned = task;
  g_autoptr (GVariant) parameters = NULL;
  g_autofree char *printed = NULL;
  const char *method, *answer;

  if (question != BOORU_HOST_CONTROL)
    {
      g_task_return_new_error (task, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED, "None here");
      return;
    }
  g_variant_get (argument, "(&sv)", &method, &parameters);
  printed = g_variant_print (parameters, FALSE);
  answer = answer_method (method);
  if (g_str_equal (answer, "()"))
    g_ptr_array_add (TEST_CONTEXT (context)->fixture->controlled,
                     g_strdup_printf ("%s %s", method, printed));
  if (strstr (printed, "/bad"))
    g_task_return_new_error (task, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no <bad> here");
  else
    g_task_return_pointer (task, g_variant_ref_sink (g_variant_new_parsed (answer)),
                           (GDestroyNotify)g_variant_unref);
}

static void
test_context_class_init (TestContextClass *klass)
{
  BooruServiceContextClass *context_class = BOORU_SERVICE_CONTEXT_CLASS (klass);

  context_class->ready = test_context_ready;
  context_class->stopped = test_context_stopped;
  context_class->fail = test_context_fail;
  context_class->publish = test_context_publish;
  context_class->ask_host = test_context_ask_host;
}

static void
test_context_init (TestContext *self)
{
}

static int
remove_one (const char *path, const struct stat *info, int flag, struct FTW *ftw)
{
  return remove (path);
}

static void
open_listener (Fixture *fixture)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t length = sizeof address;

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  fixture->listener = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (fixture->listener, (struct sockaddr *)&address, sizeof address), ==, 0);
  g_assert_cmpint (listen (fixture->listener, 64), ==, 0);
  g_assert_cmpint (getsockname (fixture->listener, (struct sockaddr *)&address, &length), ==, 0);
  fixture->port = ntohs (address.sin_port);
  fixture->base_url = g_strdup_printf ("http://127.0.0.1:%u", fixture->port);
}

static BooruConfig *
make_config (Fixture *fixture, const char *text)
{
  g_autoptr (GVariant) given = g_variant_ref_sink (
      text ? g_variant_new_parsed (text) : g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
  GVariantDict dict;

  g_variant_dict_init (&dict, given);
  g_variant_dict_insert_value (&dict, BOORU_CONFIG_DATA_DIR,
                               g_variant_new_bytestring (fixture->data_dir));
  if (!g_variant_dict_contains (&dict, BOORU_CONFIG_ADDRESS))
    g_variant_dict_insert (&dict, BOORU_CONFIG_ADDRESS, "s", "127.0.0.1");
  g_variant_dict_insert (&dict, BOORU_CONFIG_PORT, "u", (guint)fixture->port);
  return booru_config_new (g_variant_dict_end (&dict));
}

const char *fixture_plugin, *fixture_warning;

static void
load_plugin (GPtrArray *plugins, const char *folder, const char *name)
{
  g_autofree char *path
      = g_strdup_printf ("%s/%s/%s.plugin", g_getenv ("BOORU_TEST_BUILD_ROOT"), folder, name);
  g_autoptr (GError) error = NULL;
  BooruPluginInfo *info = booru_plugin_info_new_from_file (path, &error);

  g_assert_true (info && booru_plugin_info_load (info, &error));
  g_ptr_array_add (plugins, info);
}

/* As a child of the host does it: load, extend, start. */
static void
start_service (Fixture *fixture, const char *config)
{
  g_autoptr (GPtrArray) plugins = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;
  const BooruService *service;

  load_plugin (plugins, "plugins/web", "web");
  if (fixture_plugin)
    load_plugin (plugins, "tests/plugins", fixture_plugin);
  booru_plugin_extend (plugins, fixture->context, "web", &error);
  g_assert_no_error (error);
  booru_service_context_set_listener (fixture->context, fixture->listener);
  booru_service_context_take_config (fixture->context, make_config (fixture, config));
  service = g_ptr_array_index (booru_plugin_info_get_services (plugins->pdata[0]), 0);
  if (fixture_warning)
    g_test_expect_message ("booru-web", G_LOG_LEVEL_WARNING, fixture_warning);
  service->start (fixture->context, &error);
  g_assert_no_error (error);
  g_test_assert_expected_messages ();
  g_assert_cmpint (fixture->ready, ==, 1);
}

typedef struct
{
  const char *config;
  FixtureFunc func;
  Fixture *fixture;
} Test;

static gpointer
run_thread (gpointer data)
{
  Test *test = data;
  Fixture *fixture = test->fixture;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GError) error = NULL;

  g_main_context_push_thread_default (context);
  fixture->session = soup_session_new_with_options ("timeout", 20, NULL);
  fixture->store
      = booru_store_open (fixture->data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->folder
      = booru_store_ensure_folder (fixture->store, fixture->library, BOORU_FOLDER_LIBRARY, &error);
  g_assert_no_error (error);
  booru_store_set_folder_state (fixture->store, fixture->folder->id, TRUE, 1, &error);
  g_assert_no_error (error);

  test->func (fixture);

  booru_folder_free (fixture->folder);
  g_object_unref (fixture->store);
  g_object_unref (fixture->session);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);
  g_atomic_int_set (&fixture->done, 1);
  g_main_context_wakeup (NULL);
  return NULL;
}

static void
run_test (gconstpointer data)
{
  Fixture fixture = { .listener = -1 };
  Test test = *(const Test *)data;
  g_autoptr (GError) error = NULL;

  test.fixture = &fixture;
  fixture.data_dir = g_dir_make_tmp ("web-test-XXXXXX", &error);
  g_assert_no_error (error);
  fixture.library = g_build_filename (fixture.data_dir, "library", NULL);
  g_mkdir (fixture.library, 0700);
  fixture.published = g_ptr_array_new_with_free_func (g_free);
  fixture.controlled = g_ptr_array_new_with_free_func (g_free);
  open_listener (&fixture);
  fixture.context = g_object_new (TEST_TYPE_CONTEXT, NULL);
  TEST_CONTEXT (fixture.context)->fixture = &fixture;
  start_service (&fixture, test.config);

  fixture.thread = g_thread_new ("client", run_thread, &test);
  while (!g_atomic_int_get (&fixture.done))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (fixture.thread);

  g_object_unref (fixture.context);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  close (fixture.listener);
  g_ptr_array_unref (fixture.published);
  g_ptr_array_unref (fixture.controlled);
  nftw (fixture.data_dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  g_free (fixture.data_dir);
  g_free (fixture.library);
  g_free (fixture.base_url);
}

void
fixture_add_test (const char *path, const char *config, FixtureFunc func)
{
  Test *test = g_new0 (Test, 1);

  test->config = config;
  test->func = func;
  g_test_add_data_func_full (path, test, run_test, g_free);
}

typedef struct
{
  FixtureFunc func;
  Fixture *fixture;
  gint done;
} Call;

static gboolean
on_invoked (gpointer data)
{
  Call *call = data;

  call->func (call->fixture);
  g_atomic_int_set (&call->done, 1);
  return G_SOURCE_REMOVE;
}

void
fixture_wait (const gint *flag)
{
  while (!g_atomic_int_get (flag))
    g_usleep (500);
}

void
fixture_invoke (FixtureFunc func, Fixture *fixture)
{
  Call call = { func, fixture, 0 };

  g_main_context_invoke (NULL, on_invoked, &call);
  fixture_wait (&call.done);
}

static void
quiesce (Fixture *fixture)
{
  booru_service_context_emit_quiesce (fixture->context, FALSE);
}

void
fixture_quiesce (Fixture *fixture)
{
  fixture_invoke (quiesce, fixture);
}

static void
hand_over (Fixture *fixture)
{
  booru_service_context_emit_quiesce (fixture->context, TRUE);
}

void
fixture_hand_over (Fixture *fixture)
{
  fixture_invoke (hand_over, fixture);
}

static void
write_file (const char *path, const void *data, gsize size, BooruFileStat *result)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;
  struct stat info;

  g_mkdir_with_parents (folder, 0700);
  g_file_set_contents (path, data, (gssize)size, &error);
  g_assert_no_error (error);
  g_assert_cmpint (stat (path, &info), ==, 0);
  if (result)
    *result = (BooruFileStat){ info.st_size,
                               info.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000)
                                   + info.st_mtim.tv_nsec,
                               info.st_ino, info.st_dev };
}

static BooruPost *
apply (Fixture *fixture, BooruFileChange *change, const char *path, const void *data, gsize size)
{
  g_autofree char *full = g_build_filename (fixture->library, path, NULL);
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  g_autoptr (GError) error = NULL;
  BooruPost *post;

  change->folder_id = fixture->folder->id;
  change->path = g_strdup (path);
  write_file (full, data, size, &change->stat);
  g_ptr_array_add (changes, change);
  booru_store_apply_file_changes (fixture->store, changes, &error);
  g_assert_no_error (error);
  post = booru_store_get_post (fixture->store, change->post_id, &error);
  g_assert_no_error (error);
  return post;
}

BooruPost *
fixture_add_post (Fixture *fixture, const char *path, const char *ext, const void *data, gsize size)
{
  BooruFileChange *change = booru_file_change_new (BOORU_FILE_ADD);
  g_autofree char *md5 = g_compute_checksum_for_data (G_CHECKSUM_MD5, data, size);

  g_strlcpy (change->media.md5, md5, sizeof change->media.md5);
  g_strlcpy (change->media.ext, ext, sizeof change->media.ext);
  change->media.size = (gint64)size;
  change->media.width = 2000;
  change->media.height = 1000;
  change->media.duration = g_str_equal (ext, "mp4") ? 2.5 : g_str_equal (ext, "gif") ? 60 : -1;
  change->media.frames = g_str_equal (ext, "mp4") ? 50 : g_str_equal (ext, "gif") ? 1200 : 1;
  change->media.has_sound = g_str_equal (ext, "mp4");
  change->media.has_sample = g_str_equal (ext, "jpg");
  change->media.has_alpha = g_str_equal (ext, "png");
  return apply (fixture, change, path, data, size);
}

BooruPost *
fixture_add_file (Fixture *fixture, BooruPost *post, const char *path, const void *data, gsize size)
{
  BooruFileChange *change = booru_file_change_new (BOORU_FILE_LINK);

  change->post_id = post->id;
  return apply (fixture, change, path, data, size);
}

void
fixture_fail_file (Fixture *fixture, const char *path, const char *reason)
{
  BooruFileChange *change = booru_file_change_new (BOORU_FILE_FAIL);
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  g_autoptr (GError) error = NULL;

  change->folder_id = fixture->folder->id;
  change->path = g_strdup (path);
  change->stat = (BooruFileStat){ 12, 1, 1, 1 };
  change->failure = g_strdup (reason);
  g_ptr_array_add (changes, change);
  booru_store_apply_file_changes (fixture->store, changes, &error);
  g_assert_no_error (error);
}

gint64
fixture_add_hashed (Fixture *fixture, const char *name, guint64 phash, const char *tags)
{
  g_autoptr (BooruPost) plain = fixture_add_post (fixture, name, "jpg", name, strlen (name));
  g_autoptr (BooruPost) post = fixture_tag (fixture, plain, tags);
  g_autoptr (GPtrArray) files = booru_store_list_post_files (fixture->store, post->id, NULL);
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  const BooruFile *file = files->pdata[0];
  BooruFileChange *change = booru_file_change_new (BOORU_FILE_ADD);

  change->folder_id = file->folder_id;
  change->path = g_strdup (file->path);
  change->stat = file->stat;
  change->media = post->media;
  change->media.phash = phash;
  change->media.has_alpha = g_str_has_suffix (name, ".png");
  g_ptr_array_add (changes, change);
  g_assert_true (booru_store_apply_file_changes (fixture->store, changes, NULL));
  return post->id;
}

void
fixture_add_variant (Fixture *fixture,
                     const BooruPost *post,
                     BooruVariant variant,
                     const void *data,
                     gsize size)
{
  g_autofree char *path = booru_variant_get_path (variant, post->media.md5);
  g_autofree char *full = g_build_filename (fixture->data_dir, path, NULL);

  write_file (full, data, size, NULL);
}

/* As if the decoder had read it anew. */
void
fixture_set_metadata (Fixture *fixture, const BooruPost *post, const char *metadata)
{
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  g_autoptr (GPtrArray) files = booru_store_list_post_files (fixture->store, post->id, NULL);
  BooruFileChange *change = booru_file_change_new (BOORU_FILE_ADD);
  g_autoptr (GError) error = NULL;
  const BooruFile *file = files->pdata[0];

  change->media = post->media;
  change->folder_id = file->folder_id;
  change->path = g_strdup (file->path);
  change->stat = file->stat;
  change->metadata = g_strdup (metadata);
  g_ptr_array_add (changes, change);
  booru_store_apply_file_changes (fixture->store, changes, &error);
  g_assert_no_error (error);
}

BooruPost *
fixture_tag (Fixture *fixture, const BooruPost *post, const char *tags)
{
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  g_autoptr (GError) error = NULL;
  BooruPost *edited;

  edit.tag_string = tags;
  edited = booru_store_edit_post (fixture->store, post->id, &edit, &error);
  g_assert_no_error (error);
  return edited;
}

void
answer_free (Answer *answer)
{
  soup_message_headers_unref (answer->headers);
  g_bytes_unref (answer->body);
  g_free (answer->text);
  g_clear_pointer (&answer->json, json_node_unref);
  g_free (answer);
}

static Answer *
exchange (Fixture *fixture, SoupMessage *message)
{
  Answer *answer = g_new0 (Answer, 1);
  g_autoptr (GError) error = NULL;
  gsize size;
  const char *data;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  answer->body = soup_session_send_and_read (fixture->session, message, NULL, &error);
  g_assert_no_error (error);
  answer->status = soup_message_get_status (message);
  answer->headers = soup_message_headers_ref (soup_message_get_response_headers (message));
  data = g_bytes_get_data (answer->body, &size);
  answer->text = g_strndup (data ? data : "", size);
  if (g_str_has_prefix (soup_message_headers_get_content_type (answer->headers, NULL)
                            ? soup_message_headers_get_content_type (answer->headers, NULL)
                            : "",
                        "application/json")
      && size > 0)
    {
      answer->json = json_from_string (answer->text, &error);
      g_assert_no_error (error);
    }
  return answer;
}

static SoupMessage *
make_message (Fixture *fixture, const char *method, const char *path)
{
  g_autofree char *url = g_strconcat (fixture->base_url, path, NULL);
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD, NULL);

  g_assert_nonnull (uri);
  return soup_message_new_from_uri (method, uri);
}

Answer *
fixture_ask (Fixture *fixture, const char *method, const char *path, ...)
{
  g_autoptr (SoupMessage) message = make_message (fixture, method, path);
  va_list args;

  va_start (args, path);
  for (const char *name; (name = va_arg (args, const char *)) != NULL;)
    soup_message_headers_replace (soup_message_get_request_headers (message), name,
                                  va_arg (args, const char *));
  va_end (args);
  return exchange (fixture, message);
}

Answer *
fixture_send (Fixture *fixture,
              const char *method,
              const char *path,
              const char *content_type,
              const char *body)
{
  return fixture_send_with (fixture, method, path, content_type, body, NULL);
}

Answer *
fixture_send_with (Fixture *fixture,
                   const char *method,
                   const char *path,
                   const char *content_type,
                   const char *body,
                   ...)
{
  g_autoptr (SoupMessage) message = make_message (fixture, method, path);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  va_list args;

  soup_message_set_request_body_from_bytes (message, content_type, bytes);
  va_start (args, body);
  for (const char *name; (name = va_arg (args, const char *)) != NULL;)
    soup_message_headers_replace (soup_message_get_request_headers (message), name,
                                  va_arg (args, const char *));
  va_end (args);
  return exchange (fixture, message);
}

Answer *
fixture_post_form (Fixture *fixture, const char *path, const char *form)
{
  return fixture_send (fixture, "POST", path, FORM, form);
}

Answer *
fixture_get_page (Fixture *fixture, const char *path, guint status)
{
  Answer *answer = fixture_ask (fixture, "GET", path, "Accept", "text/html", NULL);

  require_status (answer, status);
  return answer;
}

const char *
answer_header (Answer *answer, const char *name)
{
  return soup_message_headers_get_list (answer->headers, name);
}

void
require_status (Answer *answer, guint status)
{
  if (answer->status != status)
    g_test_message ("%s", answer->text);
  g_assert_cmpuint (answer->status, ==, status);
}

void
require_error (Answer *answer, guint status)
{
  JsonObject *object;

  require_status (answer, status);
  g_assert_nonnull (answer->json);
  object = json_node_get_object (answer->json);
  g_assert_false (json_object_get_boolean_member (object, "success"));
  g_assert_cmpstr (json_object_get_string_member (object, "error"), !=, "");
  g_assert_cmpstr (json_object_get_string_member (object, "message"), !=, "");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "backtrace")), ==,
                    0);
}

void
require_text (Answer *answer, const char *text)
{
  if (strstr (answer->text, text) == NULL)
    g_error ("“%s” is missing in: %s", text, answer->text);
}

void
prohibit_text (Answer *answer, const char *text)
{
  if (strstr (answer->text, text))
    g_error ("“%s” is in: %s", text, answer->text);
}

GSocketConnection *
fixture_connect (Fixture *fixture)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection;

  g_socket_client_set_timeout (client, 20);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", fixture->port, NULL, &error);
  g_assert_no_error (error);
  return connection;
}

void
raw_send (GSocketConnection *connection, const char *text)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  /* The server may refuse and close before everything was written. */
  g_output_stream_write_all (output, text, strlen (text), NULL, NULL, NULL);
}

char *
raw_read_all (GSocketConnection *connection)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GString *text = g_string_new (NULL);
  char buffer[4096];
  gssize got;
  g_autoptr (GError) error = NULL;

  while ((got = g_input_stream_read (input, buffer, sizeof buffer, NULL, &error)) > 0)
    g_string_append_len (text, buffer, got);
  if (got < 0)
    g_assert_false (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT));
  return g_string_free (text, FALSE);
}
