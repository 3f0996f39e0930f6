import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readUnfinishedRun, unfinishedRuns } from '../../stored/open-item.ts';
import type { UnfinishedRuns } from '../ports.ts';
import { scanPages } from './scan-pages.ts';

/**
 * Lists the `OPEN` items of the whole table.
 *
 * A scan finds streams whose names have left the settings. Once a day, over some 40,000 small items, it costs less
 * than a cent a month.
 */
export function createDynamoUnfinishedRuns(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): UnfinishedRuns {
  return {
    async list() {
      const items = await scanPages(options.client, {
        tableName: options.tableName,
        consistent: true,
        ...unfinishedRuns,
      });
      return items.map(readUnfinishedRun);
    },
  };
}
