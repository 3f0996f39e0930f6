import { describe, expect, test } from 'vitest';
import { eventTypes } from '../event-types.ts';
import { adminActivities } from '../events/admin.ts';
import { cisActivities } from '../events/cis.ts';
import { type EventStyle, eventText } from '../events/event-text.ts';
import { riskActivities } from '../events/risk.ts';
import { verifyActivities } from '../events/verify.ts';

const plain: EventStyle = {
  seed: 1,
  averageBytes: 1200,
  snakeParams: false,
  pretty: false,
  large: false,
  oversize: false,
  unreadableTimestamps: false,
};
const timestamp = Date.UTC(2026, 2, 1);

function texts(type: (typeof eventTypes)[number], style: Partial<EventStyle> = {}, count = 2000): string[] {
  return Array.from({ length: count }, (_, index) =>
    eventText({ ...plain, ...style }, { type, index, timestamp, enriched: false }),
  );
}

describe.each(eventTypes)('%s events', (type) => {
  test('are JSON objects with the members of the contract', () => {
    const owner = type === 'admin' ? ['actor_id', 'actor_type'] : ['app_id', 'user_id'];
    const wrong = texts(type).filter((text) => {
      const event = JSON.parse(text);
      const strings = ['activity', 'ip', 'user_agent', ...owner].every(
        (name) => typeof event[name] === 'string',
      );
      const params =
        typeof (event.additionalParams ?? event.additional_params) === 'object' || type === 'admin';
      return !strings || !params || event.timestamp !== '2026-03-01T00:00:00.000Z';
    });
    expect(wrong).toEqual([]);
  });

  test('agree when made again, and differ with the seed', () => {
    expect(texts(type).join()).toBe(texts(type).join());
    expect(texts(type, { seed: 2 }).join()).not.toBe(texts(type).join());
  });

  test('are never twice the same', () => {
    expect(new Set(texts(type, {}, 20_000)).size).toBe(20_000);
  });

  test.each([500, 1200, 4000])(
    'are about %i bytes long on average, between a fifth and three times',
    (averageBytes) => {
      const sizes = texts(type, { averageBytes }, 5000).map((text) => Buffer.byteLength(text));
      const average = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
      expect(average / averageBytes).toBeGreaterThan(0.95);
      expect(average / averageBytes).toBeLessThan(1.15);
      expect(Math.max(...sizes)).toBeLessThan(averageBytes * 3.4);
      expect(Math.min(...sizes)).toBeGreaterThan(averageBytes / 5);
    },
  );

  test('spell additionalParams in both ways, or only in the one', () => {
    const spelled = (list: string[]) => list.filter((text) => text.includes('"additional_params"')).length;
    expect(spelled(texts(type))).toBeGreaterThan(100);
    expect(spelled(texts(type))).toBeLessThan(500);
    expect(texts(type, { snakeParams: true }).join()).not.toContain('additionalParams');
  });

  test('hold what parsers lose: numbers, escapes, repeated names, unicode', () => {
    const all = texts(type).join('\n');
    for (const odd of [
      '9007199254740993',
      '18446744073709551615',
      ':1.0',
      ':1e2',
      ':-0',
      'te\\u0078t',
      '\\/',
      '\\ud83d\\ude00',
    ]) {
      expect(all).toContain(odd);
    }
    expect(all).toMatch(/\p{Emoji_Presentation}/u);
    expect(all).toMatch(/"step":"one","step":/);
    expect(all).toContain('"flow_id":"first","flow_id":"second"');
  });

  test('with blanks and line breaks between tokens are still JSON', () => {
    const pretty = texts(type, { pretty: true });
    for (const text of pretty) JSON.parse(text);
    expect(pretty.filter((text) => text.includes('\n')).length).toBeGreaterThan(1000);
  });

  test('are large, or too large for Firehose, only where asked for', () => {
    const sizes = (style: Partial<EventStyle>) => texts(type, style).map((text) => text.length);
    expect(Math.max(...sizes({}))).toBeLessThan(5000);
    const large = Math.max(...sizes({ large: true }));
    expect(large).toBeGreaterThan(100_000);
    expect(large).toBeLessThan(1_024_000);
    expect(Math.max(...sizes({ oversize: true }))).toBeGreaterThan(1_024_000);
  });
});

test('every documented activity occurs', () => {
  const tables = {
    cis: cisActivities,
    admin: adminActivities,
    risk: riskActivities,
    verify: verifyActivities,
  };
  for (const type of eventTypes) {
    const seen = new Set(texts(type, {}, 200).map((text) => JSON.parse(text).activity));
    expect([...seen].sort()).toEqual([...tables[type].keys()].sort());
  }
  expect(cisActivities.size).toBe(60);
  expect(verifyActivities.size).toBe(20);
  expect(adminActivities.size).toBe(24);
});

test('every documented member of additionalParams occurs', () => {
  const documented = {
    cis: 'customDataUsed getUserBy email external_user_id failureType username status_code x-correlation-id secondary_emails secondary_phone_numbers birthday address name status external_account_id picture language phone_number custom_app_data custom_data',
    admin:
      'secondary_emails birthday address name status external_account_id picture language external_user_id username email phone_number custom_app_data custom_data',
    risk: 'actionId actionType clientId correlationId deviceFingerprint deviceId recommendation location ipCountry ipAsnName ipAsnId osName browserName ipRegion ipLocationCity ipLocationZip ipLocationLatitude ipLocationLongitude ipLocationTimezone ipOrganizationName ipOrganizationType deviceTimezone devicePlatform sdkVersion appVersion campaignId riskScore deviceLanguages reasons signals',
    verify:
      'sessionId result sdkVersion browser osVersion platform deviceModel userActionType pageName redirectUrl imageType processResult requestProcessingTimeMs errorName errorDescription',
  };
  for (const type of eventTypes) {
    const seen = new Set<string>();
    for (const text of texts(type)) {
      const event = JSON.parse(text);
      for (const name of Object.keys(event.additionalParams ?? event.additional_params ?? {})) seen.add(name);
    }
    expect([...seen]).toEqual(expect.arrayContaining(documented[type].split(' ')));
  }
});
