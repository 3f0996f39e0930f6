import type { DeployedRelay } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { openRelay, relayFlags } from '../access/open-relay.ts';
import type { Flags } from '../arguments/flag.ts';
import { shown } from '../arguments/wrong-use.ts';
import { CommandError, defineCommand, type Terminal } from '../command.ts';
import { agrees, refuseUnasked, yesFlag } from '../consent.ts';
import { deleteKept } from '../kept/delete-kept.ts';
import { findKept, isOfStream, type KeptStream } from '../kept/find-kept.ts';
import { noteAgain } from '../kept/kept-note.ts';
import { type KeptState, readKeptState } from '../kept/kept-state.ts';
import { refuseWhileDeploying } from '../kept/refuse-while-deploying.ts';
import { plural } from '../text.ts';

const flags = {
  stream: { value: 'NAME', text: 'only what is kept of this stream, by the name that it had first' },
  destination: {
    value: 'NAME',
    with: ['stream'],
    text: 'only what is kept of this destination of the stream',
  },
  list: { not: ['yes'], text: 'only say what is kept, and ask nothing' },
  yes: yesFlag,
  ...relayFlags,
} as const satisfies Flags;

export const command = defineCommand({
  name: 'relay forget',
  synopsis: ['[--stream NAME [--destination NAME]] [--list | --yes] [options]'],
  about: `Says what is kept of removed, renamed and replaced destinations, and whether it is empty. Then it asks, and
deletes what is empty: the delivery stream with its role and log group, and for gcs and sentinel the copier with its event source,
queue, dead letters, role, log group and the objects that it has surely copied: those younger than the 14 days for which the
queue keeps a message. It acts with the rights of whoever calls it.`,
  flags,
  exitCodes:
    '0 done, 1 something that was named, or was to be deleted, is not empty, a deploy is under way, or the question was answered with no, 2 wrong use, nothing to work on, or nobody to ask and no --yes',
  examples: [
    'relay forget --stage prod --list',
    'relay forget --stage prod --stream cis --destination gcs --yes',
  ],
  details: `A delivery stream is empty if nothing was put to it for 28 hours, which is longer than Firehose holds an event; if
queue and dead letters of its copier hold no message; and if the copier has heard of every object. One that somebody has deleted
by hand is known by its note in the table, and --yes deletes what else is left of it, and the note. With --yes the command deletes
nothing while a deploy or a rollback of the stack is under way, which may bring a delivery stream back. Where the table has lost the note of a copier's
delivery stream, --yes writes it again, and the objects are told to the copier within two hours. Backups are
counted and never deleted: a lifecycle rule of the bucket does that.`,

  async run(given, terminal) {
    const relay = await openRelay(given);
    try {
      const wanted = chosen(await keptOf(relay), given, relay);
      if (wanted.length === 0)
        terminal.out(
          `${relay.place} keeps nothing of removed destinations${given.stream === undefined ? '' : ` of ${given.stream}`}`,
        );
      const isFor = { relay, wanted, terminal, isNamed: given.stream !== undefined };
      if (given.yes || given.list || wanted.length === 0) return await goThrough(isFor, given.yes);
      refuseUnasked('This deletes what is empty; --list shows what is kept', { ...given, terminal });
      const listed = await goThrough(isFor, false);
      const does =
        'This deletes each delivery stream above that is empty, with its role, log group and copier. It cannot be undone.';
      if (!(await agrees(does, terminal))) throw new CommandError('nothing was deleted', 1);
      return Math.max(listed, await goThrough(isFor, true));
    } finally {
      relay.close();
    }
  },
});

interface Wanted {
  readonly relay: DeployedRelay;
  readonly wanted: readonly KeptStream[];
  /** True where the command line names what is wanted. */
  readonly isNamed: boolean;
  readonly terminal: Terminal;
}

/** Tells of each kept delivery stream, and deletes it where that is asked and nothing is in it. @returns the exit code */
async function goThrough({ relay, wanted, isNamed, terminal }: Wanted, deletes: boolean): Promise<number> {
  let full = 0;
  for (const each of wanted) {
    if (deletes) await refuseWhileDeploying(relay);
    const found = await readKeptState(relay, each);
    const noted = deletes && !found.watched && found.holds.length > 0 && (await noteAgain(relay, found));
    const kept = noted ? await readKeptState(relay, each) : found;
    if (kept.holds.length > 0) full += 1;
    if (deletes && kept.holds.length === 0) await deleteKept(relay, kept);
    tell(kept, { deleted: deletes, asked: deletes || isNamed, terminal });
  }
  return full > 0 && (deletes || isNamed) ? 1 : 0;
}

function keptOf(relay: DeployedRelay): Promise<readonly KeptStream[]> {
  const looked = { sought: 'delivery streams of removed destinations', where: relay.place };
  return explainingFailure(looked, () => findKept(relay));
}

/** @throws {CommandError} where nothing is kept of what is named */
function chosen(
  kept: readonly KeptStream[],
  {
    stream,
    destination,
  }: { readonly stream?: string | undefined; readonly destination?: string | undefined },
  relay: DeployedRelay,
): readonly KeptStream[] {
  if (stream === undefined) return kept;
  const found = kept.filter(
    (each) =>
      isOfStream(relay, each, stream) && (destination === undefined || each.destination === destination),
  );
  const known = relay.streams.some(({ label, name, id }) => [label, name, id].includes(stream));
  if (found.length > 0 || (known && destination === undefined)) return found;
  const all = new Set(kept.map((each) => `${each.streamName} to ${each.destination}`));
  const named = destination === undefined ? shown(stream) : `${shown(stream)} to ${shown(destination)}`;
  throw new CommandError(
    `${relay.place} keeps nothing of ${named}; it keeps ${all.size === 0 ? 'nothing at all' : [...all].join(', ')}`,
  );
}

/** A stream that is not empty and was asked for is told as a problem, with what would be right. */
function tell(kept: KeptState, { deleted, asked, terminal }: Told): void {
  const { streamName, destination, deliveryStream, holds, givenUp, outlived } = kept;
  const what = `${streamName} to ${destination}: ${deliveryStream}`;
  const backups = givenUp === 0 ? '' : `; ${plural(givenUp, 'backup')} of what Firehose gave up stay`;
  const old =
    outlived === 0
      ? ''
      : `; ${plural(outlived, 'object')} of 14 days ago or more ${deleted ? 'stay' : 'would stay'}, since nobody knows whether they were copied`;
  if (kept.gone && holds.length === 0) {
    const rest = deleted
      ? 'its note and what else was left of it are deleted'
      : 'its note and what else is left of it can be deleted';
    terminal.out(`${what} is gone, since somebody has deleted it; ${rest}${backups}${old}`);
    return;
  }
  if (holds.length === 0) {
    terminal.out(`${what} ${deleted ? 'was empty and is deleted' : 'is empty'}${backups}${old}`);
    return;
  }
  const full = kept.gone ? 'is gone, since somebody has deleted it, and its copier' : '';
  const line = `${what} ${full}${full && ' '}is not empty: ${holds.join(', ')}${backups}`;
  if (asked)
    terminal.problem(
      `relay forget: ${line}; wait until it is, see the article KeptWaiting of docs/runbook.md`,
    );
  else terminal.out(line);
}

interface Told {
  readonly deleted: boolean;
  readonly asked: boolean;
  readonly terminal: Terminal;
}
