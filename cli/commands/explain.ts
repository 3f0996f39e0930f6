import { explainingFailure } from '../access/explain-failure.ts';
import { openRelay, relayFlags } from '../access/open-relay.ts';
import { addressOf } from '../access/relay-address.ts';
import type { Flags } from '../arguments/flag.ts';
import { defineCommand } from '../command.ts';
import { logGroupsOf } from '../logs/log-groups.ts';
import { readArticle } from '../runbook/article.ts';
import { type Figures, figuresOf, isRed } from '../runbook/figures.ts';
import { alarmNames, namedAlarm } from '../runbook/named-alarm.ts';
import { articleText, filled } from '../runbook/show-article.ts';
import { readStageStatus } from '../status/stage-status.ts';
import { painter } from '../text.ts';

const flags = {
  stream: { value: 'ID', text: "only this stream, by its name in the settings or by Mosaic's id" },
  destination: { value: 'NAME', with: ['stream'], text: 'only this destination of the stream' },
  json: { text: 'print one object' },
  ...relayFlags,
} as const satisfies Flags;

export const command = defineCommand({
  name: 'relay explain',
  synopsis: ['ALARM [--stream ID [--destination NAME]] [options]'],
  about: `Prints the article of docs/runbook.md about an alarm, with today's figures: which streams or destinations are red and for how
long, what waits there, the names of the stage in the article's text, its commands ready to be typed, and the log groups. The command changes
nothing.`,
  operand: {
    name: 'ALARM',
    choices: alarmNames,
    open: true,
    text: "the alarm, by its name in the runbook or by its whole name on AWS, as a page has it, such as 'mosaic-relay-prod-cis-Failing'",
  },
  flags,
  exitCodes: '0 done, 2 wrong use or nothing to work on',
  examples: [
    'relay explain DeliveryGivenUp --stage prod',
    'relay explain mosaic-relay-prod-cis-splunk-DeliveryFailing --stage prod',
  ],

  async run(given, terminal, operand) {
    const relay = await openRelay(given);
    try {
      const alarm = namedAlarm(operand, relay, given);
      const address = addressOf(relay.stage, given);
      const labels = new Set(alarm.subjects.map(({ stream }) => stream?.label));
      const only = labels.size === 1 ? [...labels][0] : undefined;
      const status = await readStageStatus(relay, { only, address, known: new Map() });
      const figures = narrowed(figuresOf(alarm, status));
      const subjects = figures.map(({ subject }) => subject);
      const looked = { sought: 'log groups', where: relay.place };
      const logGroups = await explainingFailure(looked, async () => {
        const streams = relay.streams.filter((one) => subjects.some(({ stream }) => stream === one));
        if (subjects.length === 0) return [];
        const all = await logGroupsOf(relay, streams, { isWhole: streams.length === 0 });
        const destinations = subjects.flatMap(({ stream, destination }) =>
          destination === undefined ? [] : [`${stream!.label}/${destination} `],
        );
        return all.filter(
          ({ writer }) =>
            destinations.length === 0 || destinations.some((beginning) => writer.startsWith(beginning)),
        );
      });
      const subject = subjects.length === 1 ? subjects[0] : undefined;
      const article = {
        ...filled(readArticle(alarm.name), { stage: relay.stage, subject, address }),
        figures,
        logGroups,
      };
      terminal.out(
        given.json
          ? JSON.stringify({ ...article, figures: figures.map(figuresJson) })
          : articleText(article, {
              now: relay.now(),
              paint: painter(terminal.isTerminal),
              columns: terminal.columns,
            }),
      );
      return 0;
    } finally {
      relay.close();
    }
  },
});

/** The alarms that are red, or all of them where none is. */
function narrowed(figures: readonly Figures[]): readonly Figures[] {
  const red = figures.filter(isRed);
  return red.length === 0 ? figures : red;
}

function figuresJson({ title, red, said }: Figures): object {
  return { title, red: red === 'no' ? false : (red ?? null), said };
}
