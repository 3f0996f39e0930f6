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
  /** Those of the types that take part. */
  readonly streams: readonly WorldStream[];
  /** Those that watch over them. */
  readonly witnesses: readonly WorldStream[];
  readonly receivers: Receivers;
  /** What functions and services tell; no alarm is judged until it follows the world. */
  readonly metrics: MetricWatch;
  /** Ends every process and server, and removes their folders. */
  close(): Promise<void>;
}
