import type { MappedType } from './mapping-of.ts';

/**
 * Every member that Mosaic documents, whether it has a place in a schema or not. A member that is not here is drift.
 *
 * @see Mosaic's Event Streaming API reference (v1), schemas of events; the later ones are the columns of the vendor's
 * Microsoft Sentinel connector
 */
export const knownMembers: readonly string[] = [
  'activity',
  'app_id',
  'user_id',
  'actor_id',
  'actor_type',
  'target_resource_id',
  'target_resource_type',
  'ip',
  'user_agent',
  'timestamp',
  'additionalParams',
  'additional_params',
  'invocation_id',
  'original_app_id',
  'original_user_id',
  'original_actor_id',
  'flow_id',
  'correlation_id',
  'tenant_id',
  'client_id',
  'device_id',
];

const userChanges = [
  'secondary_emails',
  'secondary_phone_numbers',
  'birthday',
  'address',
  'name',
  'status',
  'external_account_id',
  'picture',
  'language',
  'external_user_id',
  'username',
  'email',
  'phone_number',
  'custom_app_data',
  'custom_data',
] as const;

/**
 * Activities of type `cis`, beside those of class `step`, that journeys raise. Whoever builds a journey names the additional
 * parameters of its events, so that none of them is drift.
 */
export const furtherJourneyActivities: readonly string[] = ['session_logout', 'external_connection_call'];

/** The additional parameters of each type, but for those of journeys. */
export const knownParameters: Readonly<Record<MappedType, readonly string[]>> = {
  cis: [...userChanges, 'customDataUsed', 'getUserBy', 'failureType', 'status_code', 'x-correlation-id'],
  admin: userChanges,
  risk: [
    'actionId',
    'actionType',
    'appVersion',
    'browserName',
    'campaignId',
    'clientId',
    'correlationId',
    'deviceFingerprint',
    'deviceId',
    'deviceLanguages',
    'devicePlatform',
    'deviceTimezone',
    'ipAsnId',
    'ipAsnName',
    'ipCountry',
    'ipLocationCity',
    'ipLocationLatitude',
    'ipLocationLongitude',
    'ipLocationTimezone',
    'ipLocationZip',
    'ipOrganizationName',
    'ipOrganizationType',
    'ipRegion',
    'location',
    'osName',
    'reasons',
    'recommendation',
    'riskScore',
    'sdkVersion',
    'signals',
  ],
  verify: [
    'sessionId',
    'result',
    'sdkVersion',
    'browser',
    'osVersion',
    'platform',
    'deviceModel',
    'userActionType',
    'pageName',
    'redirectUrl',
    'imageType',
    'processResult',
    'requestProcessingTimeMs',
    'errorName',
    'errorDescription',
  ],
};
