import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { expiryAttribute, partitionKey, sortKey } from '../../functions/stored/stream-item.ts';
import type { RelayKey } from './relay-key.ts';

export interface StreamTableProps {
  readonly key: RelayKey;
  readonly keepData: boolean;
}

/** The table of the streams' metadata. Its expiry only tidies up. */
export class StreamTable extends Construct {
  readonly table: dynamodb.Table;
  private readonly key: RelayKey;

  constructor(scope: Construct, id: string, props: StreamTableProps) {
    super(scope, id);
    this.key = props.key;
    this.table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: partitionKey, type: dynamodb.AttributeType.STRING },
      sortKey: { name: sortKey, type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: expiryAttribute,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: props.keepData,
      encryption:
        props.key.key === undefined
          ? dynamodb.TableEncryption.DEFAULT
          : dynamodb.TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.key.key,
      removalPolicy: props.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /** The statements that a role needs to use the items of one stream alone. */
  itemsOf(stream: string, actions: readonly string[]): iam.PolicyStatement[] {
    return [this.ownItemsOf(stream, actions), ...this.key.use('dynamodb', 'read')];
  }

  /** The same statement without the key's, for a role that has the key already. */
  ownItemsOf(stream: string, actions: readonly string[]): iam.PolicyStatement {
    return new iam.PolicyStatement({
      actions: [...actions],
      resources: [this.table.tableArn],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [stream] } },
    });
  }

  /** The statements that a role needs to use the items of every stream. */
  items(actions: readonly string[]): iam.PolicyStatement[] {
    return [
      new iam.PolicyStatement({ actions: [...actions], resources: [this.table.tableArn] }),
      ...this.key.use('dynamodb', 'read'),
    ];
  }
}
