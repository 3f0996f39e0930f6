import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { ItemFilter, StreamItem } from '../../stored/stream-item.ts';

/** Every item that a scan of the table finds, page after page. */
export async function scanPages(client: DynamoDBClient, scan: TableScan): Promise<readonly StreamItem[]> {
  const items: StreamItem[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: scan.tableName,
        ConsistentRead: scan.consistent,
        FilterExpression: scan.filter,
        ProjectionExpression: scan.projection,
        ExpressionAttributeNames: scan.names,
        ExpressionAttributeValues: marshall(scan.values),
        ExclusiveStartKey: from,
      }),
    );
    items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}

export interface TableScan extends ItemFilter {
  readonly tableName: string;
  readonly consistent?: boolean;
}
