import type { MetricWatch } from '@mosaic-relay/cdk-loopback';
import type { Simulator } from '@mosaic-relay/mosaic-simulator';
import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';
import type { Receivers } from './receivers/start-receivers.ts';
import type { SimulatedSource } from './simulated-source.ts';
import type { StreamIds } from './stream-ids.ts';

export interface LocalStage {
  readonly world: World;
  readonly simulator: Simulator;
  readonly source: SimulatedSource;
  readonly ids: StreamIds;
  /** The streams of the types that take part. */
  readonly streams: readonly WorldStream[];
  /** The witnesses of these streams. */
  readonly witnesses: readonly WorldStream[];
  readonly receivers: Receivers;
  /** The metrics of functions and services; no alarm is evaluated until it follows the world. */
  readonly metrics: MetricWatch;
  /** Ends every process and server, and removes their folders. */
  close(): Promise<void>;
}
