/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/booru-route.h"

G_DEFINE_INTERFACE (BooruRequest, booru_request, G_TYPE_OBJECT)

static void
booru_request_default_init (BooruRequestInterface *iface)
{
}

const char *
booru_request_get_method (BooruRequest *self)
{
  g_return_val_if_fail (BOORU_IS_REQUEST (self), NULL);
  return BOORU_REQUEST_GET_IFACE (self)->get_method (self);
}

const char *
booru_request_get_path (BooruRequest *self)
{
  g_return_val_if_fail (BOORU_IS_REQUEST (self), NULL);
  return BOORU_REQUEST_GET_IFACE (self)->get_path (self);
}

const char *
booru_request_get_capture (BooruRequest *self, const char *name)
{
  g_return_val_if_fail (BOORU_IS_REQUEST (self) && name != NULL, NULL);
  return BOORU_REQUEST_GET_IFACE (self)->get_capture (self, name);
}

const char *
booru_request_get_param (BooruRequest *self, const char *name)
{
  g_return_val_if_fail (BOORU_IS_REQUEST (self) && name != NULL, NULL);
  return BOORU_REQUEST_GET_IFACE (self)->get_param (self, name);
}

const char *
booru_request_get_header (BooruRequest *self, const char *name)
{
  g_return_val_if_fail (BOORU_IS_REQUEST (self) && name != NULL, NULL);
  return BOORU_REQUEST_GET_IFACE (self)->get_header (self, name);
}

GBytes *
booru_request_get_body (BooruRequest *self)
{
  g_return_val_if_fail (BOORU_IS_REQUEST (self), NULL);
  return BOORU_REQUEST_GET_IFACE (self)->get_body (self);
}

const BooruUser *
booru_request_get_user (BooruRequest *self)
{
  g_return_val_if_fail (BOORU_IS_REQUEST (self), NULL);
  return BOORU_REQUEST_GET_IFACE (self)->get_user (self);
}

void
booru_request_set_header (BooruRequest *self, const char *name, const char *value)
{
  g_return_if_fail (BOORU_IS_REQUEST (self) && name != NULL && value != NULL);
  BOORU_REQUEST_GET_IFACE (self)->set_header (self, name, value);
}

void
booru_request_respond (BooruRequest *self, guint status, const char *content_type, GBytes *body)
{
  g_return_if_fail (BOORU_IS_REQUEST (self) && (body == NULL || content_type != NULL));
  BOORU_REQUEST_GET_IFACE (self)->respond (self, status, content_type, body);
}

void
booru_request_fail (BooruRequest *self, const GError *error)
{
  g_return_if_fail (BOORU_IS_REQUEST (self) && error != NULL);
  BOORU_REQUEST_GET_IFACE (self)->fail (self, error);
}
