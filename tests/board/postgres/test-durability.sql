-- SPDX-License-Identifier: LGPL-2.1-or-later
SELECT current_setting ('synchronous_commit'), current_setting ('lock_timeout')
