import { readFile } from 'node:fs/promises';
import { startOpenSearch } from '@mosaic-relay/siem-receivers';
import { shippedFile } from '../../../cli/access/shipped-file.ts';
import type { DeclaredDestination } from './declared-destinations.ts';
import type { ReceiverKind } from './receiver-kind.ts';

/**
 * An OpenSearch domain or serverless collection whose own policy lets in the roles of its delivery streams, and which has
 * the relay's index template, as the docs have it applied before the first delivery.
 */
export const openSearch: ReceiverKind = {
  address: ({ property, properties }) => {
    const { DomainARN, CollectionEndpoint } = properties as Readonly<Record<string, string>>;
    if (property === 'AmazonopensearchserviceDestinationConfiguration')
      return { origins: [String(DomainARN)], shared: '' };
    if (property === 'AmazonOpenSearchServerlessDestinationConfiguration')
      return { origins: [new URL(String(CollectionEndpoint)).origin], shared: '' };
    return undefined;
  },
  async start(destinations, { clock, identify, roleArnOf }) {
    const serverless = destinations[0]!.property.includes('Serverless');
    const receiver = await startOpenSearch({
      clock,
      kind: serverless ? 'serverless' : 'managed',
      indexes: indexesOf(destinations),
      mayWrite: (accessKeyId) => {
        const roleArn = identify(accessKeyId)?.roleArn;
        return destinations.some((one) => roleArnOf(one) === roleArn);
      },
    });
    receiver.putTemplate('mosaic-relay', await templateFor(destinations));
    const { faults } = receiver;
    return {
      receiver,
      troubles: [
        {
          name: 'refused documents',
          begin(amount) {
            let seen = 0;
            const every = 2 + Math.floor(amount * 5);
            faults.failDocument = () => {
              seen += 1;
              return seen % every === 0
                ? { status: 429, type: 'es_rejected_execution_exception' }
                : undefined;
            };
            return () => {
              faults.failDocument = undefined;
            };
          },
        },
      ],
    };
  },
};

async function templateFor(destinations: readonly DeclaredDestination[]): Promise<object> {
  const path = shippedFile('content/opensearch/index-template.json');
  const template = JSON.parse(await readFile(path, 'utf8')) as object;
  return { ...template, index_patterns: destinations.map(({ properties }) => `${properties.IndexName}*`) };
}

/** The pattern of an index's name with the part that rotation adds. */
function indexesOf(destinations: readonly DeclaredDestination[]): RegExp {
  const names = destinations.map(({ properties }) => String(properties.IndexName));
  return new RegExp(`^(${names.join('|')})(-[0-9w-]+)?$`);
}
