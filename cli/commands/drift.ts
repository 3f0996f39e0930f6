import type { UnknownNames } from '../../functions/stored/unknown-names.ts';
import { type DeployedRelay, type DeployedStream, streamsOf } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { openRelay, relayFlags, stateOf, streamFlag } from '../access/open-relay.ts';
import type { Flags } from '../arguments/flag.ts';
import { between, type Moment, moment } from '../arguments/forms.ts';
import { defineCommand, type Terminal } from '../command.ts';
import { nameText, sumUnknown, unknownText, unnamedOf } from '../drift/sum-unknown.ts';
import { tableEntries } from '../drift/table-entries.ts';
import { count, dateText } from '../text.ts';

const flags = {
  stream: streamFlag,
  from: { value: 'TIME', form: moment, default: '-7d', text: 'runs that started from this time on' },
  to: { value: 'TIME', form: moment, text: 'runs that started before this time; now by default' },
  json: { text: 'print one object per line for each stream with unknown names' },
  ...relayFlags,
} as const satisfies Flags;

export const command = defineCommand({
  name: 'relay drift',
  synopsis: ['[--stream ID] [--from TIME] [--to TIME] [options]'],
  about: `The activities, members and additional parameters that came from Mosaic and that no document of Mosaic names, as runs
counted them in samples of their events, and the lines that make them known in a clone of the relay. Events with such
names are delivered like all others. A name that may be an address or an id is only counted, and no value is told.`,
  flags,
  exitCodes: '0 every name was known, 1 some were not, 2 wrong use or nothing to work on',
  examples: ['relay drift --stage prod', 'relay drift --stage prod --stream cis --from -30d --json'],

  async run(given, terminal) {
    const relay = await openRelay(given);
    try {
      const range = between(given.from, given.to ?? inAMinute, relay.now());
      let found = false;
      for (const stream of streamsOf(relay, given.stream)) {
        const unknown = await unknownOf(relay, stream, range);
        if (unknown === undefined) continue;
        found = true;
        if (given.json) terminal.out(JSON.stringify(lineOf(stream, unknown)));
        else show(stream, unknown, terminal);
      }
      if (!found && !given.json)
        terminal.out(
          `nothing unknown came to ${given.stream === undefined ? '' : `${given.stream} of `}${relay.place} between ${dateText(range.from)} and ${dateText(range.to)}`,
        );
      return found ? 1 : 0;
    } finally {
      relay.close();
    }
  },
});

/** The end of the range by default: a run may have begun after the local run wrote down its clock. */
const inAMinute: Moment = { text: 'now', at: (now) => now + 60_000 };

async function unknownOf(
  relay: DeployedRelay,
  stream: DeployedStream,
  range: { readonly from: number; readonly to: number },
): Promise<UnknownNames | undefined> {
  const looked = { sought: `runs of stream ${stream.label}`, where: relay.place };
  return explainingFailure(looked, async () =>
    sumUnknown(await stateOf(relay, stream).records.listRecords(range)),
  );
}

function lineOf({ label, type }: DeployedStream, unknown: UnknownNames): object {
  const names = unknown.names.map((each) => ({ ...each, add: tableEntries(type, each) }));
  return { stream: label, type, ...unknown, names };
}

function show({ label, type }: DeployedStream, unknown: UnknownNames, terminal: Terminal): void {
  const { names } = unknown;
  terminal.out(`${label} (${type}): ${unknownText(unknown)}`);
  const row = (times: number, what: string) => terminal.out(`  ${count(times).padStart(7)}  ${what}`);
  for (const each of names) row(each.count, nameText(each));
  const unnamed = unnamedOf(unknown);
  if (unnamed > 0) row(unnamed, 'without a name that can be told');
  const places = new Map<string, string[]>();
  for (const { file, list, line } of names.flatMap((each) => tableEntries(type, each))) {
    const place = `${file}, ${list}`;
    places.set(place, [...(places.get(place) ?? []), line]);
  }
  for (const [place, lines] of places) {
    terminal.out(`  to add to ${place}:`);
    for (const line of lines) terminal.out(`    ${line}`);
  }
}
