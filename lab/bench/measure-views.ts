import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { compileShape } from '../../content/mapping/ocsf.ts';
import { cutEvents } from '../../functions/collector/answers/cut-events.ts';
import { createLineFormat } from '../../functions/collector/delivery/formats/line-formats.ts';
import { prepareRecords, type RecordShape } from '../../functions/collector/delivery/prepare-records.ts';
import { createSeer } from '../../functions/collector/views/see-cut.ts';
import { compileView, memberDepth } from '../../functions/stored/compiled-view.ts';
import { makeBatches } from './batches.ts';
import type { ViewsFigure } from './result.ts';
import { median, rounded } from './statistics.ts';

/** Runs this file as a process of its own, so that no other code has shaped the machine code of any variant. */
export async function measureViews(quick: boolean): Promise<ViewsFigure> {
  const file = join(import.meta.dirname, 'measure-views.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [file, quick ? '7' : '25']);
  return JSON.parse(stdout) as ViewsFigure;
}

/** Ten rules that all meet the events, of the kinds and in the numbers of the settings in `docs/views.md`. */
const view = compileView({
  members: {
    user_id: 'pseudonym',
    device_id: 'pseudonym',
    client_id: 'pseudonym',
    ip: 'network',
    user_agent: 'remove',
    'additionalParams.location': 'mask',
    'additionalParams.ipLocationZip': 'remove',
    'additionalParams.ipLocationLatitude': 'remove',
    'additionalParams.ipLocationLongitude': 'remove',
    'additionalParams.*.prev': 'remove',
  },
  key: 'arn:of-no-secret',
});

/** Lines with `raw_data`, which are the longest. */
const shapeAlone = { ...compileView({}), shape: compileShape('ocsf-1.5', 'risk', { rawData: true }) };

/** Compares, in turns, the CPU milliseconds that an answer of 1,000 events takes in each variant. */
function compareViews(rounds: number): ViewsFigure {
  const asSimulated = makeBatches(1_500, batches).map(({ body }) => body);
  const ofUsersThatReturn = asSimulated.map(withReturningUsers);
  const see = createSeer(view, { id: 'p1', secret: Buffer.alloc(32, 'k') });
  const seen = (body: Buffer): void => {
    const cut = cutOf(body, memberDepth(view));
    const { cut: shown, key } = see(cut, facts.type, facts.collectedAt);
    prepareRecords(shown, { ...facts, view: 'bench@00000000', key }, shape).release();
  };
  const writeShape = createSeer(shapeAlone, undefined);
  const shaped = (body: Buffer): void => {
    const cut = cutOf(body, memberDepth(shapeAlone));
    const { cut: shown } = writeShape(cut, facts.type, facts.collectedAt);
    prepareRecords(shown, { ...facts, view: 'ocsf-1.5@00000000' }, shape).release();
  };
  const variants: readonly Variant[] = [
    {
      name: 'plain',
      bodies: ofUsersThatReturn,
      work: (body) => prepareRecords(cutOf(body, 0), facts, shape).release(),
    },
    { name: 'view', bodies: ofUsersThatReturn, work: seen },
    { name: 'shape', bodies: ofUsersThatReturn, work: shaped },
    { name: 'viewOfNewValues', bodies: asSimulated, work: seen },
    { name: 'parse', bodies: ofUsersThatReturn, work: parseAndDelete },
  ];
  const taken = new Map<string, number[]>(variants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds + warmUpRounds; round++)
    for (const { name, bodies, work } of variants) {
      const before = process.cpuUsage();
      for (let repeat = 0; repeat < repeats; repeat++) for (const body of bodies) work(body);
      const { user, system } = process.cpuUsage(before);
      if (round >= warmUpRounds) taken.get(name)!.push((user + system) / 1_000 / repeats / batches);
    }
  const msOf = (name: string): number => median(taken.get(name)!);
  return {
    rounds,
    plainMs: rounded(msOf('plain'), 2),
    viewMs: rounded(msOf('view'), 2),
    viewOfNewValuesMs: rounded(msOf('viewOfNewValues'), 2),
    shapeMs: rounded(msOf('shape'), 2),
    parseMs: rounded(msOf('parse'), 2),
    viewToPlain: rounded(msOf('view') / msOf('plain'), 2),
    viewToParse: rounded(msOf('view') / msOf('parse'), 2),
    shapeToPlain: rounded(msOf('shape') / msOf('plain'), 2),
  };
}

interface Variant {
  readonly name: string;
  readonly bodies: readonly Buffer[];
  readonly work: (body: Buffer) => unknown;
}

const batches = 8;
const repeats = 2;
const warmUpRounds = 4;

const facts = { type: 'risk', stream: 'relay-risk', collectedAt: Date.UTC(2026, 2, 1) };
const shape: RecordShape = { format: createLineFormat('relay-line', 'prod'), packing: 'lines' };

function cutOf(body: Buffer, depth: number) {
  const cut = cutEvents(body, { depth });
  if ('damaged' in cut) throw new Error(cut.message);
  return cut;
}

/** The simulator gives each event a user, a device and a client of its own. Here, 500 users return with one of each. */
function withReturningUsers(body: Buffer, batch: number): Buffer {
  const members = { user_id: 'h:', device_id: 'd-', client_id: 'cl-' };
  let event = batch * 7_919;
  const text = body
    .toString()
    .replaceAll(/"(activity|user_id|device_id|client_id)":"([^"]*)"/g, (member, key, value) => {
      if (key === 'activity') event += 1;
      if (key === 'activity' || value === '') return member;
      const user = String((event * 7_919) % 500).padStart(
        value.length - members[key as keyof typeof members].length,
        '0',
      );
      return `"${key}":"${members[key as keyof typeof members]}${user}"`;
    });
  return Buffer.from(text);
}

/** What one would write instead, from bytes to bytes: no ids, no pseudonyms, and what `JSON.parse` does to numbers. */
function parseAndDelete(body: Buffer): Buffer {
  const lines: string[] = [];
  for (const event of JSON.parse(body.toString()) as Record<string, unknown>[]) {
    delete event.user_id;
    delete event.device_id;
    delete event.client_id;
    delete event.ip;
    delete event.user_agent;
    const params = (event.additionalParams ?? event.additional_params ?? {}) as Record<string, unknown>;
    delete params.location;
    delete params.ipLocationZip;
    delete params.ipLocationLatitude;
    delete params.ipLocationLongitude;
    for (const param of Object.values(params))
      if (param !== null && typeof param === 'object') delete (param as Record<string, unknown>).prev;
    lines.push(JSON.stringify(event));
  }
  return Buffer.from(lines.join('\n'));
}

if (import.meta.main) {
  // The heap of all variants grows as the collector's does. A nursery as small as the collector's is left out, since
  // parsing would take half as long again with it.
  setFlagsFromString('--heap-growing-percent=200');
  process.stdout.write(JSON.stringify(compareViews(Number(process.argv[2]))));
}
