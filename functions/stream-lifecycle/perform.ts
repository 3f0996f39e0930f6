import type { RetiringStream } from '../collector/ports.ts';
import type { MosaicStreamProperties } from './contract.ts';
import type { KnownStream, MosaicStreams, OpenedAs, StreamRegister } from './ports.ts';
import { type LifecycleRequest, parseProperties } from './request.ts';

/** What CloudFormation is told. */
export type Performed = Done | { readonly kind: 'failed'; readonly reason: string };
export interface Done {
  readonly kind: 'done';
  /** The resource's data and the log's fields. */
  readonly data: Readonly<Record<string, string>>;
}

export interface LifecyclePorts {
  readonly mosaic: MosaicStreams;
  readonly register: StreamRegister;
  readonly now: () => number;
}

/**
 * Carries out one request. Any number of deliveries of the same request end as one would: every step asks for what
 * should be, and finds what is there already.
 *
 * A stream's name is the resource's identity and its id is not, so that a changed id is an update: CloudFormation
 * never asks to delete the stream that was replaced.
 * @throws {RelayError} `BadProperties`, and what the ports throw; CloudFormation is to be told that it failed
 */
export async function perform(request: LifecycleRequest, ports: LifecyclePorts): Promise<Performed> {
  const properties = parseProperties(request);
  const known = await ports.register.read(properties.StreamName);
  if (request.RequestType === 'Delete') {
    const ours = request.PhysicalResourceId === physicalId(request);
    return ours ? remove(properties, known, ports) : done(properties, 'kept', 'it was never ours');
  }
  return refusal(properties, known) ?? open(properties, known, ports);
}

/** The same for every request about one stream of one stack. */
export function physicalId(request: LifecycleRequest): string {
  const stack = request.StackId.split('/')[1] ?? request.StackId;
  return `${stack}/${String(request.ResourceProperties.StreamName)}`;
}

/** What can be refused before Mosaic is asked. It looks at what holds, not at the last request: a rollback passes. */
function refusal(wanted: MosaicStreamProperties, known: KnownStream | undefined): Performed | undefined {
  const name = wanted.StreamName;
  if (known === undefined) return undefined;
  if (known.type !== wanted.StreamType) {
    return failed(
      `Stream ${name} carries ${known.type} and cannot become ${wanted.StreamType}: its journal would mix the two. Give the ${wanted.StreamType} stream a name of its own, and take ${name} out when it is no longer wanted.`,
    );
  }
  const { opened } = known;
  if (opened === undefined || !opened.managed || known.streamId !== wanted.StreamId) return undefined;
  const changed = differences(opened, wanted);
  if (wanted.Managed === 'false' || changed.length === 0) return undefined;
  return failed(
    `Mosaic cannot change ${changed.join(' and ')} of the stream ${wanted.StreamId}. Give ${name} a new id in the settings: the new stream is created so, and the old one is read until it is empty.`,
  );
}

function differences(opened: OpenedAs, wanted: MosaicStreamProperties): readonly string[] {
  const now = openedAs(wanted, opened.found);
  return [
    ...(opened.retentionDays === now.retentionDays ? [] : ['the retention']),
    ...(opened.enrichment === now.enrichment ? [] : ['the enrichment']),
  ];
}

async function open(
  wanted: MosaicStreamProperties,
  known: KnownStream | undefined,
  ports: LifecyclePorts,
): Promise<Performed> {
  const opened =
    wanted.Managed === 'false'
      ? ({ kind: 'portal' } as const)
      : await ports.mosaic.open({
          type: wanted.StreamType,
          id: wanted.StreamId,
          retentionDays: retentionDays(wanted),
          enrichment: wanted.Enrichment === 'true',
        });
  if (opened.kind === 'refused') return failed(opened.message);

  const same = known?.streamId === wanted.StreamId;
  // Found again is still ours if we made it; found on a first visit is somebody else's.
  const found = opened.kind === 'already-there' && (same ? (known?.opened?.found ?? true) : true);
  const next: KnownStream = {
    type: wanted.StreamType,
    streamId: wanted.StreamId,
    retiring: same ? known.retiring : retiringAfter(known, wanted, ports.now()),
    opened: openedAs(wanted, found),
  };
  if (!(await ports.register.write(wanted.StreamName, next, known))) {
    return failed(
      `Stream ${wanted.StreamName} was changed by another deployment at the same time. Deploy again.`,
    );
  }
  const note =
    opened.kind === 'created' && opened.withoutRetention ? 'Mosaic did not take the retention' : '';
  return done(wanted, opened.kind, note);
}

/** The stream that is replaced is read until it is empty, unless only its pull URL was known. */
function retiringAfter(
  known: KnownStream | undefined,
  wanted: MosaicStreamProperties,
  now: number,
): readonly RetiringStream[] {
  if (known === undefined) return [];
  const others = known.retiring.filter(({ streamId }) => streamId !== wanted.StreamId);
  if (known.opened?.managed === false) return others;
  return [...others, { streamId: known.streamId, since: now }];
}

async function remove(
  wanted: MosaicStreamProperties,
  known: KnownStream | undefined,
  { mosaic }: LifecyclePorts,
): Promise<Performed> {
  if (wanted.OnRemoval === 'keep') return done(wanted, 'kept', 'onRemoval is keep');
  if (wanted.Managed === 'false') return done(wanted, 'kept', 'it was made in the portal');
  if (known?.streamId !== wanted.StreamId) return done(wanted, 'kept', 'it was never opened here');
  if (known.opened?.found !== false) return done(wanted, 'kept', 'it existed before this relay');
  const removed = await mosaic.remove({ type: known.type, id: known.streamId });
  return removed.kind === 'refused' ? failed(removed.message) : done(wanted, removed.kind, '');
}

function openedAs(wanted: MosaicStreamProperties, found: boolean): OpenedAs {
  const days = retentionDays(wanted);
  return {
    managed: wanted.Managed === 'true',
    enrichment: wanted.Enrichment === 'true',
    ...(days === undefined ? {} : { retentionDays: days }),
    found,
  };
}

function retentionDays({ RetentionDays }: MosaicStreamProperties): number | undefined {
  return RetentionDays === undefined ? undefined : Number(RetentionDays);
}

function done({ StreamName, StreamId }: MosaicStreamProperties, outcome: string, note: string): Performed {
  return {
    kind: 'done',
    data: { StreamName, StreamId, Outcome: outcome, ...(note === '' ? {} : { Note: note }) },
  };
}

function failed(reason: string): Performed {
  return { kind: 'failed', reason };
}
