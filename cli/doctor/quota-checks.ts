import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { DeployedRelay } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { count } from '../text.ts';
import { about, type Finding } from './check.ts';
import type { Subject } from './subject.ts';

/** Checks Lambda's concurrency, of which new accounts have little, and the rate that Firehose accepts. */
export async function checkQuotas(subject: Subject): Promise<readonly Finding[]> {
  const concurrency = await checkConcurrency(subject);
  return subject.relay === undefined
    ? [concurrency]
    : [concurrency, ...(await checkThroughput(subject.relay))];
}

async function checkConcurrency({ connection, streams, place }: Subject): Promise<Finding> {
  const check = about('lambda concurrency');
  const lambda = new LambdaClient(connection);
  try {
    const { AccountLimit } = await explainingFailure(
      { sought: "Lambda's account settings", where: place },
      () => lambda.send(new GetAccountSettingsCommand({})),
    );
    const free = AccountLimit?.UnreservedConcurrentExecutions ?? 0;
    // A collect and a sweep of each stream at once, and five copies at most of each copier.
    const copiers = streams.flatMap(({ targets }) => targets).filter(({ copied }) => copied);
    const wanted = streams.length * 2 + copiers.length * 5;
    if (free < wanted) {
      return check.warning(
        `${count(free)} executions at once for all functions of the account, and this stage may want ${count(wanted)}`,
        'ask for a raise of "Concurrent executions" in Service Quotas: ticks that find no room are late',
      );
    }
    return check.ok(`${count(free)} executions at once are free to use, and ${count(wanted)} may be wanted`);
  } finally {
    lambda.destroy();
  }
}

const dayMs = 86_400_000;
const mebibyte = 1_048_576;

/** Compares the rate that Firehose accepts now with the settings, and looks for throttled records. */
async function checkThroughput(relay: DeployedRelay): Promise<readonly Finding[]> {
  const client = new CloudWatchClient(relay.connection);
  const deliveries = relay.streams.flatMap((stream) =>
    stream.destinations.map((destination) => ({
      ...destination,
      about: `${stream.label}/${destination.name}`,
    })),
  );
  const queries = deliveries.flatMap(({ deliveryStream }, index) => [
    query(`limit${index}`, deliveryStream, { metric: 'BytesPerSecondLimit', stat: 'Maximum' }),
    query(`throttled${index}`, deliveryStream, { metric: 'ThrottledRecords', stat: 'Sum' }),
  ]);
  try {
    if (deliveries.length === 0) return [];
    const now = relay.now();
    const { MetricDataResults = [] } = await explainingFailure(
      { sought: 'metrics of Firehose', where: relay.place },
      () =>
        client.send(
          new GetMetricDataCommand({
            MetricDataQueries: queries.slice(0, mostQueries),
            StartTime: new Date(now - dayMs),
            EndTime: new Date(now + 60_000),
          }),
        ),
    );
    const valuesOf = (id: string) => MetricDataResults.find(({ Id }) => Id === id)?.Values ?? [];
    return deliveries.map(({ about: name, quotaMiBPerSecond }, index) => {
      const check = about(`firehose quota of ${name}`);
      const [limit] = valuesOf(`limit${index}`);
      const throttled = valuesOf(`throttled${index}`).reduce((sum, value) => sum + value, 0);
      if (limit !== undefined && limit < quotaMiBPerSecond * mebibyte) {
        return check.warning(
          `Firehose accepts ${(limit / mebibyte).toFixed(1)} MiB/s, and the settings say ${quotaMiBPerSecond}`,
          'correct quotaMiBPerSecond of the destination, or ask for a raise',
        );
      }
      if (throttled > 0) {
        return check.warning(
          `Firehose has turned ${count(throttled)} records away in the last day; they were sent again`,
          'ask for a raise of its throughput in Service Quotas, then set quotaMiBPerSecond',
        );
      }
      return check.ok(`${quotaMiBPerSecond} MiB/s, and no record was turned away in the last day`);
    });
  } finally {
    client.destroy();
  }
}

/** The most queries of one GetMetricData call; 50 streams with five destinations each fit. */
const mostQueries = 500;

function query(
  id: string,
  deliveryStream: string,
  { metric, stat }: { readonly metric: string; readonly stat: string },
): MetricDataQuery {
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/Firehose',
        MetricName: metric,
        Dimensions: [{ Name: 'DeliveryStreamName', Value: deliveryStream }],
      },
      Period: 3_600,
      Stat: stat,
    },
  };
}
