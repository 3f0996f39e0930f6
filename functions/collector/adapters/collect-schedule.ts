import { GetScheduleCommand, ResourceNotFoundException, SchedulerClient } from '@aws-sdk/client-scheduler';
import { isMarkedPaused } from '../../stored/paused-mark.ts';
import type { ScheduleState } from '../protocol/schedule-state.ts';

/** The schedule that collects this stream: nothing else tells whether somebody has switched it off. */
export interface CollectSchedule {
  look(): Promise<ScheduleState>;
}

/** @param address `<group>/<name>`; absent where the environment names no schedule, which then counts as on */
export function createCollectSchedule(address: string | undefined): CollectSchedule {
  if (address === undefined) return { look: async () => ({ kind: 'on', changedAt: undefined }) };
  const [groupName, name] = address.split('/');
  const client = new SchedulerClient({
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  });
  return {
    async look() {
      try {
        const found = await client.send(new GetScheduleCommand({ GroupName: groupName, Name: name }));
        const changedAt = found.LastModificationDate?.getTime();
        if (found.State !== 'DISABLED') return { kind: 'on', changedAt };
        return isMarkedPaused(found.Description) ? { kind: 'paused' } : { kind: 'off', changedAt };
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return { kind: 'gone' };
        throw error;
      }
    },
  };
}
