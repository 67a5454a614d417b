/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The page that a test and faults-shim.so share: the file that FAULTS_SHIM_VARIABLE names. */
#pragma once

#include <stdint.h>

#define FAULTS_SHIM_VARIABLE "BOORU_TEST_SHIM"

typedef struct
{
  volatile int64_t clock_offset; /* seconds that the calendar clock is ahead */
  volatile int32_t no_processes; /* no process and no thread can be made: EAGAIN */
  volatile int32_t n_refused;    /* processes and threads so far that could not */
} FaultsShim;
