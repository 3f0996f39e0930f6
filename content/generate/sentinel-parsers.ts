import { eventClasses } from '../mapping/classes.ts';
import { type MappingRow, mappingRows } from '../mapping/mapping-of.ts';
import { memberMappings } from '../mapping/members.ts';
import { recommendationMember, riskRecommendations } from '../mapping/risk-activities.ts';

/** Where the relay's events are in a Log Analytics workspace. */
export const sentinelTable = 'MosaicEvents_CL';

export interface AsimParser {
  /** Of the function in the workspace, such as `ASimAuthenticationMosaic`. */
  readonly name: string;
  readonly schema: AsimSchema;
  /** The function's body. */
  readonly query: string;
}

type AsimSchema = 'Authentication' | 'UserManagement' | 'AuditEvent';

/** One parser for each schema of ASIM that an activity belongs to. */
export function asimParsers(): readonly AsimParser[] {
  return (Object.keys(schemaVersions) as AsimSchema[]).map((schema) => ({
    name: `ASim${schema}Mosaic`,
    schema,
    query: parserOf(schema),
  }));
}

/**
 * The versions that the columns below follow.
 *
 * @see https://learn.microsoft.com/azure/sentinel/normalization-schema-authentication and its sisters
 */
const schemaVersions: Readonly<Record<AsimSchema, string>> = {
  Authentication: '0.1.3',
  UserManagement: '0.1.1',
  AuditEvent: '0.1',
};

function parserOf(schema: AsimSchema): string {
  return `let Activities = datatable(Type_s:string, Activity:string, Recommendation:string, EventType:string, EventResult:string, EventSeverity:string, EventMessage:string)[
${rowsOf(schema).join(',\n')}
];
${sentinelTable}
| summarize arg_max(TimeGenerated, *) by EventId
| extend Params = coalesce(Event.additionalParams, Event.additional_params)
| extend Recommended = tostring(Params.${recommendationMember})
| extend Recommendation = iff(Type_s == "risk" and Recommended in (${quotedList(Object.keys(riskRecommendations))}), Recommended, "")
| lookup kind=inner Activities on Type_s, Activity, Recommendation
| project
    TimeGenerated,
    EventStartTime = EventTime,
    EventEndTime = EventTime,
    EventCount = int(1),
    EventVendor = "Transmit Security",
    EventProduct = "Mosaic",
    EventSchema = "${schema}",
    EventSchemaVersion = "${schemaVersions[schema]}",
    EventType,
    EventResult,
    EventSeverity,
    EventMessage,
    EventOriginalUid = EventId,
    Dvc = coalesce(tostring(Event.tenant_id), "mosaic"),
${columnsOf(schema).join(',\n')},
    AdditionalFields = Params
`;
}

/** Columns that are read from members, by the table of members, and those that a schema wants beside them. */
function columnsOf(schema: AsimSchema): readonly string[] {
  const others: Readonly<Record<AsimSchema, readonly string[]>> = {
    Authentication: [
      'TargetUserId = coalesce(tostring(Event.actor_id), UserId)',
      'TargetUserIdType = "Other"',
      `TargetUsername = ${read('additionalParams.username')}`,
      'TargetAppId = tostring(Event.app_id)',
    ],
    UserManagement: [
      'ActorUserId = coalesce(tostring(Event.actor_id), UserId)',
      'ActorUserIdType = "Other"',
      'TargetUserId = coalesce(tostring(Event.target_resource_id), UserId)',
      'TargetUserIdType = "Other"',
      `TargetUsername = ${read('additionalParams.username')}`,
    ],
    AuditEvent: [
      'ActorUserId = coalesce(tostring(Event.actor_id), UserId)',
      'ActorUserIdType = "Other"',
      'Operation = Activity',
      'Object = coalesce(tostring(Event.target_resource_id), tostring(Event.app_id), "mosaic")',
      'ObjectType = "Other"',
      'OriginalObjectType = tostring(Event.target_resource_type)',
    ],
  };
  const shared = memberMappings.flatMap(({ member, asim }) =>
    asim !== undefined && sharedColumns.has(asim) && member !== 'device_id'
      ? [`${asim} = ${read(member)}`]
      : [],
  );
  return [...others[schema], ...shared].map((column) => `    ${column}`);
}

/** Columns that mean the same in every schema. The device comes by its additional parameter, where risk events have it. */
const sharedColumns: ReadonlySet<string> = new Set([
  'EventOriginalType',
  'EventOriginalResultDetails',
  'EventOriginalSeverity',
  'SrcIpAddr',
  'SrcDvcId',
  'SrcDvcOs',
  'SrcGeoCountry',
  'SrcGeoRegion',
  'SrcGeoCity',
  'HttpUserAgent',
]);

function read(member: string): string {
  const parameter = /^additionalParams\.(.*)$/.exec(member)?.[1];
  return parameter === undefined ? `tostring(Event.${member})` : `tostring(Params.${parameter})`;
}

function rowsOf(schema: AsimSchema): readonly string[] {
  return mappingRows.flatMap((row) => {
    const eventType = eventTypeOf(row, schema);
    if (eventType === undefined) return [];
    return row.spellings.map(
      (spelling) =>
        `    ${quotedList([row.type, spelling, row.recommendation ?? '', eventType, results[row.outcome], severities[row.severity], row.says])}`,
    );
  });
}

function eventTypeOf(row: MappingRow, schema: AsimSchema): string | undefined {
  const ofClass = eventClasses[row.class];
  if (!('asim' in ofClass) || ofClass.asim !== schema) return undefined;
  return (ofClass.does as Readonly<Record<string, { readonly asim?: string }>>)[row.does]?.asim;
}

const results = { success: 'Success', failure: 'Failure', unknown: 'NA' } as const;
const severities = { informational: 'Informational', low: 'Low', medium: 'Medium', high: 'High' } as const;

function quotedList(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(', ');
}
