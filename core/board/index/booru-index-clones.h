/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* BOORU_INDEX_CLONES before a function: it is compiled for processors with and without AVX2, and
 * chosen when the program starts. Not under sanitizers, which are not ready by then. */
#pragma once

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)          \
    && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define BOORU_INDEX_CLONES __attribute__ ((target_clones ("avx2", "default"), optimize ("O3")))
#else
#define BOORU_INDEX_CLONES
#endif
