import type { Command } from './command.ts';

/** Every command, loaded when it is called. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  replay: {
    summary: 'send again what waits somewhere, or lies in the journal',
    load: () => import('./commands/replay.ts'),
  },
  find: {
    summary: 'where one event is: journal, destinations, quarantine, backups',
    load: () => import('./commands/find.ts'),
  },
  verify: {
    summary: 'what the journal holds against what S3 and GCS hold, for an auditor',
    load: () => import('./commands/verify.ts'),
  },
};

export interface CommandEntry {
  /** One line for the overview. */
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: Command }>;
}
