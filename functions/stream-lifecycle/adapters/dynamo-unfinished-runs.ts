import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { UnfinishedRun, UnfinishedRuns } from '../ports.ts';

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
      const runs: UnfinishedRun[] = [];
      let from: Record<string, AttributeValue> | undefined;
      do {
        const page = await options.client.send(
          new ScanCommand({
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
            ExclusiveStartKey: from,
          }),
        );
        runs.push(...(page.Items ?? []).map(unfinishedRun));
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return runs;
    },
  };
}

function unfinishedRun(item: Readonly<Record<string, AttributeValue>>): UnfinishedRun {
  return { stream: item.stream?.S ?? '', run: item.run?.S ?? '', sealAfter: Number(item.sealAfter?.N ?? 0) };
}
