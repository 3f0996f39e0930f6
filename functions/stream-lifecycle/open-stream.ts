import type { RetiringStream } from '../stored/meta-item.ts';
import type { FormerStream, KnownStream, OpenedAs } from '../stored/stream-register.ts';
import type { MosaicStreamProperties } from './contract.ts';
import { done, failed, type Performed } from './performed.ts';
import type { LifecyclePorts, OpenOutcome } from './ports.ts';
import { isOfAnotherMosaic, recallStream, takenMessage } from './recall-stream.ts';

/**
 * Makes sure that Mosaic has the stream, and that the table knows it.
 *
 * The table is written last. A process that dies before leaves a stream that the table does not know, and the next
 * deploy must adopt that stream. So the table never claims a stream that this stage has not created.
 * @see ../../docs/decisions/0012-a-stream-that-mosaic-has-already.md
 */
export async function openStream(
  wanted: MosaicStreamProperties,
  before: KnownStream | undefined,
  ports: LifecyclePorts,
  change: SecretChange = {},
): Promise<Performed> {
  const { register, stack } = ports;
  const { stackId = '' } = change;
  const refused = refusal(wanted, before);
  const isDoubtful = refused !== undefined || hasOtherSecret(wanted, before, change);
  if (isDoubtful && (await stack.isRollingBack(stackId))) return putBack(wanted, before, ports);
  if (refused !== undefined) return failed(refused);
  const opened = await openInMosaic(wanted, ports);
  if (opened.kind === 'refused') {
    const isBack = before !== undefined && (await stack.isRollingBack(stackId));
    return isBack ? putBack(wanted, before, ports) : failed(opened.message);
  }
  if (opened.kind === 'created' && hasOtherSecret(wanted, before, change)) {
    return leaveOtherTenant(wanted, ports);
  }
  // Lambda may run one request twice at a time, and the other of the two may have created the stream.
  const known = opened.kind === 'already-there' ? await register.read(wanted.StreamName) : before;
  const origin = await originOf(opened, { wanted, known, register });
  if (origin.kind === 'taken') return failed(origin.message);
  const note =
    opened.kind === 'created' && opened.withoutRetention ? 'Mosaic did not take the retention' : '';
  return noteOpened({ wanted, known, origin, note }, ports);
}

/**
 * Takes the stream of before for open again, without a call of Mosaic: a refusal would leave the stack half-way, and the
 * function may still have the address and the credentials of the deploy that failed. A collector that finds no stream
 * creates it.
 */
async function putBack(
  wanted: MosaicStreamProperties,
  known: KnownStream | undefined,
  ports: LifecyclePorts,
): Promise<Performed> {
  const adopting: MosaicStreamProperties = { ...wanted, Adopt: 'true' };
  const isPortal = wanted.Managed === 'false';
  const recalled = isPortal ? undefined : await recallStream(adopting, known, ports.register);
  const origin = { kind: isPortal ? 'portal' : 'already-there', found: recalled?.found ?? true } as const;
  return noteOpened({ wanted: adopting, known, origin, note: 'put back by a rollback' }, ports);
}

interface Opened {
  readonly wanted: MosaicStreamProperties;
  readonly known: KnownStream | undefined;
  readonly origin: OpenOrigin;
  readonly note: string;
}

async function noteOpened(
  { wanted, known, origin, note }: Opened,
  { register, now }: LifecyclePorts,
): Promise<Performed> {
  // Ids that another Mosaic had mean nothing here: a stream that this one has under such an id is somebody else's.
  const here = known !== undefined && isElsewhere(known, wanted) ? undefined : known;
  const same = here?.streamId === wanted.StreamId;
  const next: KnownStream = {
    type: wanted.StreamType,
    streamId: wanted.StreamId,
    retiring: same ? here.retiring : retiringAfter(here, wanted, now()),
    former: same ? here.former : formerAfter(here, wanted),
    opened: openedAs(wanted, origin.found || (same && wasFound(here, wanted))),
  };
  if (!(await register.write(wanted.StreamName, next, known))) {
    return failed(
      `Stream ${wanted.StreamName} was changed by another deployment at the same time. Deploy again.`,
    );
  }
  return done(wanted, origin.kind, note);
}

/**
 * True where a stream that existed before this relay was adopted at another address or with other credentials, and
 * created there. A rollback goes back to the one that existed, and no removal may delete that.
 */
function wasFound({ opened, removed }: KnownStream, { Adopt }: MosaicStreamProperties): boolean {
  return Adopt === 'true' && opened?.found === true && removed !== 'deleted';
}

/** The change of credentials that an Update brings. */
export interface SecretChange {
  /** Of the stack that is updated. */
  readonly stackId?: string;
  /** The secret before; absent where it is not known. */
  readonly secretBefore?: string;
}

/** True for other credentials than those by which the stream was opened. Those of another tenant do not find it. */
function hasOtherSecret(
  { Secret, StreamId, Adopt }: MosaicStreamProperties,
  known: KnownStream | undefined,
  { secretBefore }: SecretChange,
): boolean {
  if (Secret === undefined || secretBefore === undefined || Secret === secretBefore) return false;
  return Adopt !== 'true' && known?.streamId === StreamId && known.opened?.managed === true && !known.removed;
}

/** Deletes the stream that was just created with other credentials, and refuses. */
async function leaveOtherTenant(
  { StreamName: name, StreamId: id, StreamType: type, Secret }: MosaicStreamProperties,
  { mosaic }: LifecyclePorts,
): Promise<Performed> {
  const removed = await mosaic.remove({ type, id });
  if (removed.kind === 'refused') return failed(removed.message);
  return failed(
    `Mosaic did not know the stream ${id} of ${name} by the credentials in ${Secret}: they are of another tenant, or somebody has deleted the stream. What it holds in the tenant of before would never be read. Give ${name} another name in the settings, which begins anew, or the other tenant a stage of its own. If the stream was deleted, deploy once with -c adopt=${name}.`,
  );
}

/**
 * Says why a request is refused before Mosaic is asked. It compares with what the table holds and not with the
 * last request, so that a rollback to what the table still holds asks nothing.
 */
function refusal(wanted: MosaicStreamProperties, known: KnownStream | undefined): string | undefined {
  const name = wanted.StreamName;
  if (known === undefined) return undefined;
  if (known.type !== wanted.StreamType) {
    return `Stream ${name} carries ${known.type} and cannot become ${wanted.StreamType}: its journal would mix the two. Give the ${wanted.StreamType} stream a name of its own, and take ${name} out when it is no longer wanted.`;
  }
  const { opened } = known;
  // A new stream may get the id of a deleted one.
  const isPresent = opened?.managed === true && known.removed !== 'deleted';
  if ((isPresent || known.retiring.length > 0) && isElsewhere(known, wanted)) {
    return `Mosaic at ${opened?.mosaic} has the stream ${isPresent ? known.streamId : known.retiring[0]?.streamId} of ${name}, and what it still holds there would never be read from ${wanted.Mosaic}. Give ${name} another name in the settings, which begins anew, or give the other Mosaic a stage of its own. If both addresses are one Mosaic, deploy once with -c adopt=${name}, and behind it the other streams of the stage, with commas.`;
  }
  if (!isPresent || known.streamId !== wanted.StreamId) return undefined;
  const changed = differences(opened, wanted);
  if (wanted.Managed === 'false' || changed.length === 0) return undefined;
  return `Mosaic cannot change ${changed.join(' and ')} of the stream ${wanted.StreamId}. Give ${name} a new id in the settings: the new stream is created so, and the old one is read until it is empty.`;
}

/** A collector knows one address: nobody would go on reading a stream that another Mosaic has. */
function isElsewhere({ opened }: KnownStream, { Mosaic, Adopt }: MosaicStreamProperties): boolean {
  return Adopt !== 'true' && isOfAnotherMosaic(opened, Mosaic);
}

function differences(opened: OpenedAs, wanted: MosaicStreamProperties): readonly string[] {
  const now = openedAs(wanted, opened.found);
  return [
    ...(opened.retentionDays === now.retentionDays ? [] : ['the retention']),
    ...(opened.enrichment === now.enrichment ? [] : ['the enrichment']),
  ];
}

async function openInMosaic(
  wanted: MosaicStreamProperties,
  { mosaic }: LifecyclePorts,
): Promise<OpenOutcome | { readonly kind: 'portal' }> {
  if (wanted.Managed === 'false') return { kind: 'portal' };
  return mosaic.open({
    type: wanted.StreamType,
    id: wanted.StreamId,
    retentionDays: retentionDays(wanted),
    enrichment: wanted.Enrichment === 'true',
  });
}

interface OpenOrigin {
  readonly kind: 'created' | 'already-there' | 'adopted' | 'portal';
  readonly found: boolean;
}
type Origin = OpenOrigin | { readonly kind: 'taken'; readonly message: string };

async function originOf(
  opened: Exclude<Awaited<ReturnType<typeof openInMosaic>>, { readonly kind: 'refused' }>,
  {
    wanted,
    known,
    register,
  }: { readonly wanted: MosaicStreamProperties; readonly known: KnownStream | undefined } & Pick<
    LifecyclePorts,
    'register'
  >,
): Promise<Origin> {
  if (opened.kind !== 'already-there') return { kind: opened.kind, found: opened.kind === 'portal' };
  const recalled = await recallStream(wanted, known, register);
  if (recalled !== undefined) return { kind: 'already-there', found: recalled.found };
  if (wanted.Adopt === 'true') return { kind: 'adopted', found: true };
  return { kind: 'taken', message: takenMessage(wanted, opened) };
}

/** The stream that is replaced is read until it is empty, unless only its pull URL was known, or it is gone. */
function retiringAfter(
  known: KnownStream | undefined,
  wanted: MosaicStreamProperties,
  now: number,
): readonly RetiringStream[] {
  if (known === undefined) return [];
  const others = known.retiring.filter(({ streamId }) => streamId !== wanted.StreamId);
  return wasReadById(known) ? [...others, { streamId: known.streamId, since: now }] : others;
}

/** Replaced streams that are remembered for a rollback. The item must stay small. */
const mostFormer = 4;

function formerAfter(
  known: KnownStream | undefined,
  wanted: MosaicStreamProperties,
): readonly FormerStream[] {
  if (known === undefined) return [];
  const others = known.former.filter(({ streamId }) => streamId !== wanted.StreamId);
  if (!wasReadById(known)) return others;
  return [...others, { streamId: known.streamId, found: known.opened?.found ?? true }].slice(-mostFormer);
}

function wasReadById({ opened, removed }: KnownStream): boolean {
  return opened?.managed !== false && removed !== 'deleted';
}

/** The table's note on a stream that was opened as the settings say. */
function openedAs(wanted: MosaicStreamProperties, found: boolean): OpenedAs {
  const days = retentionDays(wanted);
  return {
    managed: wanted.Managed === 'true',
    enrichment: wanted.Enrichment === 'true',
    ...(days === undefined ? {} : { retentionDays: days }),
    ...(wanted.Mosaic === undefined ? {} : { mosaic: wanted.Mosaic }),
    found,
  };
}

function retentionDays({ RetentionDays }: MosaicStreamProperties): number | undefined {
  return RetentionDays === undefined ? undefined : Number(RetentionDays);
}
