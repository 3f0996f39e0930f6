import type { Deployment, LambdaHost, Schedule } from '@mosaic-relay/cdk-loopback';
import {
  type CollectorDestination,
  type CollectorSettings,
  collectorEnvironment,
  type EventType,
} from '../functions/collector/contract.ts';

/** One stream that a deployed collector reads. */
export interface WorldStream {
  /** Its stable name in the relay. */
  readonly name: string;
  /** Mosaic's id. */
  readonly id: string;
  readonly type: EventType;
  readonly functionLogicalId: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly destinations: readonly CollectorDestination[];
  /** Everything its collector was told, with addresses of stand-ins. */
  readonly settings: CollectorSettings;
}

/** Reads the streams out of what was deployed: a function that has `SETTINGS` is a collector. */
export function readStreams(deployment: Deployment, lambda: LambdaHost): readonly WorldStream[] {
  return deployment.byType('AWS::Lambda::Function').flatMap(({ arn = '', logicalId }) => {
    const { definition } = lambda.functions.find(arn);
    if (definition.environment.SETTINGS === undefined) return [];
    const parsed = collectorEnvironment.safeParse(definition.environment);
    if (!parsed.success) {
      const names = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
      throw new Error(`${logicalId}: its environment is not a collector's, see ${names}`);
    }
    const { SETTINGS: settings } = parsed.data;
    return [
      {
        name: settings.name,
        id: settings.id,
        type: settings.type,
        functionLogicalId: logicalId,
        functionName: definition.name,
        functionArn: arn,
        destinations: settings.destinations,
        settings,
      },
    ];
  });
}

/** True if a schedule calls the stream's collector. */
export function callsCollector(schedule: Schedule, { functionArn }: WorldStream): boolean {
  return schedule.targetArn === functionArn;
}
