import type { Meta } from '../../functions/stored/meta-item.ts';
import { type DeployedRelay, type DeployedStream, streamOf } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { openRelay, relayFlags, stateOf, streamFlag } from '../access/open-relay.ts';
import type { Flags } from '../arguments/flag.ts';
import { defineCommand, type Terminal } from '../command.ts';
import { describeRun } from '../runs/describe-run.ts';
import { invokeCollector } from '../runs/invoke-collector.ts';
import { durationText } from '../text.ts';

const flags = {
  stream: { ...streamFlag, required: true },
  sweep: { text: 'deliver journaled batches that a destination lacks, and collect nothing' },
  ...relayFlags,
} as const satisfies Flags;

export const command = defineCommand({
  name: 'relay run-now',
  synopsis: ['--stream ID [options]'],
  about: `Invokes the stream's collector as its schedule does, also while collecting is paused, and waits for the end of
the run. A run that is under way keeps its lease: the new one then ends at once as an overlap, and the command says
so.`,
  flags,
  exitCodes: '0 the run ended well, 1 it failed, 2 wrong use or nothing to work on',
  examples: ['relay run-now --stage prod --stream cis', 'relay run-now --stage prod --stream cis --sweep'],

  async run(given, terminal) {
    const relay = await openRelay(given);
    try {
      const stream = streamOf(relay, given.stream);
      const before = await readMeta(relay, stream);
      const task = given.sweep ? 'sweep' : 'collect';
      const { failure } = await invokeCollector(relay, stream, task);
      if (failure !== undefined) {
        terminal.problem(`relay run-now: the ${task} of ${stream.label} failed: ${failure}`);
        return 1;
      }
      await tell({ relay, stream, before, terminal, swept: given.sweep });
      return 0;
    } finally {
      relay.close();
    }
  },
});

async function tell({ relay, stream, before, terminal, swept }: Told): Promise<void> {
  if (swept) {
    terminal.out(`${stream.label}: swept; npx relay status shows what is left`);
    return;
  }
  const after = await readMeta(relay, stream);
  const end = after?.lastEnd;
  if (end === undefined || end.run === before?.lastEnd?.run) {
    const holder = after?.lease;
    const until =
      holder === undefined ? '' : `, which may last ${durationText(holder.until - relay.now())} more`;
    terminal.out(`${stream.label}: nothing was collected, because another run has the lease${until}`);
    return;
  }
  const record = await stateOf(relay, stream).records.readRecord(end);
  terminal.out(`${stream.label}: ${record === undefined ? end.outcome : describeRun(record)}`);
}

interface Told {
  readonly relay: DeployedRelay;
  readonly stream: DeployedStream;
  readonly before: Meta | undefined;
  readonly terminal: Terminal;
  readonly swept: boolean;
}

function readMeta(relay: DeployedRelay, stream: DeployedStream): Promise<Meta | undefined> {
  const looked = { sought: `the state of stream ${stream.label}`, where: relay.place };
  return explainingFailure(looked, () => stateOf(relay, stream).meta.readMeta());
}
