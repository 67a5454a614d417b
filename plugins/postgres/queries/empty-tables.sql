-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Of a database that was filled in part, or moved from. No inputs.
TRUNCATE folders, tags, posts, files, post_versions, post_imports, media_metadata, phash_blocks,
  frame_hashes, similar_pairs, uncompared_posts, comparisons, uploads, upload_assets, taken_files,
  users, sessions, api_keys, invitations, share_links, login_attempts, audit,
  tag_aliases, tag_implications, jobs, record_versions, pools, pool_posts,
  favorites, favorite_groups, favorite_group_posts, saved_searches, post_votes, comments, comment_votes, notes, artist_commentaries, wiki_pages, artists, artist_urls,
  post_counts, file_counts, changes RESTART IDENTITY
