import type { EventType } from '../event-types.ts';
import { createRandom, type Random } from '../random.ts';
import type { StoryEvent } from '../story/story-event.ts';
import { adminActivities } from './admin.ts';
import { cisActivities } from './cis.ts';
import { envelope, type Person } from './envelope.ts';
import { filler } from './filler.ts';
import { riskActivities } from './risk.ts';
import type { Member } from './values.ts';
import { verifyActivities } from './verify.ts';

/** The form of events, beside their type and number. */
export interface EventStyle {
  readonly seed: number;
  /** About how long an event is on average; each is between a third and three times that. From about 400 up. */
  readonly averageBytes: number;
  /** Always `additional_params`; otherwise one event in eight. */
  readonly snakeParams: boolean;
  /** Blanks and line breaks between tokens. */
  readonly pretty: boolean;
  /** One event in 250 has 100 to 900 KB. */
  readonly large: boolean;
  /** One event in 500 has 1.1 to 1.5 MB, more than a Firehose record takes. */
  readonly oversize: boolean;
  /** In a form that is neither ISO 8601 nor a number. */
  readonly unreadableTimestamps: boolean;
  /** No member that no document names: events are as short as their documented members. */
  readonly documentedOnly?: boolean;
}

export interface EventRequest {
  readonly type: EventType;
  /** Its number among the events of the type, 0.. */
  readonly index: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** Ids in the clear, with the hashed ones beside them in `original_…`. */
  readonly enriched: boolean;
  /** The event is this one, and of the style only its spellings count. Absent: made up from seed and number. */
  readonly story?: StoryEvent | undefined;
}

/** The raw JSON text of one event: the same for the same arguments, and of two numbers never the same. */
export function eventText(style: EventStyle, request: EventRequest): string {
  const { type, index, timestamp, enriched, story } = request;
  const random = createRandom(style.seed, type, index);
  if (story !== undefined) return toldText(style, { ...request, story }, random);
  const u = random.next();
  const wanted = wantedBytes(style, random) ?? style.averageBytes * (1 / 3 + (8 / 3) * u * u * u);

  const names = activityNames[type];
  const activity = names[index % names.length]!;
  const person: Person = { uniqueId: uniqueId(style.seed, type, index), enriched, short: wanted < 600 };
  const members = envelope(random, { type, activity, timestamp: writeTimestamp(style, timestamp), person });
  const write = style.pretty ? writePretty(random) : writePlain;
  const length = members.reduce((sum, member) => sum + member.length + 1, 2);
  if (type === 'admin' && wanted < length + 40) return write(members);

  const paramsName = style.snakeParams || random.chance(1 / 8) ? 'additional_params' : 'additionalParams';
  const params = chooseParams(random, activities[type].get(activity)!, {
    room: wanted - length - paramsName.length - 6,
    fill: !style.documentedOnly,
  });
  members.splice(
    random.chance(0.7) ? members.length : random.below(members.length),
    0,
    `"${paramsName}":${write(params)}`,
  );
  return write(members);
}

/** An event of a story, with a unique id as its `correlation_id`. */
function toldText(
  style: EventStyle,
  { type, index, timestamp, story }: EventRequest & { readonly story: StoryEvent },
  random: Random,
): string {
  const members = {
    ...story.members,
    timestamp: writeTimestamp(style, timestamp),
    correlation_id: uniqueId(style.seed, type, index),
  };
  const texts = Object.entries(members).map(
    ([name, value]) =>
      `"${style.snakeParams && name === 'additionalParams' ? 'additional_params' : name}":${JSON.stringify(value)}`,
  );
  return (style.pretty ? writePretty(random) : writePlain)(texts);
}

/** The characters between the quotes of an event's `timestamp`, of one length in either form. */
export function writeTimestamp(style: Pick<EventStyle, 'unreadableTimestamps'>, timestamp: number): string {
  const time = new Date(timestamp);
  return style.unreadableTimestamps ? time.toUTCString() : time.toISOString();
}

const activities: Readonly<Record<EventType, ReadonlyMap<string, readonly Member[]>>> = {
  cis: cisActivities,
  admin: adminActivities,
  risk: riskActivities,
  verify: verifyActivities,
};

const activityNames: Readonly<Record<EventType, readonly string[]>> = {
  cis: [...cisActivities.keys()],
  admin: [...adminActivities.keys()],
  risk: [...riskActivities.keys()],
  verify: [...verifyActivities.keys()],
};

const typeDigits: Readonly<Record<EventType, string>> = {
  cis: 'c150',
  admin: 'ad10',
  risk: '415c',
  verify: 'e41f',
};

/** Like a UUID, and it ends in the event's number, as 12 hexadecimal digits. */
export function uniqueId(seed: number, type: EventType, index: number): string {
  const seedDigits = (seed >>> 0).toString(16).padStart(8, '0');
  return `${seedDigits}-${typeDigits[type]}-4000-8000-${index.toString(16).padStart(12, '0')}`;
}

function wantedBytes(style: EventStyle, random: Random): number | undefined {
  if (style.oversize && random.chance(1 / 500)) return 1_100_000 + random.below(400_000);
  if (style.large && random.chance(1 / 250)) return 100_000 + random.below(800_000);
  return undefined;
}

/** Members in turn from a random one on, while there is room, and to fill it up, what the schema does not know. */
function chooseParams(
  random: Random,
  members: readonly Member[],
  { room, fill }: { readonly room: number; readonly fill: boolean },
): string[] {
  const chosen: string[] = [];
  const first = members.length === 0 ? 0 : random.below(members.length);
  let left = room;
  for (let step = 0; step < members.length && left > 0; step += 1) {
    const [name, value] = members[(first + step) % members.length]!;
    const text = `"${name}":${value(random)}`;
    if (text.length > left + 60 && chosen.length > 0) continue;
    chosen.push(text);
    left -= text.length + 1;
  }
  if (fill && left > 60) chosen.push(...filler(random, left));
  return chosen;
}

function writePlain(members: readonly string[]): string {
  return `{${members.join(',')}}`;
}

const gaps = ['', '', ' ', '\n', '\r\n', '\n\t', '  ', '\r'];

function writePretty(random: Random): (members: readonly string[]) => string {
  return (members) => {
    let text = `{${random.pick(gaps)}`;
    members.forEach((member, index) => {
      text += `${index === 0 ? '' : `${random.pick(gaps)},${random.pick(gaps)}`}${member}`;
    });
    return `${text}${random.pick(gaps)}}`;
  };
}
