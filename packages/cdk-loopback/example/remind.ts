import { DynamoDBClient, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const { LOANS: TableName, REMINDERS: QueueUrl } = process.env;
const dynamodb = new DynamoDBClient({});
const sqs = new SQSClient({});

/** Sends a reminder for each loan that is overdue, once. */
export async function handler(): Promise<void> {
  const { Items = [] } = await dynamodb.send(
    new ScanCommand({
      TableName,
      FilterExpression: 'due < :now AND attribute_not_exists(reminded)',
      ExpressionAttributeValues: { ':now': { N: String(Date.now()) } },
    }),
  );
  for (const { book } of Items) {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: book!.S! }));
    await dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key: { book: book! },
        UpdateExpression: 'SET reminded = :now',
        ExpressionAttributeValues: { ':now': { N: String(Date.now()) } },
      }),
    );
  }
}
