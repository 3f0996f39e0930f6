import { count, plural } from '../text.ts';
import { type ErasedThing, type EraseReport, readingCost } from './erase-report.ts';

/** One line: how much is to be read, and for how much. */
export function describeReading({ objects, bytes }: Pick<EraseReport, 'objects' | 'bytes'>): string {
  const { requests, transfer } = readingCost({ objects, bytes });
  return `${plural(objects, 'object')} of ${sizeText(bytes)} to read: ${dollars(requests)} of requests, and ${dollars(transfer)} for the bytes where they leave AWS`;
}

/** Describes what was found and what became of it, for a person. */
export function describeErased(report: EraseReport): string {
  const { found, unread, unsearched, versioned, notes, interrupted } = report;
  const lines = found.flatMap(({ address, state, reason, ...counts }) => [
    `${states[state].padEnd(9)} ${address}: ${countsText(counts)}`,
    ...(reason === undefined ? [] : [`          ${reason}`]),
  ]);
  const lost = found.filter(
    ({ keepsRest, state }) => !keepsRest && (state === 'found' || state === 'deleted'),
  );
  const others = lost.reduce((sum, each) => sum + each.others, 0);
  const matched = found.reduce((sum, each) => sum + each.matched, 0);
  return [
    ...lines,
    ...unread.map(({ address, reason }) => `unread    ${address}: ${reason}`),
    `${plural(found.length, 'object')} with ${plural(matched, 'event or line', 'events or lines')} found`,
    ...(others === 0
      ? []
      : [
          `${plural(others, 'other event')} ${others === 1 ? 'goes' : 'go'} with them: delivered, and not to be replayed any more`,
        ]),
    ...(versioned.length === 0
      ? []
      : [`the bucket keeps older versions of ${plural(versioned.length, 'object')}: delete those, too`]),
    ...unsearched,
    ...notes,
    ...(interrupted ? ['interrupted: the same command line goes on with what is left'] : []),
  ].join('\n');
}

const states = { found: 'holds', owed: 'owed', deleted: 'deleted', rewritten: 'rewritten', failed: 'failed' };

function countsText({
  matched,
  others,
  isCounted,
  keepsRest,
}: Pick<ErasedThing, 'matched' | 'others' | 'isCounted' | 'keepsRest'>): string {
  if (!isCounted) return 'no array of events, which holds the text';
  return `${count(matched)} of ${count(matched + others)}${keepsRest ? ', of which the others stay' : ''}`;
}

function sizeText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let size = bytes;
  while (size >= 1_000 && unit < units.length - 1) {
    size /= 1_000;
    unit += 1;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}

function dollars(amount: number): string {
  return amount > 0 && amount < 0.01 ? 'less than $0.01' : `$${amount.toFixed(2)}`;
}
