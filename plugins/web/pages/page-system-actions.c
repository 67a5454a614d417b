/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the buttons of /system do: POST /system/:action. Each is a method of org.booru.Host1; the
 * host looks at what it is given, as it does for booructl. */
#include <stdlib.h>
#include <string.h>

#include "page-first-run.h"
#include "page-system.h"
#include "page-text.h"
#include "web-form-token.h"
#include "http/web-error.h"

/* Processes are replaced one by one, and this one is among them: whoever waits for the end of that
 * would keep it from ending. What fails at once is told. */
#define PATIENCE_MS 800

typedef struct
{
  WebRequest *request;
  char *back;  /* where to go when it is done */
  guint timer; /* or 0 */
  gboolean answered;
} Action;

static void
action_free (Action *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->request);
  g_free (self->back);
  g_free (self);
}

static void
go_back (Action *self)
{
  self->answered = TRUE;
  booru_request_set_header (BOORU_REQUEST (self->request), "Cache-Control", "no-store");
  web_request_redirect (self->request, 303, self->back);
}

static gboolean
on_patience (gpointer user_data)
{
  Action *self = user_data;

  self->timer = 0;
  go_back (self);
  return G_SOURCE_REMOVE;
}

/* Whether the form of the action has a field beside which to say what is wrong. */
static gboolean
has_field (const char *action)
{
  return strcmp (action, "add-folder") == 0 || strcmp (action, "ingest-folder") == 0;
}

static void
show_problem (WebRequest *request, const GError *error)
{
  PageSystem *system = page_system_new (request);
  const char *action = booru_request_get_capture (BOORU_REQUEST (request), "action");
  const char *back = booru_request_get_param (BOORU_REQUEST (request), "back");
  const char *class;

  if (has_field (action))
    {
      const char *typed = booru_request_get_param (BOORU_REQUEST (request), "path");

      system->field = g_strdup (action);
      system->typed = g_strdup (typed ? typed : "");
      system->wrong = g_strdup (error->message);
    }
  else
    system->notice = g_strdup (error->message);
  system->bad = TRUE;
  system->http_status = booru_err_invalid (error) || booru_err_notfound (error)
                            ? 422
                            : web_error_get_status (error, &class);
  if (system->field && g_strcmp0 (back, "/posts") == 0)
    page_first_run_show (system);
  else
    page_system_show (system);
}

static void
on_done (GObject *context, GAsyncResult *result, gpointer user_data)
{
  Action *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
      = booru_service_context_ask_host_finish (BOORU_SERVICE_CONTEXT (context), result, &error);

  if (!self->answered && answer)
    go_back (self);
  else if (!self->answered)
    show_problem (self->request, error);
  action_free (self);
}

/* @done: word for the notice on the page that follows */
static Action *
action_new (WebRequest *request, const char *done)
{
  Action *self = g_new0 (Action, 1);
  const char *back = booru_request_get_param (BOORU_REQUEST (request), "back");
  gboolean ours = back && (g_str_has_prefix (back, "/system") || strcmp (back, "/posts") == 0)
                  && !strpbrk (back, "\\\r\n");

  self->request = g_object_ref (request);
  back = ours ? back : "/system";
  self->back = g_strconcat (back, strchr (back, '?') ? "&done=" : "?done=", done, NULL);
  return self;
}

/* @parameters: sinks a floating reference */
static void
call (WebRequest *request, const char *done, const char *method, GVariant *parameters)
{
  Action *action = action_new (request, done);

  action->timer = g_timeout_add (PATIENCE_MS, on_patience, action);
  booru_service_context_control_host_async (
      web_worker_get_context (web_request_get_worker (request)), method, parameters, on_done,
      action);
}

static const char *
get_param (WebRequest *request, const char *name)
{
  const char *value = booru_request_get_param (BOORU_REQUEST (request), name);

  return value ? value : "";
}

static void
call_with_path (WebRequest *request, const char *done, const char *method, const char *param)
{
  g_autofree char *path = page_system_unescape_path (get_param (request, param));
  g_autoptr (GError) error = NULL;

  if (path)
    {
      call (request, done, method, g_variant_new ("(^ay)", path));
      return;
    }
  g_set_error (&error, BOORU_ERROR, BOORU_ERROR_INVALID, "That is not a valid path");
  show_problem (request, error);
}

static void
scan (WebRequest *request)
{
  call_with_path (request, "scan", "Scan", "folder");
}

static void
retry (WebRequest *request)
{
  call_with_path (request, "retry", "Retry", "path");
}

static void
reload (WebRequest *request)
{
  call (request, "reload", "Reload", g_variant_new ("()"));
}

static void
restart (WebRequest *request)
{
  call (request, "restart", "RestartService",
        g_variant_new ("(s)", get_param (request, "service")));
}

static void
enable (WebRequest *request)
{
  call (request, "plugin", "EnablePlugin", g_variant_new ("(s)", get_param (request, "plugin")));
}

static void
disable (WebRequest *request)
{
  call (request, "plugin", "DisablePlugin", g_variant_new ("(s)", get_param (request, "plugin")));
}

/* Folders: a list is changed by one */

typedef struct
{
  WebRequest *request;
  char *path;
  gboolean remove;
} FolderChange;

static void
folder_change_free (FolderChange *self)
{
  g_object_unref (self->request);
  g_free (self->path);
  g_free (self);
}

/* As the setting has it, or as it lies in the file system: links may lead there. */
static gboolean
is_same_folder (const char *a, const char *b)
{
  char *real_a = realpath (a, NULL), *real_b = realpath (b, NULL);
  gboolean same = strcmp (a, b) == 0 || (real_a && real_b && strcmp (real_a, real_b) == 0)
                  || (real_a && strcmp (real_a, b) == 0);

  free (real_a);
  free (real_b);
  return same;
}

static GVariant *
find_folders (GVariant *settings)
{
  GVariantIter iter;
  GVariant *dict;
  const char *schema, *key;

  g_variant_iter_init (&iter, settings);
  while (g_variant_iter_next (&iter, "(&s&s@a{sv})", &schema, &key, &dict))
    {
      g_autoptr (GVariant) owned = dict;
      GVariant *value = NULL;

      if (strcmp (schema, BOORU_SCHEMA_HOST) == 0 && strcmp (key, "library-folders") == 0
          && g_variant_lookup (dict, "value", "v", &value))
        return value;
    }
  return NULL;
}

/* The list with the one change; FALSE if that makes no sense. */
static gboolean
change_folders (GVariant *before, const FolderChange *change, GVariant **after, GError **error)
{
  g_autofree const char **paths = g_variant_get_bytestring_array (before, NULL);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();
  gboolean found = FALSE;

  for (gsize i = 0; paths[i]; i++)
    {
      gboolean same = is_same_folder (paths[i], change->path);

      found |= same;
      if (!(same && change->remove))
        g_ptr_array_add (kept, (gpointer)paths[i]);
    }
  if (found == change->remove)
    {
      if (!change->remove)
        g_ptr_array_add (kept, change->path);
      *after = g_variant_new_bytestring_array ((const char *const *)kept->pdata, kept->len);
      return TRUE;
    }
  {
    g_autofree char *shown = g_filename_display_name (change->path);

    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                 found ? "“%s” is already a library folder" : "“%s” is not a library folder",
                 shown);
  }
  return FALSE;
}

/* What the notice on the next page is made of. */
static char *
make_done (const FolderChange *change)
{
  g_autofree char *real = realpath (change->path, NULL);
  g_autofree char *escaped = page_system_escape_path (real ? real : change->path);
  g_autofree char *twice = g_uri_escape_string (escaped, "/", FALSE);

  return change->remove ? g_strdup ("folder-gone") : g_strconcat ("folder&added=", twice, NULL);
}

static void
on_settings (GObject *context, GAsyncResult *result, gpointer user_data)
{
  FolderChange *change = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
      = booru_service_context_ask_host_finish (BOORU_SERVICE_CONTEXT (context), result, &error);
  g_autoptr (GVariant) settings = answer ? g_variant_get_child_value (answer, 0) : NULL;
  g_autoptr (GVariant) before = settings ? find_folders (settings) : NULL;
  g_autofree char *done = make_done (change);
  GVariant *after = NULL;

  if (answer && before == NULL)
    g_set_error (&error, BOORU_ERROR, BOORU_ERROR_FAILED,
                 "The host did not say which library folders it has");
  if (before && change_folders (before, change, &after, &error))
    call (change->request, done, "ApplySetting",
          g_variant_new ("(ssv)", BOORU_SCHEMA_HOST, "library-folders", after));
  else
    show_problem (change->request, error);
  folder_change_free (change);
}

static void
change_folder (WebRequest *request, char *path, gboolean remove)
{
  FolderChange *change = g_new0 (FolderChange, 1);

  change->request = g_object_ref (request);
  change->path = path;
  change->remove = remove;
  booru_service_context_control_host_async (
      web_worker_get_context (web_request_get_worker (request)), "DescribeSettings",
      g_variant_new ("()"), on_settings, change);
}

static void
add_folder (WebRequest *request)
{
  g_autofree char *path = page_system_expand_path (get_param (request, "path"));
  g_autoptr (GError) error = NULL;

  if (*path)
    {
      change_folder (request, g_steal_pointer (&path), FALSE);
      return;
    }
  g_set_error (&error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "Enter the full path of a folder, such as /home/me/Pictures");
  show_problem (request, error);
}

static void
remove_folder (WebRequest *request)
{
  char *path = page_system_unescape_path (get_param (request, "folder"));

  change_folder (request, path ? path : g_strdup (""), TRUE);
}

static void
set_ingest_folder (WebRequest *request)
{
  g_autofree char *path = page_system_expand_path (get_param (request, "path"));

  call (
      request, "ingest", "ApplySetting",
      g_variant_new ("(ssv)", BOORU_SCHEMA_HOST, "ingest-folder", g_variant_new_bytestring (path)));
}

static const struct
{
  const char *name;
  void (*run) (WebRequest *request);
} actions[] = {
  { "scan", scan },
  { "retry", retry },
  { "reload", reload },
  { "restart", restart },
  { "enable", enable },
  { "disable", disable },
  { "add-folder", add_folder },
  { "remove-folder", remove_folder },
  { "ingest-folder", set_ingest_folder },
};

void
page_system_handle_action (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const char *name = booru_request_get_capture (base, "action");

  if (!web_form_token_check (request))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (strcmp (actions[i].name, name) == 0)
      {
        actions[i].run (request);
        return;
      }
  web_request_fail_status (request, 404, web_error_get_class (404), "No such action.");
}
