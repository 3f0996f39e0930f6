import {
  type CompletedCommand,
  type CompletedFlag,
  completedFlags,
  takesFolder,
} from './completed-command.ts';

/** A script for fish. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  const first = "-n 'test (count (commandline -opc)) -eq 1'";
  return [
    '# Completion of relay for fish: relay completion fish > ~/.config/fish/completions/relay.fish',
    'complete -c relay -f',
    `complete -c relay ${first} -l help -d 'show the commands'`,
    `complete -c relay ${first} -l version -d 'print the version'`,
    ...commands.map(({ name, summary }) => `complete -c relay ${first} -a ${name} -d ${quoted(summary)}`),
    ...commands.flatMap(linesOf),
  ].join('\n');
}

function linesOf({ name, table }: CompletedCommand): readonly string[] {
  const where = `complete -c relay -n '__fish_seen_subcommand_from ${name}'`;
  const words = takesFolder(table) ? '(__fish_complete_directories)' : table.operand?.choices?.join(' ');
  return [
    ...(words === undefined ? [] : [`${where} -a ${quoted(words)}`]),
    ...completedFlags(table).map(
      (flag) => `${where} -l ${flag.name}${valueClause(flag)} -d ${quoted(flag.text)}`,
    ),
  ];
}

function valueClause({ completion }: CompletedFlag): string {
  switch (completion.kind) {
    case 'switch':
      return '';
    case 'words':
      return completion.several
        ? ` -x -a ${quoted(`(__fish_append , ${completion.words.join(' ')})`)}`
        : ` -x -a ${quoted(completion.words.join(' '))}`;
    case 'folder':
      return " -x -a '(__fish_complete_directories)'";
    case 'file':
      return ' -r -F';
    case 'other':
      return ' -x';
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
