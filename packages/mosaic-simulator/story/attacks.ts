import { createRandom, type Random } from '../random.ts';
import type { StoryPeople } from './people.ts';
import { ofAdmin, ofUser, riskOf, verificationOf } from './scenes.ts';
import { hour, minute, type StoryEvent } from './story-event.ts';

/** What an attack does to a story: the events that it adds, and the time in which it silences an activity. */
interface Attack {
  /** In a sentence, for `--help` and for the docs. */
  readonly says: string;
  events?(scene: AttackScene): Iterable<StoryEvent>;
  /** Events of ordinary life that do not happen. */
  readonly silences?: { readonly activity: string; readonly ms: number };
}

interface AttackScene {
  readonly people: StoryPeople;
  readonly random: Random;
  readonly at: number;
}

const attackerIp = '192.0.2.66';
const tenant = { id: 'tenant-1', type: 'tenant' } as const;

export const attacks = {
  spraying: {
    says: 'one address tries one password on forty users in six minutes',
    *events({ people, at }) {
      for (const [index, user] of people.users.slice(0, 40).entries())
        yield ofUser('user_failed_login', user, at + index * 9_000, {}, attackerIp);
    },
  },
  'one-address': {
    says: 'twenty users sign in from one address in half an hour',
    *events({ people, at }) {
      for (const [index, user] of people.users.slice(10, 30).entries())
        yield ofUser('user_login', user, at + index * 80_000, {}, attackerIp);
    },
  },
  lockouts: {
    says: 'fifteen accounts are locked in five minutes',
    *events({ people, at }) {
      for (const [index, user] of people.users.slice(5, 20).entries())
        yield ofUser('locked_account', user, at + index * 20_000);
    },
  },
  'admin-at-night': {
    says: 'an administrator is added; play it at night',
    *events({ people, at }) {
      yield ofAdmin('addAdmin', { ...people.admins[1]!, ip: attackerIp }, at, {
        id: people.users[3]!.id,
        type: 'user',
      });
    },
  },
  'stolen-token': {
    says: 'an API token is created, and used from another address ten minutes later',
    *events({ people, random, at }) {
      const id = `mgmt-${random.hex(10)}`;
      yield ofAdmin('createApiToken', people.admins[2]!, at, { id, type: 'app' });
      const thief = { id, ip: attackerIp };
      yield ofAdmin(
        'adminUpdateUser',
        thief,
        at + 10 * minute,
        { id: people.users[4]!.id, type: 'user' },
        'app',
      );
    },
  },
  'tenant-settings': {
    says: 'settings of the tenant are changed',
    *events({ people, at }) {
      yield ofAdmin('editAuthSettings', people.admins[3]!, at, tenant);
      yield ofAdmin('adminUpdateTenant', people.admins[3]!, at + minute, tenant);
    },
  },
  'policy-push': {
    says: 'a policy is pushed to production',
    *events({ people, at }) {
      yield ofAdmin('pushPolicyToProduction', people.admins[3]!, at, { id: people.apps[0]!, type: 'app' });
    },
  },
  'deny-spike': {
    says: 'thirty attempts are denied at one application in eight minutes',
    *events({ people, random, at }) {
      const app = people.apps[0]!;
      for (const [index, user] of people.users.slice(0, 30).entries())
        yield riskOf(random, {
          user: { ...user, app },
          at: at + index * 16_000,
          recommendation: 'DENY',
          ip: `203.0.113.${200 + (index % 50)}`,
        });
    },
  },
  takeover: {
    says: 'a password is reset, and an authenticator added two minutes later',
    *events({ people, at }) {
      const user = people.users[7]!;
      yield ofUser('reset_password', user, at, {}, attackerIp);
      yield ofUser('webauthn_registration', user, at + 2 * minute, {}, attackerIp);
    },
  },
  'failing-device': {
    says: 'eight verifications of one device fail in forty minutes',
    *events({ people, random, at }) {
      const { device } = people.users[8]!;
      for (const [index, user] of people.users.slice(40, 48).entries())
        yield* verificationOf(random, {
          user: { ...user, device },
          at: at + index * 5 * minute,
          result: 'failed',
        });
    },
  },
  silence: {
    says: 'nobody signs in for three hours; play it by day',
    silences: { activity: 'user_login', ms: 3 * hour },
  },
} as const satisfies Readonly<Record<string, Attack>>;

export type AttackName = keyof typeof attacks;

export function isAttack(name: string): name is AttackName {
  return Object.hasOwn(attacks, name);
}

export interface PlayedAttack {
  readonly name: AttackName;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Puts an attack into a story. */
export function play(
  story: readonly StoryEvent[],
  { name, at }: PlayedAttack,
  { people, seed }: { readonly people: StoryPeople; readonly seed: number },
): StoryEvent[] {
  const { events, silences }: Attack = attacks[name];
  const kept = story.filter(
    (event) =>
      silences === undefined ||
      event.members.activity !== silences.activity ||
      event.at < at ||
      event.at >= at + silences.ms,
  );
  const added = events?.({ people, at, random: createRandom(seed, 'attack', name, at) }) ?? [];
  return [...kept, ...[...added].map((event) => ({ ...event, attack: name }))];
}
