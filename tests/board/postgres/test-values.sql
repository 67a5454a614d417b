-- SPDX-License-Identifier: LGPL-2.1-or-later
SELECT ?1, ?2, ?3, ?4, ?5
