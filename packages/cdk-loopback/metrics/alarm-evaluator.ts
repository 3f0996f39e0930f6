/**
 * A stand-in for CloudWatch's alarms, written here: evaluates what a template declares, minute by minute.
 *
 * An alarm acts on a change of its state alone, and on every one, a first OK after INSUFFICIENT_DATA included. What it
 * does while it stays in a state is nothing.
 *
 * Simplified: a period is judged as soon as it has ended, without the minutes that metrics take to arrive, and
 * actions are recorded, not carried out.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
import { type AlarmDefinition, comparisons } from './alarm-definition.ts';
import type { CompositeDefinition } from './composite-definition.ts';
import { type AlarmState, type Datapoint, furtherPeriods, judge } from './judge.ts';
import { type MetricStore, minuteMs } from './metric-store.ts';
import type { Series } from './series.ts';

export interface AlarmEvaluator {
  /** Judges every alarm at the end of the minute that `time` begins; times never go back. */
  evaluate(time: number): void;
  /**
   * As SetAlarmState: a state until the alarm is judged next; composite alarms follow at once.
   * @throws when there is no such alarm
   */
  set(name: string, verdict: Verdict, time: number): void;
  /** Metric alarms first, in the order they were declared. */
  states(): readonly AlarmStatus[];
  /** @throws when there is no such alarm */
  stateOf(name: string): AlarmState;
  /** Every change of state, oldest first. */
  readonly history: readonly AlarmChange[];
  /** The changes that a topic was told of, oldest first. */
  toldTo(topicArn: string): readonly AlarmChange[];
}

export interface AlarmStatus {
  readonly name: string;
  readonly description: string;
  readonly kind: 'metric' | 'composite';
  readonly state: AlarmState;
  /** When it came to be in this state; undefined when it has never been evaluated. */
  readonly since?: number;
  readonly reason: string;
}

export interface AlarmChange {
  readonly name: string;
  readonly time: number;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
  /** ARNs that are told of it. */
  readonly told: readonly string[];
}

/** @throws when a composite alarm asks about an alarm that is not there, or two ask about one another */
export function createAlarmEvaluator(options: {
  readonly store: MetricStore;
  readonly alarms: readonly AlarmDefinition[];
  readonly composites: readonly CompositeDefinition[];
}): AlarmEvaluator {
  const { store, alarms } = options;
  const composites = childrenFirst(options.composites, new Set(alarms.map(({ name }) => name)));
  const history: AlarmChange[] = [];
  const told = new Map<string, AlarmChange[]>();
  const statuses = new Map<string, AlarmStatus>();
  for (const { name, description } of alarms) statuses.set(name, initial(name, description, 'metric'));
  for (const { name, description } of options.composites)
    statuses.set(name, initial(name, description, 'composite'));

  const stateOf = (name: string): AlarmState => {
    const status = statuses.get(name);
    if (status === undefined) throw new Error(`there is no alarm ${name}`);
    return status.state;
  };
  const become = (alarm: AlarmDefinition | CompositeDefinition, time: number, { to, reason }: Verdict) => {
    const status = statuses.get(alarm.name)!;
    const changed = status.state !== to;
    statuses.set(alarm.name, {
      ...status,
      state: to,
      reason,
      since: changed ? time : (status.since ?? time),
    });
    if (!changed) return;
    const change = { name: alarm.name, time, from: status.state, to, reason, told: alarm.actions[to] };
    history.push(change);
    for (const arn of change.told) {
      const ofTopic = told.get(arn) ?? [];
      ofTopic.push(change);
      told.set(arn, ofTopic);
    }
  };
  const judgeComposites = (time: number) => {
    for (const composite of composites) {
      const to = composite.rule.holds(stateOf) ? 'ALARM' : 'OK';
      const red = composite.rule.children.filter((child) => stateOf(child) === 'ALARM');
      const reason = red.length === 0 ? 'none of its alarms is in ALARM' : `in ALARM: ${red.join(', ')}`;
      become(composite, time, { to, reason });
    }
  };
  return {
    evaluate: (time) => {
      for (const alarm of alarms) {
        if (!isDue(alarm, time)) continue;
        const series = readWatched(alarm, store, time);
        const to = judge(series.map(datapointOf(alarm)), alarm);
        if (to !== undefined) become(alarm, time, { to, reason: explain(alarm, series) });
      }
      judgeComposites(time);
    },
    set: (name, verdict, time) => {
      const alarm = [...alarms, ...composites].find((each) => each.name === name);
      if (alarm === undefined) throw new Error(`there is no alarm ${name}`);
      become(alarm, time, verdict);
      if (alarms.some((each) => each === alarm)) judgeComposites(time);
    },
    states: () => [...statuses.values()],
    stateOf,
    history,
    toldTo: (topicArn) => told.get(topicArn) ?? [],
  };
}

export interface Verdict {
  readonly to: AlarmState;
  readonly reason: string;
}

function initial(name: string, description: string, kind: AlarmStatus['kind']): AlarmStatus {
  return { name, description, kind, state: 'INSUFFICIENT_DATA', reason: 'it has not been evaluated yet' };
}

/** Every minute; alarms that look back over more than a day, once an hour. */
function isDue({ periodMs, evaluationPeriods }: AlarmDefinition, time: number): boolean {
  const long = periodMs * evaluationPeriods > 86_400_000;
  return !long || Math.floor(time / minuteMs) % 60 === 0;
}

/** The evaluation range, which ends now: CloudWatch lets it slide along minute by minute. */
function readWatched(alarm: AlarmDefinition, store: MetricStore, time: number): Series {
  const { periodMs, evaluationPeriods, querySet, watched } = alarm;
  const count = evaluationPeriods + furtherPeriods;
  const all = querySet.evaluate(watched, store, { start: time - count * periodMs, periodMs, count });
  if (all.length !== 1)
    throw new Error(`alarm ${alarm.name}: ${watched} comes to ${all.length} series, not one`);
  return all[0]!;
}

function datapointOf({ comparison, threshold }: AlarmDefinition): (value: number | undefined) => Datapoint {
  const { breaches } = comparisons[comparison];
  return (value) => (value === undefined ? 'missing' : breaches(value, threshold) ? 'breaching' : 'ok');
}

/** `3 datapoints, the last 7, against ≥ 5`. */
function explain({ comparison, threshold, evaluationPeriods }: AlarmDefinition, series: Series): string {
  const real = series.filter((value) => value !== undefined).slice(-evaluationPeriods);
  const rule = `${comparisons[comparison].sign} ${threshold}`;
  if (real.length === 0) return `no data, against ${rule}`;
  return `${real.map((value) => Number(value.toPrecision(6))).join(', ')} against ${rule}`;
}

/** A composite alarm is judged after those that it asks about. */
function childrenFirst(
  composites: readonly CompositeDefinition[],
  metricAlarms: ReadonlySet<string>,
): readonly CompositeDefinition[] {
  const byName = new Map(composites.map((composite) => [composite.name, composite]));
  const ordered = new Set<CompositeDefinition>();
  const place = (composite: CompositeDefinition, above: readonly string[]) => {
    if (above.includes(composite.name)) throw new Error(`alarm ${composite.name} asks about itself`);
    for (const child of composite.rule.children) {
      const inner = byName.get(child);
      if (inner !== undefined) place(inner, [...above, composite.name]);
      else if (!metricAlarms.has(child))
        throw new Error(`alarm ${composite.name}: there is no alarm ${child}`);
    }
    ordered.add(composite);
  };
  for (const composite of composites) place(composite, []);
  return [...ordered];
}
