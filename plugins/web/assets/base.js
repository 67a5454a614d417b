// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the board lies on its host: "/", or a path that a proxy gives it.

export const base = new URL("..", import.meta.url).pathname;
