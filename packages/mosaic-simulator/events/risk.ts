import { bool, count, id, list, type Member, object, oddNumber, oneOf, oneOfRaw } from './values.ts';

const recommendation: readonly Member[] = [
  ['actionId', id('', 32)],
  ['actionType', oneOf('login', 'register', 'transaction', 'password_reset', 'account_details_change')],
  ['recommendation', oneOf('ALLOW', 'CHALLENGE', 'DENY', 'TRUST')],
  ['riskScore', oneOfRaw('73.2', '12', '0', '1e2', '99.0', '7.32e1', '45.10', '100')],
  ['reasons', list(oneOf('DEVICE_NEW', 'IP_VELOCITY', 'BEHAVIOR_BOT', 'TOR_EXIT'))],
  ['clientId', id('client-')],
  ['correlationId', id('corr-')],
  ['deviceFingerprint', id('', 40)],
  ['deviceId', id('d-')],
  ['deviceLanguages', list(oneOf('en-US', 'en', 'de', 'zh-Hant-TW'))],
  ['deviceTimezone', oneOf('America/Argentina/Buenos_Aires', 'Europe/Berlin')],
  ['devicePlatform', oneOf('desktop', 'ios', 'android')],
  ['osName', oneOf('macOS', 'Windows', 'iOS')],
  ['browserName', oneOf('Chrome', 'Safari', 'Firefox')],
  ['sdkVersion', oneOf('1.9.0', '2.1.3')],
  ['appVersion', oneOf('5.0.1', '2026.3-β')],
  ['campaignId', id('camp-', 6)],
  ['location', oneOf('https://shop.example/checkout?x=1&y=2', '/login')],
  ['ipCountry', oneOf('US', 'DE', 'JP')],
  ['ipRegion', oneOf('Île-de-France', 'Texas', '東京都')],
  ['ipLocationCity', oneOf('Paris', 'Austin', '東京', 'São Paulo')],
  ['ipLocationZip', oneOf('75001', '0560')],
  ['ipLocationLatitude', oneOf('48.8566', '-33.45')],
  ['ipLocationLongitude', oneOf('2.3522', '-70.6667')],
  ['ipLocationTimezone', oneOf('Europe/Paris', 'America/Chicago')],
  ['ipAsnName', oneOf('EXAMPLE-AS', 'Bücher GmbH & Co. KG')],
  ['ipAsnId', oneOf('AS64496', 'AS65551')],
  ['ipOrganizationName', oneOf('Example "Org"', 'Universität')],
  ['ipOrganizationType', oneOf('isp', 'hosting', 'education')],
  [
    'signals',
    object([
      [
        'device',
        object([
          ['incognito', bool],
          ['tampered', bool],
          ['emulated', bool],
          ['spoofed', bool],
          ['tzMismatch', bool],
        ]),
      ],
      [
        'network',
        object([
          ['tor', bool],
          ['proxy', bool],
          ['anonymizer', bool],
        ]),
      ],
      [
        'behavioral',
        object([
          ['typingVelocity', oneOfRaw('3.1', '0.0', '1e-3')],
          ['noUserInteraction', bool],
          ['inputMethod', oneOf('typing', 'paste', 'autofill')],
        ]),
      ],
      [
        'history',
        object([
          ['deviceActionRate60Sec', count(10)],
          ['ipActionRate60Sec', count(500)],
          ['ipDeviceCountLastHour', count(50)],
          ['ipUserCountLastHour', count(50)],
          ['linkingDeviceToUsersCount', count(5)],
          ['linkingUserToDeviceCount', count(5)],
          ['userActionRate60Sec', oddNumber],
        ]),
      ],
    ]),
  ],
];

/** The only activity of the type whose wire name is documented. */
export const riskActivities: ReadonlyMap<string, readonly Member[]> = new Map([
  ['risk_recommendation', recommendation],
]);
