/**
 * Where a member of an event goes in the field names that SIEMs share. A member without a name in a schema stays there as
 * Mosaic sent it.
 *
 * @see ./classes.ts for the schemas' own pages
 */
export interface MemberMapping {
  /** A member of the event, or of its additional parameters, which come as `additionalParams` or `additional_params`. */
  readonly member: string;
  /** What the member holds. */
  readonly says: string;
  /** A field of Splunk's Common Information Model. */
  readonly cim?: string;
  /** A column of Sentinel's ASIM schemas. */
  readonly asim?: string;
  /** A field of Elastic's Common Schema. */
  readonly ecs?: string;
  /** A standard attribute of Datadog. */
  readonly datadog?: string;
}

/** Every documented member that has a place in one of the schemas. */
export const memberMappings: readonly MemberMapping[] = [
  {
    member: 'activity',
    says: "what happened, by Mosaic's name",
    cim: 'signature_id',
    asim: 'EventOriginalType',
    ecs: 'event.action',
    datadog: 'evt.name',
  },
  {
    member: 'ip',
    says: 'the address of who acted',
    cim: 'src',
    asim: 'SrcIpAddr',
    ecs: 'source.ip',
    datadog: 'network.client.ip',
  },
  {
    member: 'user_agent',
    says: 'the client of who acted',
    cim: 'http_user_agent',
    asim: 'HttpUserAgent',
    ecs: 'user_agent.original',
    datadog: 'http.useragent',
  },
  {
    member: 'user_id',
    says: 'the user',
    cim: 'user_id',
    asim: 'TargetUserId',
    ecs: 'user.id',
    datadog: 'usr.id',
  },
  {
    member: 'actor_id',
    says: 'the administrator or management application who acted',
    cim: 'src_user_id',
    asim: 'ActorUserId',
    ecs: 'user.id',
    datadog: 'usr.id',
  },
  {
    member: 'actor_type',
    says: 'what acted: user or app',
    cim: 'src_user_type',
    asim: 'ActorOriginalUserType',
  },
  {
    member: 'target_resource_id',
    says: 'what was acted upon',
    cim: 'object_id',
    asim: 'Object',
    ecs: 'user.target.id',
  },
  { member: 'target_resource_type', says: 'user, app or tenant', cim: 'object_category', asim: 'ObjectType' },
  { member: 'app_id', says: 'the application', cim: 'app', asim: 'TargetAppId', ecs: 'service.id' },
  { member: 'tenant_id', says: 'the Mosaic tenant', cim: 'tenant_id', ecs: 'organization.id' },
  { member: 'correlation_id', says: 'what joins events of one request', cim: 'session_id', ecs: 'trace.id' },
  { member: 'device_id', says: 'the device', cim: 'src_dvc_id', asim: 'SrcDvcId', ecs: 'device.id' },
  {
    member: 'additionalParams.username',
    says: "the user's name",
    cim: 'user_name',
    asim: 'TargetUsername',
    ecs: 'user.name',
    datadog: 'usr.name',
  },
  { member: 'additionalParams.email', says: "the user's address", ecs: 'user.email', datadog: 'usr.email' },
  {
    member: 'additionalParams.failureType',
    says: 'why it failed',
    cim: 'reason',
    asim: 'EventOriginalResultDetails',
    ecs: 'event.reason',
  },
  {
    member: 'additionalParams.riskScore',
    says: 'the risk, 0 to 100',
    cim: 'risk_score',
    asim: 'EventOriginalSeverity',
    ecs: 'event.risk_score',
  },
  {
    member: 'additionalParams.recommendation',
    says: 'what Mosaic recommends: ALLOW, TRUST, CHALLENGE, DENY',
    cim: 'recommendation',
    ecs: 'event.reason',
  },
  {
    member: 'additionalParams.deviceId',
    says: 'the device of a risk event',
    cim: 'src_dvc_id',
    asim: 'SrcDvcId',
    ecs: 'device.id',
  },
  {
    member: 'additionalParams.ipCountry',
    says: 'the country of the address',
    cim: 'src_country',
    asim: 'SrcGeoCountry',
    ecs: 'source.geo.country_name',
  },
  {
    member: 'additionalParams.ipRegion',
    says: 'the region of the address',
    asim: 'SrcGeoRegion',
    ecs: 'source.geo.region_name',
  },
  {
    member: 'additionalParams.ipLocationCity',
    says: 'the city of the address',
    asim: 'SrcGeoCity',
    ecs: 'source.geo.city_name',
  },
  {
    member: 'additionalParams.osName',
    says: 'the operating system',
    asim: 'SrcDvcOs',
    ecs: 'user_agent.os.name',
  },
  { member: 'additionalParams.browserName', says: 'the browser', ecs: 'user_agent.name' },
];
