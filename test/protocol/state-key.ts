import type { JournalObject, ProtocolState, Run, Sweep } from './protocol-state.ts';

/**
 * Equal for states that differ only in which sweep, or which of two destinations, is called the first: they are
 * alike, so what can follow from one can follow from the other.
 */
export function stateKey(state: ProtocolState): string {
  const key = keyInOrder(state, forwards);
  if (state.runs[0]!.got.length < 2) return key;
  const other = keyInOrder(state, backwards);
  return [key, other].sort()[0]!;
}

interface Order {
  of(values: readonly unknown[]): string;
  /** A step leaves most runs as they are, the very same objects, so a run's key is made once. */
  readonly known: WeakMap<Run, string>;
}

const forwards: Order = { of: (values) => values.join(''), known: new WeakMap() };
const backwards: Order = {
  of: (values) => values.reduce<string>((text, value) => `${value}${text}`, ''),
  known: new WeakMap(),
};

function keyInOrder(state: ProtocolState, order: Order): string {
  let key = `${state.lease}`;
  for (const run of state.runs) key += runKey(run, order);
  const sweeps = state.sweeps.map((sweep) => sweepKey(sweep, order));
  return key + sweeps.sort().join('');
}

function runKey(run: Run, order: Order): string {
  let key = order.known.get(run);
  if (key === undefined) {
    key = shortName(`${memory(run)} ${order.of(run.got)} ${journal(run)} ${progress(run, order)}`);
    order.known.set(run, key);
  }
  return key;
}

function memory(run: Run): string {
  return `${run.phase} ${run.age} ${run.consumed} ${run.answers} ${run.acknowledged} ${run.recorded}`;
}

function journal(run: Run): string {
  return `${objects(run.underWay)} ${objects(run.journal)} ${run.everJournaled.join('')}`;
}

function progress(run: Run, order: Order): string {
  const { open } = run;
  const settled = run.settled.map((places) => order.of(places));
  return `${settled.join('')} ${typeof open === 'object' ? order.of(open.done) + open.sealAfter : open}`;
}

function objects(list: readonly JournalObject[]): string {
  return list.map(({ number, answer }) => `${number}:${answer}`).join('');
}

function sweepKey(sweep: Sweep, order: Order): string {
  return shortName(
    sweep === undefined ? '-' : `${sweep.run} ${sweep.last} ${order.of(sweep.got)} ${sweep.recorded}`,
  );
}

const shortNames = new Map<string, string>();

/** The parts of a state repeat, so each gets a number: 200,000 long keys would be most of the memory. */
function shortName(key: string): string {
  let name = shortNames.get(key);
  if (name === undefined) {
    name = `.${shortNames.size}`;
    shortNames.set(key, name);
  }
  return name;
}
