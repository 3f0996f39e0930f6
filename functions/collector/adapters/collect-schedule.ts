import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';

/** The schedule that collects this stream: nothing else tells whether an operator has switched it off. */
export interface CollectSchedule {
  isOff(): Promise<boolean>;
}

/** @param address `<group>/<name>`; absent where the environment names no schedule, which then counts as on */
export function createCollectSchedule(address: string | undefined): CollectSchedule {
  if (address === undefined) return { isOff: async () => false };
  const [groupName, name] = address.split('/');
  const client = new SchedulerClient({
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  });
  return {
    async isOff() {
      const { State } = await client.send(new GetScheduleCommand({ GroupName: groupName, Name: name }));
      return State === 'DISABLED';
    },
  };
}
