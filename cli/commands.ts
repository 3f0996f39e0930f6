import type { Command } from './command.ts';

/** Every command, loaded when it is called. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  init: {
    summary: 'write the folder of a new relay: settings, app and README',
    load: () => import('./commands/init.ts'),
  },
  status: {
    summary: 'the state of every stream: last run, lag, undelivered events, health',
    load: () => import('./commands/status.ts'),
  },
  explain: {
    summary: "the runbook's article about an alarm, with today's figures",
    load: () => import('./commands/explain.ts'),
  },
  doctor: {
    summary: 'problems that would keep a stage from working, before its deploy and after',
    load: () => import('./commands/doctor.ts'),
  },
  'upgrade-check': {
    summary: 'all that an upgrade to this version changes in a deployed stage',
    load: () => import('./commands/upgrade-check.ts'),
  },
  'explain-diff': {
    summary: 'the meaning of each line of cdk diff for events, before a deploy',
    load: () => import('./commands/explain-diff.ts'),
  },
  pause: {
    summary: "turn a stream's collect schedule off",
    load: () => import('./commands/pause.ts'),
  },
  resume: {
    summary: "turn a stream's collect schedule on again",
    load: () => import('./commands/resume.ts'),
  },
  'run-now': {
    summary: "collect at once, as the schedule does, and wait for the run's end",
    load: () => import('./commands/run-now.ts'),
  },
  runs: {
    summary: 'the history of runs, as a table and a sparkline',
    load: () => import('./commands/runs.ts'),
  },
  logs: {
    summary: 'what functions and delivery streams have written',
    load: () => import('./commands/logs.ts'),
  },
  tail: {
    summary: 'events as they are journaled, or as S3 was delivered them',
    load: () => import('./commands/tail.ts'),
  },
  drift: {
    summary: 'activities and members that Mosaic sends and no document names',
    load: () => import('./commands/drift.ts'),
  },
  advise: {
    summary: 'the cost and freshness of a stream, and what saves',
    load: () => import('./commands/advise.ts'),
  },
  'alarm-test': {
    summary: "send one alarm through the pager's path",
    load: () => import('./commands/alarm-test.ts'),
  },
  forget: {
    summary: 'what is kept of removed destinations, and the deletion of what is empty',
    load: () => import('./commands/forget.ts'),
  },
  replay: {
    summary: 'send waiting or journaled events again',
    load: () => import('./commands/replay.ts'),
  },
  find: {
    summary: 'the places of one event: journal, destinations, quarantine, backups',
    load: () => import('./commands/find.ts'),
  },
  verify: {
    summary: 'a comparison of S3 and GCS with the journal, for an auditor',
    load: () => import('./commands/verify.ts'),
  },
  content: {
    summary: 'what a SIEM needs to understand the events, and how to install it',
    load: () => import('./commands/content.ts'),
  },
  erase: {
    summary: 'find and erase what holds a value, such as a user id',
    load: () => import('./commands/erase.ts'),
  },
  preview: {
    summary: 'what a view would make of the events in the journal, rule by rule',
    load: () => import('./commands/preview.ts'),
  },
  completion: {
    summary: 'print a script that completes commands and flags in a shell',
    async load() {
      const { completionOf } = await import('./commands/completion.ts');
      const { tryProgram } = await import('./trial/try-program.ts');
      const trial = {
        name: 'try',
        summary: "read a tenant's own events before anything is deployed",
        table: tryProgram,
      };
      return { command: completionOf(async () => [...(await loadCommands()), trial]) };
    },
  },
};

export interface CommandEntry {
  /** One line for the overview. */
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: Command }>;
}

/** Every command with its name and its summary, in the order of the overview. */
export async function loadCommands(): Promise<readonly NamedCommand[]> {
  return Promise.all(
    Object.entries(commands).map(async ([name, { summary, load }]) => ({
      name,
      summary,
      table: (await load()).command,
    })),
  );
}

/** One command, as completion and the commands' page show it. */
export interface NamedCommand {
  readonly name: string;
  readonly summary: string;
  readonly table: Command;
}
