import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCommands } from '../cli/commands.ts';
import { tryProgram } from '../cli/trial/try-program.ts';
import { collectorDestinationMetrics, collectorMetrics } from '../functions/collector/contract.ts';
import { copierMetrics } from '../functions/object-copier/contract.ts';
import {
  destinationAlarmNames,
  stageAlarmNames,
  streamAlarmNames,
  witnessAlarmNames,
} from '../infra/config/alarm-names.ts';
import { benchProgram } from '../lab/bench/bench-program.ts';
import { releaseProgram } from '../lab/release/release-program.ts';
import { soakProgram } from '../lab/soak/soak-program.ts';
import { mosaicProgram } from '../local/mosaic-program.ts';
import { startProgram } from '../local/run/flags.ts';

const root = join(import.meta.dirname, '..');
const pages = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md', 'content/**/*.md'], {
  cwd: root,
}).map((page) => ({ page, text: readFileSync(join(root, page), 'utf8') }));
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const flagsOfCommand = new Map([
  ...(await loadCommands()).map(({ name, table }) => [name, Object.keys(table.flags)] as const),
  // The local run's own, by which the operator's program starts it.
  ['try', Object.keys(tryProgram.flags)] as const,
]);
const flagsOfScript = new Map(
  [startProgram, mosaicProgram, soakProgram, benchProgram, releaseProgram].map(({ name, flags }) => [
    name.replace(/^npm (run )?/, ''),
    Object.keys(flags),
  ]),
);

test('every command that a page names exists, with the flags that the page gives it', () => {
  const named = pages.flatMap(({ page, text }) => commandsIn(text).map((command) => ({ page, command })));
  expect(named.length).toBeGreaterThan(150);
  expect(
    named.flatMap(({ page, command }) => {
      const wrong = wrongIn(command.split(' '));
      return wrong === undefined ? [] : [`${page}: ${command}: ${wrong}`];
    }),
  ).toEqual([]);
});

test('every name in a paragraph about alarms is the name of an alarm or of a metric', () => {
  const alarms = [...streamAlarmNames, ...witnessAlarmNames, ...destinationAlarmNames, ...stageAlarmNames];
  const known = new Set<string>([
    ...alarms,
    ...Object.keys(collectorMetrics),
    ...Object.keys(collectorDestinationMetrics),
    ...Object.keys(copierMetrics),
    ...others,
  ]);
  // The changelog and the upgrade notes name what an earlier version had.
  const named = pages
    .filter(({ page }) => !/CHANGELOG|upgrade/.test(page))
    .flatMap(({ page, text }) =>
      text
        .split(/\n\s*\n/)
        .filter((paragraph) => /\balarms?\b/i.test(paragraph))
        .flatMap((paragraph) => [...paragraph.matchAll(/`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`/g)])
        .map(([, name]) => ({ page, name: name! })),
    );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ name }) => !known.has(name)).map(({ page, name }) => `${page}: ${name}`)).toEqual(
    [],
  );
});

/** Names of other things that stand beside alarms: outputs of the stack, the code of an error, and a tag of objects. */
const others = [
  'TableName',
  'BucketName',
  'StreamLifecycleFunction',
  'DeadLetterQueue',
  'WitnessTooSlow',
  'StaysBehind',
  'RelayCopied',
];

/** Command lines in a page's code, one by one: `npx relay …`, `relay …`, `npm run …` and `npm start …`. */
function commandsIn(text: string): readonly string[] {
  const fences = [...text.matchAll(/^\s*```[a-z]*\n([\s\S]*?)^\s*```/gm)].map(([, code]) => code!);
  const lines = fences.flatMap((code) => code.replaceAll('\\\n', ' ').split('\n'));
  const spans = [...text.replace(/^\s*```[\s\S]*?^\s*```/gm, '').matchAll(/`([^`\n]+)`/g)].map(
    ([, code]) => code!,
  );
  return [...lines, ...spans]
    .flatMap((line) => line.replace(/\s#.*$/, '').split(/&&|\||;/))
    .map((command) => command.trim().replace(/\s+/g, ' '))
    .filter((command) => /^(npx relay|relay|npm run|npm start)( |$)/.test(command));
}

/** What of a command line does not exist; undefined where all of it does. */
function wrongIn(words: readonly string[]): string | undefined {
  if (words[0] === 'relay' || words[1] === 'relay')
    return wrongOfRelay(words.slice(words.indexOf('relay') + 1));
  const script = words[1] === 'run' ? words[2] : words[1];
  if (script === undefined || isPlaceholder(script)) return undefined;
  if (scripts[script] === undefined) return `there is no script ${script}`;
  if (script === 'relay') return wrongOfRelay(words.slice(words.indexOf('--') + 1));
  const flags = flagsOfScript.get(script);
  return flags && wrongFlag(words, flags);
}

function wrongOfRelay([name, ...words]: readonly string[]): string | undefined {
  if (name === undefined || name.startsWith('-') || isPlaceholder(name)) return undefined;
  const flags = flagsOfCommand.get(name);
  return flags === undefined ? `there is no command ${name}` : wrongFlag(words, flags);
}

function wrongFlag(words: readonly string[], flags: readonly string[]): string | undefined {
  const given = words.flatMap((word) => /^\[?--([a-z][a-z-]*)/.exec(word)?.[1] ?? []);
  const wrong = given.find((flag) => flag !== 'help' && !flags.includes(flag));
  return wrong === undefined ? undefined : `there is no flag --${wrong}`;
}

function isPlaceholder(word: string): boolean {
  return /^(…|[A-Z]+|<.*>|\[.*)$/.test(word);
}
