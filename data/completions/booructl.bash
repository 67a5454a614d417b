# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of booructl(1) for bash.
_booructl ()
{
  local word=${COMP_WORDS[COMP_CWORD]} verb= option= i
  # bash splits --data-dir=FOLDER into three words.
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      -d | --data-dir | -s | --settings | --socket) option=${COMP_WORDS[i]} ;;
      -*) option= ;;
      =) ;;
      *)
        if [ -z "$option" ]; then
          verb=${COMP_WORDS[i]}
          break
        fi
        option= ;;
    esac
  done
  [ "$word" = = ] && word=

  case $option in
    -d | --data-dir) COMPREPLY=($(compgen -d -- "$word")); return ;;
    ?*) COMPREPLY=($(compgen -f -- "$word")); return ;;
  esac
  case $verb in
    '')
      COMPREPLY=($(compgen -W "status health plugins enable disable restart reload stop scan
        apply-rules failures retry jobs workers settings events doctor migrate user --json --data-dir= --settings= --socket=
        --session --system --follow --all --reset --version --help" -- "$word")) ;;
    enable | disable)
      COMPREPLY=($(compgen -W "$(booru-host --list-plugins 2>/dev/null |
        sed -n 's/^\([^ ][^ ]*\).*/\1/p')" -- "$word")) ;;
    restart) COMPREPLY=($(compgen -W "web monitor" -- "$word")) ;;
    settings)
      COMPREPLY=($(compgen -W "--reset $(booructl settings 2>/dev/null |
        sed -n 's/^\([a-z][a-z.-]*\) .*/\1/p')" -- "$word")) ;;
    doctor)
      COMPREPLY=($(compgen -W "installation settings folders limits database decoder bus host
        --json --data-dir= --settings= --system" -- "$word")) ;;
    events | status) COMPREPLY=($(compgen -W "-f --follow" -- "$word")) ;;
    user) COMPREPLY=($(compgen -W "add list passwd level remove restore key invite" -- "$word")) ;;
    migrate) COMPREPLY=($(compgen -W "--to=sqlite: --to=postgresql: --from=" -- "$word")) ;;
    retry) COMPREPLY=($(compgen -W "--all" -- "$word") $(compgen -f -- "$word")) ;;
    scan | apply-rules | failures) COMPREPLY=($(compgen -d -- "$word")) ;;
  esac
}
complete -F _booructl booructl
