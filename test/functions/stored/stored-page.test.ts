import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backupCopyPrefix, backupErrorPrefix } from '../../../functions/stored/backup-key.ts';
import { deliveredDestinationFolder } from '../../../functions/stored/delivered-key.ts';
import { erasedMarkKey, readErasedMarkKey, writeErasedMark } from '../../../functions/stored/erased-mark.ts';
import { dataPrefix, prefixOfHour } from '../../../functions/stored/hourly-prefix.ts';
import { probeKey, readJournalKey, writeJournalKey } from '../../../functions/stored/journal-key.ts';
import { writeBatchMetadata } from '../../../functions/stored/journaled-batch.ts';
import { keptKey } from '../../../functions/stored/kept-delivery.ts';
import { keptViewKey } from '../../../functions/stored/kept-view.ts';
import { metaKey } from '../../../functions/stored/meta-item.ts';
import { openKey } from '../../../functions/stored/open-item.ts';
import { readQuarantineKey, writeQuarantineKey } from '../../../functions/stored/quarantine-key.ts';
import { recoveryRun } from '../../../functions/stored/recovery-run.ts';
import {
  replayedKey,
  replayNoteKey,
  writeReplayMark,
  writeReplayPart,
} from '../../../functions/stored/replayed-key.ts';
import { runKey } from '../../../functions/stored/run-item.ts';
import { sortKey } from '../../../functions/stored/stream-item.ts';
import { dayName } from '../../../functions/stored/utc-day.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/stored.md'), 'utf8');

const streamName = 'relay-cis';
const startedAt = Date.UTC(2026, 2, 2, 8);
const collectedAt = Date.UTC(2026, 2, 2, 9);
const run = { run: '0b7d1c9e-run', startedAt };
const batch = { streamName, day: dayName(startedAt), run: run.run, number: 7 };
const splunk = { streamName, destination: 'splunk' };
const recovered = { ...batch, run: recoveryRun(startedAt, '00000000a1b2c3d4'), number: 1 };
const journaled = writeJournalKey(batch, 'zstd');
const inQuarantine = writeQuarantineKey(batch, 'gzip');
const errors = backupErrorPrefix(splunk).replace('!{firehose:error-output-type}', 'splunk-failed');
const delivered = (destination: string): string =>
  dataPrefix(deliveredDestinationFolder({ streamName, destination }), 'cis');

test('the page shows every key as functions/stored/ writes it, in this order', () => {
  const shown = tableAfter('## Objects in the stage').map(([, , example = '']) => example);

  expect(shown).toEqual([
    journaled,
    writeJournalKey(recovered, 'zstd'),
    probeKey(streamName),
    erasedMarkKey(batch),
    inQuarantine,
    writeQuarantineKey({ ...batch, index: 12, destination: 'splunk' }, 'identity'),
    writeQuarantineKey({ ...batch, destination: 'splunk' }, 'zstd'),
    ...[errors, backupCopyPrefix(splunk), delivered('s3'), delivered('gcs')].map(
      (prefix) => `${prefixOfHour(prefix, collectedAt)}…`,
    ),
    replayNoteKey({ note: 'marks', ...splunk }, journaled),
    replayNoteKey({ note: 'parts', ...splunk }, journaled),
    replayedKey(inQuarantine),
    keptViewKey(streamName, 'analysts@0c5e1f2a'),
  ]);
  expect(readJournalKey(journaled)).toEqual(batch);
  expect(readErasedMarkKey(erasedMarkKey(batch))).toEqual(batch);
  expect(readJournalKey(erasedMarkKey(batch))).toBeUndefined();
});

test('each example lies below the prefix that its row names', () => {
  for (const [prefix = '', , example = ''] of tableAfter('## Objects in the stage'))
    expect(example.startsWith(prefix)).toBe(true);
});

test('the page shows metadata, marks and parts as they are written', () => {
  const texts = [
    JSON.stringify(writeBatchMetadata({ collectedAt, stream: '7f3c-prod', encoding: 'zstd', cutOff: false })),
    Buffer.from(writeReplayMark([], collectedAt)).toString(),
    Buffer.from(writeReplayMark([3, 7], collectedAt)).toString(),
    Buffer.from(writeErasedMark(collectedAt)).toString(),
    Buffer.from(writeReplayPart({ events: 500, oversized: 1, leftOut: [] }, collectedAt)).toString(),
  ];

  for (const text of texts) expect(page).toContain(`\`${text}\``);
});

test('the page shows the sort key of every item', () => {
  expect(tableAfter("## Items in the stage's table").map(([item]) => item)).toEqual([
    metaKey,
    openKey(run),
    runKey(run),
    keptKey({ streamName, destination: 'splunk', mark: '0a1b2c3d' })[sortKey],
  ]);
});

test('the key of the version before is read as the page says', () => {
  const [old = ''] = /000007-[\w-]+\.json/.exec(page) ?? [];

  expect(readQuarantineKey(inQuarantine.replace(/[^/]+$/, old), ['splunk'])).toEqual({
    ...batch,
    index: 12,
    destination: 'splunk',
  });
});

/** The rows of the first table below a heading, without the ticks of code. */
function tableAfter(heading: string): readonly (readonly string[])[] {
  const rows = page.slice(page.indexOf(heading)).match(/(?:^\|.*\n)+/m)![0];
  return rows
    .trimEnd()
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
}
