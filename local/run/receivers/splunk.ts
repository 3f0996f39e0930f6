import { startSplunkHec } from '@mosaic-relay/siem-receivers';
import type { DeclaredDestination } from './declared-destinations.ts';
import type { ReceiverKind } from './receiver-kind.ts';

/** Splunk's HTTP Event Collector: one token, whose indexes are those that its destinations name. */
export const splunk: ReceiverKind = {
  address: (destination) => {
    if (destination.property !== 'SplunkDestinationConfiguration') return undefined;
    const { HECEndpoint } = destination.properties as { readonly HECEndpoint: string };
    return { origins: [new URL(HECEndpoint).origin], shared: secretArnOf(destination) };
  },
  async start(destinations, { clock, secrets }) {
    const secretArn = secretArnOf(destinations[0]!);
    const named = destinations.map(({ told }) => told.formatOptions?.index ?? 'main');
    const receiver = await startSplunkHec({
      clock,
      indexes: [...new Set(named)],
      token: secrets.member(secretArn, 'hec_token', (next, oldValidForMs) =>
        receiver.rotateToken(next, oldValidForMs),
      ),
      // Indexing may take that long; acknowledgements are asked for every second.
      ackAfterMs: 1_500,
    });
    const { faults } = receiver;
    return {
      receiver,
      troubles: [
        {
          name: 'lost acknowledgements',
          begin(amount) {
            faults.loseAcks = 1 + Math.floor(amount * 3);
            return () => {
              faults.loseAcks = 0;
            };
          },
        },
        {
          name: 'full queues',
          begin() {
            faults.queuesFull = true;
            return () => {
              faults.queuesFull = false;
            };
          },
        },
      ],
    };
  },
};

export function secretArnOf({ properties }: DeclaredDestination): string {
  const { SecretsManagerConfiguration: secret } = properties as {
    readonly SecretsManagerConfiguration?: { readonly SecretARN: string };
  };
  return secret?.SecretARN ?? '';
}
