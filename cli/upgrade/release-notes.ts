import { existsSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { destinationChoices } from '../init/destination-choices.ts';

/** A line of `docs/upgrade.md`: what a version changes. */
export interface ReleaseNote {
  /** Its heading there: `From 0.1.0 to 0.2.0`. */
  readonly section: string;
  readonly what: string;
  /** How it was before that version; empty for what is new. */
  readonly before: string;
  /** How it is from that version on. */
  readonly after: string;
}

/** True unless the note names kinds of destination, and none of them is in use. */
export function concerns({ what }: ReleaseNote, kinds: ReadonlySet<string>): boolean {
  const words = what.toLowerCase().split(/[^a-z0-9]+/);
  const named = destinationChoices.filter(({ kind }) => words.includes(kind.toLowerCase()));
  return named.length === 0 || named.some(({ kind }) => kinds.has(kind));
}

/** True where the page has notes about what follows a version and is not released yet. */
export function hasSuccessor(version: string, text = upgradePage()): boolean {
  return text.includes(`\n## From ${version} to the next version\n`);
}

/** Reads the tables of `docs/upgrade.md` about every step after a version, the earliest step first. */
export function notesSince(version: string, text = upgradePage()): readonly ReleaseNote[] {
  const sections = text.split(/^## /m).flatMap((part) => {
    const [heading = '', ...lines] = part.split('\n');
    const from = /^From (\d+\.\d+\.\d+) /.exec(heading)?.[1];
    return from === undefined || isBefore(from, version) ? [] : [{ heading, from, lines }];
  });
  return sections
    .toSorted((one, other) => (isBefore(one.from, other.from) ? -1 : 1))
    .flatMap(({ heading, lines }) =>
      lines.flatMap((line) => {
        const [, what = '', before = '', after = ''] = /^\|/.test(line)
          ? line.split(/(?<!\\)\|/).map(plain)
          : [];
        const isRow = what !== '' && what !== 'What' && !/^-+$/.test(what);
        return isRow ? [{ section: heading, what, before, after }] : [];
      }),
    );
}

function upgradePage(): string {
  const file = findPackageJSON('..', import.meta.url);
  const page = file === undefined ? undefined : join(dirname(file), 'docs', 'upgrade.md');
  return page !== undefined && existsSync(page) ? readFileSync(page, 'utf8') : '';
}

/** A cell without its links and marks. */
function plain(cell: string): string {
  return cell
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replaceAll(/\*\*|`/g, '')
    .trim();
}

/** Of versions of three numbers. */
export function isBefore(one: string, other: string): boolean {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number));
  const place = [0, 1, 2].find((index) => a![index] !== b![index]);
  return place !== undefined && a![place]! < b![place]!;
}
