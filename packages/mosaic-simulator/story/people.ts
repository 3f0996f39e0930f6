import { createRandom, type Random } from '../random.ts';

/** Who lives in a story: the same for the same seed. */
export interface StoryPeople {
  readonly users: readonly StoryUser[];
  readonly admins: readonly StoryAdmin[];
  readonly apps: readonly string[];
  /** An application that calls the management API by a token, always from one address. */
  readonly automation: { readonly id: string; readonly ip: string };
}

export interface StoryUser {
  readonly id: string;
  readonly name: string;
  readonly app: string;
  readonly device: StoryDevice;
  readonly ip: string;
  /** Sessions a day, on average. */
  readonly sessions: number;
  /** The hour about which the user is active, UTC. */
  readonly hour: number;
  /** The chance that a password is mistyped. */
  readonly typos: number;
}

export interface StoryDevice {
  readonly id: string;
  readonly agent: string;
  readonly os: string;
  readonly browser: string;
}

export interface StoryAdmin {
  readonly id: string;
  readonly ip: string;
}

export function createPeople(seed: number, users: number): StoryPeople {
  const random = createRandom(seed, 'people');
  const apps = Array.from({ length: 3 }, () => `app-${random.hex(10)}`);
  return {
    apps,
    users: Array.from({ length: users }, (_, index) => createUser(random, { index, apps })),
    admins: Array.from({ length: 4 }, (_, index) => ({
      id: `admin-${random.hex(10)}`,
      ip: `192.0.2.${10 + index}`,
    })),
    automation: { id: `mgmt-${random.hex(10)}`, ip: '192.0.2.200' },
  };
}

function createUser(
  random: Random,
  { index, apps }: { readonly index: number; readonly apps: readonly string[] },
): StoryUser {
  const { agent, os, browser } = random.pick(clients);
  return {
    id: `user-${random.hex(14)}`,
    name: `${random.pick(names)}${index}`,
    app: random.pick(apps),
    device: { id: `device-${random.hex(12)}`, agent, os, browser },
    // Two users in three have an address of their own, the others share one of a few, as behind a company's gateway.
    ip: random.chance(2 / 3)
      ? `198.51.${100 + Math.floor(index / 250)}.${index % 250}`
      : `203.0.113.${random.below(40)}`,
    sessions: 0.5 + random.next() * 2.5,
    hour: random.chance(0.8) ? 8 + random.below(10) : 18 + random.below(4),
    typos: random.chance(0.1) ? 0.25 : 0.04,
  };
}

const names = [
  'ana',
  'ben',
  'chiara',
  'daan',
  'elif',
  'farid',
  'grace',
  'hiro',
  'ines',
  'jan',
  'kofi',
  'lena',
];

const clients = [
  {
    agent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    os: 'Windows',
    browser: 'Chrome',
  },
  {
    agent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    os: 'iOS',
    browser: 'Safari',
  },
  { agent: 'okhttp/4.12', os: 'Android', browser: 'Chrome' },
];
