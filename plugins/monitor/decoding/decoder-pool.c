/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-pool-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "decoder-result.h"

/* A decoder says hello within milliseconds. */
#define START_TIMEOUT 30
/* After so many starts in a row that came to nothing, those who wait are told. */
#define START_FAILURES_TOLD 3
#define START_DELAY_MIN 100 /* milliseconds, doubled with each failure */
#define START_DELAY_MAX 10000

/* Parts of the time for one file after which it gives way to others that wait. */
#define SLICE 20
#define VIDEO_SLICE 5

G_DEFINE_FINAL_TYPE (MonitorDecoderPool, monitor_decoder_pool, G_TYPE_OBJECT)

static void pool_pump (MonitorDecoderPool *self);

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  Job *job = user_data;
  Slot *slot = job->slot;

  if (slot != NULL)
    {
      decoder_slot_release_job (slot);
      decoder_slot_kill (slot);
    }
  else
    {
      g_queue_remove (&job->pool->waiting, job);
    }
  decoder_job_fail (job,
                    g_error_new (BOORU_ERROR, BOORU_ERROR_CANCELLED, "Decoding was cancelled"));
  return G_SOURCE_REMOVE;
}

/* Decoders */

static guint
pool_count_active (MonitorDecoderPool *self)
{
  guint n = 0;

  for (guint i = 0; i < self->slots->len; i++)
    n += !((Slot *)g_ptr_array_index (self->slots, i))->retiring;
  return n;
}

static gboolean
pool_has_ready (MonitorDecoderPool *self)
{
  for (guint i = 0; i < self->slots->len; i++)
    if (((Slot *)g_ptr_array_index (self->slots, i))->ready)
      return TRUE;
  return FALSE;
}

static gboolean
on_slot_idle (gpointer user_data)
{
  Slot *slot = user_data;

  decoder_clear_timer (&slot->timer);
  if (pool_count_active (slot->pool) > slot->pool->options.min)
    decoder_slot_retire (slot);
  return G_SOURCE_REMOVE;
}

static gboolean
on_file_timeout (gpointer user_data)
{
  Slot *slot = user_data;
  Job *job = slot->job;

  slot->pool->n_failed++;
  decoder_slot_release_job (slot);
  decoder_slot_kill (slot);
  decoder_job_fail (job,
                    g_error_new (BOORU_ERROR, BOORU_ERROR_LIMIT,
                                 "Decoding took longer than %u seconds (setting decode-timeout)",
                                 slot->pool->options.timeout));
  return G_SOURCE_REMOVE;
}

static gboolean
on_slice_over (gpointer user_data)
{
  Slot *slot = user_data;

  decoder_clear_timer (&slot->slice);
  slot->overdue = TRUE;
  pool_pump (slot->pool);
  return G_SOURCE_REMOVE;
}

static gboolean
on_start_timeout (gpointer user_data)
{
  Slot *slot = user_data;

  decoder_clear_timer (&slot->timer);
  monitor_decoder_process_kill (slot->process);
  return G_SOURCE_REMOVE;
}

static void
slot_become_idle (Slot *slot)
{
  guint timeout = MAX (1, slot->pool->options.idle_timeout);

  decoder_clear_timer (&slot->timer);
  slot->timer = decoder_add_timer (timeout * 1000, on_slot_idle, slot);
}

static void
on_process_ready (MonitorDecoderProcess *process, gpointer user_data)
{
  Slot *slot = user_data;

  if (slot->retiring)
    return;
  slot->ready = TRUE;
  slot->pool->start_failures = 0;
  slot->pool->start_failure_told = FALSE;
  slot_become_idle (slot);
  pool_pump (slot->pool);
}

static void
on_process_reply (MonitorDecoderProcess *process, const DecoderReply *reply, gpointer user_data)
{
  Slot *slot = user_data;
  MonitorDecoderPool *pool = slot->pool;
  Job *job = slot->job;
  gboolean was_video;

  if (job == NULL)
    return; /* given up meanwhile */
  was_video = job->is_video;
  decoder_slot_release_job (slot);
  if (was_video || decoder_slot_is_worn (slot, reply->resident_size)
      || pool_count_active (pool) > pool->options.max)
    decoder_slot_retire (slot);
  else
    slot_become_idle (slot);

  if (reply->status == DECODER_STATUS_OK)
    {
      decoder_job_finish (job, reply);
    }
  else if (reply->status == DECODER_STATUS_NEEDS_VIDEO && !was_video)
    {
      job->is_video = TRUE;
      g_queue_push_head (&pool->waiting, job);
    }
  else
    {
      decoder_job_fail (job, g_error_new_literal (BOORU_ERROR, reply->code, reply->message));
    }
  pool_pump (pool);
}

static gboolean
on_start_delay (gpointer user_data)
{
  MonitorDecoderPool *self = user_data;

  decoder_clear_timer (&self->start_delay);
  pool_pump (self);
  return G_SOURCE_REMOVE;
}

/* A program that is missing or broken is not started over and over: each failure delays the next
 * try, and after some the files that wait are given back. Takes @error. */
static void
pool_start_failed (MonitorDecoderPool *self, GError *error)
{
  guint delay = MIN (START_DELAY_MIN << MIN (self->start_failures, 10), START_DELAY_MAX);

  self->start_failures++;
  decoder_clear_timer (&self->start_delay);
  self->start_delay = decoder_add_timer (delay, on_start_delay, self);
  if (self->start_failures >= START_FAILURES_TOLD && !pool_has_ready (self))
    {
      GQueue failed = self->waiting;

      if (!self->start_failure_told)
        g_warning ("%s", error->message);
      self->start_failure_told = TRUE;
      g_queue_init (&self->waiting);
      for (Job *job = g_queue_pop_head (&failed); job != NULL; job = g_queue_pop_head (&failed))
        decoder_job_fail (job, g_error_copy (error));
    }
  g_error_free (error);
}

static void
on_process_ended (MonitorDecoderProcess *process, gpointer user_data)
{
  Slot *slot = user_data;
  g_autoptr (MonitorDecoderPool) pool = g_object_ref (slot->pool);
  Job *job = slot->job;
  /* What an earlier program did says nothing about this one. */
  gboolean started = slot->ready || slot->retiring || slot->generation != pool->generation;
  gboolean once_more = job != NULL && !job->killed && monitor_decoder_process_was_killed (process);
  GError *error = job != NULL || !started
                      ? monitor_decoder_process_get_end_error (process, pool->options.memory_limit)
                      : NULL;

  pool->n_failed += job != NULL || !started;
  decoder_slot_release_job (slot);
  g_ptr_array_remove_fast (pool->slots, slot); /* frees it */
  if (once_more)
    {
      g_message ("%s; decoding its file once more, with no other decoder running", error->message);
      g_error_free (error);
      job->killed = TRUE;
      g_queue_push_tail (&pool->waiting, job);
    }
  else if (job != NULL)
    {
      decoder_job_fail (job, error);
    }
  else if (!started)
    {
      GError *start_error
          = g_error_new (BOORU_ERROR, BOORU_ERROR_IO, "The decoder %s does not start: %s",
                         pool->options.program, error->message);

      g_error_free (error);
      pool_start_failed (pool, start_error);
    }
  pool_pump (pool);
}

static const MonitorDecoderProcessEvents process_events = {
  .ready = on_process_ready,
  .reply = on_process_reply,
  .ended = on_process_ended,
};

static gboolean
pool_start_process (MonitorDecoderPool *self, gboolean warm_up)
{
  Slot *slot = g_new0 (Slot, 1);
  GError *error = NULL;

  slot->pool = self;
  slot->generation = self->generation;
  slot->process = monitor_decoder_process_start (self->options.program, warm_up, &process_events,
                                                 slot, &error);
  if (slot->process == NULL)
    {
      decoder_slot_free (slot);
      pool_start_failed (self, error);
      return FALSE;
    }
  slot->timer = decoder_add_timer (START_TIMEOUT * 1000, on_start_timeout, slot);
  g_ptr_array_add (self->slots, slot);
  self->n_started++;
  return TRUE;
}

/* Work */

/* Who has the machine for himself may use all of it. */
static guint
pool_share_cores (MonitorDecoderPool *self)
{
  guint n_busy = self->waiting.length + 1 + monitor_decoder_pool_count_busy (self);

  return MAX (1, g_get_num_processors () / n_busy);
}

/* Gives @job, which waits no longer, to @slot. */
static void
slot_take_job (Slot *slot, Job *job)
{
  const MonitorDecoderOptions *options = &slot->pool->options;
  DecoderRequest request;
  guint timeout = MAX (1, options->timeout) * 1000;
  int fds[DECODER_N_FDS + BOORU_N_VARIANTS];
  GError *error = NULL;

  /* Whoever had the job before may have written. */
  g_clear_pointer (&job->output, monitor_decoder_output_free);
  job->output = monitor_decoder_output_new (&error);
  if (job->output == NULL)
    {
      decoder_job_fail (job, error);
      return;
    }
  monitor_decoder_request_fill (&request, options, job->is_video, job->display);
  request.n_threads = pool_share_cores (slot->pool);
  request.n_delays = job->n_delays;
  if (job->n_delays > 0)
    memcpy (request.delays, job->delays, job->n_delays * sizeof *job->delays);
  fds[0] = job->fd;
  fds[1] = job->output->metadata;
  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    fds[DECODER_N_FDS + i] = job->output->fds[i];
  if (!monitor_decoder_process_send (slot->process, &request, fds, G_N_ELEMENTS (fds), &error))
    {
      decoder_slot_kill (slot);
      decoder_job_fail (job, error);
      return;
    }
  slot->job = job;
  slot->n_files++;
  job->slot = slot;
  slot->began = g_get_monotonic_time ();
  decoder_clear_timer (&slot->timer);
  slot->timer = decoder_add_timer (timeout, on_file_timeout, slot);
  slot->slice
      = decoder_add_timer (timeout / (job->is_video ? VIDEO_SLICE : SLICE), on_slice_over, slot);
}

/* A video waits for a fresh process, and all that there may be are used: one of them makes room. */
static void
pool_make_room (MonitorDecoderPool *self)
{
  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = g_ptr_array_index (self->slots, i);

      if (slot->ready && !slot->retiring && slot->job == NULL && slot->n_files > 0)
        {
          decoder_slot_retire (slot);
          return;
        }
    }
}

static void
pool_dispatch (MonitorDecoderPool *self)
{
  Slot *slot;
  Job *job;

  while ((job = monitor_decoder_pool_find_next (self, &slot)) != NULL)
    {
      monitor_decoder_pool_count_turn (self, job);
      g_queue_remove (&self->waiting, job);
      slot_take_job (slot, job);
    }
}

/* Starts processes for what waits, and the fewest that are wanted. */
static void
pool_grow (MonitorDecoderPool *self)
{
  guint n_starting = 0;
  guint wanted = self->waiting.length;

  for (guint i = 0; i < self->slots->len; i++)
    n_starting += !((Slot *)g_ptr_array_index (self->slots, i))->ready;
  while (self->start_delay == NULL && self->slots->len < MAX (1, self->options.max)
         && (n_starting < wanted || self->slots->len < self->options.min))
    {
      if (!pool_start_process (self, FALSE))
        return;
      n_starting++;
    }
  if (wanted > n_starting && self->slots->len >= MAX (1, self->options.max))
    pool_make_room (self);
}

/* A file that is to be alone: what runs is finished, used processes end, and then a fresh one has
 * it. */
static void
pool_prepare_to_be_alone (MonitorDecoderPool *self)
{
  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = g_ptr_array_index (self->slots, i);

      if (slot->ready && !slot->retiring && slot->job == NULL
          && (self->slots->len > 1 || slot->n_files > 0))
        decoder_slot_retire (slot);
    }
  if (self->slots->len == 0 && self->start_delay == NULL)
    pool_start_process (self, FALSE);
}

/* Slow files go to the end of the line: whoever asked is to ask again. */
static void
pool_stop_overdue (MonitorDecoderPool *self)
{
  Slot *slot;

  while ((slot = monitor_decoder_pool_find_overdue (self)) != NULL)
    {
      Job *job = slot->job;

      decoder_slot_release_job (slot);
      decoder_slot_kill (slot);
      decoder_job_fail (job, g_error_new (BOORU_ERROR, BOORU_ERROR_PREEMPTED,
                                          "Decoding takes long, and others wait"));
    }
}

/* Who is told of a failure may ask for the next file at once, in the middle of this. */
static void
pool_pump (MonitorDecoderPool *self)
{
  g_autoptr (MonitorDecoderPool) keep = NULL;

  if (self->pumping)
    {
      self->pump_again = TRUE;
      return;
    }
  keep = g_object_ref (self);
  self->pumping = TRUE;
  do
    {
      self->pump_again = FALSE;
      pool_dispatch (self);
      if (monitor_decoder_pool_is_held_back (self))
        pool_prepare_to_be_alone (self);
      else
        pool_grow (self);
      pool_stop_overdue (self);
    }
  while (self->pump_again);
  self->pumping = FALSE;
}

/* The object */

static void
options_clear (MonitorDecoderOptions *options)
{
  g_free ((char *)options->program);
  g_free ((char *)options->output_dir);
}

static void
monitor_decoder_pool_finalize (GObject *object)
{
  MonitorDecoderPool *self = MONITOR_DECODER_POOL (object);

  /* No job is left: each holds a reference by its task. */
  decoder_clear_timer (&self->start_delay);
  g_ptr_array_unref (self->slots);
  options_clear (&self->options);
  G_OBJECT_CLASS (monitor_decoder_pool_parent_class)->finalize (object);
}

static void
monitor_decoder_pool_class_init (MonitorDecoderPoolClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = monitor_decoder_pool_finalize;
}

static void
monitor_decoder_pool_init (MonitorDecoderPool *self)
{
  g_queue_init (&self->waiting);
  self->slots = g_ptr_array_new_with_free_func ((GDestroyNotify)decoder_slot_free);
}

MonitorDecoderPool *
monitor_decoder_pool_new (const MonitorDecoderOptions *options)
{
  MonitorDecoderPool *self = g_object_new (MONITOR_TYPE_DECODER_POOL, NULL);

  monitor_decoder_pool_set_options (self, options);
  return self;
}

void
monitor_decoder_pool_set_options (MonitorDecoderPool *self, const MonitorDecoderOptions *options)
{
  MonitorDecoderOptions old = self->options;

  self->options = *options;
  self->options.program = g_strdup (options->program);
  self->options.output_dir = g_strdup (options->output_dir);
  /* A limit of memory is given up once and for all: it needs other processes. */
  if (g_strcmp0 (old.program, options->program) != 0 || old.memory_limit != options->memory_limit)
    {
      self->generation++;
      self->start_failures = 0;
      self->start_failure_told = FALSE;
      decoder_clear_timer (&self->start_delay);
    }
  options_clear (&old);

  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = g_ptr_array_index (self->slots, i);

      if (slot->ready && !slot->retiring && slot->job == NULL
          && (slot->generation != self->generation
              || pool_count_active (self) > MAX (1, options->max)))
        decoder_slot_retire (slot);
    }
  pool_pump (self);
}

/* A description of its own, so that neither side moves the other's place in the file. */
static int
reopen (int fd)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  int copy = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

  return copy >= 0 ? copy : fcntl (fd, F_DUPFD_CLOEXEC, 3);
}

void
monitor_decoder_pool_decode_async (MonitorDecoderPool *self,
                                   int fd,
                                   const MonitorDecodeHints *hints,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  int copy = reopen (fd);
  Job *job;

  g_task_set_source_tag (task, monitor_decoder_pool_decode_async);
  g_task_set_check_cancellable (task, FALSE);
  if (copy < 0)
    {
      g_task_return_new_error (task, BOORU_ERROR, BOORU_ERROR_IO,
                               "Cannot hand over a file to a decoder: %s", g_strerror (errno));
      return;
    }

  job = g_new0 (Job, 1);
  job->pool = self;
  job->task = g_steal_pointer (&task);
  job->fd = copy;
  job->for_person = hints != NULL && hints->for_person;
  job->slow = hints != NULL && hints->slow;
  job->display = hints != NULL && hints->display;
  if (hints != NULL && hints->n_delays > 0 && hints->n_delays <= DECODER_MAX_DELAYS)
    {
      job->n_delays = hints->n_delays;
      job->delays = g_memdup2 (hints->delays, hints->n_delays * sizeof *hints->delays);
    }
  if (cancellable != NULL)
    {
      job->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (job->cancelled, G_SOURCE_FUNC (on_cancelled), job, NULL);
      g_source_attach (job->cancelled, g_main_context_get_thread_default ());
    }
  g_queue_push_tail (&self->waiting, job);
  pool_pump (self);
}

void
monitor_decoder_pool_expect (MonitorDecoderPool *self, guint n)
{
  guint wanted = MIN (n, MAX (1, self->options.max));

  if (monitor_decoder_pool_is_held_back (self))
    return;
  while (self->start_delay == NULL && pool_count_active (self) < wanted
         && self->slots->len < MAX (1, self->options.max))
    if (!pool_start_process (self, TRUE))
      return;
}

MonitorDecodeResult *
monitor_decoder_pool_decode_finish (MonitorDecoderPool *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

guint
monitor_decoder_pool_get_n_started (MonitorDecoderPool *self)
{
  return self->n_started;
}

guint
monitor_decoder_pool_get_n_failed (MonitorDecoderPool *self)
{
  return self->n_failed;
}

guint
monitor_decoder_pool_get_n_processes (MonitorDecoderPool *self)
{
  return self->slots->len;
}

guint
monitor_decoder_pool_get_capacity (MonitorDecoderPool *self)
{
  return MAX (1, self->options.max);
}
