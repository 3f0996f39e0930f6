import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forgetFlag, holdsOf, verdictOnKept } from '../../../cli/kept/judge-kept.ts';
import type { KeptStatus, KeptSummary } from '../../../cli/kept/summarize-kept.ts';
import { headlineOf, showStatus } from '../../../cli/status/show-status.ts';
import { statusLine, statusLines } from '../../../cli/status/status-lines.ts';
import { isTrouble, worstOf } from '../../../cli/waiting/verdict.ts';
import { now, stageStatus } from './statuses.ts';

const hour = 3_600_000;

/** A delivery stream that was removed days ago and holds nothing, but for what is given. */
function keptStatus(given: Partial<KeptStatus> = {}): KeptStatus {
  const facts = {
    streamName: 'cis',
    destination: 'gcs',
    mark: '0a1b2c3d',
    deliveryStream: 'mosaic-relay-dev-cis-gcs-0a1b2c3d',
    gone: false,
    state: 'ACTIVE',
    createdAt: 0,
    metrics: 'DeliveryToS3',
    copierEnd: '0a1b2c3d',
    queued: 0,
    deadLetters: 0,
    untold: 0,
    watched: true,
    givenUp: 0,
    transit: [],
    outlived: 0,
    ...given,
  } as const;
  const holds = holdsOf(facts, now);
  const next = `npx relay forget --stream cis --destination gcs --stage dev${forgetFlag({ ...facts, holds })}`;
  return { ...facts, holds, verdict: verdictOnKept({ ...facts, holds }), next };
}

function read(...streams: readonly KeptStatus[]) {
  return readSummary({ verdict: worstOf(streams.map(({ verdict }) => verdict)), streams });
}

function readSummary(kept: KeptSummary) {
  const status = stageStatus([], kept);
  const lines = statusLines(status);
  for (const line of lines)
    expect(statusLine.safeParse(JSON.parse(JSON.stringify(line))).error).toBe(undefined);
  const text = showStatus(status, 'stack', { now, paint: (each) => each, columns: 80 });
  return { verdict: status.verdict, headline: headlineOf(status, now), text, lines };
}

const keys = (count: number) => Array.from({ length: count }, (_, number) => `delivered/cis/gcs/${number}`);

test('what is kept and empty is quiet', () => {
  const { headline, text } = read(keptStatus());
  expect(headline).toBe('quiet: dev delivers what it collects; nothing waits');
  expect(text).toMatch(/, empty\n {2}next: npx relay forget .* --yes$/);
});

test('what a removed destination holds is unknown, in the headline and in both outputs, where nobody may look', () => {
  const problem =
    'what is kept of removed destinations is not known: no right to firehose:ListDeliveryStreams';
  const { verdict, headline, text, lines } = readSummary({ verdict: 'unknown', streams: [], problem });
  expect(verdict).toBe('unknown');
  expect(headline).toBe('unknown: dev; what waits of removed destinations is not known');
  expect(text.replaceAll(/\n */g, ' ')).toContain(problem);
  expect(lines).toMatchObject([{ stage: { verdict: 'unknown', keptProblem: problem } }]);
});

test('objects that a copier has not heard of wait, and are told', () => {
  const { headline, text, lines } = read(keptStatus({ untold: 500, transit: keys(500) }));
  expect(headline).toBe('behind: cis/gcs (removed); 500 objects of removed destinations wait');
  expect(text).toContain('\n  500 objects that the copier has not heard of\n');
  expect(lines.at(-1)).toMatchObject({ kept: { verdict: 'behind', untold: 500 } });
});

test('a copier whose delivery stream has no note waits for somebody to write it again', () => {
  const { headline, text, lines } = read(keptStatus({ watched: false, transit: keys(900) }));
  expect(headline).toBe(
    'waiting for you: cis/gcs (removed); up to 900 objects of removed destinations may wait',
  );
  expect(text.replaceAll(/\n */g, ' ')).toContain(
    'nobody knows which of 900 objects its copier has heard of',
  );
  expect(text).toMatch(/\n {2}next: npx relay forget --stream cis --destination gcs --stage dev --yes$/);
  expect(lines.at(-1)).toMatchObject({ kept: { watched: false, next: expect.stringMatching(/ --yes$/) } });

  const young = read(keptStatus({ watched: false, idleSince: now - hour }));
  expect(young.verdict).toBe('waiting for you');
  expect(young.text).toContain('nobody tells its copier of what Firehose still writes');
});

test('a kept delivery stream is behind by the age that a present one is', () => {
  const held = (minutes: number) =>
    keptStatus({ idleSince: now - 23 * hour, freshnessSeconds: minutes * 60 });
  expect(read(held(23 * 60)).headline).toBe(
    'behind: cis/gcs (removed); Firehose holds events of removed destinations, the oldest for 23 h',
  );
  expect(read(held(31)).verdict).toBe('behind');
  expect(read(held(29)).headline).toBe(
    'ok: dev delivers what it collects; Firehose may hold events of removed destinations',
  );
});

test('nothing but a command is wider than a terminal', () => {
  const { text } = read(
    keptStatus({ watched: false, transit: keys(900), idleSince: now - hour, givenUp: 3 }),
  );
  for (const line of text.split('\n'))
    if (!line.startsWith('  next: ')) expect(line.length, line).toBeLessThanOrEqual(80);
});

test('what is kept is never called healthier than it is, nor said to hold nothing', () => {
  const some = fc.constantFrom(0, 0, 0, 1, 900);
  const drawn = fc.record({
    queued: some,
    deadLetters: some,
    givenUp: some,
    untold: some,
    copied: some,
    outlived: some,
    watched: fc.boolean(),
    gone: fc.boolean(),
    state: fc.constantFrom('ACTIVE', 'ACTIVE', 'DELETING'),
    oldestMinutes: fc.constantFrom(undefined, 1, 31, 23 * 60),
    idleHours: fc.constantFrom(undefined, 1, 27, 30),
  });
  fc.assert(
    fc.property(fc.array(drawn, { maxLength: 3 }), (all) => {
      const { verdict, headline } = read(
        ...all.map(({ copied, oldestMinutes, idleHours, ...facts }) =>
          keptStatus({
            ...facts,
            untold: facts.watched ? facts.untold : 0,
            transit: keys(copied),
            ...(oldestMinutes === undefined ? {} : { freshnessSeconds: oldestMinutes * 60 }),
            ...(idleHours === undefined ? {} : { idleSince: now - idleHours * hour }),
          }),
        ),
      );
      const needsSomebody = all.some(
        ({ queued, deadLetters, givenUp, watched, copied, outlived }) =>
          queued + deadLetters + givenUp > 0 || (!watched && copied + outlived > 0),
      );
      const isLate = all.some(
        ({ untold, watched, oldestMinutes = 0 }) => (watched && untold > 0) || oldestMinutes > 30,
      );
      if (needsSomebody) expect(verdict).toBe('waiting for you');
      if (isLate) expect(isTrouble(verdict)).toBe(true);
      if (needsSomebody || isLate) expect(headline).not.toContain('nothing waits');
      if (all.some(({ gone, idleHours = 30 }) => !gone && idleHours < 28))
        expect(headline).not.toContain('nothing waits');
      if (all.length === 0) expect(verdict).toBe('quiet');
    }),
  );
});
