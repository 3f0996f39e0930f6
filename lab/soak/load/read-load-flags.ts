import { parseArgs } from 'node:util';
import { hourMs, outageFromMs } from './load-row.ts';
import type { PlannedRow } from './load-table.ts';

/** What the flags ask for: one row, or without any of a row's flags the whole table. */
export interface LoadFlags {
  readonly row: PlannedRow | undefined;
  readonly json: boolean;
}

/** Flags that cannot be meant; the message is one line. */
export class WrongFlags extends Error {}

/** @throws {WrongFlags} */
export function readLoadFlags(args: readonly string[]): LoadFlags {
  const { load: _load, json, ...given } = parse(args);
  if (Object.keys(given).length === 0) return { row: undefined, json };
  const hours = quarterHours(given.hours ?? '3');
  const row: PlannedRow = {
    quotaMiBPerSecond: numberOf('quota', given.quota ?? '1', { above: 0, upTo: 100, unit: 'MiB a second' }),
    load:
      given.rate === undefined
        ? { share: 0.7 }
        : { rate: numberOf('rate', given.rate, { above: 0, upTo: 10_000, unit: 'events a second' }) },
    destinations: wholeNumberOf('destinations', given.destinations ?? '2', 8),
    everyMinutes: wholeNumberOf('every', given.every ?? '5', 60),
    hours,
    outageHours: given.outage === undefined ? 0 : outageHours(given.outage, hours),
  };
  return { row, json };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        load: { type: 'boolean' },
        json: { type: 'boolean', default: false },
        quota: text,
        rate: text,
        destinations: text,
        every: text,
        hours: text,
        outage: text,
      },
    });
    return values;
  } catch (error) {
    // The first sentence: Node goes on with advice about dashes and positional arguments.
    throw new WrongFlags((error as Error).message.split(/\.\s/)[0]);
  }
}

interface Range {
  readonly above: number;
  readonly upTo: number;
  readonly unit: string;
}

function numberOf(flag: string, value: string, { above, upTo, unit }: Range): number {
  const number = /^\d{1,9}(\.\d{1,6})?$/.test(value) ? Number(value) : Number.NaN;
  if (number > above && number <= upTo) return number;
  throw new WrongFlags(`--${flag} "${value}" is no number of ${unit} above ${above} and up to ${upTo}`);
}

function wholeNumberOf(flag: string, value: string, upTo: number): number {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= 1 && number <= upTo) return number;
  throw new WrongFlags(`--${flag} "${value}" is no whole number from 1 to ${upTo}`);
}

/** A sample is taken each quarter of an hour. */
function quarterHours(value: string): number {
  const hours = /^\d{1,2}(\.\d{1,2})?$/.test(value) ? Number(value) : Number.NaN;
  if (hours > 0 && hours <= 48 && Number.isInteger(hours * 4)) return hours;
  throw new WrongFlags(
    `--hours "${value}" is no number of hours above 0 and up to 48, in quarters such as 2.25`,
  );
}

function outageHours(value: string, hours: number): number {
  const outage = numberOf('outage', value, { above: 0, upTo: 48, unit: 'hours' });
  const most = hours - outageFromMs / hourMs;
  if (outage <= most) return outage;
  throw new WrongFlags(
    `--outage "${value}" does not end within --hours ${hours}: it begins after half an hour`,
  );
}
