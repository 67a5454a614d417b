-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 17: accounts, and how they sign in.

-- An id is that of the row before it plus one, not the database's: the first account is user 1,
-- to whom everything belongs that was there before. Nobody is ever removed.
CREATE TABLE users (
  id                INTEGER PRIMARY KEY,
  name              TEXT NOT NULL,
  name_key          TEXT NOT NULL UNIQUE, -- what names that look alike have in common
  access            INTEGER NOT NULL,     -- BooruAccess
  password          TEXT,             -- as crypt(5) has it; NULL: there is none
  identity          TEXT UNIQUE,      -- what single sign-on knows the user by; NULL: nothing
  is_deleted        INTEGER NOT NULL DEFAULT 0, -- may not sign in
  blacklisted_tags  TEXT NOT NULL DEFAULT '',
  favorite_tags     TEXT NOT NULL DEFAULT '',
  ratings           TEXT NOT NULL DEFAULT '', -- shown unless a search says otherwise: 'gs'; '': all
  language          TEXT NOT NULL DEFAULT '',
  theme             TEXT NOT NULL DEFAULT '',
  time_zone         TEXT NOT NULL DEFAULT '',
  per_page          INTEGER NOT NULL DEFAULT 0, -- 0: as many as the page has
  created_at        INTEGER NOT NULL,
  updated_at        INTEGER NOT NULL,
  last_logged_in_at INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Secrets are stored as the SHA-256 of a random token, in hex.
CREATE TABLE sessions (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id      INTEGER NOT NULL REFERENCES users,
  token        TEXT NOT NULL UNIQUE,
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  address      TEXT NOT NULL,
  agent        TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE api_keys (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id      INTEGER NOT NULL REFERENCES users,
  token        TEXT NOT NULL UNIQUE,
  name         TEXT NOT NULL,
  access       INTEGER NOT NULL,          -- BooruAccess: at most this, whatever the user may
  routes       TEXT NOT NULL,         -- beginnings of paths, separated by spaces; '': all
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX api_keys_by_user ON api_keys (user_id);

-- Whoever has the code may make an account. Without a creator: the first account, while there is
-- none.
CREATE TABLE invitations (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  token      TEXT NOT NULL UNIQUE,
  access     INTEGER NOT NULL,
  creator_id INTEGER REFERENCES users,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  user_id    INTEGER REFERENCES users     -- who used it; NULL: nobody yet
) STRICT;

-- Whoever has the link sees one post, pool or search.
CREATE TABLE share_links (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  token      TEXT NOT NULL UNIQUE,
  creator_id INTEGER NOT NULL REFERENCES users,
  kind       INTEGER NOT NULL,            -- BooruShareKind
  target     TEXT NOT NULL,           -- an id, or the text of a search
  password   TEXT,                    -- as crypt(5) has it; NULL: none is asked for
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL             -- 0: never
) STRICT;

-- Tries to sign in that did not succeed, yet.
CREATE TABLE login_attempts (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name_key   TEXT NOT NULL,
  address    TEXT NOT NULL,           -- or the network of an IPv6 address
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX login_attempts_by_time ON login_attempts (created_at);

-- Who did what to accounts, settings and links.
CREATE TABLE audit (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id    INTEGER NOT NULL,            -- 0: somebody without an account, or booructl
  action     TEXT NOT NULL,           -- such as 'user.add'
  target     TEXT NOT NULL,
  details    TEXT NOT NULL,
  address    TEXT NOT NULL,           -- '': on the computer itself
  created_at INTEGER NOT NULL
) STRICT;
