-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A user's favourites, with a number that grows. ?1: the user.
SELECT post_id, id FROM favorites WHERE user_id = ?1 ORDER BY post_id
