import { createRandom, type Random } from '../random.ts';
import type { StoryPeople, StoryUser } from './people.ts';
import { ofAdmin, ofUser, riskOf, verificationOf } from './scenes.ts';
import { hour, minute, type StoryEvent } from './story-event.ts';

/** The events of one day: sessions of users, work of administrators, calls by a token. In no order. */
export function* ordinaryDay(people: StoryPeople, seed: number, start: number): Generator<StoryEvent> {
  for (const [index, user] of people.users.entries()) {
    const random = createRandom(seed, 'day', start, index);
    const sessions = Math.floor(user.sessions + random.next());
    for (let session = 0; session < sessions; session += 1) yield* sessionOf(random, user, start);
    yield* rareChange(random, user, start);
  }
  const weekday = new Date(start).getUTCDay();
  if (weekday > 0 && weekday < 6) yield* workOfAdmins(people, createRandom(seed, 'work', start), start);
  yield* callsByToken(people, createRandom(seed, 'token', start), start);
}

/** A sign-in, with the mistakes that people make, its risk, and how it ends. */
function* sessionOf(random: Random, user: StoryUser, start: number): Generator<StoryEvent> {
  let at = start + hourNear(random, user.hour) * hour + random.below(hour);
  yield ofUser('authentication_started', user, at);
  const mistakes = random.chance(user.typos) ? 1 + random.below(3) : 0;
  for (let mistake = 0; mistake < mistakes; mistake += 1) {
    at += 3_000 + random.below(20_000);
    yield ofUser(random.chance(0.8) ? 'user_failed_login' : 'failed_OTP_attempt', user, at);
  }
  at += 2_000 + random.below(10_000);
  const draw = random.next();
  const recommendation = draw < 0.001 ? 'DENY' : draw < 0.03 ? 'CHALLENGE' : draw < 0.4 ? 'TRUST' : 'ALLOW';
  yield riskOf(random, { user, at, recommendation });
  if (recommendation === 'DENY') return;
  at += 1_000;
  yield ofUser('user_login', user, at);
  for (let renewal = random.below(3); renewal > 0; renewal -= 1) {
    at += 5 * minute + random.below(10 * minute);
    yield ofUser('silent_authentication', user, at);
  }
  if (random.chance(0.01)) yield* verificationOf(random, { user, at: at + minute, result: 'complete' });
  if (random.chance(0.6)) yield ofUser('user_logout', user, at + 2 * minute + random.below(20 * minute));
}

/** What a user changes once in some weeks. A reset password and a new authenticator never come on one day. */
function* rareChange(random: Random, user: StoryUser, start: number): Generator<StoryEvent> {
  const at = start + hourNear(random, user.hour) * hour + random.below(hour);
  const draw = random.next();
  if (draw < 0.004) yield ofUser('reset_password', user, at);
  else if (draw < 0.006) yield ofUser('webauthn_registration', user, at);
  else if (draw < 0.016) yield ofUser('update_user', user, at, { language: { prev: 'en', current: 'de' } });
  else if (draw < 0.017) yield ofUser('locked_account', user, at);
}

function* workOfAdmins(people: StoryPeople, random: Random, start: number): Generator<StoryEvent> {
  for (const admin of people.admins) {
    const begins = start + (8 + random.below(2)) * hour + random.below(hour);
    yield ofAdmin('adminLogin', admin, begins, { id: 'admin-portal', type: 'app' });
    for (let task = 2 + random.below(4); task > 0; task -= 1) {
      const at = begins + minute + random.below(7 * hour);
      const user = random.pick(people.users);
      yield random.chance(0.6)
        ? ofAdmin('adminUpdateUser', admin, at, { id: user.id, type: 'user' })
        : ofAdmin(random.pick(['updateApp', 'editPreviewPolicy']), admin, at, {
            id: random.pick(people.apps),
            type: 'app',
          });
    }
    yield ofAdmin('adminLogout', admin, begins + 8 * hour, { id: 'admin-portal', type: 'app' });
  }
  const first = people.admins[0]!;
  const monday = new Date(start).getUTCDay() === 1;
  if (monday) yield ofAdmin('addAdmin', first, start + 11 * hour, { id: people.users[0]!.id, type: 'user' });
  if (monday)
    yield ofAdmin('createApiToken', first, start + 15 * hour, { id: people.automation.id, type: 'app' });
}

/** A job that reads and creates users from its own address, at night. */
function* callsByToken(people: StoryPeople, random: Random, start: number): Generator<StoryEvent> {
  const { id, ip } = people.automation;
  for (let call = 0; call < 5; call += 1) {
    const at = start + 3 * hour + call * minute + random.below(minute);
    yield ofAdmin('createUser', { id, ip }, at, { id: `user-${random.hex(14)}`, type: 'user' }, 'app');
  }
}

/** An hour of the day, 0 to 23, mostly within three hours of the given one. */
function hourNear(random: Random, middle: number): number {
  const away = Math.round((random.next() + random.next() - 1) * 3.5);
  return (((middle + away) % 24) + 24) % 24;
}
