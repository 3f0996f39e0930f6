import type { SeededBytes } from './seeded-bytes.ts';
import type { DeliveryStreamStats, SimulatedDeliveryStream } from './simulated-delivery-stream.ts';
import type { Throughput } from './throughput.ts';

/** A delivery stream as the stand-in holds it, over all versions of its destination. */
export interface HeldStream {
  readonly identity: StreamIdentity;
  readonly stream: SimulatedDeliveryStream;
  readonly encrypted: boolean;
  readonly tags: readonly DeliveryStreamTag[];
  /** Of the destination, as `DescribeDeliveryStream` shows it. */
  readonly description: Readonly<Record<string, unknown>>;
  readonly throughput: Throughput;
  /** Of versions of the destination that were replaced; they may still be delivering. */
  readonly earlier: readonly SimulatedDeliveryStream[];
}

export interface DeliveryStreamTag {
  readonly Key: string;
  readonly Value?: string;
}

export interface StreamIdentity {
  readonly name: string;
  readonly arn: string;
  /** Of the destination, from 1. */
  readonly version: number;
  readonly createdAt: number;
  readonly random: SeededBytes;
}

export function sumStats(held: HeldStream): DeliveryStreamStats {
  const all = versionsOf(held).map((stream) => stream.stats);
  const names = Object.keys(held.stream.stats) as (keyof DeliveryStreamStats)[];
  const sums = names.map((name) => [name, all.reduce((sum, stats) => sum + stats[name], 0)]);
  return Object.fromEntries(sums) as unknown as DeliveryStreamStats;
}

export function closeStream(held: HeldStream): void {
  for (const stream of versionsOf(held)) stream.close();
}

function versionsOf(held: HeldStream): readonly SimulatedDeliveryStream[] {
  return [...held.earlier, held.stream];
}
