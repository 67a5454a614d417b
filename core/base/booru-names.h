/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every bus name, object path, environment variable and well-known file name, in one place. */
#pragma once

#define BOORU_DBUS_NAME "org.booru.Host"
#define BOORU_DBUS_PATH "/org/booru/Host"
/* Errors of BOORU_ERROR are named by this and their code. */
#define BOORU_DBUS_ERROR "org.booru.Error."
/* The socket in the runtime folder on which a host serves the same objects. */
#define BOORU_CONTROL_SOCKET "control"
/* Runtime folders of hosts that share a data folder, within the one that it has: this and a number.
 */
#define BOORU_DIR_SHARING_HOST "host-"
#define BOORU_LINK_RUNTIME "runtime" /* in the data folder: to the runtime folder of its hosts */

/* Peer-to-peer channel between the host and one child (core/ipc). */
#define BOORU_SUPERVISOR_PATH "/org/booru/Supervisor"
#define BOORU_CHILD_PATH "/org/booru/Child"

/* GSettings. A plugin NAME may bring the schema BOORU_SCHEMA_HOST "." NAME. */
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
#define BOORU_ENV_SETTINGS "BOORU_SETTINGS"
#define BOORU_ENV_PLUGIN_PATH "BOORU_PLUGIN_PATH"
#define BOORU_ENV_RUNTIME_DIR "BOORU_RUNTIME_DIR"
/* For tests: seconds after which a process counts as hung, or as not starting. */
#define BOORU_ENV_HEARTBEAT_LIMIT "BOORU_HEARTBEAT_LIMIT"
#define BOORU_ENV_START_LIMIT "BOORU_START_LIMIT"
/* For tests: where booructl doctor looks for the kernel's limits, instead of /proc/sys. */
#define BOORU_ENV_SYSCTL_DIR "BOORU_SYSCTL_DIR"

/* Processor time that loading a plugin on trial may take. */
#define BOORU_PROBE_CPU_SECONDS 5

/* The two plugins that make the board. */
#define BOORU_PLUGIN_WEB "web"
#define BOORU_PLUGIN_MONITOR "monitor"

/* The lease of whoever runs the monitor on a store that several hosts share. */
#define BOORU_ROLE_MONITOR "monitor"

/* Below the data folder. */
#define BOORU_FILE_DATABASE "booru.sqlite"
#define BOORU_FILE_WRITE_LOCK "booru.write-lock"
#define BOORU_FILE_HOST_LOCK "booru-host.lock"
#define BOORU_FILE_MONITOR_BEACON "booru-monitor.beacon"
#define BOORU_FILE_LAST_BACKUP "last-backup.conf"
#define BOORU_DIR_THUMBNAILS "thumbnails"
#define BOORU_DIR_ORIGINALS "originals"
#define BOORU_DIR_TEMPORARY "tmp"

/* Of the service that systemd runs (data/systemd). */
#define BOORU_SYSTEM_DATA_DIR "/var/lib/booru-host"
#define BOORU_SYSTEM_RUNTIME_DIR "/run/booru-host"
#define BOORU_SYSTEM_USER "booru-host"
#define BOORU_SYSTEM_SETTINGS "/etc/booru-host/settings.conf"

/* Topics of events (booru_service_context_publish). */
/* Posts were added, changed or removed. Payload: ax, the post ids; empty = "anything may have". */
#define BOORU_EVENT_POSTS_CHANGED "posts-changed"
/* Uploads came, or the monitor has done something about them. Payload: ax, the ids of their files
 * (upload media assets). */
#define BOORU_EVENT_UPLOADS_CHANGED "uploads-changed"
/* State of a folder scan, twice a second and at its end. Payload: a{sv} with folder (ay), running
 * (b), seconds (d, that it has taken), time (x, µs since 1970, when this was said), files-seen (t),
 * passed (t, of those, that need nothing more), total (t, files in the folder; absent while nobody
 * knows), queued (t), done (t, looked at one by one), new (t, posts), failed (t), waiting (t, that
 * cannot be had for now), files-rate and bytes-rate (d, a second), left (t, seconds; absent while
 * nobody knows), current (ay, path below the folder of what is read; absent if nothing is). */
#define BOORU_EVENT_SCAN_PROGRESS "scan-progress"
/* What does a picture look like that another process has? Payload: s, the name of a file to be
 * taken by booru_spool_take(). */
#define BOORU_EVENT_HASHES_REQUESTED "hashes-requested"
/* Nobody waits for that answer any more: decoding stops, and there is none. Payload: s, that name.
 */
#define BOORU_EVENT_HASHES_CANCELLED "hashes-cancelled"
/* The answer of whoever decodes. Payload: (satus): that name; perceptual hashes of the picture, or
 * of a thumbnail and of frames; or a BooruError and what is wrong. */
#define BOORU_EVENT_HASHES_FOUND "hashes-found"
/* Somebody looks at a post whose picture for the page (BOORU_VARIANT_DISPLAY) has not been made.
 * Payload: s, the md5 of its content. */
#define BOORU_EVENT_DISPLAY_REQUESTED "display-requested"
/* The answer. Payload: (ss): that md5; "", or why there is none. */
#define BOORU_EVENT_DISPLAY_MADE "display-made"
/* What the monitor works on, from all folders: twice a second while it does, and when it has done.
 * Payload: a{sv} with running (b), queued (t), working (t), waiting (t, that come again later),
 * done (t) and failed (t) since it began, files-rate, bytes-rate, left and current (an absolute
 * path) as above. */
#define BOORU_EVENT_INGEST_PROGRESS "ingest-progress"
/* The host says how its services are, whenever that changes and to each process that becomes ready.
 * Payload: a{ss}, name of the service to "starting", "ready", "degraded" (some of its processes are
 * being restarted, or cannot do all that they should) or "failed" (given up). */
#define BOORU_EVENT_SERVICES "services"
/* An administrator wants folders to be compared with the store now. Payload: ay, a folder; empty:
 * all of them. */
#define BOORU_EVENT_SCAN_REQUESTED "scan-requested"
/* An administrator wants rules of folders and sidecars to be applied to what is there. Payload: as
 * above. */
#define BOORU_EVENT_RULES_REQUESTED "rules-requested"
/* An administrator wants files to be tried again that could not be read. Payload: ay, a file or a
 * folder; empty: all of them. */
#define BOORU_EVENT_RETRY_REQUESTED "retry-requested"
