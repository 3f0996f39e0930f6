import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { eventTypes } from '../../functions/collector/contract.ts';
import type { Row, Value } from './spl/rows.ts';
import { runSearch } from './spl/run-search.ts';
import { hour, indexed, now, rawEvents } from './splunk-index.ts';

const root = join(import.meta.dirname, '../..');

/** 200 events of each type, each once. */
let once: readonly Row[];
/** The same, 50 of each type replayed, and 20 more of `admin` that a witness found. */
let delivered: readonly Row[];

beforeAll(async () => {
  const batches = eventTypes.map((type) => indexed({ type, events: rawEvents(type, 0, 200) }));
  const replayed = eventTypes.map((type) =>
    indexed({ type, events: rawEvents(type, 0, 50), replayed: true, delay: 2 * hour }),
  );
  const recovered = indexed({
    type: 'admin',
    events: rawEvents('admin', 200, 20),
    recovered: true,
    delay: 3 * hour,
  });
  once = (await Promise.all(batches)).flat();
  delivered = [...once, ...(await Promise.all([...replayed, recovered])).flat()];
});

type Found = ReturnType<typeof runSearch>['rows'];

/** What each documented search finds. */
const claims: Readonly<Record<string, (search: string) => void>> = {
  'index=mosaic': (search) => {
    expect(found(search)).toHaveLength(delivered.length);
  },

  'index=mosaic | dedup event_id': (search) => {
    expect(idsOf(found(search)).toSorted()).toEqual([...new Set(allIds())].toSorted());
  },

  'index=mosaic type::risk | dedup event_id | eval recommendation=coalesce(spath(_raw, "additionalParams.recommendation"), spath(_raw, "additional_params.recommendation")) | stats count by recommendation':
    (search) => {
      const params = rawEvents('risk', 0, 200).map((event) => JSON.parse(event));
      const wanted = counted(
        params.map(
          ({ additionalParams, additional_params }) =>
            (additionalParams ?? additional_params)?.recommendation,
        ),
      );

      expect(
        params.filter(({ additional_params }) => additional_params?.recommendation).length,
      ).toBeGreaterThan(5);
      expect(found(search).toSorted(by('recommendation'))).toEqual(
        ['ALLOW', 'CHALLENGE', 'DENY', 'TRUST'].map((recommendation) => ({
          recommendation,
          count: wanted.get(recommendation),
        })),
      );
    },

  'index=mosaic type::cis | dedup event_id | stats count by activity, ip | sort - count': (search) => {
    const rows = found(search);
    const pairs = counted(
      rawEvents('cis', 0, 200).map((event) => {
        const { activity, ip } = JSON.parse(event);
        return `${activity} ${ip}`;
      }),
    );

    expect(new Map(rows.map(({ activity, ip, count }) => [`${activity} ${ip}`, count]))).toEqual(pairs);
    expect(rows.map(({ count }) => count)).toEqual([...pairs.values()].sort((one, other) => other - one));
  },

  'index=mosaic | stats count, dc(event_id) as distinct by type, stream | eval duplicates=count-distinct': (
    search,
  ) => {
    expect(found(search).toSorted(by('type'))).toEqual([
      { type: 'admin', stream: 'relay-admin', count: 270, distinct: 220, duplicates: 50 },
      { type: 'cis', stream: 'relay-cis', count: 250, distinct: 200, duplicates: 50 },
      { type: 'risk', stream: 'relay-risk', count: 250, distinct: 200, duplicates: 50 },
      { type: 'verify', stream: 'relay-verify', count: 250, distinct: 200, duplicates: 50 },
    ]);
  },

  'index=mosaic | eval delay=_indextime-_time | timechart span=1h perc50(delay) perc95(delay) by type': (
    search,
  ) => {
    const rows = found(search, once);
    const delays = eventTypes.flatMap((type) => [
      [`perc50(delay): ${type}`, 300],
      [`perc95(delay): ${type}`, hour],
    ]);

    expect(rows).toHaveLength(2);
    for (const { _time, ...columns } of rows) expect(columns).toEqual(Object.fromEntries(delays));
  },

  'index=mosaic recovered::true OR replayed::true | stats count by type': (search) => {
    expect(found(search).toSorted(by('type'))).toEqual([
      { type: 'admin', count: 70 },
      { type: 'cis', count: 50 },
      { type: 'risk', count: 50 },
      { type: 'verify', count: 50 },
    ]);
  },

  'index=mosaic earliest=-30d _index_earliest=-70m@m _index_latest=-10m@m | dedup event_id | collect index=mosaic_unique output_format=hec':
    (search) => {
      const runs = Array.from({ length: 10 }, (_, run) => now + (run - 5) * hour);
      const summary = runs.flatMap((at) => runSearch(search, delivered, at).collected);
      const repeated = new Set(idsOf(found('replayed::true')));

      const times = counted(summary.map(({ fields }) => String(fields.get('event_id'))));
      expect(new Set(times.keys())).toEqual(new Set(allIds()));
      for (const [id, count] of times) expect(count).toBeLessThanOrEqual(repeated.has(id) ? 2 : 1);
      const [row] = found(`index=mosaic_unique event_id::${allIds()[7]}`, summary);
      expect(row).toMatchObject({ stage: 'prod', _raw: once[7]!.fields.get('_raw') });
    },

  'event_id::…': () => {
    const [row] = found(`event_id::${allIds()[7]}`, once);
    expect(row).toMatchObject({ type: 'cis', _raw: once[7]!.fields.get('_raw') });
  },

  'stage::prod': (search) => {
    expect(found(search)).toHaveLength(delivered.length);
  },

  'host=mosaic': (search) => {
    expect(found(search)).toEqual([]);
  },

  'host=mosaic-*': (search) => {
    expect(found(search)).toHaveLength(delivered.length);
  },
};

describe('the searches of Splunk that the docs name', () => {
  test('are those of which it is said here what they find', () => {
    expect([...documentedSearches()].toSorted()).toEqual(Object.keys(claims).toSorted());
  });

  test.each(Object.entries(claims))('%s', (search, claim) => {
    claim(search);
  });

  test('name no stage and no source type but those of delivered events', () => {
    const page = readFileSync(join(root, 'docs/splunk.md'), 'utf8');
    const named = [...page.matchAll(/`(?:transmitsecurity:mosaic:|…:)(\w+)`/g)].map(([, type]) => type);
    expect(new Set(once.map(({ fields }) => fields.get('sourcetype')))).toEqual(
      new Set(named.map((type) => `transmitsecurity:mosaic:${type}`)),
    );
  });
});

describe('a search is refused by name', () => {
  test.each([
    ['index=mosaic | transaction event_id', 'the command transaction is not known here'],
    ['index=mosaic | eval a=mvindex(ip, 0)', 'the function mvindex of eval is not known'],
    ['index=mosaic | stats sum(ip)', 'the function sum of stats is not known'],
    ['index=mosaic | collect index=a testmode=true', 'the option testmode of collect is not known'],
    ['index=mosaic kind::risk', 'no event has the field kind'],
    ['index=mosaic | dedup id', 'no event has the field id'],
    ['index=mosaic | stats count by user', 'no event has the field user'],
    ['index=mosaic | stats count by type | dedup event_id', 'no event has the field event_id'],
    [
      'index=mosaic | eval a=spath(_raw, "additionalParams.verdict")',
      'no event has a value at additionalParams.verdict',
    ],
    ['index=mosaic error', 'the search term error is not known'],
    ['index=mosaic earliest=yesterday', 'the time yesterday is not known'],
    ['index=mosaic | sort - ip, type', ', stands after the command'],
  ])('%s', (search, refusal) => {
    expect(() => found(search)).toThrow(refusal);
  });
});

function found(search: string, events: readonly Row[] = delivered): Found {
  return runSearch(search, events, now).rows;
}

function allIds(): readonly string[] {
  return delivered.map(({ fields }) => String(fields.get('event_id')));
}

function idsOf(rows: Found): readonly string[] {
  return rows.map(({ event_id }) => String(event_id));
}

function by(
  field: string,
): (one: Readonly<Record<string, Value>>, other: Readonly<Record<string, Value>>) => number {
  return (one, other) => (String(one[field]) < String(other[field]) ? -1 : 1);
}

function counted(values: readonly (string | undefined)[]): ReadonlyMap<string, number> {
  const given = values.filter((value) => value !== undefined);
  return new Map([...Map.groupBy(given, (value) => value)].map(([value, { length }]) => [value, length]));
}

/** The lines of blocks of SPL, and what stands in the text as a search. */
function documentedSearches(): ReadonlySet<string> {
  const pages = globSync(['*.md', 'docs/**/*.md', 'content/**/*.md'], { cwd: root });
  const texts = pages.map((page) => readFileSync(join(root, page), 'utf8'));
  const lines = texts.flatMap((text) =>
    [...text.matchAll(/^```spl\n([\s\S]*?)^```/gm)].flatMap(([, code]) => code!.trim().split('\n')),
  );
  const spans = texts.flatMap((text) =>
    [...text.matchAll(/`((?:[a-z_]+::|index=|host=)[^`\n]+)`/g)].map(([, code]) => code!),
  );
  return new Set([...lines, ...spans]);
}
