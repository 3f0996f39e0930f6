import type { EventType } from '../event-types.ts';
import type { Random } from '../random.ts';
import { address, quote } from './values.ts';

export interface Person {
  readonly uniqueId: string;
  readonly enriched: boolean;
  /** Leaves out what is optional. */
  readonly short: boolean;
}

/**
 * The members beside `additionalParams`, as raw JSON text in the order in which they are written.
 *
 * The unique id stands in `invocation_id`, in `correlation_id`, or in both.
 * @see the vendor's Event Streaming API reference; the newer fields are those of its Microsoft Sentinel connector
 */
export function envelope(
  random: Random,
  options: {
    readonly type: EventType;
    readonly activity: string;
    readonly timestamp: string;
    readonly person: Person;
  },
): string[] {
  const { type, activity, timestamp, person } = options;
  const { uniqueId, enriched, short } = person;
  const members = [`"activity":"${activity}"`];
  if (type === 'admin') {
    const byApp = random.chance(0.2);
    members.push(...identity(random, { name: 'actor_id', value: byApp ? 'mgmt-app' : 'I9ZHzI', enriched }));
    members.push(`"actor_type":"${byApp ? 'app' : 'user'}"`);
    if (random.chance(0.8)) {
      members.push(
        '"target_resource_id":"admin-portal"',
        `"target_resource_type":"${random.pick(['user', 'app', 'tenant'])}"`,
      );
    }
  } else {
    members.push(...identity(random, { name: 'app_id', value: 'Abt5xRVu', enriched }));
    if (random.chance(0.03)) members.push('"user_id":""');
    else members.push(...identity(random, { name: 'user_id', value: '8XrdnAMJ', enriched }));
  }
  members.push(`"ip":${address(random)}`);
  members.push(`"timestamp":"${timestamp}"`);
  members.push(`"user_agent":${random.pick(short ? shortAgents : agents)}`);
  const place = random.below(3);
  if (place !== 1) members.push(`"invocation_id":"${uniqueId}"`);
  if (place !== 0) members.push(`"correlation_id":"${uniqueId}"`);
  if (!short) {
    if (random.chance(0.5))
      members.push(`"tenant_id":"t-${random.hex(6)}"`, `"flow_id":"f-${random.hex(12)}"`);
    if (random.chance(0.3))
      members.push(`"client_id":"cl-${random.hex(10)}"`, `"device_id":"d-${random.hex(16)}"`);
  }
  // Twice the same name: legal JSON, and lost by every parser.
  if (random.chance(1 / 200)) members.push('"flow_id":"first"', '"flow_id":"second"');
  return members;
}

/** Without enrichment ids are hashed; with it they are in the clear, and the hash stands beside them. */
function identity(
  random: Random,
  { name, value, enriched }: { readonly name: string; readonly value: string; readonly enriched: boolean },
): string[] {
  const digits = random.hex(24);
  const hashed = `"h:${digits}"`;
  return enriched
    ? [`"${name}":"${value}${digits.slice(0, 12)}"`, `"original_${name}":${hashed}`]
    : [`"${name}":${hashed}`];
}

const shortAgents = ['okhttp/4.12', 'axios/1.7', 'Mozilla/5.0', 'curl/8.5'].map(quote);

const agents = [
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0',
  'okhttp/4.12',
  'MyBänk/7.2 (Android 14; Pixel 9 Pro) "beta"',
].map(quote);
