import type { AlarmScene } from './relay-alarm.ts';

/** The stream that alarms are about. */
export interface StreamScene extends AlarmScene {
  readonly stream: string;
}
