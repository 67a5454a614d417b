/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/drivers/booru-drivers.h"

#include <string.h>

#include "base/booru-error.h"
#include "base/booru-paths.h"
#include "board/drivers/booru-driver.h"
#include "board/sqlite/booru-sqlite-db.h"
#include "plugin/booru-plugin-file.h"

static const struct
{
  const char *scheme;
  const char *name; /* of the module */
  const char *package;
} drivers[] = {
  { "postgresql:", "postgres", "PostgreSQL" },
  { "postgres:", "postgres", "PostgreSQL" },
};

static char *
find_module (const char *name)
{
  const char *const *folders = booru_paths_get_plugin_path ();

  for (guint i = 0; folders[i] != NULL; i++)
    {
      g_autofree char *file = g_strconcat ("lib", name, ".so", NULL);
      g_autofree char *path = g_build_filename (folders[i], name, file, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&path);
    }
  return NULL;
}

static gboolean
fail (const char *path, const char *what, GError **error)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
               "The database driver %s cannot be used: %s. Install the one that belongs to this "
               "booru-host",
               path, what);
  return FALSE;
}

static const BooruDriver *
load (const char *name, const char *package, GError **error)
{
  g_autofree char *path = find_module (name);
  g_autoptr (GError) local_error = NULL;
  GModule *module;
  BooruDriver *driver = NULL;

  if (path == NULL)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                   "The driver for databases of %s is not installed (lib%s.so among the plugins)",
                   package, name);
      return NULL;
    }
  if (!booru_plugin_file_check (path, &local_error))
    {
      fail (path, local_error->message, error);
      return NULL;
    }
  module = g_module_open (path, G_MODULE_BIND_LOCAL);
  if (module == NULL)
    {
      fail (path, g_module_error (), error);
      return NULL;
    }
  /* It registers a type, which cannot be taken back. */
  g_module_make_resident (module);
  if (!g_module_symbol (module, BOORU_DRIVER_SYMBOL_NAME, (gpointer *)&driver) || driver == NULL)
    fail (path, "it does not export " BOORU_DRIVER_SYMBOL_NAME, error);
  else if (driver->abi != BOORU_DRIVER_ABI)
    fail (path, "it was built for another version of booru-host", error);
  else if (!g_str_equal (driver->name, name))
    fail (path, "it is another driver", error);
  else
    return driver;
  return NULL;
}

gboolean
booru_drivers_is_sqlite (const char *database)
{
  return database == NULL || *database == '\0' || g_str_equal (database, "sqlite:");
}

BooruSql *
booru_drivers_open (const char *data_dir,
                    const char *database,
                    BooruStoreOpenMode mode,
                    BooruStoreProgress progress,
                    gpointer data,
                    GError **error)
{
  if (booru_drivers_is_sqlite (database))
    return (BooruSql *)booru_sqlite_db_open (data_dir, mode, progress, data, error);
  for (guint i = 0; i < G_N_ELEMENTS (drivers); i++)
    if (g_str_has_prefix (database, drivers[i].scheme))
      {
        const BooruDriver *driver = load (drivers[i].name, drivers[i].package, error);

        return driver != NULL ? driver->open (database, mode, progress, data, error) : NULL;
      }
  /* Behind the scheme there may be a password. */
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "“%.*s” is not a database that this program knows: leave the setting empty for "
               "SQLite, or set it to “postgresql://HOST/NAME”",
               (int)strcspn (database, ":/@="), database);
  return NULL;
}
