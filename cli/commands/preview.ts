import { createBucket } from '../access/bucket.ts';
import { destinationOf, streamOf } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { openRelay, relayFlags, streamFlag } from '../access/open-relay.ts';
import { plannedDestination } from '../advise/planned-destinations.ts';
import type { Flags } from '../arguments/flag.ts';
import { between, moment, wholeNumber } from '../arguments/forms.ts';
import { CommandError, defineCommand } from '../command.ts';
import { viewInFile, viewOfToday } from '../preview/chosen-view.ts';
import { createPreview } from '../preview/preview.ts';
import { previewReport } from '../preview/preview-report.ts';
import { previewJournal } from '../preview/previewed-journal.ts';
import { previewText } from '../preview/show-preview.ts';

const flags = {
  stream: { ...streamFlag, required: true },
  destination: { value: 'NAME', required: true, text: 'the destination, by its name' },
  view: {
    value: 'FILE',
    text: `a view in place of the one that the destination has: JSON, or a module that exports view; or settings, of which the
view counts that they give the destination`,
  },
  from: {
    value: 'TIME',
    form: moment,
    default: '-24h',
    text: 'events that were collected from this time on',
  },
  to: {
    value: 'TIME',
    form: moment,
    default: 'now',
    text: 'events that were collected before this time',
  },
  sample: {
    value: 'N',
    form: wholeNumber({ from: 1, to: 100_000_000 }),
    text: 'read about so many events, in batches from all over the range, and reckon the whole from these; all by default',
  },
  show: {
    value: 'N',
    form: wholeNumber({ from: 1, to: 100 }),
    text: 'show the values of so many events before and after; without it three are shown without values',
  },
  json: { text: 'print the result as one object' },
  ...relayFlags,
} as const satisfies Flags;

const usualExamples = 3;
const dayMs = 86_400_000;
/** By which records of runs outlive the journal. */
const recordDaysMore = 7;

export const command = defineCommand({
  name: 'relay preview',
  synopsis: ['--stream ID --destination NAME [--view FILE] [--from TIME] [options]'],
  about: `Shows what a view would make of the events that the journal holds: for each rule how often it met, the bytes of lines that
it saves and their price, rules that met nothing with the nearest spelling that events have, and the activities
and members that no rule names. Nothing is written, and no key is read: shown pseudonyms are made with a key of this
call's own. The journal is read with the caller's own rights.

Names of activities and members are shown; values of members only with --show.`,
  flags,
  exitCodes: '0 done, 1 the range holds no event, 2 wrong use or nothing to work on',
  examples: [
    'relay preview --stage prod --stream cis --destination lake --from -24h',
    'relay preview --stage prod --stream cis --destination splunk --view quieter.json --from -7d --sample 100000 --show 3',
  ],

  async run(given, terminal) {
    const relay = await openRelay(given);
    try {
      const stream = streamOf(relay, given.stream);
      const destination = destinationOf(stream, given.destination);
      const now = relay.now();
      const asked = between(given.from, given.to, now);
      const keptSince = now - (stream.settings.recordDays - recordDaysMore) * dayMs;
      const range = { ...asked, from: Math.max(asked.from, Math.min(keptSince, asked.to - 1)) };
      const looked = { sought: `the journal of ${stream.label}`, where: relay.place };
      const report = await explainingFailure(looked, async () => {
        const chosen = await (given.view === undefined
          ? viewOfToday(relay, stream, destination)
          : viewInFile(given.view, { stage: relay.stage, stream, destination }));
        const preview = createPreview({
          ...{ view: chosen.view, label: chosen.label, type: stream.type, stage: relay.stage, destination },
          mostExamples: given.show ?? usualExamples,
        });
        const read = await previewJournal(preview, {
          bucket: createBucket(relay.clients.s3, relay.bucket),
          ...{ streamName: stream.name, range, sample: given.sample, signal: terminal.interrupted },
        });
        if (terminal.interrupted.aborted) throw new CommandError('interrupted', 130);
        const { egressPerByte } = plannedDestination(destination, {});
        return {
          chosen,
          read,
          found: previewReport(preview, {
            ...{ factor: read.factor, packing: destination.packing, egressPerByte },
            seconds: (range.to - range.from) / 1_000,
            show: given.show ?? 0,
          }),
        };
      });
      const { chosen, read, found } = report;
      const to = { stream: stream.label, destination: destination.name, view: chosen.label };
      const title = `${to.view} ${chosen.from}, for ${to.destination} of ${to.stream} in ${relay.place}`;
      terminal.out(
        given.json
          ? JSON.stringify({ place: relay.place, ...to, ...iso(range), ...read, ...found })
          : previewText(found, { title, ...range, ...read }),
      );
      return found.events > 0 ? 0 : 1;
    } finally {
      relay.close();
    }
  },
});

function iso({ from, to }: { readonly from: number; readonly to: number }) {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
