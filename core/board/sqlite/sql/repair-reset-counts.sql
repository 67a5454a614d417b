-- SPDX-License-Identifier: LGPL-2.1-or-later
UPDATE tags SET post_count = 0
