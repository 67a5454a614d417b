/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-secret.h"

#include <crypt.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "base/booru-error.h"

/* yescrypt, at a cost of 50 ms and more on the machines of today. */
#define PREFIX "$y$"
#define COST 6

/* Of no password, and as expensive. */
#define NOBODY "$y$jAT$gRvnnncgzArOLwl/NILqF0$KWcA/0T7J6.kXPJfcqq2b8HOTAfxTn.N8gywyudhA87"

#define TOKEN_LENGTH 32

/* NULL: libcrypt does not know the method. */
static char *
run_crypt (const char *password, const char *setting)
{
  void *data = NULL;
  int size = 0;
  const char *hash = crypt_ra (password, setting, &data, &size);
  char *copy = g_strdup (hash);

  if (data)
    explicit_bzero (data, (size_t)size);
  free (data); /* libcrypt allocated it */
  return copy;
}

static gboolean
check (const char *password, GError **error)
{
  if (!g_utf8_validate (password, -1, NULL) || strlen (password) > BOORU_PASSWORD_MAX)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                 "A password has %d bytes at most, in UTF-8", BOORU_PASSWORD_MAX);
  else if (g_utf8_strlen (password, -1) < BOORU_PASSWORD_MIN)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                 "The password is too short. Use at least %d characters", BOORU_PASSWORD_MIN);
  else
    return TRUE;
  return FALSE;
}

char *
booru_password_hash (const char *password, GError **error)
{
  char *setting, *hash;

  g_return_val_if_fail (password != NULL, NULL);
  if (!check (password, error))
    return NULL;
  setting = crypt_gensalt_ra (PREFIX, COST, NULL, 0);
  hash = setting ? run_crypt (password, setting) : NULL;
  free (setting); /* likewise */
  if (hash == NULL)
    g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED,
                         "This system's libcrypt has no yescrypt. Install libxcrypt 4.3 or newer");
  return hash;
}

gboolean
booru_password_check (const char *password, const char *hash)
{
  gboolean exists = hash != NULL && *hash != '\0';
  g_autofree char *result = NULL;

  g_return_val_if_fail (password != NULL, FALSE);
  if (strlen (password) > BOORU_PASSWORD_MAX)
    return FALSE;
  result = run_crypt (password, exists ? hash : NOBODY);
  return result && exists && booru_secret_equal (result, hash);
}

char *
booru_token_new (void)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const guint n = sizeof letters - 1;
  char *token = g_malloc (TOKEN_LENGTH + 1);
  guint length = 0;

  while (length < TOKEN_LENGTH)
    {
      guint8 byte;

      if (getrandom (&byte, 1, 0) != 1)
        g_error ("Reading random numbers from the kernel failed: %s", g_strerror (errno));
      if (byte < 256 / n * n) /* each letter is as likely as the others */
        token[length++] = letters[byte % n];
    }
  token[length] = '\0';
  return token;
}

char *
booru_token_hash (const char *token)
{
  g_return_val_if_fail (token != NULL, NULL);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, -1);
}

gboolean
booru_secret_equal (const char *a, const char *b)
{
  guint8 different = 0;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);
  if (strlen (a) != strlen (b))
    return FALSE;
  for (gsize i = 0; a[i]; i++)
    different |= (guint8)(a[i] ^ b[i]);
  return different == 0;
}
