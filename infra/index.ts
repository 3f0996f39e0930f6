/** What the package gives to an operator's own folder: an app of three lines, and the settings beside it. */
export type {
  AlarmSubscription,
  StageAlarmSettings,
  StreamAlarmSettings,
} from './config/alarm-settings.ts';
export { defineStages } from './config/define-stages.ts';
export type { MosaicEnvironment, StageSettings } from './config/settings.ts';
export type { StreamSettings } from './config/stream-settings.ts';
export type { DestinationSettings } from './destinations/destination-kinds.ts';
export {
  defineDestination,
  type OwnDestination,
  type OwnDestinationSettings,
  type OwnEndpoint,
  type SettingCheck,
} from './destinations/own-kinds.ts';
export { type RelayApp, type RelayAppOptions, relayApp, type Stages } from './relay-app.ts';
export { RelayStack } from './relay-stack.ts';
