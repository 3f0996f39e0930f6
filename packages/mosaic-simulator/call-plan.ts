import { draw } from './random.ts';
import { type Switches, type SwitchName, switches } from './switches.ts';

/** The plan of one call, drawn by the switches or made by `interfere`. Without any field it is an ordinary call. */
export interface CallPlan {
  /** Before anything is done. */
  readonly delayMs?: number;
  /** In place of everything: nothing is checked, changed or consumed. */
  readonly before?: Failure;
  /** In place of the answer, when all was done. */
  readonly after?: LostAnswer;
  /** In place of an answer of more events than that, which are consumed: it never comes. */
  readonly slowBySize?: { readonly events: number; readonly cause: string };
  /** The caller's token is revoked first. */
  readonly revoke?: boolean;
  readonly short?: boolean;
  readonly empty?: boolean;
  /** The stream's last answer with events comes again, and nothing is consumed; there may be none. */
  readonly repeat?: boolean;
  /** The answer comes so many times more, with the calls after this one. */
  readonly repeats?: number;
  readonly duplicates?: boolean;
  readonly reorder?: boolean;
  readonly damage?: Damage;
  /** The connection ends half-way through the body. */
  readonly cutOff?: boolean;
  /** Of the token endpoint. */
  readonly hugeToken?: boolean;
}

export type Failure =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | { readonly kind: 'reset' }
  /** No answer until the caller gives up or the simulator closes. */
  | { readonly kind: 'silence' };

export type LostAnswer = Failure & {
  /** True if the consumed events come again with a later call; otherwise they are lost. */
  readonly redeliver?: boolean;
  /** The cause that the ledger names; `interference` by default. */
  readonly cause?: string;
};

export type Damage = Extract<
  SwitchName,
  | 'truncated-array'
  | 'wrapped'
  | 'invalid-utf8'
  | 'nul-bytes'
  | 'deep-nesting'
  | 'huge-body'
  | 'header-flood'
  | 'gzip-bomb'
  | 'numbers'
  | 'number-flood'
  | 'null-body'
  | 'html-201'
>;

export interface Planner {
  /** The plan of the next call to `target`, which is a stream's key or `token`. */
  next(kind: 'collect' | 'token', target: string): CallPlan;
}

/** Draws for each target on its own, so that the order in which targets are called changes nothing. */
export function createPlanner(seed: number, on: Switches): Planner {
  const calls = new Map<string, number>();
  const lastHit = new Map<string, number>();
  const hits = (name: SwitchName, target: string, call: number, rate: number) => {
    const key = `${name} ${target}`;
    if (lastHit.get(key) === call - 1) return false;
    const first = 1 + Math.floor(draw(seed, 'first', key) * 3);
    const hit = call === first || draw(seed, key, call) < rate;
    if (hit) lastHit.set(key, call);
    return hit;
  };
  return {
    next(kind, target) {
      const call = (calls.get(target) ?? 0) + 1;
      calls.set(target, call);
      let plan: CallPlan = {};
      for (const { name, ...one } of switches) {
        if (!on.has(name) || !('rate' in one)) continue;
        const effect = effects[kind][name];
        // What stands first in the table wins where two would exclude each other.
        if (effect && hits(name, target, call, one.rate)) {
          const chance = draw(seed, name, target, call);
          plan = { ...effect(chance, name, on.get(name) ?? 0), ...plan };
        }
      }
      return plan;
    },
  };
}

type Effect = (chance: number, name: SwitchName, number: number) => CallPlan;

const damage: Effect = (_, name) => ({ damage: name as Damage });

const collectEffects: Partial<Record<SwitchName, Effect>> = {
  short: () => ({ short: true }),
  empty: () => ({ empty: true }),
  duplicates: () => ({ duplicates: true }),
  'repeated-answer': (_chance, _name, repeats) => ({ repeats }),
  reorder: () => ({ reorder: true }),
  slow: () => ({ delayMs: 250 }),
  'lost-answer': (_, cause) => ({ after: { kind: 'reset', cause } }),
  'lost-answer-redelivered': (_, cause) => ({ after: { kind: 'reset', redeliver: true, cause } }),
  'reset-before': () => ({ before: { kind: 'reset' } }),
  '429': () => ({
    before: { kind: 'status', status: 429, headers: { 'retry-after': '1' }, body: 'Too Many Requests' },
  }),
  '429-no-retry-after': () => ({ before: { kind: 'status', status: 429, body: 'Too Many Requests' } }),
  '5xx-before': (chance) => ({
    before: { kind: 'status', status: chance < 0.5 ? 500 : 503, body: 'Internal server error' },
  }),
  '5xx-after': (chance, cause) => ({
    after: { kind: 'status', status: chance < 0.5 ? 500 : 502, body: 'Internal server error', cause },
  }),
  'edge-html': () => ({
    before: { kind: 'status', status: 520, headers: { 'content-type': 'text/html' }, body: edgePage },
  }),
  'expired-token': () => ({ revoke: true }),
  'cut-off': () => ({ cutOff: true }),
  'truncated-array': damage,
  wrapped: damage,
  'invalid-utf8': damage,
  'nul-bytes': damage,
  'deep-nesting': damage,
  'huge-body': damage,
  'header-flood': damage,
  'gzip-bomb': damage,
  numbers: damage,
  'number-flood': damage,
  'null-body': damage,
  'html-201': damage,
};

const tokenEffects: Partial<Record<SwitchName, Effect>> = {
  'token-500': () => ({
    before: {
      kind: 'status',
      status: 500,
      headers: { 'content-type': 'application/json' },
      body: tokenError,
    },
  }),
  'huge-token': () => ({ hugeToken: true }),
};

const effects = { collect: collectEffects, token: tokenEffects };

const tokenError = '{"message":"Something went wrong - Internal server error","error_code":500}';

/** The pages that the edge in front of the API answers by itself. */
const edgePage =
  '<!DOCTYPE html>\n<html lang="en"><head><title>Web server is returning an unknown error</title></head>' +
  '<body><h1>Error 520</h1><p>Ray ID: 8f0c0ffee0000001</p></body></html>\n';
