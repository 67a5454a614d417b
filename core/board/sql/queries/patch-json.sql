-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a JSON object, ?2: how it changes (JSON Merge Patch, RFC 7396).
SELECT json_patch (?1, ?2)
