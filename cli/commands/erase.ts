import { SingleBar } from 'cli-progress';
import { explainingFailure } from '../access/explain-failure.ts';
import { openRelay, relayFlags } from '../access/open-relay.ts';
import type { Flags, Values } from '../arguments/flag.ts';
import { between, type Moment, moment } from '../arguments/forms.ts';
import { CommandError, defineCommand, type Terminal } from '../command.ts';
import { agrees, refuseUnasked, yesFlag } from '../consent.ts';
import { erase } from '../erase/erase.ts';
import { type EraseReport, isErased, isSearched } from '../erase/erase-report.ts';
import { givenValue } from '../erase/given-value.ts';
import { memberPath } from '../erase/member-path.ts';
import { describeErased, describeReading } from '../erase/show-erased.ts';
import type { TimeRange } from '../replay/waiting.ts';
import { plural } from '../text.ts';

const flags = {
  member: {
    value: 'PATH',
    form: memberPath,
    required: true,
    many: true,
    text: `a member that may hold the value, as views write it, such as user_id or additionalParams.email; may be given several
times; '*' alone is any member at any depth, and any name of one`,
  },
  'value-file': {
    value: 'FILE',
    text: 'a file whose one line is the value, as it is decoded; nothing prints it',
  },
  value: {
    value: 'TEXT',
    unspoken: true,
    text: `- reads the value from the first line of stdin; any other text is the value itself, and then stands in the list of
processes (ps), in npm's logs and in the history of the shell`,
  },
  from: { value: 'TIME', form: moment, text: 'events that were collected from this time on' },
  to: { value: 'TIME', form: moment, text: 'events that were collected before this time; now by default' },
  'dry-run': { not: ['yes'], text: 'count the objects to read and what reading them costs, and read none' },
  list: { not: ['yes', 'dry-run'], text: 'only list what holds the value, and ask nothing' },
  yes: yesFlag,
  json: { text: 'print the report as one object' },
  ...relayFlags,
} as const satisfies Flags;

export const command = defineCommand({
  name: 'relay erase',
  synopsis: [
    '--member PATH --value-file FILE|--value -|--value TEXT [--from TIME] [--to TIME] [--list|--yes] [options]',
  ],
  about: `Finds every object of the stage that holds a value in a member of an event, says what would be erased, asks, and erases it. Batches of the
journal, quarantine, backups and what a replay has put aside are deleted whole, once nothing is owed from them; the report
says how many other events go with them, and a mark keeps sweeps and audits from counting a batch as lost. Objects of s3 destinations are
written anew without the lines, and every other line stays byte for byte. What is still owed stays, with what to do.

Behind a view, a line is known by the pseudonym of the value, where you may read the view's key, and by the id of its event: with the key
of today, and with the one before its last rotation. The command
acts with the rights of whoever calls it. Its report holds names of objects and counts, and nothing of an event.`,
  flags,
  either: [['value-file', 'value']],
  exitCodes: `0 done, or only listed; 1 something that holds the value is owed or could not be erased, an object could not be
read, lines could not be searched without a key or a view, or the question was answered with no; 2 wrong use, no such stage, or nobody to
ask and no --yes`,
  examples: [
    'relay erase --stage prod --member user_id --value-file person.txt --list',
    'relay erase --stage prod --member user_id --member actor_id --value-file person.txt --yes --json > erased.json',
    'relay erase --stage prod --member user_id --value - --list < person.txt',
  ],
  details: 'See [personal-data.md](personal-data.md#erasing-a-person), which says what no command reaches.',

  async run(given, terminal) {
    const until = given['dry-run'] ? 'list' : given.list ? 'find' : 'erase';
    if (until === 'erase')
      refuseUnasked('This erases every object that holds the value; --list shows which', {
        ...given,
        terminal,
      });
    const value = await givenValue(given, terminal);
    const relay = await openRelay(given);
    const progress = createProgress(terminal);
    try {
      const looked = { sought: `the objects of stage ${relay.stage}`, where: relay.place };
      const report = await explainingFailure(looked, () =>
        erase({
          relay,
          members: given.member,
          value,
          range: rangeOf(given, relay.now()),
          until,
          signal: terminal.interrupted,
          onListed: (listed) => {
            if (!given['dry-run']) terminal.problem(`relay erase: ${describeReading(listed)}`);
            progress.begin(listed.objects);
          },
          onRead: progress.update,
          ...(given.yes
            ? {}
            : {
                agree: (found) => {
                  progress.stop();
                  return agreeToErase(found, terminal);
                },
              }),
        }),
      );
      progress.stop();
      return show(report, given, terminal);
    } finally {
      progress.stop();
      relay.close();
    }
  },
});

function rangeOf({ from, to }: Values<typeof flags>, now: number): TimeRange | undefined {
  if (from === undefined && to === undefined) return undefined;
  return between(from ?? theBeginning, to ?? theEnd, now);
}

const theBeginning: Moment = { text: '1970-01-01', at: () => 0 };
const theEnd: Moment = { text: 'now', at: (now) => now };

function show(report: EraseReport, given: Values<typeof flags>, terminal: Terminal): number {
  const { copied, ...told } = report;
  if (given.json) terminal.out(JSON.stringify(told));
  else terminal.out(given['dry-run'] ? describeReading(report) : describeErased(report));
  if (given['dry-run']) return 0;
  if (given.list) return isSearched(report) ? 0 : 1;
  return isErased(report) ? 0 : 1;
}

/** @throws {CommandError} after a no */
async function agreeToErase(found: EraseReport, terminal: Terminal): Promise<boolean> {
  const erasable = found.found.filter(({ state }) => state === 'found').length;
  if (erasable === 0) return true;
  terminal.problem(describeErased(found));
  const does = `This erases what holds the value in ${plural(erasable, 'object')}. It cannot be undone.`;
  if (await agrees(does, terminal)) return true;
  throw new CommandError('nothing was erased', 1);
}

/** A bar of the objects that were read, only on a terminal. */
function createProgress(terminal: Terminal) {
  const bar = terminal.isTerminal
    ? new SingleBar({
        format: '{bar} {value}/{total} objects',
        hideCursor: true,
        clearOnComplete: true,
        // Results go to stdout.
        stream: process.stderr,
      })
    : undefined;
  return {
    begin: (objects: number) => bar?.start(objects, 0),
    update: (objects: number) => bar?.update(objects),
    stop: () => bar?.stop(),
  };
}
