import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { UnfinishedRun, UnfinishedRuns } from '../ports.ts';
import type { Item } from './register-item.ts';
import { scanPages } from './scan-pages.ts';

/**
 * The `OPEN` items of the whole table, in the shape of `functions/collector/adapters/stream-items.ts`.
 *
 * A scan, since a stream that left the settings is not known by name. Once a day over some 40,000 small items of runs
 * that costs less than a cent a month.
 */
export function createDynamoUnfinishedRuns(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): UnfinishedRuns {
  return {
    async list() {
      const items = await scanPages(options.client, {
        TableName: options.tableName,
        FilterExpression: 'begins_with(#item, :open)',
        ProjectionExpression: '#stream, #run, #sealAfter',
        ExpressionAttributeNames: {
          '#item': 'item',
          '#stream': 'stream',
          '#run': 'run',
          '#sealAfter': 'sealAfter',
        },
        ExpressionAttributeValues: { ':open': { S: 'OPEN#' } },
      });
      return items.map(unfinishedRun);
    },
  };
}

function unfinishedRun(item: Item): UnfinishedRun {
  return { stream: item.stream?.S ?? '', run: item.run?.S ?? '', sealAfter: Number(item.sealAfter?.N ?? 0) };
}
