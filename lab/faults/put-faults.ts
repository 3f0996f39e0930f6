import type { FirehoseFaults } from '@mosaic-relay/cdk-loopback';
import { createRandom } from '@mosaic-relay/mosaic-simulator';
import type { PlannedFault } from '../../local/run/breaking/planned-fault.ts';

/** Faults of Firehose itself, by delivery stream. */
export interface PutFaults {
  readonly hooks: FirehoseFaults;
  /** The faults of a delivery stream. @param byHttp true for the HTTP endpoint protocol, which alone has request ids */
  of(deliveryStream: string, byHttp: boolean): readonly PlannedFault[];
}

export function createPutFaults(seed: number): PutFaults {
  const states = new Map<string, State>();
  const stateOf = (stream: string): State => {
    const state = states.get(stream) ?? { ...well };
    states.set(stream, state);
    return state;
  };
  const random = createRandom('put faults', seed);
  return {
    hooks: {
      throttleCall: (stream) => random.chance(stateOf(stream).throttled),
      throttlesWholeCalls: (stream) => stateOf(stream).bySize,
      refuseRecord: (stream) => {
        if (!random.chance(stateOf(stream).refused)) return undefined;
        return random.chance(0.8) ? 'ServiceUnavailableException' : 'InternalFailure';
      },
      dropAnswer: (stream) => {
        const state = stateOf(stream);
        if (state.dropped === 0) return false;
        state.dropped -= 1;
        return true;
      },
      overshoot: (stream) => stateOf(stream).overshoot,
      changeRequestId: (stream) => stateOf(stream).newIds,
    },
    of(deliveryStream, byHttp) {
      const state = stateOf(deliveryStream);
      const fault = (name: string, change: (amount: number) => Partial<State>): PlannedFault => ({
        name,
        minutes: [30, 60],
        begin(amount) {
          Object.assign(state, change(amount));
          return () => Object.assign(state, right(name));
        },
      });
      return [
        fault('throttled calls', (amount) => ({ throttled: 0.2 + amount / 2 })),
        fault('calls throttled by size', () => ({ bySize: true })),
        fault('refused records', (amount) => ({ refused: 0.1 + amount / 2 })),
        fault('dropped put answers', (amount) => ({ dropped: 1 + Math.floor(amount * 3) })),
        fault('buffer overshoot', (amount) => ({ overshoot: 1.5 + amount * 3 })),
        ...(byHttp ? [fault('changed request ids', () => ({ newIds: true }))] : []),
      ];
    },
  };
}

interface State {
  /** True where calls larger than the room left are refused whole. */
  bySize: boolean;
  /** Chances, 0 to 1. */
  throttled: number;
  refused: number;
  overshoot: number;
  /** Answers that are still to be lost. */
  dropped: number;
  newIds: boolean;
}

const well: State = { throttled: 0, bySize: false, refused: 0, overshoot: 1, dropped: 0, newIds: false };

function right(name: string): Partial<State> {
  const members: Readonly<Record<string, keyof State>> = {
    'throttled calls': 'throttled',
    'calls throttled by size': 'bySize',
    'refused records': 'refused',
    'dropped put answers': 'dropped',
    'buffer overshoot': 'overshoot',
    'changed request ids': 'newIds',
  };
  const member = members[name];
  return member === undefined ? {} : { [member]: well[member] };
}
