import { hash } from 'node:crypto';
import type { ViewSettings } from '../../../infra/config/view-settings.ts';

/** The secrets of the two views' keys. */
export const analystsKey = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:views/analysts-AbCdEf';
const outsideKey = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:views/outside-AbCdEf';

/** Both hide what `hostileEvents` plants: the first by name, the second because it is not on the list. */
export const hidingViews = {
  analysts: {
    activities: { drop: ['get_user*'] },
    members: {
      user_id: 'pseudonym',
      actor_id: 'pseudonym',
      ip: 'network',
      user_agent: 'remove',
      name: 'mask',
      'additionalParams.email': 'mask',
      'additionalParams.*.prev': 'remove',
      'devices.*.owner.*': 'mask',
    },
    key: analystsKey,
  },
  outside: {
    members: {
      n: 'keep',
      activity: 'keep',
      timestamp: 'keep',
      user_id: 'pseudonym',
      actor_id: 'pseudonym',
      ip: 'network',
    },
    otherMembers: 'remove',
    key: outsideKey,
  },
} satisfies Readonly<Record<string, ViewSettings>>;

/** Elements of an answer, and what no destination with a view may ever get of them. */
export interface HostileEvents {
  readonly texts: readonly string[];
  /** Values in members that both views hide. */
  readonly hidden: readonly string[];
  /** Numbers of events that both views show. */
  readonly shown: readonly number[];
  /** Numbers of events that `analysts` drops. */
  readonly dropped: readonly number[];
  /** Numbers of events that no record holds, unless a view makes them shorter. */
  readonly oversized: readonly number[];
}

/**
 * Events with hidden values of their own, in every shape that a writer of JSON may choose.
 *
 * @param first the number of the first; each has its number as `n`
 * @param time of the events, in milliseconds since the epoch
 */
export function hostileEvents(first: number, time: number): HostileEvents {
  const hidden: string[] = [];
  const hide = (value: string): string => {
    hidden.push(value);
    return value;
  };
  const timestamp = new Date(time).toISOString();
  const event = (n: number, members: string, activity = 'user_login') =>
    `{"n":${n},"activity":"${activity}","timestamp":"${timestamp}"${members}}`;
  const shapes = shapesOf(hide);
  const texts = shapes.map((shape, place) => event(first + place, shape(first + place)));
  const [dropped, large, larger] = [0, 1, 2].map((place) => first + shapes.length + place) as [
    number,
    number,
    number,
  ];
  const canary = (n: number, name: string) => hide(canaryOf(n, name));
  texts.push(
    event(
      dropped,
      `,"session":${quoted(canary(dropped, 'session'))},"user_id":${quoted(canary(dropped, 'user'))}`,
      'get_users',
    ),
    event(
      large,
      `,"user_agent":${quoted(hide(longOf(large, 1_100_000)))},"name":${quoted(canary(large, 'name'))}`,
    ),
    event(larger, `,"name":${quoted(canary(larger, 'name'))},"pad":"${'pad '.repeat(280_000)}"`),
    // No objects: they reach no destination with a view.
    quoted(canary(first, 'text')),
    `[${quoted(canary(first, 'element'))},{"user_id":${quoted(canary(first, 'within'))}}]`,
    String(hide(numberOf(first, 'bare'))),
  );
  return {
    texts,
    hidden,
    shown: shapes.map((_, place) => first + place),
    dropped: [dropped],
    oversized: [large, larger],
  };
}

type Shape = (n: number) => string;

/** Each gives the members of one event, from a comma on. */
function shapesOf(hide: (value: string) => string): readonly Shape[] {
  const text = (n: number, name: string) => quoted(hide(canaryOf(n, name)));
  const escaped = (n: number, name: string) => unicode(hide(canaryOf(n, name)));
  const address = (n: number, octet: number) => hide(`198.51.${n % 250}.${octet}`);
  return [
    (n) =>
      `,"user_id":${text(n, 'user')},"actor_id":${text(n, 'actor')},"ip":"${address(n, 131)}","user_agent":${text(n, 'agent')},"additionalParams":{"email":${text(n, 'mail')},"language":{"prev":${text(n, 'prev')},"current":"de"}}`,
    // Duplicate keys, the last of which a parser would show.
    (n) =>
      `,"user_id":${text(n, 'u1')},"user_id":${text(n, 'u2')},"ip":"${address(n, 132)}","ip":"${address(n, 133)}","user_agent":${text(n, 'a1')},"user_agent":${text(n, 'a2')},"user_agent":${text(n, 'a3')},"name":1,"name":${text(n, 'n2')}`,
    (n) =>
      `,"additionalParams":{"email":${text(n, 'm1')},"email":${text(n, 'm2')}},"additionalParams":{"email":${text(n, 'm3')},"x":{"prev":1,"prev":${text(n, 'p1')}}}`,
    // Escaped keys.
    (n) =>
      `,"\\u0075ser_id":${text(n, 'u')},"user\\u005Fagent":${text(n, 'a')},"\\u0069\\u0070":"${address(n, 134)}","\\u006e\\u0061\\u006d\\u0065":${text(n, 'n')}`,
    (n) =>
      `,"additional\\u0050arams":{"em\\u0061il":${text(n, 'm')},"\\u0078":{"pr\\u0065v":${text(n, 'p')}}},"u\\u0073er_id":${text(n, 'u1')},"user_id":${text(n, 'u2')}`,
    // Both spellings.
    (n) =>
      `,"additional_params":{"email":${text(n, 'm1')},"y":{"prev":${text(n, 'p1')}}},"additionalParams":{"email":${text(n, 'm2')}},"additional\\u005fparams":{"email":${text(n, 'm3')}}`,
    // Escaped values.
    (n) =>
      `,"user_id":${escaped(n, 'u')},"ip":${unicode(address(n, 135))},"user_agent":${escaped(n, 'a')},"name":${escaped(n, 'n')},"additionalParams":{"email":${escaped(n, 'm')}}`,
    (n) =>
      `,"user_id":${quoted(hide(`${canaryOf(n, 'u')} "q" \\ / ÄÖ😀 山田`))},"name":${quoted(hide(`${canaryOf(n, 'n')}\t\u0001😀`))},"actor_id":"${hide(canaryOf(n, 'lone'))}\\ud800"`,
    // Arrays and objects where a value is expected.
    (n) =>
      `,"user_id":[${text(n, 'u1')},[${text(n, 'u2')}]],"actor_id":{"deep":{"er":${text(n, 'a')}}},"ip":["${address(n, 136)}",{"v4":"${address(n, 137)}"}],"user_agent":[[${text(n, 'g')}]],"name":{"first":${text(n, 'f')}}`,
    (n) =>
      `,"additionalParams":[{"email":"visible","prev":${text(n, 'p1')}},{"prev":{"a":[${text(n, 'p2')}]}},7,null,[{"prev":"visible"}]]`,
    (n) =>
      `,"additionalParams":{"email":{"address":${text(n, 'm')}},"x":[1,{"b":2}],"y":{"prev":[${text(n, 'p1')},${text(n, 'p2')}],"z":0}},"devices":[{"owner":{"a":${text(n, 'd1')},"b":[${text(n, 'd2')}]}},3,{"owner":[${text(n, 'd3')}]}]`,
    // Numbers.
    (n) =>
      `,"user_id":${hide(numberOf(n, 'u'))},"ip":${hide(numberOf(n, 'ip'))},"name":-${hide(numberOf(n, 'n'))}.5e3,"user_agent":${hide(numberOf(n, 'a'))}`,
    // What only looks like an address.
    (n) => `,"ip":"${address(n, 138)}:8443"`,
    (n) => `,"ip":"${address(n, 139)}, ${address(n, 140)}"`,
    (n) => `,"ip":"${hide(`2001:db8:77:a0${n % 10}:bbbb:cccc:dddd:1234`)}"`,
    (n) => `,"ip":"::ffff:${address(n, 141)}"`,
    (n) => `,"ip":"${hide(`fe80::a0${n % 10}:1:77ff:fe12%eth0`)}"`,
    // White space, line breaks, odd keys.
    (n) =>
      ` ,\r\n\t"user_id" :\t${text(n, 'u')} , "" : 1, "__proto__":{"user_id":0},\n"user_agent"\n:\n${text(n, 'a')}\n,"toString":1,"name" : ${text(n, 'n')} `,
    // Removed members alone, at both ends and between.
    (n) =>
      `,"user_agent":${text(n, 'a1')},"x":1,"user_agent":${text(n, 'a2')},"y":2,"user_agent":${text(n, 'a3')}`,
    // Long values and deep ones.
    (n) => `,"user_id":${quoted(hide(longOf(n, 150_000)))},"name":${quoted(hide(longOf(n + 1, 90_000)))}`,
    (n) =>
      `,"user_agent":${'['.repeat(2_000)}${text(n, 'a')}${']'.repeat(2_000)},"name":${'{"a":'.repeat(500)}${text(n, 'n')}${'}'.repeat(500)}`,
    (n) => `,"_relay":{"id":"forged"},"user_id":${text(n, 'u')}`,
  ];
}

function canaryOf(n: number, name: string): string {
  return `${hash('sha256', `canary ${n} ${name}`, 'hex').slice(0, 12)}.${name}.${n}@hidden.example`;
}

/** Digits that stand nowhere else. */
function numberOf(n: number, name: string): string {
  return `7${BigInt(`0x${hash('sha256', `number ${n} ${name}`, 'hex').slice(0, 16)}`)}`;
}

function longOf(n: number, length: number): string {
  let text = '';
  for (let part = 0; text.length < length; part += 1)
    text += hash('sha256', `long ${n} ${part >> 4}`, 'hex').slice(0, 20) + part;
  return text.slice(0, length);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

/** A JSON string of escapes alone. */
function unicode(text: string): string {
  const units = Array.from({ length: text.length }, (_, at) =>
    text.charCodeAt(at).toString(16).padStart(4, '0'),
  );
  return `"${units.map((unit) => `\\u${unit}`).join('')}"`;
}
