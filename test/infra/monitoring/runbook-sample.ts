import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { stageAlarmNames, witnessAlarmNames } from '../../../infra/config/alarm-names.ts';
import { describeWorld } from '../../../local/run/deployed-relay.ts';
import { localRunFolder, runRelay } from '../../cli/run-relay.ts';
import type { WatchedStage } from './watched-stage.ts';

const pagePath = join(import.meta.dirname, '../../../docs/runbook.md');

/** The line of the first command's output that shows what an alarm is about. */
const shows: Readonly<Record<string, RegExp>> = {
  Failing: / failed \(\w+\)/,
  NotRunning: /no run has ended for/,
  Silent: / drained +0 /,
  Behind: /Mosaic holds a backlog/,
  PossibleLoss: /possibly lost/,
  StreamReopened: / reopened="[^"]*"/,
  CredentialRefused: /^FAILED +token/,
  SourceRepeats: / failed \(SourceRepeats\)/,
  Paused: /it is paused/,
  Undelivered: /in the journal/,
  NearExpiry: /in the journal/,
  OwedToRemoved: /was removed, and is owed/,
  WaitingForOperator: /in quarantine/,
  WitnessMissing: /"missing":[1-9]/,
  WitnessIncomparable: /"incomparable":true/,
  DeliveryFailing: /^FAILED +destination cis\/splunk/,
  DeliveryBehind: /held by Firehose/,
  DeliveryGivenUp: /given up by Firehose/,
  LateForDestination: / late in the last day/,
  LifecycleFailing: / stream-lifecycle ERROR /,
  ViewDropsAll: /dropped by its view/,
  QueueStuck: /in the copier's queue/,
  CopiesSetAside: /in dead letters/,
  Orphaned: /orphaned=[1-9]/,
  KeptWaiting: /queued for the copier/,
  Drift: /never_heard_of/,
  UnusualVolume: /collected in the last day/,
};

/**
 * Types the first command of an alarm's article against the stage, in which the alarm is red. The output must show what the alarm is
 * about, and the article's sample must say the same of it, apart from numbers, times and ids. `RUNBOOK_SAMPLES=write` writes the sample anew.
 *
 * @param name the alarm's name without the stage's: `cis-splunk-DeliveryFailing`
 */
export async function expectSample({ world }: WatchedStage, name: string): Promise<void> {
  const alarm = name.slice(name.lastIndexOf('-') + 1);
  const command = firstCommand(alarm);
  const ofStage = [...stageAlarmNames, ...witnessAlarmNames].some((one) => one === alarm);
  const folder = await localRunFolder(describeWorld(world, 'test', world.operatorCredentials()));
  const flags = [...(ofStage ? [] : ['--stream', 'cis']), '--stage', 'test', '--local', '--out', folder.path];
  const { out } = await runRelay([...command.split(' ').slice(2), ...flags]).finally(folder.remove);
  const sample = sampleOf(out, shows[alarm]!).replaceAll(` --local --out ${folder.path}`, '');
  expect([command, sample], `${alarm}: the first command shows it`).toEqual([
    command,
    expect.stringMatching(new RegExp(shows[alarm]!.source, 'm')),
  ]);
  if (process.env.RUNBOOK_SAMPLES === 'write') writeSample(alarm, sample);
  expect(clausesOn(articleSample(alarm), shows[alarm]!), `${alarm}: the sample of docs/runbook.md`).toEqual(
    clausesOn(sample, shows[alarm]!),
  );
}

/** What of an output is about one thing: its first line, and the paragraph of the thing, or its first lines in a table. */
function sampleOf(out: string, thing: RegExp): string {
  const blocks = out.split('\n\n').map((block) => block.split('\n'));
  const place = blocks.findIndex((lines) => lines.some((line) => thing.test(line)));
  const lines = blocks[place] ?? [];
  const head = blocks[0]![0]!;
  if (place > 0 && !/^[A-Z]+ {2}/.test(lines[0]!))
    return [head, '…', ...lines.slice(0, 12)].map((line) => cut(line, thing)).join('\n');
  const rows = lines.filter((line) => thing.test(line)).slice(0, 2);
  const title = /^[A-Z]+ {2}/.test(lines[0] ?? '') && !/^FAILED/.test(lines[0]!) ? [lines[0]!] : [];
  return [...title, ...rows].map((line) => cut(line, thing)).join('\n');
}

const longestLine = 160;

/** What a line says after the thing may be left out. */
function cut(line: string, thing: RegExp): string {
  const found = thing.exec(line);
  const length = Math.max(longestLine, found === null ? 0 : found.index + found[0].length);
  return line.length <= length ? line.trimEnd() : `${line.slice(0, length)} …`;
}

/** The clauses about one thing, each once. What else stands beside them depends on what else is wrong in the stage. */
function clausesOn(text: string, thing: RegExp): readonly string[] {
  const clauses = text.split(/\n|; /).filter((clause) => thing.test(clause));
  return [...new Set(clauses.map(normalised))];
}

/** Without what differs from run to run. */
function normalised(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f-]{27})?\b/g, 'ID')
    .replaceAll(/\d[\d,.:]*(?: (?:ms|s|min|h|days?)\b)?(?: \d+ (?:min|h)\b)?/g, '#')
    .replaceAll(/(?:#[-T ]?)+(?:UTC|Z)?/g, '#')
    .replaceAll(/\bevents?\b/g, 'events')
    .replaceAll(/#? *…$/gm, '…')
    .replaceAll(/ +/g, ' ')
    .trim();
}

function articleOf(alarm: string): string {
  const [, article = ''] = readFileSync(pagePath, 'utf8').split(new RegExp(`^### ${alarm}$`, 'm'));
  return article.split(/^##/m)[0]!;
}

function firstCommand(alarm: string): string {
  const [, command] = /^\*\*See\*\* [^`]*`(npx relay [^`]+)`/m.exec(articleOf(alarm)) ?? [];
  return command ?? `${alarm}: no command stands first`;
}

function articleSample(alarm: string): string {
  return /^```text\n([\s\S]*?)^```$/m.exec(articleOf(alarm))?.[1] ?? '';
}

function writeSample(alarm: string, sample: string): void {
  const article = articleOf(alarm);
  const block = `\`\`\`text\n${sample}\n\`\`\`\n`;
  const bare = article.replace(/^```text\n[\s\S]*?^```\n\n/m, '');
  const written = bare.replace(/^(\*\*See\*\* .*\n)\n/m, (_, see: string) => `${see}\n${block}\n`);
  const page = readFileSync(pagePath, 'utf8');
  writeFileSync(
    pagePath,
    page.replace(article, () => written),
  );
}
