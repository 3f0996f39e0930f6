import type { Command } from './command.ts';

/** Every command, loaded when it is called. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  replay: {
    summary: 'send again what waits somewhere, or lies in the journal',
    load: () => import('./commands/replay.ts'),
  },
};

export interface CommandEntry {
  /** One line for the overview. */
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: Command }>;
}
