/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/booru-plugin-info.h"

#include <gmodule.h>
#include <string.h>

#include "base/booru-error.h"
#include "plugin/booru-plugin-file.h"

#define GROUP "Plugin"
#define PROCESS_NAME_MAX 15 /* what the kernel keeps of a process's name */

struct _BooruPluginInfo
{
  GObject parent_instance;
  char *path;
  char *name;
  char *description;
  char *module_path;
  char **depends;
  char **extends;
  gboolean essential;
  GStrv warnings;
  char *fault; /* of the metadata */

  const BooruPluginDescriptor *descriptor; /* NULL until loaded */
  BooruSettingsCheck check;
  GPtrArray *services; /* BooruService */
  gboolean knows_services;
  gboolean checks_nothing;
};

struct _BooruPluginContext
{
  GPtrArray *services;
  BooruSettingsCheck check;
  GError *error; /* the first registration that was refused */
};

G_DEFINE_FINAL_TYPE (BooruPluginInfo, booru_plugin_info, G_TYPE_OBJECT)

static void
booru_plugin_info_finalize (GObject *object)
{
  BooruPluginInfo *self = BOORU_PLUGIN_INFO (object);

  g_free (self->path);
  g_free (self->name);
  g_free (self->description);
  g_free (self->module_path);
  g_strfreev (self->depends);
  g_strfreev (self->extends);
  g_strfreev (self->warnings);
  g_free (self->fault);
  g_ptr_array_unref (self->services);
  G_OBJECT_CLASS (booru_plugin_info_parent_class)->finalize (object);
}

static void
booru_plugin_info_class_init (BooruPluginInfoClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = booru_plugin_info_finalize;
}

static void
booru_plugin_info_init (BooruPluginInfo *self)
{
  self->services = g_ptr_array_new_with_free_func (g_free);
}

/* Names become file names, D-Bus object paths and names of settings schemas. */
static gboolean
is_plugin_name (const char *name)
{
  if (!g_ascii_islower (*name))
    return FALSE;
  for (const char *at = name; *at; at++)
    {
      if (!g_ascii_islower (*at) && !g_ascii_isdigit (*at) && *at != '-')
        return FALSE;
    }
  return TRUE;
}

static gboolean refuse_metadata (BooruPluginInfo *self, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static gboolean
refuse_metadata (BooruPluginInfo *self, GError **error, const char *format, ...)
{
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG, "Plugin metadata “%s”: %s", self->path, why);
  return FALSE;
}

static gboolean
read_name (BooruPluginInfo *self, GKeyFile *keyfile, GError **error)
{
  self->name = g_key_file_get_string (keyfile, GROUP, "Name", NULL);
  if (self->name == NULL)
    return refuse_metadata (self, error, "Name= is missing in the group [" GROUP "]");
  if (!is_plugin_name (self->name))
    {
      g_autofree char *shown = g_strescape (self->name, NULL);

      return refuse_metadata (self, error,
                              "Name=%s: a name consists of the letters a to z, digits and “-”, "
                              "and begins with a letter",
                              shown);
    }
  return TRUE;
}

/* Before the module is opened: its initialisers run then, built for who knows what. */
static gboolean
check_metadata_abi (BooruPluginInfo *self, GKeyFile *keyfile, GError **error)
{
  g_autofree char *text = g_key_file_get_string (keyfile, GROUP, "ABI", NULL);
  guint64 abi;

  if (text == NULL)
    return refuse_metadata (self, error, "ABI= is missing; this program has plugin ABI %u",
                            BOORU_PLUGIN_ABI);
  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32, &abi, NULL))
    return refuse_metadata (self, error, "ABI=%s is not a number", text);
  if (abi != BOORU_PLUGIN_ABI)
    return refuse_metadata (self, error,
                            "the plugin %s is built for plugin ABI %u, but this program has %u; "
                            "install a matching version",
                            self->name, (guint)abi, BOORU_PLUGIN_ABI);
  return TRUE;
}

static char *
read_module_path (const char *path, const char *module)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return g_canonicalize_filename (module, folder);
}

static gboolean
read_essential (BooruPluginInfo *self, GKeyFile *keyfile, GError **error)
{
  g_autoptr (GError) local = NULL;

  self->essential = g_key_file_get_boolean (keyfile, GROUP, "Essential", &local);
  if (g_error_matches (local, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE))
    return refuse_metadata (self, error, "Essential= must be true or false");
  return TRUE;
}

static gboolean
read_metadata (BooruPluginInfo *self, GKeyFile *keyfile, GError **error)
{
  g_autofree char *module = g_key_file_get_string (keyfile, GROUP, "Module", NULL);

  if (!read_name (self, keyfile, error) || !check_metadata_abi (self, keyfile, error)
      || !read_essential (self, keyfile, error))
    return FALSE;
  if (module == NULL || *module == '\0')
    return refuse_metadata (self, error, "Module= is missing in the group [" GROUP "]");

  self->module_path = read_module_path (self->path, module);
  self->description = g_key_file_get_locale_string (keyfile, GROUP, "Description", NULL, NULL);
  self->depends = g_key_file_get_string_list (keyfile, GROUP, "Depends", NULL, NULL);
  self->extends = g_key_file_get_string_list (keyfile, GROUP, "Extends", NULL, NULL);
  if (self->description == NULL)
    self->description = g_strdup ("");
  if (self->depends == NULL)
    self->depends = g_new0 (char *, 1);
  if (self->extends == NULL)
    self->extends = g_new0 (char *, 1);
  self->warnings = booru_plugin_file_list_unknown_keys (keyfile);
  return TRUE;
}

/**
 * booru_plugin_info_new_from_file:
 * @path: a .plugin file
 * @error: %BOORU_ERROR_CONFIG if it cannot be read, lacks Name=, Module= or ABI=, or names another
 *   ABI than this program's
 *
 * Reads a plugin's metadata. Its module is not touched.
 *
 * Returns: (transfer full): the plugin, or %NULL
 */
BooruPluginInfo *
booru_plugin_info_new_from_file (const char *path, GError **error)
{
  g_autoptr (BooruPluginInfo) self = g_object_new (BOORU_TYPE_PLUGIN_INFO, NULL);
  g_autoptr (GKeyFile) keyfile = g_key_file_new ();
  g_autoptr (GError) local = NULL;
  g_autofree char *text = NULL;
  gsize length;

  self->path = g_canonicalize_filename (path, NULL);
  text = booru_plugin_file_read (self->path, &length, &local);
  if (text == NULL || !g_key_file_load_from_data (keyfile, text, length, G_KEY_FILE_NONE, &local))
    {
      refuse_metadata (self, error, "%s", local->message);
      return NULL;
    }
  return read_metadata (self, keyfile, error) ? g_steal_pointer (&self) : NULL;
}

BooruPluginInfo *
booru_plugin_info_new_broken (const char *path, const char *fault)
{
  g_autofree char *name = g_path_get_basename (path);
  BooruPluginInfo *self;

  if (g_str_has_suffix (name, ".plugin"))
    name[strlen (name) - strlen (".plugin")] = '\0';
  if (!is_plugin_name (name))
    return NULL;
  self = g_object_new (BOORU_TYPE_PLUGIN_INFO, NULL);
  self->path = g_canonicalize_filename (path, NULL);
  self->name = g_steal_pointer (&name);
  self->description = g_strdup ("");
  self->module_path = g_strdup (self->path);
  self->depends = g_new0 (char *, 1);
  self->extends = g_new0 (char *, 1);
  self->warnings = g_new0 (char *, 1);
  self->fault = g_strdup (fault);
  return self;
}

const char *
booru_plugin_info_get_fault (BooruPluginInfo *self)
{
  return self->fault;
}

static void
swap (gpointer a, gpointer b)
{
  gpointer *first = a, *second = b;
  gpointer value = *first;

  *first = *second;
  *second = value;
}

gboolean
booru_plugin_info_read_again (BooruPluginInfo *self, GError **error)
{
  g_autoptr (BooruPluginInfo) fresh = booru_plugin_info_new_from_file (self->path, error);

  if (fresh == NULL)
    return FALSE;
  if (!g_str_equal (fresh->name, self->name))
    return refuse_metadata (self, error, "the plugin %s has become “%s”: restart the program",
                            self->name, fresh->name);

  swap (&self->description, &fresh->description);
  swap (&self->module_path, &fresh->module_path);
  swap (&self->depends, &fresh->depends);
  swap (&self->extends, &fresh->extends);
  swap (&self->warnings, &fresh->warnings);
  g_clear_pointer (&self->fault, g_free);
  self->essential = fresh->essential;
  return TRUE;
}

const char *
booru_plugin_info_get_name (BooruPluginInfo *self)
{
  return self->name;
}

const char *
booru_plugin_info_get_description (BooruPluginInfo *self)
{
  return self->description;
}

const char *
booru_plugin_info_get_path (BooruPluginInfo *self)
{
  return self->path;
}

const char *
booru_plugin_info_get_module_path (BooruPluginInfo *self)
{
  return self->module_path;
}

const char *const *
booru_plugin_info_get_depends (BooruPluginInfo *self)
{
  return (const char *const *)self->depends;
}

const char *const *
booru_plugin_info_get_extends (BooruPluginInfo *self)
{
  return (const char *const *)self->extends;
}

const char *const *
booru_plugin_info_get_warnings (BooruPluginInfo *self)
{
  return (const char *const *)self->warnings;
}

gboolean
booru_plugin_info_is_essential (BooruPluginInfo *self)
{
  return self->essential;
}

const BooruPluginDescriptor *
booru_plugin_info_get_descriptor (BooruPluginInfo *self)
{
  return self->descriptor;
}

BooruSettingsCheck
booru_plugin_info_get_settings_check (BooruPluginInfo *self)
{
  return self->check;
}

/* The copy does not depend on the module, which may be overwritten in place. */
static BooruService *
copy_service (const BooruService *service)
{
  BooruService *copy = g_memdup2 (service, sizeof *service);

  copy->name = g_intern_string (service->name);
  copy->process_name = g_intern_string (service->process_name);
  copy->label = g_intern_string (service->label);
  return copy;
}

void
booru_plugin_info_set_services (BooruPluginInfo *self, GPtrArray *services)
{
  for (guint i = 0; i < services->len && !self->knows_services; i++)
    g_ptr_array_add (self->services, copy_service (services->pdata[i]));
  self->knows_services = TRUE;
}

void
booru_plugin_info_set_checks_settings (BooruPluginInfo *self, gboolean checks_settings)
{
  self->checks_nothing = !checks_settings;
}

gboolean
booru_plugin_info_checks_settings (BooruPluginInfo *self)
{
  return !self->checks_nothing;
}

gboolean
booru_plugin_info_knows_services (BooruPluginInfo *self)
{
  return self->knows_services;
}

GPtrArray *
booru_plugin_info_get_services (BooruPluginInfo *self)
{
  return self->services;
}

static const char *
service_fault (const BooruService *service)
{
  if (service->name == NULL || !is_plugin_name (service->name))
    return "its name is not made of the letters a to z, digits and “-”";
  if (service->process_name == NULL || *service->process_name == '\0')
    return "it has no process name";
  if (strlen (service->process_name) > PROCESS_NAME_MAX)
    return "its process name is longer than 15 bytes";
  if (service->label == NULL || service->start == NULL)
    return "it lacks a label or a start function";
  if (service->stop_timeout == 0)
    return "its stop timeout is 0";
  return NULL;
}

void
booru_plugin_context_add_service (BooruPluginContext *self, const BooruService *service)
{
  const char *fault = service_fault (service);

  g_return_if_fail (self != NULL);
  for (guint i = 0; fault == NULL && i < self->services->len; i++)
    {
      const BooruService *other = g_ptr_array_index (self->services, i);

      if (g_str_equal (other->name, service->name))
        fault = "the plugin has a service of this name already";
    }

  if (fault == NULL)
    g_ptr_array_add (self->services, (gpointer)service);
  else if (self->error == NULL)
    g_set_error (&self->error, BOORU_ERROR, BOORU_ERROR_CONFIG, "The service “%s” is refused: %s",
                 service->name ?: "", fault);
}

void
booru_plugin_context_set_settings_check (BooruPluginContext *self, BooruSettingsCheck check)
{
  self->check = check;
}

static gboolean refuse_module (BooruPluginInfo *self, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static gboolean
refuse_module (BooruPluginInfo *self, GError **error, const char *format, ...)
{
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG, "Loading the plugin %s from “%s”: %s",
               self->name, self->module_path, why);
  return FALSE;
}

static const BooruPluginDescriptor *
open_module (BooruPluginInfo *self, GError **error)
{
  const BooruPluginDescriptor *descriptor = NULL;
  g_autoptr (GError) local = NULL;
  GModule *module;

  if (!booru_plugin_file_check (self->module_path, &local))
    {
      refuse_module (self, error, "%s (“%s” names that file)", local->message, self->path);
      return NULL;
    }

  /* Everything is bound at once, so that a missing symbol shows now and not in the midst of work.
   */
  module = g_module_open (self->module_path, G_MODULE_BIND_LOCAL);
  if (module == NULL)
    {
      refuse_module (self, error, "%s", g_module_error ());
      return NULL;
    }

  /* Types and threads that the module may have made do not survive its unloading. */
  g_module_make_resident (module);
  if (!g_module_symbol (module, BOORU_PLUGIN_SYMBOL_NAME, (gpointer *)&descriptor)
      || descriptor == NULL)
    {
      refuse_module (self, error,
                     "it does not export “" BOORU_PLUGIN_SYMBOL_NAME "”, so it is not a "
                     "plugin for this program");
      return NULL;
    }
  return descriptor;
}

static gboolean
check_descriptor (BooruPluginInfo *self, const BooruPluginDescriptor *descriptor, GError **error)
{
  if (descriptor->abi != BOORU_PLUGIN_ABI)
    return refuse_module (self, error,
                          "the module is built for plugin ABI %u, but this program has %u; install "
                          "a matching version",
                          descriptor->abi, BOORU_PLUGIN_ABI);
  if (g_strcmp0 (descriptor->name, self->name) != 0)
    return refuse_module (self, error, "the module calls itself “%s”, its metadata “%s”",
                          descriptor->name ?: "", self->name);
  if (descriptor->activate == NULL && descriptor->extend == NULL)
    return refuse_module (self, error, "the module has neither activate() nor extend()");
  return TRUE;
}

static gboolean
activate (BooruPluginInfo *self, const BooruPluginDescriptor *descriptor, GError **error)
{
  g_autoptr (GPtrArray) services = g_ptr_array_new ();
  BooruPluginContext context = { .services = services };
  g_autoptr (GError) local = NULL;
  g_autoptr (GError) refused = NULL;
  gboolean activated = descriptor->activate == NULL || descriptor->activate (&context, &local);

  refused = g_steal_pointer (&context.error);
  if (!activated)
    return refuse_module (self, error, "it cannot be activated: %s",
                          local ? local->message : "it gives no reason");
  if (refused)
    return refuse_module (self, error, "%s", refused->message);
  booru_plugin_info_set_services (self, services);
  self->check = context.check;
  self->descriptor = descriptor;
  return TRUE;
}

/**
 * booru_plugin_info_load:
 * @self: a plugin
 * @error: %BOORU_ERROR_CONFIG naming plugin and module
 *
 * Opens the module, checks it, and has it register its services. The module stays in memory for the
 * life of the process, also if it is refused. Doing it again does nothing.
 *
 * Returns: whether the plugin can be used
 */
gboolean
booru_plugin_info_load (BooruPluginInfo *self, GError **error)
{
  const BooruPluginDescriptor *descriptor;

  if (self->descriptor)
    return TRUE;
  descriptor = open_module (self, error);
  return descriptor && check_descriptor (self, descriptor, error)
         && activate (self, descriptor, error);
}

gboolean
booru_plugin_info_extend (BooruPluginInfo *self,
                          BooruExtensions *extensions,
                          const char *service,
                          GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autoptr (GError) local = NULL;

  booru_extensions_set_plugin (extensions, self->name, folder);
  if (self->descriptor->extend == NULL || self->descriptor->extend (extensions, service, &local))
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
               "The plugin %s cannot extend the service %s: %s", self->name, service,
               local ? local->message : "it gives no reason");
  return FALSE;
}
