import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../command.ts';
import { plural } from '../text.ts';
import type { Alarms, AlarmView } from './alarm-tree.ts';

/** The result of a test of the pager's path. */
export interface PagerTest {
  readonly said: readonly string[];
  /** Gaps between the alarm and a person; empty if the path is whole. */
  readonly gaps: readonly string[];
}

export interface PagerPath {
  /** The alarm that is set. */
  readonly alarm: string;
  /** The composite alarms above it, nearest first. */
  readonly over: readonly string[];
}

/** How long the alarms above may take to follow; CloudWatch usually takes seconds. */
const patienceMs = 60_000;
const pollMs = 2_000;

/**
 * Sets one alarm, waits until the alarms above it follow, and reads the subscriptions of their topics. Within its
 * period CloudWatch evaluates the alarm again, and all alarms go back by themselves.
 *
 * @throws {CommandError} when there is no such alarm, or it is in ALARM already
 */
export async function testPager(alarms: Alarms, path: PagerPath, signal: AbortSignal): Promise<PagerTest> {
  const before = await alarms.read([path.alarm, ...path.over]);
  const alarm = before.find(({ name }) => name === path.alarm);
  if (alarm === undefined)
    throw new CommandError(
      `there is no alarm ${path.alarm}; see whether --alarm is right, or deploy the stack again`,
    );
  if (alarm.state === 'ALARM')
    throw new CommandError(`${path.alarm} is in ALARM already, and not by a test; take another with --alarm`);
  const over = before.filter(({ name }) => path.over.includes(name));
  const told = await readSubscribers(alarms, [...new Set(before.flatMap(({ topics }) => topics))]);
  await alarms.setToAlarm(path.alarm, 'relay alarm-test: only a test. It goes back by itself.');
  const followed = await followedBy(alarms, over, signal);
  const missing = path.over.filter((name) => over.every((each) => each.name !== name));
  return {
    said: [`${path.alarm} is set to ALARM`, ...followed.said, ...told.said],
    gaps: [...missing.map((name) => `there is no alarm ${name} over it`), ...followed.gaps, ...told.gaps],
  };
}

async function followedBy(
  alarms: Alarms,
  over: readonly AlarmView[],
  signal: AbortSignal,
): Promise<PagerTest> {
  // An alarm that is in ALARM already has notified its topic before, and does not notify it again.
  const standing = over.filter(({ state }) => state === 'ALARM');
  const expected = over.filter(({ state }) => state !== 'ALARM');
  const waiting = new Map(expected.map((view) => [view.name, view]));
  const deadline = performance.now() + patienceMs;
  while (waiting.size > 0) {
    for (const view of await alarms.read([...waiting.keys()])) {
      if (view.state === 'ALARM' || view.since > (waiting.get(view.name)?.since ?? 0))
        waiting.delete(view.name);
    }
    if (waiting.size === 0 || performance.now() > deadline || signal.aborted) break;
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
  return {
    said: expected.filter(({ name }) => !waiting.has(name)).map(({ name }) => `${name} followed`),
    gaps: [
      ...[...waiting.keys()].map((name) => `${name} did not follow within ${patienceMs / 1_000} s`),
      ...standing.map(({ name }) => `${name} was in ALARM already, and tells nobody anew`),
    ],
  };
}

/** Names the protocol alone, because an address may be a key, as a pager's often is. */
async function readSubscribers(alarms: Alarms, topics: readonly string[]): Promise<PagerTest> {
  if (topics.length === 0) return { said: [], gaps: ['none of these alarms tells a topic'] };
  const said: string[] = [];
  const gaps: string[] = [];
  for (const topic of topics) {
    const name = topic.split(':').at(-1) ?? topic;
    const all = await alarms.subscriptionsOf(topic);
    const confirmed = all.filter(({ SubscriptionArn: arn }) => arn?.startsWith('arn:'));
    const protocols = confirmed.map(({ Protocol }) => Protocol).join(', ');
    if (confirmed.length > 0)
      said.push(
        `topic ${name} tells ${plural(confirmed.length, 'subscriber')} (${protocols}): see that it came`,
      );
    if (all.length === 0)
      gaps.push(`nobody is subscribed to topic ${name}: set alarms.subscriptions, or subscribe a pager`);
    if (all.length > confirmed.length)
      gaps.push(
        `${plural(all.length - confirmed.length, 'subscriber')} of topic ${name} has not confirmed: see its mail`,
      );
  }
  return { said, gaps };
}
