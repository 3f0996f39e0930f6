import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { directRequestHandler } from './direct-request-handler.ts';

/** The AWS clients of a process, made once; region, credentials and endpoints come from the environment. */
export interface AwsClients {
  readonly dynamoDb: DynamoDBClient;
  readonly firehose: FirehoseClient;
  readonly s3: S3Client;
  readonly secretsManager: SecretsManagerClient;
}

export function awsClients(): AwsClients {
  return {
    dynamoDb: new DynamoDBClient({ requestHandler: limits(5_000) }),
    // The collector sends refused records again itself, so the client needs few attempts of its own.
    firehose: new FirehoseClient({ requestHandler: directRequestHandler(20_000), maxAttempts: 2 }),
    // The client would otherwise pause before each body above 2 MB, and open a socket of its own for it.
    s3: new S3Client({ requestHandler: directRequestHandler(10_000), expectContinueHeader: false }),
    secretsManager: new SecretsManagerClient({ requestHandler: limits(5_000) }),
  };
}

/** A call that hangs must end well within a run's last seconds. */
function limits(requestTimeout: number) {
  return { connectionTimeout: 3_000, requestTimeout, throwOnRequestTimeout: true };
}
