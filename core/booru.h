/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one header that a plugin includes. */
#pragma once

#include "base/booru-error.h"
#include "base/booru-log.h"
#include "base/booru-metrics.h"
#include "base/booru-metrics-text.h"
#include "base/booru-names.h"
#include "base/booru-open.h"
#include "base/booru-paths.h"
#include "board/booru-file.h"
#include "board/booru-lease.h"
#include "board/booru-post.h"
#include "board/booru-query.h"
#include "board/booru-store.h"
#include "board/booru-tag.h"
#include "board/booru-variant.h"
#include "board/sqlite/booru-sqlite-store.h"
#include "plugin/booru-config.h"
#include "plugin/booru-extensions.h"
#include "plugin/booru-plugin.h"
#include "plugin/booru-route.h"
#include "plugin/booru-service.h"
