-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A new tag. ?1: normalised name, ?2: category, ?3: now.
INSERT INTO tags (name, category, created_at, updated_at) VALUES (?1, ?2, ?3, ?3)
