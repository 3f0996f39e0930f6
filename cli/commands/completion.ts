import { bashScript } from '../arguments/completion/bash.ts';
import type { CompletedCommand } from '../arguments/completion/completed-command.ts';
import { fishScript } from '../arguments/completion/fish.ts';
import { zshScript } from '../arguments/completion/zsh.ts';
import { type Command, defineCommand } from '../command.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** @param loadAll loads the tables of all commands; this command is one of them */
export function completionOf(loadAll: () => Promise<readonly CompletedCommand[]>): Command {
  return defineCommand({
    name: 'relay completion',
    synopsis: [Object.keys(scripts).join('|')],
    about: `Prints a script that completes commands, flags and their values in a shell; in bash also after npx. The script
knows the flags of the version that printed it. It reads no stage, so it does not complete the names of streams.`,
    flags: {},
    operand: {
      name: 'SHELL',
      choices: Object.keys(scripts),
      text: `the shell: ${Object.keys(scripts).join(', ')}`,
    },
    exitCodes: '0 done, 2 wrong use',
    examples: [
      'source <(relay completion bash)',
      'source <(relay completion zsh)',
      'relay completion fish > ~/.config/fish/completions/relay.fish',
    ],

    async run(_, terminal, shell) {
      terminal.out(scripts[shell as keyof typeof scripts](await loadAll()));
      return 0;
    },
  });
}
