/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The front page of a board without posts, for the administrator: which folder to show, and how far
 * the first scan is. */
#include "page-first-run.h"

#include <string.h>

#include "page-text.h"
#include "web-form-token.h"

/* The user's folder of pictures, if there is one, with "~" for the home folder. */
static char *
suggest_folder (void)
{
  const char *home = g_get_home_dir ();
  const char *special = g_get_user_special_dir (G_USER_DIRECTORY_PICTURES);
  g_autofree char *usual = g_build_filename (home, "Pictures", NULL);
  const char *folder = special && strcmp (special, home) != 0 ? special : usual;
  gsize length = strlen (home);

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR) || !g_utf8_validate (folder, -1, NULL))
    return g_strdup ("");
  if (strncmp (folder, home, length) == 0 && folder[length] == G_DIR_SEPARATOR)
    return g_strconcat ("~", folder + length, NULL);
  return g_strdup (folder);
}

static void
show (PageSystem *self)
{
  g_auto (WebPage) page = { 0 };
  BooruServiceContext *context = web_worker_get_context (web_request_get_worker (self->request));
  g_autoptr (BooruFolders) folders
      = booru_folders_new (booru_service_context_get_config (context), FALSE);
  g_autofree char *suggested = *folders->library ? g_strdup ("") : suggest_folder ();

  web_page_init (&page, BOORU_REQUEST (self->request));
  web_page_set_title (&page, "Posts");
  web_dict_set_boolean (page.values, "on-posts", TRUE);
  web_page_add_empty_library (&page);
  web_dict_set_boolean (page.values, "may-add", TRUE);
  web_dict_take_string (page.values, "token", web_form_token_dup (self->request));
  web_dict_take_string (page.values, "notice", page_system_dup_done (self->request));
  web_dict_set_string (page.values, "add-folder", self->typed ? self->typed : suggested);
  web_dict_set_string (page.values, "add-folder-error", self->wrong);
  page_system_add_progress (self, page.values);
  web_page_respond (&page, self->http_status, "first-run");
}

gboolean
page_first_run_begin (WebRequest *request)
{
  if (booru_request_get_user (BOORU_REQUEST (request))->access < BOORU_ACCESS_ADMIN)
    return FALSE;
  page_first_run_show (page_system_new (request));
  return TRUE;
}

void
page_first_run_show (PageSystem *self)
{
  page_system_ask (self, show);
}
