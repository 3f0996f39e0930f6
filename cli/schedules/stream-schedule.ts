import {
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { isMarkedPaused, markedPaused, unmarked } from '../../functions/stored/paused-mark.ts';
import type { Connection, DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { CommandError } from '../command.ts';

/** A stream's collect schedule, as EventBridge Scheduler has it now. */
export interface StreamSchedule {
  /** `rate(5 minutes)`, `cron(0 6 ? * MON-FRI *)`. */
  readonly expression: string;
  readonly timeZone: string;
  readonly on: boolean;
}

export interface Schedules {
  /** Reads the stream's collect schedule. @throws {CommandError} when there is none */
  read(stream: DeployedStream): Promise<StreamSchedule>;
  /**
   * Turns the collect schedule on, or off with the mark of a pause.
   * @returns whether it was the other way before
   */
  turn(stream: DeployedStream, on: boolean): Promise<boolean>;
  close(): void;
}

/**
 * The collect schedules of a relay. No command touches the sweep's schedule, so journaled batches are delivered all
 * the time.
 */
export function openSchedules(relay: Pick<DeployedRelay, 'connection' | 'place'>): Schedules {
  const client = new SchedulerClient(clientOptions(relay.connection));
  const get = (stream: DeployedStream) => {
    const { name, group } = collectScheduleOf(stream, relay.place);
    const looked = { sought: `schedule ${group}/${name}`, where: relay.place };
    return explainingFailure(looked, () =>
      found(client.send(new GetScheduleCommand({ Name: name, GroupName: group })), looked),
    );
  };
  return {
    async read(stream) {
      const { ScheduleExpression, ScheduleExpressionTimezone, State } = await get(stream);
      return {
        expression: ScheduleExpression ?? 'unknown',
        timeZone: ScheduleExpressionTimezone ?? 'UTC',
        on: State !== 'DISABLED',
      };
    },
    async turn(stream, on) {
      const schedule = await get(stream);
      const changes = (schedule.State !== 'DISABLED') !== on;
      // A schedule that was disabled by hand gets the mark: from now on the operator knows.
      if (!changes && isMarkedPaused(schedule.Description) === !on) return false;
      const looked = { sought: `schedule ${schedule.GroupName}/${schedule.Name}`, where: relay.place };
      await explainingFailure(looked, () => client.send(new UpdateScheduleCommand(turned(schedule, on))));
      return changes;
    },
    close: () => client.destroy(),
  };
}

function clientOptions(connection: Connection) {
  return { ...connection, requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000 } };
}

function collectScheduleOf(stream: DeployedStream, place: string) {
  const schedule = stream.schedules.collect;
  if (schedule !== undefined) return schedule;
  throw new CommandError(
    `stream ${stream.label} has no collect schedule in ${place}; deploy the stack again`,
  );
}

async function found<Value>(
  call: Promise<Value>,
  { sought, where }: { readonly sought: string; readonly where: string },
): Promise<Value> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error;
    throw new CommandError(`looked for ${sought} in ${where}: it is not there; deploy the stack again`);
  }
}

/** UpdateSchedule replaces the whole schedule, so everything but state and mark is sent back unchanged. */
function turned(schedule: GetScheduleCommandOutput, on: boolean) {
  const { $metadata: _, Arn: __, CreationDate: ___, LastModificationDate: ____, ...kept } = schedule;
  return {
    ...kept,
    Name: kept.Name,
    ScheduleExpression: kept.ScheduleExpression,
    Target: kept.Target,
    Description: on ? unmarked(kept.Description) : markedPaused(kept.Description),
    FlexibleTimeWindow: kept.FlexibleTimeWindow,
    State: on ? ('ENABLED' as const) : ('DISABLED' as const),
  };
}
