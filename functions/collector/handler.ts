import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { metricNamespace } from '../metric-namespace.ts';
import { readEnvironment } from '../read-environment.ts';
import { RelayError } from '../relay-error.ts';
import { awsClients } from './adapters/aws-clients.ts';
import { readBundledViews } from './adapters/bundled-views.ts';
import { createCollectSchedule } from './adapters/collect-schedule.ts';
import { setHeapGrowth } from './adapters/heap-growth.ts';
import { systemClock } from './adapters/system-clock.ts';
import { assemble } from './assemble.ts';
import {
  type CollectorEvent,
  collectorDestinationMetrics,
  collectorEnvironment,
  collectorEvent,
  collectorMetrics,
  collectorStageMetrics,
} from './contract.ts';
import type { Counters } from './protocol/counters.ts';
import { run } from './protocol/run.ts';
import type { ScheduleState } from './protocol/schedule-state.ts';
import { sweep } from './protocol/sweep.ts';
import { toRelayError } from './protocol/to-relay-error.ts';
import { comparisonFields, runFields, sweepFields } from './run-log.ts';
import {
  compareMetrics,
  type DestinationMetricValue,
  destinationGauges,
  destinationMetrics,
  type MetricValue,
  runMetrics,
  scheduleMetrics,
  stageMetrics,
  sweepMetrics,
} from './run-metrics.ts';
import { compare } from './witness/compare.ts';

setHeapGrowth();
const told = readEnvironment(collectorEnvironment, process.env).SETTINGS;
const { ports, settings, comparison } = assemble(
  told,
  awsClients(),
  { clock: systemClock, newRunId: randomUUID, newAuditId: randomUUID, tellLoss },
  readBundledViews(told, process.env.LAMBDA_TASK_ROOT ?? '.'),
);
const collectSchedule = createCollectSchedule(told.collectSchedule);
const logger = new Logger({
  serviceName: 'collector',
  persistentKeys: { stage: told.stage, stream: told.name },
});
const metrics = new Metrics({ namespace: metricNamespace });
// An alarm matches whole sets of dimensions, and Powertools adds `service` of its own accord.
metrics.clearDefaultDimensions();
metrics.setDefaultDimensions({ Stage: told.stage, Stream: told.name });
// Written at once, in a line of its own: one line has one set of dimensions.
const ofStage = new Metrics({ namespace: metricNamespace, singleMetric: true });
ofStage.clearDefaultDimensions();
ofStage.setDefaultDimensions({ Stage: told.stage });

/**
 * The function's entry, for every schedule of a stream. It writes one log line at the start, one at the end, and
 * each metric once.
 *
 * A run that failed is thrown after everything that it learnt has been recorded, so that Lambda counts it as an
 * error.
 */
export const handler = middy<unknown, void>()
  .use(logMetrics(metrics))
  .handler(async (event: unknown, context: Context) => {
    const { task } = parseEvent(event);
    const deadline = systemClock.now() + context.getRemainingTimeInMillis();
    logger.info('started', { task, requestId: context.awsRequestId });
    const failure = await perform[task](deadline);
    if (failure !== undefined) throw withoutStack(failure);
  });

async function collect(deadline: number): Promise<RelayError | undefined> {
  try {
    const report = await run(ports, settings, deadline);
    emit(runMetrics(report));
    if (report.kind === 'ended') emitAround(report);
    logger[report.kind === 'ended' && report.error ? 'error' : 'info']('ended', runFields(report));
    return report.kind === 'ended' ? report.error : undefined;
  } catch (error) {
    emit([['RunSucceeded', 0]]);
    return ended('collect', error);
  }
}

async function sweepOnce(deadline: number): Promise<RelayError | undefined> {
  try {
    const report = await sweep(ports, settings, deadline);
    emitAround(report);
    emit(sweepMetrics(report));
    emitOfDestinations(
      destinationGauges(
        report,
        told.destinations.map(({ name }) => name),
      ),
    );
    await tellSchedule(report.lastRunAt);
    logger[report.error ? 'error' : 'info']('ended', sweepFields(report));
    return report.error;
  } catch (error) {
    return ended('sweep', error);
  }
}

/** This call comes last: if it hangs, all other metrics have been written. */
async function tellSchedule(lastRunAt: number | undefined): Promise<void> {
  const tell = (schedule: ScheduleState | undefined): void =>
    emit(scheduleMetrics(schedule, { lastRunAt, now: systemClock.now() }));
  try {
    tell(await collectSchedule.look());
  } catch (error) {
    // A refusing Scheduler does not stop runs, and the alarm on missing runs must not say so.
    tell(undefined);
    throw error;
  }
}

async function compareOnce(deadline: number): Promise<RelayError | undefined> {
  try {
    if (comparison === undefined || told.witnessOf === undefined) throw notAWitness();
    const report = await compare(comparison.ports, comparison.settings, deadline);
    emitOfPrimary(told.witnessOf.name, compareMetrics(report));
    logger.info('ended', comparisonFields(report, told.witnessOf.name));
    return undefined;
  } catch (error) {
    return ended('compare', error);
  }
}

const perform = { collect, sweep: sweepOnce, compare: compareOnce } as const;

function notAWitness(): RelayError {
  return new RelayError('BadEvent', 'The event asks for a comparison, and this collector is no witness.');
}

function parseEvent(event: unknown): CollectorEvent {
  const parsed = collectorEvent.safeParse(event);
  if (parsed.success) return parsed.data;
  throw withoutStack(
    new RelayError(
      'BadEvent',
      'The event names no task; a schedule sends {"task":"collect"}, {"task":"sweep"} or {"task":"compare"}.',
    ),
  );
}

function emit(values: readonly MetricValue[]): void {
  for (const [name, value] of values) metrics.addMetric(name, collectorMetrics[name], value);
}

/** Emits what a run or a sweep adds to the metrics of its destinations and of its stage. */
function emitAround(report: { readonly counters: Counters }): void {
  emitOfDestinations(destinationMetrics(report));
  for (const [name, value] of stageMetrics(report))
    ofStage.addMetric(name, collectorStageMetrics[name], value);
}

function emitOfDestinations(values: readonly DestinationMetricValue[]): void {
  for (const [destination, name, value] of values) {
    const ofDestination = new Metrics({ namespace: metricNamespace, singleMetric: true });
    ofDestination.clearDefaultDimensions();
    ofDestination.setDefaultDimensions({ Stage: told.stage, Stream: told.name, Destination: destination });
    ofDestination.addMetric(name, collectorDestinationMetrics[name], value);
  }
}

/**
 * Writes the metric at once, in a line of its own. The caller writes the item that ends the search for the loss only
 * after that.
 */
function tellLoss(batches: number): void {
  const atOnce = new Metrics({ namespace: metricNamespace, singleMetric: true });
  atOnce.clearDefaultDimensions();
  atOnce.setDefaultDimensions({ Stage: told.stage, Stream: told.name });
  atOnce.addMetric('PossibleLoss', collectorMetrics.PossibleLoss, batches);
}

/** The events are missing from the primary's journal, so the metrics carry the primary's name and reach its alarms. */
function emitOfPrimary(name: string, values: readonly MetricValue[]): void {
  const ofPrimary = new Metrics({ namespace: metricNamespace });
  ofPrimary.clearDefaultDimensions();
  ofPrimary.setDefaultDimensions({ Stage: told.stage, Stream: name });
  for (const [metric, value] of values) ofPrimary.addMetric(metric, collectorMetrics[metric], value);
  if (values.length > 0) ofPrimary.publishStoredMetrics();
}

/** Writes the end line of an invocation that left no record, for example since the table refused. */
function ended(task: string, error: unknown): RelayError {
  const failure = toRelayError(error);
  logger.error('ended', { task, code: failure.code, reason: failure.message, ...failure.facts });
  return failure;
}

/** Lambda logs the error that a handler throws. The message of a `RelayError` is complete, so its stack is left out. */
function withoutStack(error: RelayError): RelayError {
  error.stack = `${error.code}: ${error.message}`;
  return error;
}
