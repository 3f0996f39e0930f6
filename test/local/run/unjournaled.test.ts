import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Interference } from '@mosaic-relay/cdk-loopback';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readArguments } from '../../../cli/arguments/read-arguments.ts';
import type { FaultSet } from '../../../local/run/fault-set.ts';
import { startProgram } from '../../../local/run/flags.ts';
import { journaledBy } from '../../../local/run/journal-call.ts';
import { commandOf, type MainCommand } from '../../../local/run/options.ts';
import { performRun } from '../../../local/run/perform-run.ts';
import type { Report } from '../../../local/run/report.ts';
import { showResult } from '../../../local/run/show-result.ts';
import { synthesize } from '../../../local/run/synthesize.ts';
import { longTest } from '../../long-run.ts';
import { inSilence } from './in-silence.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-unjournaled-'));
  const { root, signal } = inSilence().context;
  await synthesize({ root, outdir: join(folder, 'assembly'), stage: 'dev', signal });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a journal that acknowledges every third batch and stores none of these is found out', async () => {
  let puts = 0;
  const { code, report, stderr } = await runWith(() => {
    puts += 1;
    return puts % 3 === 0 ? { skipEffect: true, outcome: 'accepted' } : undefined;
  });

  const [stream] = report.streams;
  expect(code).toBe(1);
  expect(stream).toMatchObject({ generated: 600, delivered: 600, missing: 0, duplicates: 0 });
  expect(stream).toMatchObject({ collected: 600, journaled: 400, unjournaled: 200, batches: 4 });
  expect(stderr).toMatch(
    /^admin \(relay-admin\): 200 of 600 events delivered and not in the journal, in 2 batches; last resorts told by the collector: 0\n {2}first:( [0-9a-f]{32}){5}\n$/m,
  );
});

longTest(
  'a batch that a run could only hand to Firehose is not in the journal, and is told and allowed',
  async () => {
    let refusedUntil: number | undefined;
    const { code, report, stdout, stderr } = await runWith((now) => {
      refusedUntil ??= now + minuteMs * 6;
      if (now > refusedUntil) return undefined;
      return { skipEffect: true, outcome: { status: 503, code: 'SlowDown', message: 'Slow down.' } };
    });

    const [stream] = report.streams;
    expect(stream).toMatchObject({ generated: 600, delivered: 600, missing: 0 });
    expect(stream).toMatchObject({ collected: 600, journaled: 500, unjournaled: 100 });
    expect(stdout).toContain('admin: 100 events in 1 batch went to Firehose without a journal');
    expect({ code, stderr: stderr.replace(/^mosaic-relay.* failed .*\n/gm, '') }).toEqual({
      code: 0,
      stderr: '',
    });
  },
);

const minuteMs = 60_000;

/** What happens to each batch that is put into the journal. */
type JournalFault = (now: number) => Interference | undefined;

async function runWith(fault: JournalFault) {
  const out = await mkdtemp(join(folder, 'out-'));
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const { context, progress } = inSilence({
    stdout: { write: (text: string | Uint8Array) => stdout.push(String(text)) > 0 },
    stderr: { write: (text: string | Uint8Array) => stderr.push(String(text)) > 0 },
    synthesize: ({ outdir }) => cp(join(folder, 'assembly'), outdir, { recursive: true }),
  });
  const command = commandOf(
    readArguments(['--types', 'admin', '--events', '600', '--json', '--out', out], startProgram),
    'dev',
  );
  const code = await performRun(command as MainCommand, {
    ...{ context, progress, show: showResult },
    faultSet: journalFaults(fault),
  });
  const report = JSON.parse(stdout.join('').trimEnd().split('\n').at(-1)!) as Report;
  return { code, report, stdout: stdout.join(''), stderr: stderr.join('') };
}

/** Six batches of a run each, so that every one is delivered from memory. */
function journalFaults(fault: JournalFault): FaultSet {
  return {
    raiseEveryMs: 30 * minuteMs,
    prepare() {
      let now = () => 0;
      return {
        world: {
          gateway: { interfere: (call) => (journaledBy(call) ? fault(now()) : undefined) },
          lambda: { skipSleeps: true },
        },
        begin({ world }) {
          now = world.clock.now;
          return 6 * 30 * minuteMs;
        },
        over: () => true,
        end: () => undefined,
        befell: () => ({}),
      };
    },
  };
}
