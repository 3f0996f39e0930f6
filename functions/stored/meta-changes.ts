import { type Asking, type Lease, metaSchema, type RetiringAsking, type Totals } from './meta-item.ts';
import type { RunEnd } from './run-item.ts';
import type { ItemChange } from './stream-item.ts';

/** Every write of the collector to a `META` item, which may not be there before. Times are ms since the epoch. */
export const metaChanges = {
  /**
   * Grants the lease if it is free or expired.
   *
   * The holder found is kept in the item: the client may repeat a write whose answer was lost, and the second would
   * otherwise find its own lease and hide a run that never ended.
   */
  grantLease: (
    lease: Lease,
    now: number,
    stream: { readonly type: string; readonly streamId: string },
  ): ItemChange => ({
    update:
      'SET lease = :lease, foundLease = if_not_exists(lease, :none), ' +
      'unended = if_not_exists(unended, :zero) + :one, #schema = if_not_exists(#schema, :schema), ' +
      '#type = if_not_exists(#type, :type), streamId = if_not_exists(streamId, :streamId)',
    condition:
      '(attribute_not_exists(lease) OR lease.#until <= :now) AND (attribute_not_exists(#schema) OR #schema <= :schema)',
    names: { '#schema': 'schema', '#type': 'type', '#until': 'until' },
    values: {
      ':lease': lease,
      ':none': null,
      ':zero': 0,
      ':one': 1,
      ':schema': metaSchema,
      ':type': stream.type,
      ':streamId': stream.streamId,
      ':now': now,
    },
    returning: 'ALL_OLD',
  }),

  /** Writes a run's end and what to ask for next, adds to the totals and frees the lease, if it is the run's own. */
  endRun: (
    end: RunEnd,
    { events, batches, sourceBytes }: Totals,
    asking: Asking | undefined,
  ): ItemChange => ({
    update:
      `SET lastEnd = :end${asking ? ', asking = :asking' : ''} ` +
      `REMOVE lease, foundLease, unended${asking ? '' : ', asking'} ` +
      'ADD events :events, batches :batches, sourceBytes :sourceBytes',
    condition: 'lease.run = :run',
    values: {
      ...(asking ? { ':asking': asking } : {}),
      ':end': endOf(end),
      ':run': end.run,
      ':events': events,
      ':batches': batches,
      ':sourceBytes': sourceBytes,
    },
  }),

  beginAudit: (audit: string): ItemChange => ({
    update: 'SET auditing = :audit',
    values: { ':audit': audit },
    returning: 'ALL_OLD',
  }),

  /** Says when an audit was made, unless another has begun or the table was put back since. */
  endAudit: (audit: string, at: number): ItemChange => ({
    update: 'SET auditedAt = :at, auditing = :none',
    condition: 'auditing = :audit',
    values: { ':at': at, ':audit': audit, ':none': null },
  }),

  /** Of a witness, only growing. */
  comparedUntil: (until: number): ItemChange => ({
    update: 'SET comparedUntil = :until',
    condition: 'attribute_not_exists(comparedUntil) OR comparedUntil < :until',
    values: { ':until': until },
  }),

  /** @param place of the stream among the retiring ones, 0.. */
  emptySince: (place: number, streamId: string, since: number | undefined): ItemChange =>
    ofRetiring(place, streamId, {
      update:
        since === undefined
          ? `REMOVE retiring[${place}].emptySince`
          : `SET retiring[${place}].emptySince = :since`,
      ...(since === undefined ? {} : { values: { ':since': since } }),
    }),

  /** @param place of the stream among the retiring ones, 0.. */
  askingOfRetiring: (place: number, streamId: string, asking: RetiringAsking | undefined): ItemChange =>
    ofRetiring(place, streamId, {
      update:
        asking === undefined ? `REMOVE retiring[${place}].asking` : `SET retiring[${place}].asking = :asking`,
      ...(asking === undefined ? {} : { values: { ':asking': asking } }),
    }),

  /** @param place of the stream among the retiring ones, 0.. */
  forgetRetiring: (place: number, streamId: string): ItemChange =>
    ofRetiring(place, streamId, { update: `REMOVE retiring[${place}]` }),
} as const;

/** Only what a `RunEnd` holds, so that `META` stays small: a caller may pass a whole record. */
function endOf(end: RunEnd): RunEnd {
  const { run, startedAt, endedAt, outcome, code, lastNumber, caution, newestEventAt } = end;
  return { run, startedAt, endedAt, outcome, code, lastNumber, caution, newestEventAt };
}

/** The stream lifecycle may have changed the list since the place was read. */
function ofRetiring(place: number, streamId: string, { values, ...change }: ItemChange): ItemChange {
  return {
    ...change,
    condition: `retiring[${place}].streamId = :streamId`,
    values: { ...values, ':streamId': streamId },
  };
}
