/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* The context of a service that only notes what is published: "topic payload". */
G_DECLARE_FINAL_TYPE (TestContext, test_context, TEST, CONTEXT, BooruServiceContext)

struct _TestContext
{
  BooruServiceContext parent_instance;
  GPtrArray *published;
};

TestContext *test_context_new (void);
void test_context_await (TestContext *self, guint n); /* until so many were published */

G_END_DECLS
