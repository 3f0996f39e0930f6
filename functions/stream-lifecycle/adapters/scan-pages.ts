import { type DynamoDBClient, ScanCommand, type ScanCommandInput } from '@aws-sdk/client-dynamodb';
import type { Item } from './register-item.ts';

/** Every item that a scan of the table finds, page after page. */
export async function scanPages(client: DynamoDBClient, scan: ScanCommandInput): Promise<readonly Item[]> {
  const items: Item[] = [];
  let from: ScanCommandInput['ExclusiveStartKey'];
  do {
    const page = await client.send(new ScanCommand({ ...scan, ExclusiveStartKey: from }));
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}
