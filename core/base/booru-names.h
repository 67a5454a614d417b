/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every bus name, object path, environment variable and well-known file name, in one place. */
#pragma once

/* The host on D-Bus. */
#define BOORU_DBUS_NAME "org.booru.Host"
#define BOORU_DBUS_PATH "/org/booru/Host"
/* D-Bus errors are named this and a BooruError: "org.booru.Error.NotFound". */
#define BOORU_DBUS_ERROR "org.booru.Error."
/* A host serves the same objects on this socket in its runtime folder. */
#define BOORU_CONTROL_SOCKET "control"
/* Hosts that share a data folder each have a subfolder of its runtime folder: this and a number. */
#define BOORU_DIR_SHARING_HOST "host-"
/* Symbolic link in the data folder to the runtime folder of its hosts. */
#define BOORU_LINK_RUNTIME "runtime"

/* Peer-to-peer channel between the host and one child (core/ipc). */
#define BOORU_SUPERVISOR_PATH "/org/booru/Supervisor"
#define BOORU_CHILD_PATH "/org/booru/Child"

/* GSettings. The schema of a plugin NAME, if it has one, is BOORU_SCHEMA_HOST "." NAME. */
#define BOORU_SCHEMA_HOST "org.booru.host"
#define BOORU_SCHEMA_PATH "/org/booru/host/"

/* Environment. The names of the Python original are read as well. */
#define BOORU_ENV_WORKERS "BOORU_WORKERS"
#define BOORU_ENV_WORKERS_ORIGINAL "UVICORN_WORKERS"
#define BOORU_ENV_MAX_REQUESTS "BOORU_WORKER_MAX_REQUESTS"
#define BOORU_ENV_MAX_MEMORY "BOORU_WORKER_MAX_MEMORY"
#define BOORU_ENV_MAX_AGE "BOORU_WORKER_MAX_AGE"
#define BOORU_ENV_MONITOR_ENABLED "BOORU_MONITOR_ENABLED"
#define BOORU_ENV_MONITOR_ENABLED_ORIGINAL "MONITOR_ENABLED"
#define BOORU_ENV_ADDRESS "BOORU_HOST"
#define BOORU_ENV_ADDRESS_ORIGINAL "FLASK_HOST"
#define BOORU_ENV_PORT "BOORU_PORT"
#define BOORU_ENV_PORT_ORIGINAL "FLASK_PORT"
#define BOORU_ENV_SHARED "BOORU_SHARED"
#define BOORU_ENV_DATA_DIR "BOORU_DATA_DIR"
#define BOORU_ENV_DATABASE "BOORU_DATABASE"
#define BOORU_ENV_FILES_DIR "BOORU_FILES_DIR"
#define BOORU_ENV_SETTINGS "BOORU_SETTINGS"
#define BOORU_ENV_PLUGIN_PATH "BOORU_PLUGIN_PATH"
#define BOORU_ENV_RUNTIME_DIR "BOORU_RUNTIME_DIR"
/* Of a process of a service, and so of all that it starts: by it the host finds them again. */
#define BOORU_ENV_COOKIE "BOORU_SERVICE_COOKIE"
/* For tests: seconds after which a process counts as hung, or as not starting. */
#define BOORU_ENV_HEARTBEAT_LIMIT "BOORU_HEARTBEAT_LIMIT"
#define BOORU_ENV_START_LIMIT "BOORU_START_LIMIT"
/* For tests: where booructl doctor reads the kernel's limits, instead of /proc/sys. */
#define BOORU_ENV_SYSCTL_DIR "BOORU_SYSCTL_DIR"

/* Limit on the processor time of trial-loading a plugin. */
#define BOORU_PROBE_CPU_SECONDS 5

/* The two plugins that make up the board. */
#define BOORU_PLUGIN_WEB "web"
#define BOORU_PLUGIN_MONITOR "monitor"

/* The lease that the one monitor of a store holds. */
#define BOORU_ROLE_MONITOR "monitor"

/* Below the data folder; originals, thumbnails and what becomes of them below the files folder,
 * which is the data folder unless it is set. */
#define BOORU_FILE_DATABASE "booru.sqlite"
#define BOORU_FILE_WRITE_LOCK "booru.write-lock"
#define BOORU_FILE_HOST_LOCK "booru-host.lock"
#define BOORU_FILE_MONITOR_BEACON "booru-monitor.beacon"
#define BOORU_FILE_LAST_BACKUP "last-backup.conf"
/* In a files folder that was set: which one it is. In the data folder: which one it was used with.
 */
#define BOORU_FILE_FILES_ID "booru-files.id"
#define BOORU_FILE_FILES_KNOWN "booru-files.known"
/* Which data folder it is, among those of other machines that use the same database. */
#define BOORU_FILE_NODE_ID "booru-node.id"
#define BOORU_DIR_THUMBNAILS "thumbnails"
#define BOORU_DIR_ORIGINALS "originals"
#define BOORU_DIR_TEMPORARY "tmp"
#define BOORU_DIR_INDEX "index"

/* The service that systemd runs (data/systemd). */
#define BOORU_SYSTEM_DATA_DIR "/var/lib/booru-host"
#define BOORU_SYSTEM_RUNTIME_DIR "/run/booru-host"
#define BOORU_SYSTEM_USER "booru-host"
#define BOORU_SYSTEM_SETTINGS "/etc/booru-host/settings.conf"

/**
 * BOORU_EVENT_MAX_SIZE:
 *
 * Bytes of an event's payload. One that is larger is dropped.
 */
#define BOORU_EVENT_MAX_SIZE (64 * 1024)

/* Topics of events (booru_service_context_publish). */

/**
 * BOORU_EVENT_POSTS_CHANGED:
 *
 * Posts were added, changed or removed. Payload: ax, their ids; empty means that any may have.
 */
#define BOORU_EVENT_POSTS_CHANGED "posts-changed"

/**
 * BOORU_EVENT_UPLOADS_CHANGED:
 *
 * Uploads arrived, or the monitor has processed some. Payload: ax, the ids of their files (upload
 * media assets).
 */
#define BOORU_EVENT_UPLOADS_CHANGED "uploads-changed"

/**
 * BOORU_EVENT_JOBS_CHANGED:
 *
 * Jobs were asked for or stopped, or the monitor has done a part of some. Payload: ax, their ids.
 */
#define BOORU_EVENT_JOBS_CHANGED "jobs-changed"

/**
 * BOORU_EVENT_STATUS:
 *
 * What a service of one process shows administrators while that process lives. Payload: a{sv}; the
 * host passes progress and ingest on as the properties of org.booru.Host1.
 *
 * progress (aa{sv}): each folder's scan, twice a second and at its end: folder (ay), running (b),
 * seconds (d, taken so far), time (x, µs since 1970, when this was sent), files-seen (t), passed
 * (t, of those, that need nothing more), total (t, files in the folder; absent while unknown),
 * queued (t), done (t, examined one by one), new (t, posts), failed (t), waiting (t, unavailable
 * for now), files-rate and bytes-rate (d, per second), left (t, seconds; absent while unknown),
 * current (ay, path below the folder of the file being read; absent if none is).
 *
 * ingest (a{sv}): of all folders, twice a second while there is work, and once at the end: running
 * (b), queued (t), working (t), waiting (t, to be tried again later), done (t) and failed (t) since
 * it began, files-rate, bytes-rate, left and current (an absolute path) as above.
 */
#define BOORU_EVENT_STATUS "status"

/**
 * BOORU_EVENT_NOTE:
 *
 * Something happened that belongs in the host's list of events, to which only this goes. Payload:
 * (ss): what kind of thing; what, for people.
 */
#define BOORU_EVENT_NOTE "note"

/**
 * BOORU_EVENT_HASHES_REQUESTED:
 *
 * Asks for the perceptual hashes of a picture that another process has. Payload: s, the name of a
 * file for booru_spool_take().
 */
#define BOORU_EVENT_HASHES_REQUESTED "hashes-requested"

/**
 * BOORU_EVENT_HASHES_CANCELLED:
 *
 * Nobody waits for that answer any more: decoding stops, and none is sent. Payload: s, that name.
 */
#define BOORU_EVENT_HASHES_CANCELLED "hashes-cancelled"

/**
 * BOORU_EVENT_HASHES_FOUND:
 *
 * The decoder's answer. Payload: (satus): that name; perceptual hashes of the picture, or of a
 * thumbnail and of frames; or a #BooruError and its message.
 */
#define BOORU_EVENT_HASHES_FOUND "hashes-found"

/**
 * BOORU_EVENT_DISPLAY_REQUESTED:
 *
 * Somebody views a post whose %BOORU_VARIANT_DISPLAY has not been made yet. Payload: s, the md5 of
 * its content.
 */
#define BOORU_EVENT_DISPLAY_REQUESTED "display-requested"

/**
 * BOORU_EVENT_DISPLAY_MADE:
 *
 * The answer. Payload: (ss): that md5; "", or why there is no such picture.
 */
#define BOORU_EVENT_DISPLAY_MADE "display-made"

/**
 * BOORU_EVENT_SERVICES:
 *
 * The host reports the state of its services, at every change and to each process that becomes
 * ready. Payload: a{ss}, the name of a service to "starting", "ready", "degraded" (some of its
 * processes are being restarted, or cannot do everything they should) or "failed" (given up).
 */
#define BOORU_EVENT_SERVICES "services"

/* Reports (#BooruReport) by which administrators have whichever service does it do something.
 * Arguments: path (ay), a folder, or a file; empty for all folders. Reply: b, %TRUE. */

/**
 * BOORU_REQUEST_SCAN:
 *
 * Scans folders now.
 */
#define BOORU_REQUEST_SCAN "scan"

/**
 * BOORU_REQUEST_APPLY_RULES:
 *
 * Applies folder rules and sidecars to existing posts.
 */
#define BOORU_REQUEST_APPLY_RULES "apply-rules"

/**
 * BOORU_REQUEST_RETRY:
 *
 * Tries unreadable files again.
 */
#define BOORU_REQUEST_RETRY "retry"
