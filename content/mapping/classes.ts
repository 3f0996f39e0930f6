/**
 * What an activity can be in the terms of the schemas that SIEMs share: OCSF, Splunk's CIM, Sentinel's ASIM and Elastic's
 * ECS. Everything under `content/` that speaks of a class is generated from here.
 *
 * @see https://schema.ocsf.io for classes and activities (1.1, 1.5 and 1.8)
 * @see https://docs.splunk.com/Documentation/CIM for data models and tags
 * @see https://learn.microsoft.com/azure/sentinel/normalization-about-schemas for ASIM
 * @see https://www.elastic.co/guide/en/ecs/current/ecs-category-field-values-reference.html
 */
export const eventClasses = {
  authentication: {
    ocsf: { uid: 3002, name: 'Authentication', category: 3 },
    cim: { model: 'Authentication', tags: ['authentication'] },
    asim: 'Authentication',
    ecs: ['authentication'],
    does: {
      logon: { ocsf: 1, name: 'Logon', cim: 'success', asim: 'Logon', ecs: ['start'] },
      logoff: { ocsf: 2, name: 'Logoff', asim: 'Logoff', ecs: ['end'] },
      /** OCSF knows it from 1.5 on; before, it is activity 99 with this name. */
      preauth: { ocsf: 6, name: 'Preauth', since: '1.5', ecs: ['start'] },
    },
  },
  accountChange: {
    ocsf: { uid: 3001, name: 'Account Change', category: 3 },
    cim: { model: 'Change', tags: ['change', 'account'] },
    asim: 'UserManagement',
    ecs: ['iam'],
    does: {
      create: { ocsf: 1, name: 'Create', cim: 'created', asim: 'UserCreated', ecs: ['user', 'creation'] },
      delete: { ocsf: 6, name: 'Delete', cim: 'deleted', asim: 'UserDeleted', ecs: ['user', 'deletion'] },
      disable: { ocsf: 5, name: 'Disable', cim: 'modified', asim: 'UserDisabled', ecs: ['user', 'change'] },
      lock: { ocsf: 9, name: 'Lock', cim: 'lockout', asim: 'UserLocked', ecs: ['user', 'change'] },
      passwordChange: {
        ocsf: 3,
        name: 'Password Change',
        cim: 'modified',
        asim: 'PasswordChanged',
        ecs: ['user', 'change'],
      },
      passwordReset: {
        ocsf: 4,
        name: 'Password Reset',
        cim: 'modified',
        asim: 'PasswordReset',
        ecs: ['user', 'change'],
      },
      factorEnable: {
        ocsf: 10,
        name: 'MFA Factor Enable',
        cim: 'modified',
        asim: 'UserModified',
        ecs: ['user', 'change'],
      },
      factorDisable: {
        ocsf: 11,
        name: 'MFA Factor Disable',
        cim: 'modified',
        asim: 'UserModified',
        ecs: ['user', 'change'],
      },
      /** No OCSF of these versions has an update of an account: activity 99 with this name. */
      update: { ocsf: 99, name: 'Update', cim: 'modified', asim: 'UserModified', ecs: ['user', 'change'] },
    },
  },
  userAccess: {
    ocsf: { uid: 3005, name: 'User Access Management', category: 3 },
    cim: { model: 'Change', tags: ['change', 'account'] },
    asim: 'UserManagement',
    ecs: ['iam'],
    does: {
      assign: {
        ocsf: 1,
        name: 'Assign Privileges',
        cim: 'modified',
        asim: 'UserModified',
        ecs: ['admin', 'change'],
      },
      revoke: {
        ocsf: 2,
        name: 'Revoke Privileges',
        cim: 'modified',
        asim: 'UserModified',
        ecs: ['admin', 'change'],
      },
    },
  },
  /** OCSF 1.1 has no place for actor and address in this class: an API activity (6003) stands for it there. */
  entityManagement: {
    ocsf: { uid: 3004, name: 'Entity Management', category: 3 },
    cim: { model: 'Change', tags: ['change'] },
    asim: 'AuditEvent',
    ecs: ['configuration'],
    does: {
      create: { ocsf: 1, name: 'Create', cim: 'created', asim: 'Create', ecs: ['creation'] },
      update: { ocsf: 3, name: 'Update', cim: 'modified', asim: 'Set', ecs: ['change'] },
      delete: { ocsf: 4, name: 'Delete', cim: 'deleted', asim: 'Delete', ecs: ['deletion'] },
    },
  },
  detectionFinding: {
    ocsf: { uid: 2004, name: 'Detection Finding', category: 2 },
    cim: { model: 'Alerts', tags: ['alert'] },
    asim: 'AuditEvent',
    ecs: ['intrusion_detection'],
    does: { create: { ocsf: 1, name: 'Create', cim: 'alert', asim: 'Other', ecs: ['info'] } },
  },
  apiActivity: {
    ocsf: { uid: 6003, name: 'API Activity', category: 6 },
    asim: 'AuditEvent',
    ecs: ['api'],
    does: {
      create: { ocsf: 1, name: 'Create', asim: 'Create', ecs: ['creation'] },
      read: { ocsf: 2, name: 'Read', asim: 'Read', ecs: ['access'] },
      update: { ocsf: 3, name: 'Update', asim: 'Set', ecs: ['change'] },
      delete: { ocsf: 4, name: 'Delete', asim: 'Delete', ecs: ['deletion'] },
      other: { ocsf: 99, name: 'Other', asim: 'Other', ecs: ['info'] },
    },
  },
  /** The steps of a journey or a page: sent as they are, in no class of any schema. */
  step: {
    ocsf: { uid: 0, name: 'Base Event', category: 0 },
    does: { other: { ocsf: 99, name: 'Other' } },
  },
} as const satisfies Readonly<Record<string, EventClass>>;

export interface EventClass {
  readonly ocsf: { readonly uid: number; readonly name: string; readonly category: number };
  /** Splunk's data model and the tags that put an event into it. Absent: in no data model. */
  readonly cim?: { readonly model: string; readonly tags: readonly string[] };
  /** Sentinel's schema. Absent: in none. */
  readonly asim?: string;
  /** ECS' `event.category`. Absent: none. */
  readonly ecs?: readonly string[];
  /** What can happen, by the table's own word for it. */
  readonly does: Readonly<Record<string, ClassActivity>>;
}

export interface ClassActivity {
  /** OCSF's `activity_id`. */
  readonly ocsf: number;
  /** OCSF's `activity_name`. */
  readonly name: string;
  /** The first OCSF version that has it. Absent: all of 1.1, 1.5 and 1.8. */
  readonly since?: '1.5';
  /** CIM's `action`, where it does not follow from the outcome. */
  readonly cim?: string;
  /** ASIM's `EventType`. Absent: ASIM has no event for it. */
  readonly asim?: string;
  /** ECS' `event.type`. */
  readonly ecs?: readonly string[];
}

export type EventClassName = keyof typeof eventClasses;
export type DoesOf<Name extends EventClassName> = keyof (typeof eventClasses)[Name]['does'] & string;
