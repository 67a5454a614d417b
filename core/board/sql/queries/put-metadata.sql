-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The post's id, if that is something new. ?1: post, ?2: a JSON object.
INSERT INTO media_metadata (post_id, metadata) VALUES (?1, ?2)
ON CONFLICT (post_id) DO UPDATE SET metadata = excluded.metadata
WHERE media_metadata.metadata <> excluded.metadata
RETURNING post_id
