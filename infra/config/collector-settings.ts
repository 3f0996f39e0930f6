import {
  type CollectorDestination,
  type CollectorSettings,
  collectorStageSettings,
  collectorStreamSettings,
} from '../../functions/collector/contract.ts';
import type { DeliveryMetrics, Destination } from '../destinations/destination-kind.ts';
import { answerCapMiB } from './answer-caps.ts';
import { lineViewOf } from './line-views.ts';
import { scheduleNameOf, stackNameOf } from './names.ts';
import { putQuota } from './put-quota.ts';
import type { Stage } from './settings.ts';
import type { Stream } from './stream-settings.ts';

export interface CollectorFacts {
  readonly stage: CollectedStage;
  readonly stream: Stream;
  readonly table: string;
  readonly bucket: string;
  readonly destinations: readonly CollectorDestination[];
}

/** The part of a stage that its collectors get. */
export type CollectedStage = Omit<Stage, 'streams' | 'alarms'>;

/**
 * Makes the settings of a stream's collector. A setting that the contract names is passed on unchanged; the others
 * are derived here.
 */
export function collectorSettingsOf(facts: CollectorFacts): CollectorSettings {
  const { stage, stream, table, bucket, destinations } = facts;
  return {
    stage: stage.name,
    ...chosen(stage, Object.keys(collectorStageSettings) as (keyof typeof collectorStageSettings)[]),
    ...chosen(stream, Object.keys(collectorStreamSettings) as (keyof typeof collectorStreamSettings)[]),
    table,
    bucket,
    interval: Math.min(stream.schedule.longestGapSeconds, longestInterval),
    recordDays: stage.journalDays + recordDaysBeyondJournal,
    wireCapMiB: answerCapMiB(stage.wireCapMiB, stream),
    decompressedCapMiB: answerCapMiB(stage.decompressedCapMiB, stream),
    destinations: [...destinations],
    collectSchedule: `${stackNameOf(stage.name)}/${scheduleNameOf(stream.name, 'collect')}`,
  };
}

/** Makes the collector's settings for one of its destinations. */
export function collectorDestinationOf(
  destination: Destination,
  made: {
    readonly region: string | undefined;
    readonly deliveryStream: string;
    readonly deliveryMetrics: DeliveryMetrics;
    readonly type: Stream['type'];
    readonly views: Stage['views'];
  },
): CollectorDestination {
  const { name, kind, collector, quotaMiBPerSecond } = destination;
  const { region, deliveryStream, deliveryMetrics } = made;
  const view = lineViewOf(destination, made);
  return {
    name,
    kind,
    deliveryStream,
    ...collector,
    quotaMiBPerSecond: quotaMiBPerSecond ?? putQuota(region),
    deliveryMetrics,
    ...(view && { view: view.label }),
  };
}

/** Records of runs outlive the journal that they describe by a week. */
const recordDaysBeyondJournal = 7;

/** A month, in seconds: above it, no interval counts as usual. */
const longestInterval = 31 * 86_400;

function chosen<Whole extends object, Name extends keyof Whole>(
  whole: Whole,
  names: readonly Name[],
): Pick<Whole, Name> {
  return Object.fromEntries(names.map((name) => [name, whole[name]])) as Pick<Whole, Name>;
}
