# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of booructl(1) for fish.
set -l verbs status health plugins enable disable restart reload stop scan apply-rules failures retry jobs workers settings events doctor migrate user
complete -c booructl -f -n "not __fish_seen_subcommand_from $verbs" -a "$verbs"
complete -c booructl -f -n "__fish_seen_subcommand_from restart" -a "web monitor"
complete -c booructl -f -n "__fish_seen_subcommand_from enable disable" \
  -a "(booru-host --list-plugins 2>/dev/null | string match -rg '^(\S+)')"
complete -c booructl -f -n "__fish_seen_subcommand_from settings" \
  -a "(booructl settings 2>/dev/null | string match -rg '^([a-z][a-z.-]*) ')"
complete -c booructl -f -n "__fish_seen_subcommand_from workers events status health plugins reload stop"
complete -c booructl -n "__fish_seen_subcommand_from scan apply-rules failures" -a "(__fish_complete_directories)"
complete -c booructl -f -n "__fish_seen_subcommand_from doctor" \
  -a "installation settings folders limits database decoder bus host"
complete -c booructl -l json -d "Print JSON, for scripts"
complete -c booructl -s d -l data-dir -r -d "Talk to the host that uses a folder"
complete -c booructl -s s -l settings -r -d "doctor: look at the settings in a file"
complete -c booructl -l socket -r -d "Talk to the host on a socket"
complete -c booructl -l session -d "Talk to the host on the session bus"
complete -c booructl -l system -d "Talk to the host on the system bus"
complete -c booructl -s f -l follow -d "status, events: keep showing changes"
complete -c booructl -f -n "__fish_seen_subcommand_from user" -a "add list passwd level remove restore key invite"
complete -c booructl -x -l to -d "migrate: the database to move to"
complete -c booructl -x -l from -d "migrate: the database to move from"
complete -c booructl -l all -d "retry: all files"
complete -c booructl -l reset -d "settings: reset to the default"
complete -c booructl -l version -d "Print the version"
