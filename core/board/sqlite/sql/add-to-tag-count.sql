-- ?1: tag, ?2: how many posts more have it.
UPDATE tags SET post_count = post_count + ?2 WHERE id = ?1
