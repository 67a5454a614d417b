/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/booru-service.h"

/* The least that an implementation of the context is. */
#define TEST_TYPE_CONTEXT (test_context_get_type ())
G_DECLARE_FINAL_TYPE (TestContext, test_context, TEST, CONTEXT, BooruServiceContext)

struct _TestContext
{
  BooruServiceContext parent_instance;
  char *published;
};

G_DEFINE_FINAL_TYPE (TestContext, test_context, BOORU_TYPE_SERVICE_CONTEXT)

static void
test_context_publish (BooruServiceContext *context, const char *topic, GVariant *payload)
{
  TestContext *self = TEST_CONTEXT (context);
  g_autofree char *printed = g_variant_print (payload, FALSE);

  g_free (self->published);
  self->published = g_strconcat (topic, " ", printed, NULL);
}

static void
test_context_finalize (GObject *object)
{
  g_free (TEST_CONTEXT (object)->published);
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
}

static void
count (gpointer context, guint *n)
{
  *n += 1;
}

static void
count_event (gpointer context, const char *topic, GVariant *payload, guint *n)
{
  *n += 1;
}

static BooruConfig *
empty_config (void)
{
  return booru_config_new (g_variant_new ("a{sv}", NULL));
}

static void
test_configure (void)
{
  g_autoptr (BooruServiceContext) context = g_object_new (TEST_TYPE_CONTEXT, NULL);
  BooruConfig *second = empty_config ();
  guint n = 0;

  g_signal_connect (context, "configure", G_CALLBACK (count), &n);
  booru_service_context_take_config (context, empty_config ());
  g_assert_cmpuint (n, ==, 0); /* the first is no change */
  booru_service_context_take_config (context, second);
  g_assert_cmpuint (n, ==, 1);
  g_assert_true (booru_service_context_get_config (context) == second);
}

static void
test_quiesce_once (void)
{
  g_autoptr (BooruServiceContext) context = g_object_new (TEST_TYPE_CONTEXT, NULL);
  guint n = 0;

  g_signal_connect (context, "quiesce", G_CALLBACK (count), &n);
  booru_service_context_emit_quiesce (context, TRUE);
  booru_service_context_emit_quiesce (context, TRUE);
  g_assert_cmpuint (n, ==, 1);
}

static void
test_hurry (void)
{
  g_autoptr (BooruServiceContext) context = g_object_new (TEST_TYPE_CONTEXT, NULL);
  guint quiesced = 0;
  guint hurried = 0;

  g_signal_connect (context, "quiesce", G_CALLBACK (count), &quiesced);
  g_signal_connect (context, "hurry", G_CALLBACK (count), &hurried);
  booru_service_context_emit_quiesce (context, TRUE);
  g_assert_true (booru_service_context_is_handover (context));
  booru_service_context_emit_quiesce (context, FALSE);
  g_assert_false (booru_service_context_is_handover (context));
  booru_service_context_emit_quiesce (context, FALSE);
  booru_service_context_emit_quiesce (context, TRUE);
  g_assert_cmpuint (quiesced, ==, 1);
  g_assert_cmpuint (hurried, ==, 1);
}

static void
test_events (void)
{
  g_autoptr (BooruServiceContext) context = g_object_new (TEST_TYPE_CONTEXT, NULL);
  g_autoptr (GVariant) payload = g_variant_ref_sink (g_variant_new_uint32 (7));
  guint mine = 0;
  guint all = 0;

  g_signal_connect (context, "event::mine", G_CALLBACK (count_event), &mine);
  g_signal_connect (context, "event", G_CALLBACK (count_event), &all);
  booru_service_context_emit_event (context, "mine", payload);
  booru_service_context_emit_event (context, "other", payload);
  g_assert_cmpuint (mine, ==, 1);
  g_assert_cmpuint (all, ==, 2);

  booru_service_context_publish (context, "answer", g_variant_new_uint32 (8)); /* floating */
  g_assert_cmpstr (TEST_CONTEXT (context)->published, ==, "answer 8");
  booru_service_context_publish (context, "answer", payload);
  g_assert_cmpstr (TEST_CONTEXT (context)->published, ==, "answer 7");
}

static void
test_data (void)
{
  BooruServiceContext *context = g_object_new (TEST_TYPE_CONTEXT, NULL);

  booru_service_context_set_data (context, g_strdup ("first"), g_free);
  booru_service_context_set_data (context, g_strdup ("second"), g_free);
  g_assert_cmpstr (booru_service_context_get_data (context), ==, "second");
  g_assert_cmpint (booru_service_context_get_listener (context), ==, -1);
  g_assert_nonnull (booru_service_context_get_extensions (context));
  g_object_unref (context); /* frees the data: the leak sanitizer watches */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/service/configure", test_configure);
  g_test_add_func ("/service/quiesce-once", test_quiesce_once);
  g_test_add_func ("/service/hurry", test_hurry);
  g_test_add_func ("/service/events", test_events);
  g_test_add_func ("/service/data", test_data);
  return g_test_run ();
}
