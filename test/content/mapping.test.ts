import { eventText } from '@mosaic-relay/mosaic-simulator';
import { describe, expect, test } from 'vitest';
import { eventClasses } from '../../content/mapping/classes.ts';
import { type MappedType, mappingOf, mappingRows, spellingsOf } from '../../content/mapping/mapping-of.ts';
import { memberMappings } from '../../content/mapping/members.ts';

const types: readonly MappedType[] = ['cis', 'admin', 'risk', 'verify'];

describe('the table of activities', () => {
  test.each(types)('knows every activity of type %s that the simulator raises', (type) => {
    const activities = new Set(simulated(type).map(({ activity }) => activity));

    expect([...activities].filter((activity) => mappingOf(type, activity) === undefined)).toEqual([]);
    expect(activities.size).toBeGreaterThanOrEqual(type === 'risk' ? 1 : 20);
  });

  test('names no activity of a type twice', () => {
    const keys = mappingRows.flatMap(({ type, spellings, recommendation }) =>
      spellings.map((spelling) => `${type} ${spelling} ${recommendation ?? ''}`),
    );

    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test('takes an activity in each spelling, and refuses another type’s', () => {
    expect(spellingsOf('adminLogin')).toEqual(['adminLogin', 'admin_login']);
    expect(spellingsOf('failed_OTP_attempt')).toEqual([
      'failed_OTP_attempt',
      'failed_otp_attempt',
      'failedOtpAttempt',
    ]);
    expect(mappingOf('admin', 'push_policy_to_production')?.says).toBe('Policy pushed to production');
    expect(mappingOf('admin', 'pushPolicyToProduction')?.says).toBe('Policy pushed to production');
    expect(mappingOf('cis', 'adminLogin')).toBeUndefined();
  });

  test('decides a risk event by its recommendation', () => {
    const classOf = (recommendation?: string) =>
      mappingOf('risk', 'risk_recommendation', recommendation)?.class;

    expect(['DENY', 'CHALLENGE', 'ALLOW', 'TRUST', 'new one', undefined].map(classOf)).toEqual([
      'detectionFinding',
      'detectionFinding',
      'apiActivity',
      'apiActivity',
      'apiActivity',
      'apiActivity',
    ]);
  });

  test('gives each activity of a class a type_uid of its own class, and no name to two numbers', () => {
    for (const { ocsf, does } of Object.values(eventClasses)) {
      const numbers = Object.values(does).map((activity) => activity.ocsf);
      expect(Math.floor(ocsf.uid / 1000)).toBe(ocsf.category);
      expect(new Set(Object.values(does).map(({ name }) => name)).size).toBe(numbers.length);
    }
  });
});

test('the table of members names no field of ECS or Datadog for two members of one event', () => {
  const ofEach = (['ecs', 'datadog'] as const).map((schema) =>
    memberMappings.flatMap((row) =>
      row[schema] === undefined ? [] : [`${row[schema]} ${meaningOf(row.member)}`],
    ),
  );

  for (const names of ofEach) expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

/** Events of type `admin` have an actor where all others have a user; a risk event has its own word for device and reason. */
function meaningOf(member: string): string {
  if (member === 'actor_id') return 'admin';
  return /deviceId|recommendation/.test(member) ? 'risk' : 'others';
}

function simulated(type: MappedType): { readonly activity: string }[] {
  const style = {
    seed: 18,
    averageBytes: 600,
    snakeParams: false,
    pretty: false,
    large: false,
    oversize: false,
    unreadableTimestamps: false,
  };
  return Array.from({ length: 200 }, (_, index) =>
    JSON.parse(eventText(style, { type, index, timestamp: 1_790_000_000_000, enriched: false })),
  );
}
