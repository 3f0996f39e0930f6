import {
  type CompletedCommand,
  type CompletedFlag,
  completedFlags,
  takesFolder,
} from './completed-command.ts';

/** A script for bash 4 and newer, which needs no package of completions. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  return `# Completion of relay for bash: source <(relay completion bash)
_relay() {
  COMPREPLY=()
  local words=("\${COMP_WORDS[@]:0:COMP_CWORD+1}")
  # Bash takes "--flag=value" apart: an empty word stands after the "=" that has no value yet.
  local last="\${words[-1]}"
  [[ $last == = ]] && { words+=(""); last=""; }
  local first=1
  [[ \${words[0]} == npx ]] && first=2
  if ((first == 2 && \${#words[@]} == 2)); then
    COMPREPLY=($(compgen -W 'relay' -- "$last"))
    return
  fi
  [[ $first == 2 && \${words[1]} != relay ]] && return
  if ((\${#words[@]} == first + 1)); then
    COMPREPLY=($(compgen -W '${['help', '--help', '--version', ...commands.map(({ name }) => name)].join(' ')}' -- "$last"))
    return
  fi
  local command="\${words[first]}" flag="\${words[-2]}"
  [[ $flag == = ]] && flag="\${words[-3]}"
  case "$command $flag" in
${commands.flatMap((command) => valueCases(command)).join('\n')}
  esac
  case "$command" in
${commands.map(flagCase).join('\n')}
    help) COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')}' -- "$last")) ;;
  esac
}

# Completes the last of several words that commas separate.
_relay_list() {
  local before=""
  [[ $2 == *,* ]] && before="\${2%,*},"
  COMPREPLY=($(compgen -P "$before" -W "$1" -- "\${2##*,}"))
}

complete -o default -F _relay relay
complete -o default -F _relay npx`;
}

/** The cases that complete the word after a flag. Each returns, so that no flag is offered in a value's place. */
function valueCases({ name, table }: CompletedCommand): readonly string[] {
  return completedFlags(table).flatMap((flag) => {
    const action = valueAction(flag);
    return action === undefined ? [] : [`    '${name} --${flag.name}') ${action}; return ;;`];
  });
}

function valueAction({ completion }: CompletedFlag): string | undefined {
  switch (completion.kind) {
    case 'switch':
      return undefined;
    case 'words':
      return completion.several
        ? `_relay_list '${completion.words.join(' ')}' "$last"`
        : `COMPREPLY=($(compgen -W '${completion.words.join(' ')}' -- "$last"))`;
    case 'folder':
      return 'COMPREPLY=($(compgen -d -- "$last"))';
    case 'file':
      return 'COMPREPLY=($(compgen -f -- "$last"))';
    case 'other':
      return ':';
  }
}

function flagCase({ name, table }: CompletedCommand): string {
  const words = [...(table.operand?.choices ?? []), ...completedFlags(table).map((flag) => `--${flag.name}`)];
  const folders = takesFolder(table) ? ' $(compgen -d -- "$last")' : '';
  return `    ${name}) COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$last")${folders}) ;;`;
}
