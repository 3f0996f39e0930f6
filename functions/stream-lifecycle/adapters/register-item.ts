import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { RetiringStream } from '../../collector/ports.ts';
import type { KnownStream, OpenedAs } from '../ports.ts';

export type Item = Readonly<Record<string, AttributeValue>>;

/** The lifecycle's part of a `META` item; undefined for one that names no stream yet. */
export function knownStream(item: Item): KnownStream | undefined {
  if (item.streamId?.S === undefined || item.type?.S === undefined) return undefined;
  const removed = item.removed?.S;
  return {
    type: item.type.S,
    streamId: item.streamId.S,
    retiring: (item.retiring?.L ?? []).map((each) => retiringStream(each.M ?? {})),
    // An item of an earlier version has none.
    former: (item.former?.L ?? []).map((each) => ({
      streamId: each.M?.streamId?.S ?? '',
      found: each.M?.found?.BOOL !== false,
    })),
    opened: item.opened?.M === undefined ? undefined : openedAs(item.opened.M),
    ...(removed === 'kept' || removed === 'deleted' ? { removed } : {}),
  };
}

/** `emptySince` is the collector's, and stays when the lifecycle writes the list. */
function retiringStream({ streamId, since, emptySince }: Item): RetiringStream {
  return {
    streamId: streamId?.S ?? '',
    since: Number(since?.N),
    ...(emptySince?.N === undefined ? {} : { emptySince: Number(emptySince.N) }),
  };
}

function openedAs(item: Item): OpenedAs {
  const days = item.retentionDays?.N;
  const managed = item.managed?.BOOL === true;
  return {
    managed,
    enrichment: item.enrichment?.BOOL === true,
    ...(days === undefined ? {} : { retentionDays: Number(days) }),
    // An earlier version wrote false for a stream that was made in the portal.
    found: !managed || item.found?.BOOL === true,
  };
}

/** How an update writes all of it; `#type` stands for the attribute `type`, whose name DynamoDB reserves. */
export function registerUpdate(known: KnownStream): {
  readonly set: readonly string[];
  readonly remove: readonly string[];
  readonly values: Record<string, AttributeValue>;
} {
  const { opened, removed } = known;
  const always = ['#type = :type', 'streamId = :id', 'retiring = :retiring', 'former = :former'];
  const values: Record<string, AttributeValue> = {
    ':type': { S: known.type },
    ':id': { S: known.streamId },
    ':retiring': {
      L: known.retiring.map(({ streamId, since, emptySince }) => ({
        M: {
          streamId: { S: streamId },
          since: { N: String(since) },
          ...(emptySince === undefined ? {} : { emptySince: { N: String(emptySince) } }),
        },
      })),
    },
    ':former': {
      L: known.former.map(({ streamId, found }) => ({
        M: { streamId: { S: streamId }, found: { BOOL: found } },
      })),
    },
    ...(opened === undefined ? {} : { ':opened': { M: openedAttributes(opened) } }),
    ...(removed === undefined ? {} : { ':removed': { S: removed } }),
  };
  const optional = ['opened', 'removed'];
  const given = optional.filter((name) => `:${name}` in values);
  return {
    set: [...always, ...given.map((name) => `${name} = :${name}`)],
    remove: optional.filter((name) => !given.includes(name)),
    values,
  };
}

function openedAttributes(opened: OpenedAs): Record<string, AttributeValue> {
  return {
    managed: { BOOL: opened.managed },
    enrichment: { BOOL: opened.enrichment },
    found: { BOOL: opened.found },
    ...(opened.retentionDays === undefined ? {} : { retentionDays: { N: String(opened.retentionDays) } }),
  };
}
