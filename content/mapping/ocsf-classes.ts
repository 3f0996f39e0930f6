import type {
  Constants,
  ShapedMember,
  ShapedObject,
  ShapedValue,
} from '../../functions/stored/compiled-shape.ts';
import type { EventClassName } from './classes.ts';
import type { MappedType } from './mapping-of.ts';

/** The versions of OCSF that lines can be written in. */
export const ocsfVersions = { 'ocsf-1.1': '1.1.0', 'ocsf-1.5': '1.5.0', 'ocsf-1.8': '1.8.0' } as const;
export type OcsfShape = keyof typeof ocsfVersions;

/**
 * Where members of events go in the classes of OCSF. A member that has no place stays in `unmapped`.
 *
 * A class wants some objects in every event. Where an event has no member for one, the object says `unknown`, as OCSF asks
 * for values that are not known.
 *
 * @see https://schema.ocsf.io/1.5.0/classes
 */
export function ocsfMembers(
  shape: OcsfShape,
  name: EventClassName,
  type: MappedType,
): readonly ShapedMember[] {
  const is11 = shape === 'ocsf-1.1';
  const isAdmin = type === 'admin';
  const actor = isAdmin ? actorOf(['actor_id'], ['actor_type']) : actorOf(['actor_id'], []);
  const about: Readonly<Record<EventClassName, readonly ShapedMember[]>> = {
    authentication: [
      { ...userOf(isAdmin ? 'actor_id' : 'user_id', isAdmin), required: true },
      ...(isAdmin ? [] : [actor]),
      service,
      source,
      request,
    ],
    accountChange: [
      { ...userOf(isAdmin ? 'target_resource_id' : 'user_id', false), required: true },
      actor,
      source,
      request,
    ],
    userAccess: [
      { ...userOf(isAdmin ? 'target_resource_id' : 'user_id', false), required: true },
      ...(is11 ? [] : [actor, source, request]),
    ],
    entityManagement: [
      {
        name: 'entity',
        required: true,
        members: [text('uid', 'target_resource_id'), text('type', 'target_resource_type')],
        needs: unknownName,
      },
      actor,
      source,
      request,
    ],
    detectionFinding: [
      {
        name: 'finding_info',
        required: true,
        constants: { title: 'Risk recommendation' },
        members: [eventUid],
      },
      { name: 'risk_score', from: ['additionalParams.riskScore'], takes: 'score' },
      {
        name: 'evidences',
        list: true,
        members: [actorOf(['user_id', 'actor_id'], []), source],
      },
    ],
    apiActivity: [
      {
        ...actorOf(isAdmin ? ['actor_id'] : ['user_id', 'actor_id'], isAdmin ? ['actor_type'] : []),
        required: true,
      },
      {
        name: 'api',
        required: true,
        members: [
          text('operation', 'activity'),
          { name: 'service', members: [text('uid', 'app_id')], needs: unknownName },
        ],
      },
      { ...source, required: true },
      request,
      ...(isAdmin
        ? [
            {
              name: 'resources',
              list: true,
              members: [text('uid', 'target_resource_id'), text('type', 'target_resource_type')],
              needs: unknownName,
            } as const,
          ]
        : []),
    ],
    step: [],
  };
  return [metadataOf(shape, type), ...common, ...about[name]];
}

/** What stands beside `unmapped` where the table does not know an activity. */
export function unknownMembers(shape: OcsfShape, type: MappedType): readonly ShapedMember[] {
  return [metadataOf(shape, type)];
}

function metadataOf(shape: OcsfShape, type: MappedType): ShapedObject {
  return {
    name: 'metadata',
    required: true,
    constants: { version: ocsfVersions[shape], log_name: type },
    members: [
      { name: 'product', required: true, constants: product, members: [] },
      eventUid,
      text('event_code', 'activity'),
      { name: 'original_time', from: ['timestamp'], takes: 'time' },
      text('correlation_uid', 'correlation_id', 'additionalParams.correlationId'),
      text('tenant_uid', 'tenant_id'),
    ],
  };
}

const product: Constants = { name: 'Mosaic', vendor_name: 'Transmit Security' };
const eventUid: ShapedValue = { name: 'uid', from: [], takes: 'id' };
const unknownName = { oneOf: ['uid', 'name'], otherwise: { name: 'unknown' } };

/** Members of every class. */
const common: readonly ShapedMember[] = [
  text('status_code', 'additionalParams.status_code'),
  text(
    'status_detail',
    'additionalParams.failureType',
    'additionalParams.recommendation',
    'additionalParams.errorName',
  ),
];

const request: ShapedObject = { name: 'http_request', members: [text('user_agent', 'user_agent')] };

const source: ShapedObject = {
  name: 'src_endpoint',
  members: [
    { name: 'ip', from: ['ip'], takes: 'address' },
    text('uid', 'device_id', 'additionalParams.deviceId'),
    {
      name: 'location',
      members: [
        text('country', 'additionalParams.ipCountry'),
        text('region', 'additionalParams.ipRegion'),
        text('city', 'additionalParams.ipLocationCity'),
        text('postal_code', 'additionalParams.ipLocationZip'),
      ],
    },
  ],
  needs: { oneOf: ['ip', 'uid', 'name'], otherwise: { name: 'unknown' } },
};

/** An authentication is one at some service. */
const service: ShapedObject = {
  name: 'service',
  required: true,
  members: [text('uid', 'app_id')],
  needs: { oneOf: ['uid', 'name'], otherwise: { name: 'Mosaic' } },
};

function userOf(id: string, isActor: boolean): ShapedObject {
  return {
    name: 'user',
    members: [
      text('uid', id),
      ...(isActor ? [text('type', 'actor_type')] : []),
      text('name', 'additionalParams.username'),
      { name: 'email_addr', from: ['additionalParams.email'], takes: 'email' },
    ],
    needs: unknownName,
  };
}

function actorOf(ids: readonly string[], types: readonly string[]): ShapedObject {
  return {
    name: 'actor',
    members: [
      {
        name: 'user',
        members: [text('uid', ...ids), ...(types.length > 0 ? [text('type', ...types)] : [])],
        needs: unknownName,
      },
      { name: 'session', members: [text('uid', 'additionalParams.sessionId')] },
    ],
    needs: { oneOf: ['user', 'session', 'invoked_by'], otherwise: { invoked_by: 'unknown' } },
  };
}

function text(name: string, ...from: readonly string[]): ShapedValue {
  return { name, from, takes: 'text' };
}
