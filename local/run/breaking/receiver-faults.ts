import type { VirtualClock } from '@mosaic-relay/cdk-loopback';
import type { DestinationReceiver } from '../receivers/start-receivers.ts';
import type { PlannedFault } from './planned-fault.ts';

/** Lists the faults of a SIEM: those of its protocol, and those that all receivers have in common. */
export function receiverFaults(
  received: DestinationReceiver,
  { clock, copied }: { readonly clock: Pick<VirtualClock, 'now' | 'at'>; readonly copied: boolean },
): readonly PlannedFault[] {
  const { faults } = received.receiver;
  return [
    {
      name: 'outage',
      // Longer than Firehose tries by default, so that backups fill.
      minutes: [90, 180],
      begin() {
        faults.down = true;
        // A copier waits in real time for a receiver that does not answer, so the receiver soon asks it to come
        // later.
        const cancel = copied ? clock.at(clock.now() + 20 * 60_000, comeLater) : () => undefined;
        return () => {
          cancel();
          faults.down = false;
          faults.refuse = undefined;
        };
      },
    },
    {
      name: 'refusals',
      minutes: [30, 50],
      begin(amount) {
        const status = [503, 500, 429][Math.floor(amount * 3)]!;
        faults.refuse = copied ? later(status) : { status };
        return () => {
          faults.refuse = undefined;
        };
      },
    },
    {
      name: 'lost answers',
      minutes: [40, 60],
      begin(amount) {
        faults.dropAnswers += 1 + Math.floor(amount * 3);
        return () => {
          faults.dropAnswers = 0;
        };
      },
    },
    ...rotation(received),
    ...(received.troubles ?? []).map(({ name, begin }): PlannedFault => ({ name, minutes: [40, 60], begin })),
  ];

  function comeLater(): void {
    faults.down = false;
    faults.refuse = later(503);
  }
}

function rotation({ rotateSecret }: DestinationReceiver): readonly PlannedFault[] {
  if (rotateSecret === undefined) return [];
  const begin = () => {
    rotateSecret(oldTokenMs);
    return () => undefined;
  };
  return [{ name: 'token rotation', minutes: [40, 60], begin }];
}

/** Time in which the old token must work: "Firehose caches the secret and refreshes it every 10 minutes". */
const oldTokenMs = 10 * 60_000;

/**
 * Answers with a status and a later time. Token services are left out: without a token no call reaches the
 * receiver.
 */
function later(status: number) {
  return { status, headers: { 'retry-after': '120' }, paths: /^\/(upload|storage|dataCollectionRules)\// };
}
