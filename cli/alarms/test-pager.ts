import { CommandError } from '../command.ts';
import { plural } from '../text.ts';
import type { Alarms } from './alarms.ts';

/** The result of a test of the pager's path. */
export interface PagerTest {
  readonly said: readonly string[];
  /** Gaps between the alarm and a person; empty if the path is whole. */
  readonly gaps: readonly string[];
}

/**
 * Sets one alarm, and reads the subscriptions of the topics that it notifies. CloudWatch evaluates the alarm again
 * within its period, and it goes back by itself.
 *
 * @throws {CommandError} when there is no such alarm, or it is in ALARM already
 */
export async function testPager(alarms: Alarms, name: string): Promise<PagerTest> {
  const alarm = await alarms.read(name);
  if (alarm === undefined)
    throw new CommandError(
      `there is no alarm ${name}; see whether --alarm is right, or deploy the stack again`,
    );
  if (alarm.state === 'ALARM')
    throw new CommandError(
      `${name} is in ALARM already, and not by a test; it notifies nobody anew. Take another with --alarm`,
    );
  const told = await readSubscribers(alarms, alarm.topics);
  await alarms.setToAlarm(name, 'relay alarm-test: only a test. It goes back by itself.');
  return { said: [`${name} is set to ALARM`, ...told.said], gaps: told.gaps };
}

/** Names the protocol alone, because an address may be a key, as a pager's often is. */
async function readSubscribers(alarms: Alarms, topics: readonly string[]): Promise<PagerTest> {
  if (topics.length === 0) return { said: [], gaps: ['the alarm notifies no topic'] };
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
      gaps.push(
        `nobody is subscribed to topic ${name}: set alarms.urgent, alarms.waiting or alarms.subscriptions, or subscribe to it`,
      );
    if (all.length > confirmed.length)
      gaps.push(
        `${plural(all.length - confirmed.length, 'subscriber')} of topic ${name} has not confirmed: see its mail`,
      );
  }
  return { said, gaps };
}
