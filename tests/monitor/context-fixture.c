/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "context-fixture.h"

G_DEFINE_FINAL_TYPE (TestContext, test_context, BOORU_TYPE_SERVICE_CONTEXT)

static void
test_context_publish (BooruServiceContext *context, const char *topic, GVariant *payload)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (payload);
  g_autofree char *text = g_variant_print (owned, FALSE);

  g_ptr_array_add (TEST_CONTEXT (context)->published, g_strdup_printf ("%s %s", topic, text));
}

static void
test_context_finalize (GObject *object)
{
  g_ptr_array_unref (TEST_CONTEXT (object)->published);
  G_OBJECT_CLASS (test_context_parent_class)->finalize (object);
}

static void
test_context_class_init (TestContextClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_context_finalize;
  BOORU_SERVICE_CONTEXT_CLASS (klass)->publish = test_context_publish;
}

static void
test_context_init (TestContext *self)
{
  self->published = g_ptr_array_new_with_free_func (g_free);
}

TestContext *
test_context_new (void)
{
  return g_object_new (test_context_get_type (), NULL);
}

void
test_context_await (TestContext *self, guint n)
{
  while (self->published->len < n)
    g_main_context_iteration (NULL, TRUE);
}
