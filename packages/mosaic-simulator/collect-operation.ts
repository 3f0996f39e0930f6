import type { CallPlan } from './call-plan.ts';
import { damages } from './damage.ts';
import { createRandom, type Random } from './random.ts';
import type { Read, Reply, Stream } from './stream.ts';
import type { Switches } from './switches.ts';
import { backlogOf, take, toRanges } from './tenant.ts';
import type { Topic } from './topic.ts';

export interface CollectOptions {
  readonly stream: Stream;
  readonly topic: Topic;
  /** 1..1000. */
  readonly batchSize: number;
  readonly plan: CallPlan;
  readonly switches: Switches;
  readonly seed: number;
  /** The call's number in the simulator's log, and when it came. */
  readonly call: number;
  readonly now: number;
  /** The raw bytes of one event of the stream. */
  readonly bytesOf: (index: number) => Buffer;
}

/** Takes the next batch off a stream and writes it: consumed by being read, unless the plan says otherwise. */
export function collectBatch(options: CollectOptions): Reply {
  const { stream, plan, switches, call } = options;
  const { lastAnswer } = stream;
  if (lastAnswer !== undefined && (plan.repeat || lastAnswer.repeats > 0)) {
    lastAnswer.repeats = Math.max(0, lastAnswer.repeats - 1);
    return lastAnswer.reply;
  }
  const random = createRandom(options.seed, stream.type, stream.id, stream.reads.length, 'answer');
  const damage = plan.damage === undefined ? undefined : damages[plan.damage];
  if (damage?.consumes === false) return damage.apply(arrayReply([], { pretty: false, random }), random);
  const { taken, answered } = chooseEvents(options, random);
  // There is nothing to damage, and nothing to cut off, in what an empty stream says.
  if (answered.length === 0) return emptyReply(switches);

  const read: Read = { call, at: options.now, ranges: toRanges(taken), fate: 'answered', cause: undefined };
  stream.reads.push(read);
  const written = {
    ...arrayReply(answered.map(options.bytesOf), { pretty: switches.has('pretty'), random }),
    events: answered.length,
  };
  const reply = { ...written, taken: { stream, read } };
  if (damage === undefined) {
    stream.lastAnswer = { reply: written, repeats: plan.repeats ?? 0 };
    return reply;
  }
  if (damage.fate !== 'answered') Object.assign(read, { fate: damage.fate, cause: plan.damage });
  return damage.apply(reply, random);
}

/** Chooses the events to consume and those to answer. By plan the answer has duplicates or another order. */
function chooseEvents(
  { stream, topic, batchSize, plan, switches, now }: CollectOptions,
  random: Random,
): { readonly taken: readonly number[]; readonly answered: readonly number[] } {
  if (plan.empty) return { taken: [], answered: [] };
  const waiting = Math.min(batchSize, backlogOf(stream, topic));
  const short = switches.get('always-short');
  const most = short === undefined ? batchSize : Math.min(batchSize, 1 + random.below(short));
  const limit = plan.short && waiting > 1 ? Math.min(most, 1 + random.below(waiting - 1)) : most;
  const copies = plan.duplicates && limit > 1 ? 1 + random.below(Math.ceil(limit / 20)) : 0;
  const taken = take(stream, topic, { limit: limit - copies, now });
  if (taken.length === 0) return { taken, answered: [] };
  const answered = [...taken];
  for (let copy = 0; copy < copies; copy += 1) {
    const earlier = stream.next > stream.start && random.chance(0.5);
    answered.push(earlier ? stream.start + random.below(stream.next - stream.start) : random.pick(taken));
  }
  if (plan.reorder) shuffle(answered, random);
  return { taken, answered };
}

function shuffle(list: number[], random: Random): void {
  for (let place = list.length - 1; place > 0; place -= 1) {
    const other = random.below(place + 1);
    [list[place], list[other]] = [list[other]!, list[place]!];
  }
}

function arrayReply(
  events: readonly Buffer[],
  { pretty, random }: { readonly pretty: boolean; readonly random: Random },
): Reply {
  const gap = () => (pretty ? random.pick(['', ' ', '\n', '\r\n  ', '\t']) : '');
  const opening = Buffer.from(`${gap()}[${gap()}`);
  const comma = Buffer.from(`${gap()},${gap()}`);
  const closing = Buffer.from(`${gap()}]${gap()}`);
  const parts = events.flatMap((event, place) => (place === 0 ? [event] : [comma, event]));
  return {
    status: 201,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: Buffer.concat([opening, ...parts, closing]),
    events: 0,
  };
}

function emptyReply(switches: Switches): Reply {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  if (switches.has('empty-204')) return { status: 204, headers: {}, body: Buffer.alloc(0), events: 0 };
  if (switches.has('empty-no-bytes')) return { status: 201, headers, body: Buffer.alloc(0), events: 0 };
  return { status: switches.has('empty-200') ? 200 : 201, headers, body: Buffer.from('[]'), events: 0 };
}
