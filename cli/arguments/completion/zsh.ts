import type { Operand } from '../program-description.ts';
import { type CompletedCommand, type CompletedFlag, completedFlags } from './completed-command.ts';

/** A script for zsh, by the completion system that zsh brings. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  return `#compdef relay
# Completion of relay for zsh: source <(relay completion zsh), after compinit; or a file _relay in a folder of $fpath.
_relay() {
  local -a commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join('\n')}
    'help:show the commands, or the flags of one'
  )
  if ((CURRENT == 2)); then
    _describe command commands
    _arguments '--help[show the commands]' '--version[print the version]'
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${commands.map(commandCase).join('\n')}
    help) _describe command commands ;;
  esac
}

if [[ $funcstack[1] == _relay ]]; then
  _relay "$@"
else
  compdef _relay relay
fi`;
}

function commandCase({ name, table }: CompletedCommand): string {
  const specs = [
    ...(table.operand === undefined ? [] : [`1:${table.operand.name}:${operandAction(table.operand)}`]),
    ...completedFlags(table).map(flagSpec),
  ];
  return `    ${name})\n      _arguments -s \\\n${specs.map((spec) => `        ${quoted(spec)}`).join(' \\\n')} ;;`;
}

function operandAction({ choices }: Operand): string {
  return choices === undefined ? '_files -/' : `(${choices.join(' ')})`;
}

function flagSpec(flag: CompletedFlag): string {
  const text = `[${flag.text.replace(/[\\[\]]/g, '\\$&')}]`;
  const { completion } = flag;
  if (completion.kind === 'switch') return `--${flag.name}${text}`;
  return `--${flag.name}=${text}:${flag.value}:${actionOf(completion)}`;
}

function actionOf(completion: CompletedFlag['completion']): string {
  if (completion.kind === 'folder') return '_files -/';
  if (completion.kind === 'file') return '_files';
  if (completion.kind !== 'words') return ' ';
  const words = completion.words.join(' ');
  return completion.several ? `_values -s , word ${words}` : `(${words})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
