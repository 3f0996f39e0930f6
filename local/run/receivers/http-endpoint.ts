import { startFirehoseHttpReceiver, type WrongAnswer } from '@mosaic-relay/siem-receivers';
import { ownReceiverOf } from '../../../cli/access/settings-file.ts';
import type { DeclaredDestination } from './declared-destinations.ts';
import type { ReceiverKind } from './receiver-kind.ts';
import { secretArnOf } from './splunk.ts';

/** An endpoint that speaks Firehose's protocol: one path, key and set of attributes. */
export const httpEndpoint: ReceiverKind = {
  address: (destination) => {
    if (destination.property !== 'HttpEndpointDestinationConfiguration') return undefined;
    const { url, encoding, attributes } = endpointOf(destination);
    const { packing } = destination.told;
    const shared = JSON.stringify([url, secretArnOf(destination), packing, encoding, attributes]);
    return { origins: [new URL(url).origin], shared };
  },
  async start([destination], { clock, secrets }) {
    const { url, encoding, attributes } = endpointOf(destination!);
    const secretArn = secretArnOf(destination!);
    // Sumo Logic's token is a part of its URL, which CloudFormation fills in.
    const path = url.replace(tokenInUrl, (_, arn: string, member: string) => secrets.member(arn, member));
    const receiver = await startFirehoseHttpReceiver({
      clock,
      path: `${new URL(path).pathname}${new URL(path).search}`,
      packing: destination!.told.packing,
      encoding,
      attributes,
      ages: destination!.told.ages,
      refuses: ownReceiverOf(destination!.told.kind),
      ...(secretArn !== '' && {
        accessKey: secrets.member(secretArn, 'api_key', (next, oldValidForMs) =>
          receiver.rotateKey(next, oldValidForMs),
        ),
      }),
    });
    const { faults } = receiver;
    return {
      receiver,
      troubles: [
        {
          name: 'wrong answers',
          begin(amount) {
            const first = Math.floor(amount * wrongAnswers.length);
            faults.wrongAnswers.push(
              ...[0, 1, 2].map((n) => wrongAnswers[(first + n) % wrongAnswers.length]!),
            );
            return () => {
              faults.wrongAnswers.length = 0;
            };
          },
        },
      ],
    };
  },
};

/**
 * Answers that count as a failure although the request was taken. A hang is not among them, since it would cost
 * the run real time.
 */
const wrongAnswers: readonly WrongAnswer[] = [
  'other-request-id',
  'no-request-id',
  'status-201',
  'timestamp-as-text',
  'unexpected-field',
  'content-encoding',
  'other-content-type',
  'not-json',
  'redirect',
];

const tokenInUrl = /\{\{resolve:secretsmanager:(.+?):SecretString:([^:}]+)\}\}/g;

function endpointOf({ properties }: DeclaredDestination) {
  const { EndpointConfiguration, RequestConfiguration: request } = properties as {
    readonly EndpointConfiguration: { readonly Url: string };
    readonly RequestConfiguration?: {
      readonly ContentEncoding?: string;
      readonly CommonAttributes?: readonly {
        readonly AttributeName: string;
        readonly AttributeValue: string;
      }[];
    };
  };
  const attributes = (request?.CommonAttributes ?? []).map(
    ({ AttributeName, AttributeValue }) => [AttributeName, AttributeValue] as const,
  );
  return {
    url: EndpointConfiguration.Url,
    encoding: request?.ContentEncoding === 'GZIP' ? ('gzip' as const) : ('identity' as const),
    attributes: Object.fromEntries(attributes),
  };
}
