import type { AwsCall, Interference } from '@mosaic-relay/cdk-loopback';
import type { Interfere } from '@mosaic-relay/mosaic-simulator';
import { journalOwner } from '../../../functions/stored/journal-key.ts';
import { destinationRemoved, type FaultyStage } from '../../../local/run/fault-set.ts';
import { journaledBy } from '../../../local/run/journal-call.ts';
import { addedName } from '../../../local/run/settings/settings-variants.ts';
import type { WorldStream } from '../../../local/world-streams.ts';
import { unavailable } from './call-faults.ts';
import type { EverythingPlan, Silence } from './draw-faults.ts';
import type { FaultInjector } from './fault-injector.ts';
import type { JournalLosses } from './journal-losses.ts';

export type OutagePlan = Pick<
  EverythingPlan,
  'journalOutage' | 'journalDenied' | 'tableOutage' | 'silentCall' | 'silentCollect' | 'addedRefusesFromMs'
>;

/**
 * Outages of minutes, and single calls that stay silent so long that the caller gives up. No process is killed for
 * them, so runs come to their own timeouts, deadlines and last resorts.
 *
 * A witness can always journal, so that of one event only one copy is ever lost.
 */
export function createOutages(injector: FaultInjector, plan: OutagePlan, losses: JournalLosses): Outages {
  const journals = new Map<string, JournalOutage>();
  const tables = new Map<string, number>();
  /** The time at which a stream's permission returns. */
  const denials = new Map<string, number>();
  const silences = { call: plan.silentCall, collect: plan.silentCollect };
  let stage: FaultyStage | undefined;
  let beganAt = 0;
  const now = (): number => stage?.world.clock.now() ?? 0;
  const hasCome = (fromMs: number): boolean => injector.stage() !== undefined && now() >= beganAt + fromMs;

  /** The first call after its time gets the silence, and there is no second. */
  const takeSilence = (name: keyof typeof silences): Silence | undefined => {
    const silence = silences[name];
    if (silence === undefined || !hasCome(silence.fromMs)) return undefined;
    silences[name] = undefined;
    return silence;
  };
  const ofJournal = (call: AwsCall, stream: WorldStream): Interference | undefined => {
    const outage = plan.journalOutage;
    if (outage === undefined || !hasCome(outage.fromMs)) return undefined;
    const begun = journals.get(stream.name);
    if (begun === undefined) {
      if (journaledBy(call) === undefined) return undefined;
      injector.note(stream, 'S3 refuses the journal for minutes');
    }
    const state = begun ?? { untilMs: now() + outage.lastsMs, silent: outage.silent };
    journals.set(stream.name, state);
    if (now() >= state.untilMs) return undefined;
    losses.refused(stream);
    state.silent -= 1;
    return { skipEffect: true, outcome: state.silent >= 0 ? 'silence' : unavailable(call) };
  };
  /**
   * Removes the collectors' statement from the bucket's policy, from the first PUT that meets the removal; a
   * witness's recoveries are covered by another statement.
   */
  const deniedJournal = (call: AwsCall, stream: WorldStream): Interference | undefined => {
    const window = plan.journalDenied;
    if (window === undefined || !hasCome(window.fromMs)) return undefined;
    const begun = denials.get(stream.name);
    if (begun === undefined) injector.note(stream, denied);
    const untilMs = begun ?? now() + window.toMs - window.fromMs;
    denials.set(stream.name, untilMs);
    if (now() >= untilMs) return undefined;
    if (journaledBy(call) !== undefined) losses.refused(stream);
    const message = `User is not authorized to perform: s3:PutObject on resource: ${call.resource}`;
    return { skipEffect: true, outcome: { status: 403, code: 'AccessDenied', message } };
  };
  const ofTable = (call: AwsCall, stream: WorldStream): Interference | undefined => {
    const outage = plan.tableOutage;
    if (outage === undefined || !hasCome(outage.fromMs)) return undefined;
    const { name } = stream;
    const begins = outage.inRun ? journaledStream(call) === name : call.service === 'dynamodb';
    if (begins && !tables.has(name)) {
      tables.set(name, now() + tableOutageMs);
      injector.note(stream, 'DynamoDB fails for minutes');
    }
    if (call.service !== 'dynamodb' || now() >= (tables.get(name) ?? 0)) return undefined;
    return { skipEffect: true, outcome: unavailable(call) };
  };
  return {
    begin(begun) {
      stage = begun;
      beganAt = now();
    },
    interfere(call) {
      const caller = injector.callerOf(call)?.stream;
      if (caller === undefined) return undefined;
      const primaries = injector.stage()?.streams ?? [];
      const journal = primaries.find(({ name }) => name === journaledStream(call));
      const table = ofTable(call, caller);
      if (table !== undefined) return table;
      const refused =
        journal &&
        (ofJournal(call, journal) ?? (journal === caller ? deniedJournal(call, caller) : undefined));
      if (refused !== undefined) return refused;
      const silence = primaries.includes(caller) ? takeSilence('call') : undefined;
      if (silence === undefined) return undefined;
      injector.note(caller, 'call without an answer');
      return { skipEffect: !silence.effect, outcome: 'silence' };
    },
    refusesPuts(deliveryStream) {
      const fromMs = plan.addedRefusesFromMs;
      if (fromMs === undefined || stage === undefined || now() < beganAt + fromMs) return false;
      const { streams } = stage;
      if (streams.some((stream) => injector.befell(stream)[destinationRemoved] !== undefined)) return false;
      const destinations = streams.flatMap((stream) => stream.destinations);
      return destinations.some((one) => one.name === addedName && one.deliveryStream === deliveryStream);
    },
    mosaic(call) {
      const stream = call.operation === 'collect' ? injector.streamIn(call) : undefined;
      if (stream === undefined || !injector.stage()?.streams.includes(stream)) return undefined;
      const silence = takeSilence('collect');
      if (silence === undefined) return undefined;
      const cause = 'no answer of Mosaic';
      injector.note(stream, cause);
      injector.called(stream, call.number);
      return silence.effect ? { after: { kind: 'silence', cause } } : { before: { kind: 'silence' } };
    },
  };
}

export interface Outages {
  /** Starts the outages' times. */
  begin(stage: FaultyStage): void;
  interfere(call: AwsCall): Interference | undefined;
  /** True if Firehose takes nothing for that delivery stream now, which may outlast the other faults. */
  refusesPuts(deliveryStream: string): boolean;
  readonly mosaic: Interfere;
}

interface JournalOutage {
  readonly untilMs: number;
  silent: number;
}

const denied = 'journal permission gone for a while';
const tableOutageMs = 5 * 60_000;

/** The stream of a PUT into the journal, or of the probe before it. */
function journaledStream({ service, operation, resource }: AwsCall): string | undefined {
  if (service !== 's3' || operation !== 'PutObject') return undefined;
  return journalOwner(resource.slice(resource.indexOf('/') + 1));
}
