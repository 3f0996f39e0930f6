import type { Command } from './command.ts';

/** Every command, loaded when it is called. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  status: {
    summary: 'a line per stream: last run, lag, what is undelivered, health of destinations',
    load: () => import('./commands/status.ts'),
  },
  doctor: {
    summary: 'look for what would keep a stage from working, before its deploy and after',
    load: () => import('./commands/doctor.ts'),
  },
  pause: {
    summary: "turn a stream's collect schedule off",
    load: () => import('./commands/pause.ts'),
  },
  resume: {
    summary: 'turn it on again',
    load: () => import('./commands/resume.ts'),
  },
  'run-now': {
    summary: "collect now, as the schedule does, and wait for the run's end",
    load: () => import('./commands/run-now.ts'),
  },
  runs: {
    summary: 'the history of runs as a table and a sparkline',
    load: () => import('./commands/runs.ts'),
  },
  advise: {
    summary: 'what a stream costs, how fresh it is, and which schedule would be cheapest',
    load: () => import('./commands/advise.ts'),
  },
  'alarm-test': {
    summary: "send one alarm through the pager's path",
    load: () => import('./commands/alarm-test.ts'),
  },
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
