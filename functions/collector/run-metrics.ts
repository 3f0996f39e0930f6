import type { CollectorDestinationMetric, CollectorMetric, CollectorStageMetric } from './contract.ts';
import type { Counters } from './protocol/counters.ts';
import type { RunReport } from './protocol/run-report.ts';
import type { ScheduleState } from './protocol/schedule-state.ts';
import type { SweepReport } from './protocol/sweep-report.ts';
import type { CompareReport } from './witness/comparison.ts';

/** A metric's name and value; its unit stands in the contract. */
export type MetricValue = readonly [CollectorMetric, number];

export type DestinationMetricValue = readonly [
  destination: string,
  name: CollectorDestinationMetric,
  value: number,
];

/**
 * The metrics of a collect run, emitted once at its end. `PossibleLoss` has been emitted before. Zeros but
 * `RunSucceeded` are left out.
 */
export function runMetrics(report: RunReport): readonly MetricValue[] {
  if (report.kind === 'overlap') return [['OverlapSkipped', 1]];
  const { counters, record } = report;
  return [
    ['RunSucceeded', report.error === undefined ? 1 : 0],
    ...withoutZeros([
      ['EventsCollected', counters.events],
      ['BacklogRemaining', record.outcome === 'out-of-time' ? 1 : 0],
      ['StreamReopened', counters.streamReopened],
      ['CredentialRefused', counters.credentialRefused],
      ['SourceRepeats', counters.sourceRepeats],
      ['UnknownActivity', counters.unknown.activities],
      ['UnknownMember', counters.unknown.members],
      ...sharedMetrics(counters),
    ]),
    ...eventLag(report),
  ];
}

/**
 * The metrics of a sweep. `OldestUndelivered` is emitted also when it is 0, since an alarm takes its absence for a sweep
 * that did not end. The other gauges are emitted while there is something to tell, and their alarms end without.
 */
export function sweepMetrics(report: SweepReport): readonly MetricValue[] {
  return [
    ['OldestUndelivered', Math.round(report.oldestUndeliveredMs / 1_000)],
    ...withoutZeros([
      ['WaitingForOperator', report.waitingForOperator],
      ['OldestOwedToRemoved', Math.round(report.oldestOwedToRemovedMs / 1_000)],
      ['Swept', report.counters.swept],
      ...sharedMetrics(report.counters),
    ]),
  ];
}

/**
 * The metrics of a sweep about the collect schedule.
 *
 * The time without a run counts from the schedule's last change where no run came after it, so that a new stream, or
 * one that was resumed, has all of its schedule's time for the next run. A paused stream counts none. Nothing is
 * emitted of a schedule that is gone, since its alarm takes silence for the worst.
 * @param schedule undefined where Scheduler did not tell
 */
export function scheduleMetrics(
  schedule: ScheduleState | undefined,
  { lastRunAt, now }: { readonly lastRunAt: number | undefined; readonly now: number },
): readonly MetricValue[] {
  if (schedule?.kind === 'gone') return [];
  if (schedule?.kind === 'paused') {
    return [
      ['SinceLastRun', 0],
      ['Paused', 1],
    ];
  }
  const since = Math.max(lastRunAt ?? 0, schedule?.changedAt ?? 0);
  return [
    // By a 0 the alarm Silent knows a pause.
    ...(since === 0 ? [] : ([['SinceLastRun', Math.max(1, Math.round((now - since) / 1_000))]] as const)),
    ...(schedule?.kind === 'off' ? ([['Paused', 1]] as const) : []),
  ];
}

/** The gauges of a sweep of each destination of the settings; none of a destination that lacks nothing. */
export function destinationGauges(
  { givenUp, lacking }: Pick<SweepReport, 'givenUp' | 'lacking'>,
  destinations: readonly string[],
): readonly DestinationMetricValue[] {
  return destinations.flatMap((name) => {
    const objects = givenUp[name] ?? 0;
    const { events = 0, oldestMs = 0 } = lacking[name] ?? {};
    return [
      ...(objects === 0 ? [] : [[name, 'GivenUp', objects] as const]),
      ...(events === 0 ? [] : [[name, 'Waiting', events] as const]),
      ...(oldestMs === 0 ? [] : [[name, 'WaitingAge', Math.round(oldestMs / 1_000)] as const]),
    ];
  });
}

/** The part of a run or a sweep in the stage's own metrics. */
export function stageMetrics({
  counters,
}: {
  readonly counters: Counters;
}): readonly (readonly [CollectorStageMetric, number])[] {
  const { activities, members } = counters.unknown;
  const values = [
    ['BytesBilled', counters.billedBytes],
    ['UnknownNames', activities + members],
  ] as const;
  return values.filter(([, value]) => value !== 0);
}

/** The metrics of single destinations, left out where they are 0, but for `EventsSeen` beside dropped events. */
export function destinationMetrics({
  counters,
}: {
  readonly counters: Counters;
}): readonly DestinationMetricValue[] {
  const late = Object.entries(counters.late).map(
    ([name, events]): DestinationMetricValue => [name, 'LateForDestination', events],
  );
  const views = Object.entries(counters.views).flatMap(([name, { events, dropped, refused }]) =>
    (
      [
        [name, 'EventsDropped', dropped],
        [name, 'ViewRefused', refused],
        [name, 'EventsSeen', events - dropped - refused],
      ] as const
    ).filter(([, metric, value]) => value > 0 || (metric === 'EventsSeen' && dropped > 0)),
  );
  const unmapped = Object.entries(counters.unmapped).map(
    ([name, events]): DestinationMetricValue => [name, 'UnmappedActivity', events],
  );
  return [...late, ...views, ...unmapped];
}

/** The metrics of a comparison, 0 included; none while no hour could be compared. */
export function compareMetrics({ hours }: CompareReport): readonly MetricValue[] {
  if (hours.length === 0) return [];
  const sum = (count: (hour: CompareReport['hours'][number]) => number): number =>
    hours.reduce((total, hour) => total + count(hour), 0);
  return [
    ['WitnessCompared', sum(({ compared }) => compared)],
    ['WitnessMissing', sum(({ missing }) => missing)],
    ['WitnessRecovered', sum(({ recovered }) => recovered)],
    ['WitnessIncomparable', sum(({ incomparable }) => (incomparable ? 1 : 0))],
  ];
}

function sharedMetrics(counters: Counters): readonly MetricValue[] {
  return [
    ['Quarantined', counters.quarantined],
    ['RecordsRefused', counters.recordsRefused],
  ];
}

function withoutZeros(values: readonly MetricValue[]): readonly MetricValue[] {
  return values.filter(([, value]) => value !== 0);
}

/**
 * 0 when drained; else the age of the newest collected event whose timestamp can be read. A run that has caught up
 * emits it too: the run may be wrong about that, and an alarm must be able to show it.
 *
 * The 0 ends the alarm on a backlog. A stream at rest emits none, since each hour with a value is billed. A run with
 * events emits it whatever the run before was, because that one may have been killed before it emitted its own.
 */
function eventLag({ record, before }: Extract<RunReport, { kind: 'ended' }>): readonly MetricValue[] {
  if (record.outcome === 'drained') return record.events > 0 || before !== 'drained' ? [['EventLag', 0]] : [];
  if (record.newestEventAt === undefined) return [];
  return [['EventLag', Math.max(0, Math.round((record.endedAt - record.newestEventAt) / 1_000))]];
}
