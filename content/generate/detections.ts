import type { MappedType } from '../mapping/mapping-of.ts';

/** What a detection looks for, in the words of the events. `sigma.ts` writes it as a Sigma rule. */
export interface Detection {
  /** The name of its file, and of the attack that it has to find. */
  readonly name: string;
  /** Sigma's id, which stays the same for ever. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly level: 'low' | 'medium' | 'high';
  readonly falsePositives: readonly string[];
  /** The events that it looks at; with several, in the order in which they come. */
  readonly events: readonly DetectionEvents[];
  /** What has to hold of several events. Absent: each event counts by itself. */
  readonly together?: Together;
  /** Why no compiler can write the query. `detections-by-hand.ts` has it then, and the Sigma rule has the events alone. */
  readonly byHand?: string;
}

export interface DetectionEvents {
  readonly type: MappedType;
  /** As the table of activities names them; every spelling is looked for. */
  readonly activities: readonly string[];
  /** Further conditions, by Sigma's own field and modifier. */
  readonly where?: Readonly<Record<string, readonly string[]>>;
}

export interface Together {
  /** Distinct values of a field, a number of events, or one event of each kind in their order. */
  readonly kind: 'values' | 'events' | 'order';
  readonly by: readonly string[];
  /** The field whose distinct values count. */
  readonly of?: string;
  /** Not below this number. */
  readonly least?: number;
  /** As Sigma writes it: `10m`, `1h`. */
  readonly within: string;
  /** A name for what one field holds in the first kind of events and another in the second. */
  readonly alias?: { readonly name: string; readonly fields: readonly [string, string] };
}

/** From eight in the evening to six in the morning, UTC, as the hours stand in a timestamp. */
const hoursOfNight = [20, 21, 22, 23, 0, 1, 2, 3, 4, 5].map((hour) => `T${String(hour).padStart(2, '0')}:`);

export const detections: readonly Detection[] = [
  {
    name: 'spraying',
    id: '3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a001',
    title: 'Mosaic: one address fails to sign in as many users',
    description: 'Password spraying: one address tries a few passwords on many users.',
    level: 'high',
    falsePositives: ['A gateway that many users share, when an application signs them all out'],
    events: [{ type: 'cis', activities: ['user_failed_login', 'authentication_failed'] }],
    together: { kind: 'values', by: ['ip'], of: 'user_id', least: 20, within: '10m' },
  },
  {
    name: 'one-address',
    id: '3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a002',
    title: 'Mosaic: many users sign in from one address',
    description: 'One address signs in as many users within an hour, as with credentials that were bought.',
    level: 'medium',
    falsePositives: ['The gateway of an office or of a mobile network: leave its addresses out'],
    events: [{ type: 'cis', activities: ['user_login'] }],
    together: { kind: 'values', by: ['ip'], of: 'user_id', least: 15, within: '1h' },
  },
  {
    name: 'lockouts',
    id: '3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a003',
    title: 'Mosaic: many accounts are locked',
    description: 'A burst of locked accounts at one application.',
    level: 'high',
    falsePositives: ['A change of the policy of lockouts'],
    events: [{ type: 'cis', activities: ['locked_account'] }],
    together: { kind: 'events', by: ['app_id'], least: 4, within: '10m' },
  },
  {
    name: 'admin-at-night',
    id: '3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a004',
    title: 'Mosaic: an administrator is added out of hours',
    description: 'An administrator is added between 20:00 and 06:00 UTC.',
    level: 'high',
    falsePositives: ['Administrators of other time zones: change the hours'],
    events: [{ type: 'admin', activities: ['addAdmin'], where: { 'timestamp|contains': hoursOfNight } }],
  },
  {
    name: 'stolen-token',
    id: '3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a005',
    title: 'Mosaic: an API token is created and used from another address',
    description:
      'Within an hour of the creation of an API token, its application acts from an address that is not the one of the creation.',
    level: 'high',
    falsePositives: ['A token that is put to work at once on a server'],
    events: [
      { type: 'admin', activities: ['createApiToken'] },
      { type: 'admin', activities: ['adminUpdateUser', 'createUser', 'deleteUser', 'addAdmin', 'updateApp'] },
    ],
    together: {
      kind: 'values',
      by: ['token'],
      of: 'ip',
      least: 2,
      within: '1h',
      alias: { name: 'token', fields: ['target_resource_id', 'actor_id'] },
    },
  },
  {
    name: 'tenant-settings',
    id: '3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a006',
    title: 'Mosaic: settings of the tenant are changed',
    description: 'Settings of the tenant or of its authentication are changed.',
    level: 'medium',
    falsePositives: ['Work that was announced'],
    events: [{ type: 'admin', activities: ['adminUpdateTenant', 'editAuthSettings', 'editGeneralSettings'] }],
  },
  {
    name: 'policy-push',
    id: '3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a007',
    title: 'Mosaic: a policy is pushed to production',
    description: 'A policy that decides about sign-ins is pushed to production.',
    level: 'low',
    falsePositives: ['Work that was announced'],
    events: [{ type: 'admin', activities: ['pushPolicyToProduction'] }],
  },
  {
    name: 'deny-spike',
    id: '3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a008',
    title: 'Mosaic: many attempts are denied at one application',
    description: 'A spike of DENY recommendations at one application.',
    level: 'high',
    falsePositives: ['A new version of a client that looks like a bot'],
    events: [{ type: 'risk', activities: ['risk_recommendation'], where: { recommendation: ['DENY'] } }],
    together: { kind: 'events', by: ['app_id'], least: 20, within: '10m' },
  },
  {
    name: 'takeover',
    id: '3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a009',
    title: 'Mosaic: a password is reset, and an authenticator added at once',
    description: 'Within fifteen minutes of the reset of a password the same user has a new authenticator.',
    level: 'high',
    falsePositives: ['A user with a new telephone'],
    events: [
      { type: 'cis', activities: ['reset_password'] },
      {
        type: 'cis',
        activities: [
          'webauthn_registration',
          'passwordless_registration',
          'user_register_mobile_native_biometrics',
        ],
      },
    ],
    together: { kind: 'order', by: ['user_id'], within: '15m' },
  },
  {
    name: 'failing-device',
    id: '3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a010',
    title: 'Mosaic: verifications of one device fail',
    description: 'Five verifications from one device fail within an hour.',
    level: 'medium',
    falsePositives: ['A broken camera'],
    events: [{ type: 'verify', activities: ['verification_status_updated'], where: { result: ['failed'] } }],
    together: { kind: 'events', by: ['device_id'], least: 5, within: '1h' },
  },
  {
    name: 'silence',
    id: '3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a011',
    title: 'Mosaic: nobody signs in',
    description:
      'An hour of the day, 09:00 to 17:00 UTC, in which nobody signs in: an outage, or a hole in the record.',
    level: 'high',
    falsePositives: ['Holidays', 'A tenant with few users'],
    events: [{ type: 'cis', activities: ['user_login'] }],
    byHand: 'Sigma has no rule for events that do not come',
  },
];
