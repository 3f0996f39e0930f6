import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readUnfinishedRun, unfinishedRuns } from '../../stored/open-item.ts';
import type { UnfinishedRuns } from '../ports.ts';
import { scanPages } from './scan-pages.ts';

/**
 * The `OPEN` items of the whole table.
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
      const items = await scanPages(options.client, { tableName: options.tableName, ...unfinishedRuns });
      return items.map(readUnfinishedRun);
    },
  };
}
