import { CfnOutput, NestedStack } from 'aws-cdk-lib';
import { Construct, type IDependable } from 'constructs';
import { thresholdsOf } from '../config/alarm-thresholds.ts';
import { costAtRest, dollarsOf } from '../config/cost-at-rest.ts';
import type { Stage } from '../config/settings.ts';
import { AlarmTopics, type TopicOf } from './alarms/alarm-topics.ts';
import { StageAlarms } from './alarms/stage-alarms.ts';
import { StreamAlarms } from './alarms/stream-alarms.ts';
import { billedResources } from './billed-resources.ts';
import { RelayDashboard } from './dashboard/relay-dashboard.ts';
import type { RelayKey } from './relay-key.ts';
import type { RelayStream } from './relay-stream.ts';

export interface StageMonitoringProps {
  readonly stage: Stage;
  readonly key: RelayKey;
  readonly streams: readonly RelayStream[];
  /** The first resource that calls the stream lifecycle in a deploy. */
  readonly undelivered: IDependable;
}

/**
 * Alarms, whom they tell, and the dashboard. The alarms of each stream are a nested stack, and what is of the whole
 * stage another, so that one stack's limit of resources does not bound the number of streams.
 */
export class StageMonitoring extends Construct {
  /** Dollars a month while no event comes. */
  readonly costAtRest: number;

  constructor(scope: Construct, id: string, { stage, key, streams, undelivered }: StageMonitoringProps) {
    super(scope, id);
    const { topics } = new AlarmTopics(this, 'Alarms', { stage, key });
    const alarms = new Map(
      streams.map((each) => [
        each,
        new StreamAlarms(each, 'Alarms', { stage, stream: each.stream, destinations: each.watched, topics }),
      ]),
    );
    const overview = new StageOverview(this, 'Overview', { stage, topics, streams, alarms });
    // Its alarm takes missing data for a failure, and would tell of every first deploy if no call came before it.
    overview.node.addDependency(undelivered);
    new CfnOutput(this, 'Dashboard', { value: overview.dashboardName });
    this.costAtRest = overview.costAtRest;
  }
}

interface StageOverviewProps extends Omit<StageMonitoringProps, 'key' | 'undelivered'> {
  readonly topics: TopicOf;
  readonly alarms: ReadonlyMap<RelayStream, StreamAlarms>;
}

class StageOverview extends NestedStack {
  readonly dashboardName: string;
  readonly costAtRest: number;

  constructor(scope: Construct, id: string, { stage, topics, streams, alarms }: StageOverviewProps) {
    super(scope, id, {
      description: `Dashboard of the stage ${stage.name}, and the alarms of the whole stage`,
    });
    const own = new StageAlarms(this, 'Alarms', { stage, topics });
    const atRest = costAtRest([
      ...billedResources(this.node.root),
      { id: 'Dashboard', Type: 'AWS::CloudWatch::Dashboard' },
    ]);
    this.costAtRest = dollarsOf(atRest);
    const dashboard = new RelayDashboard(this, 'Dashboard', {
      stage,
      alarms: own.names,
      atRest,
      streams: streams.map((each) => ({
        stream: each.stream,
        functionName: each.functionName,
        destinations: each.watched,
        thresholds: thresholdsOf(each.stream, stage),
        alarms: alarms.get(each)?.names ?? [],
      })),
    });
    this.dashboardName = dashboard.dashboardName;
  }
}
