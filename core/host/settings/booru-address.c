/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-address.h"

#include "base/booru-error.h"

gboolean
booru_address_check (GInetAddress *address, gboolean guarded, GError **error)
{
  g_autofree char *text = g_inet_address_to_string (address);

  if (guarded || g_inet_address_get_is_loopback (address))
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
               "Refusing to listen on %s: there are no accounts yet, so everybody who reaches that "
               "address could change everything. Create one with “booructl user add NAME”, or use "
               "--address=127.0.0.1 with a reverse proxy that asks for a password in front",
               text);
  return FALSE;
}

GInetAddress *
booru_address_parse (const char *text, GError **error)
{
  /* The one name that needs nobody to be asked. */
  g_autoptr (GInetAddress) address = g_str_equal (text, "localhost")
                                         ? g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4)
                                         : g_inet_address_new_from_string (text);

  if (address == NULL)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                 "Cannot listen on “%s”: that is not an IP address. Give one, such as "
                 "--address=127.0.0.1 or --address=::1",
                 text);
  return g_steal_pointer (&address);
}
