export type { Interfere } from './answer-call.ts';
export type { CallInfo, CallRecord } from './call-log.ts';
export type { CallPlan } from './call-plan.ts';
export type { EventType } from './event-types.ts';
export { eventText, uniqueId } from './events/event-text.ts';
export type { LedgerEntry } from './ledger.ts';
export { createRandom, draw, type Random } from './random.ts';
export { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts';
export { describeSwitches, type Switch, type SwitchName, switches } from './switches.ts';
