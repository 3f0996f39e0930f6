import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callCommand } from '../../cli/call-command.ts';
import type { Terminal } from '../../cli/command.ts';
import { announce } from '../../local/run/announce.ts';
import { openLocalStage } from '../../local/run/local-stage.ts';
import type { LocalStage } from '../../local/run/opened-stage.ts';
import { inSilence } from '../local/run/in-silence.ts';

/** A local run that stands still, as `npm start -- --serve` announces it, for the operator's commands. */
export interface StageUnderTest extends LocalStage {
  /** Runs `relay <args> --local --out <the run's folder>`. */
  relay(args: string, terminal?: Partial<Terminal>): Promise<Told>;
  readonly out: string;
}

/** What a command told. */
export interface Told {
  readonly code: number;
  readonly out: string;
  readonly problems: string;
}

/** Synthesises the `dev` stage and deploys it on the stand-ins; nothing is raised and no schedule runs. */
export async function startStage(): Promise<StageUnderTest> {
  const out = await mkdtemp(join(tmpdir(), 'relay-commands-'));
  const stage = await openLocalStage({
    ...inSilence({ env: process.env }),
    stage: 'dev',
    types: ['cis', 'admin', 'risk', 'verify'],
    seed: 1,
    source: [],
    documentedOnly: true,
  });
  const announced = await announce(stage.world, { stage: 'dev', out });
  return {
    ...stage,
    out,
    relay: (args, terminal) => runRelay([...args.split(' '), '--local', '--out', out], terminal),
    close: async () => {
      await announced.end();
      await stage.close();
      await rm(out, { recursive: true, force: true });
    },
  };
}

/** Runs a command as its process would. */
export async function runRelay(args: readonly string[], terminal: Partial<Terminal> = {}): Promise<Told> {
  const lines: string[] = [];
  const problems: string[] = [];
  const code = await callCommand(args, {
    out: (text) => void lines.push(text),
    problem: (text) => void problems.push(text),
    isTerminal: false,
    columns: 80,
    interrupted: new AbortController().signal,
    ...terminal,
  });
  return { code, out: lines.join('\n'), problems: problems.join('\n') };
}
