import { eventClasses } from '../mapping/classes.ts';
import { type MappingRow, mappingRows } from '../mapping/mapping-of.ts';
import { memberMappings } from '../mapping/members.ts';
import { recommendationMember } from '../mapping/risk-activities.ts';

/** The pipeline's name, and that of the templates. */
const elasticName = 'mosaic-relay';

/** ECS' fields that the pipeline writes, with the type that ECS gives each in an index. */
export const ecsFields: Readonly<Record<string, string>> = {
  '@timestamp': 'date',
  'ecs.version': 'keyword',
  'event.action': 'keyword',
  'event.category': 'keyword',
  'event.created': 'date',
  'event.id': 'keyword',
  'event.kind': 'keyword',
  'event.outcome': 'keyword',
  'event.provider': 'keyword',
  'event.reason': 'keyword',
  'event.risk_score': 'float',
  'event.severity': 'long',
  'event.type': 'keyword',
  'device.id': 'keyword',
  message: 'match_only_text',
  'organization.id': 'keyword',
  'service.id': 'keyword',
  'source.as.organization.name': 'keyword',
  'source.geo.city_name': 'keyword',
  'source.geo.country_name': 'keyword',
  'source.geo.region_name': 'keyword',
  'source.ip': 'ip',
  'trace.id': 'keyword',
  'user.email': 'keyword',
  'user.id': 'keyword',
  'user.name': 'keyword',
  'user.target.id': 'keyword',
  'user_agent.name': 'keyword',
  'user_agent.original': 'keyword',
  'user_agent.os.name': 'keyword',
};

/** The names under which an event's own members stay, beside ECS' fields. */
const ownFields = {
  activity: { type: 'keyword' },
  timestamp: { type: 'keyword' },
  additionalParams: { type: 'flattened' },
  additional_params: { type: 'flattened' },
  '_relay.type': { type: 'keyword' },
  '_relay.stream': { type: 'keyword' },
  '_relay.stage': { type: 'keyword' },
  '_relay.id': { type: 'keyword' },
  '_relay.collected_at': { type: 'date' },
  '_relay.view': { type: 'keyword' },
  '_relay.key': { type: 'keyword' },
};

/** A component template of types, for an index template of the operator's. */
export function elasticComponentTemplate(): object {
  const fields = { ...mapped(ecsFields), ...ownFields };
  return {
    version: 1,
    template: {
      settings: { 'index.mapping.ignore_malformed': true, 'index.default_pipeline': elasticName },
      mappings: { dynamic: false, properties: nested(fields) },
    },
    _meta: { description: 'Events of Mosaic, by ECS' },
  };
}

export function elasticIndexTemplate(): object {
  return {
    index_patterns: ['logs-mosaic-*'],
    data_stream: {},
    composed_of: [elasticName],
    priority: 300,
    version: 1,
  };
}

/**
 * An ingest pipeline that copies members to ECS' fields and leaves the event as it came. A value that a field cannot hold,
 * and a failure of the pipeline itself, leaves the event without that field and is told in `error.message`.
 */
export function elasticPipeline(): object {
  return {
    description: 'Events of Mosaic to ECS',
    version: 1,
    processors: [
      {
        script: {
          description: 'ECS, by the table of activities',
          lang: 'painless',
          params: { activities: activityTable(), members: memberTable() },
          source: script,
        },
      },
      { date: { field: 'timestamp', formats: ['ISO8601', 'UNIX_MS'], ignore_failure: true } },
    ],
    on_failure: [{ set: { field: 'error.message', value: '{{ _ingest.on_failure_message }}' } }],
  };
}

/** By type, activity and, for risk, recommendation, with a blank between. */
export function activityTable(): Readonly<Record<string, object>> {
  return Object.fromEntries(
    mappingRows.flatMap((row) =>
      row.spellings.map((spelling) => [
        [row.type, spelling, ...(row.recommendation === undefined ? [] : [row.recommendation])].join(' '),
        fieldsOf(row),
      ]),
    ),
  );
}

const severities = { informational: 1, low: 2, medium: 3, high: 4 } as const;

function fieldsOf(row: MappingRow): object {
  const ofClass = eventClasses[row.class];
  const does = (ofClass.does as Readonly<Record<string, { readonly ecs?: readonly string[] }>>)[row.does]!;
  return {
    message: row.says,
    outcome: row.outcome,
    severity: severities[row.severity],
    kind: row.class === 'detectionFinding' ? 'alert' : 'event',
    ...('ecs' in ofClass ? { category: ofClass.ecs } : {}),
    ...(does.ecs === undefined ? {} : { type: does.ecs }),
  };
}

/** `[ECS field, member, additional parameter]`, the last two in turn. */
function memberTable(): readonly object[] {
  return memberMappings.flatMap(({ member, ecs }) => {
    if (ecs === undefined) return [];
    const parameter = /^additionalParams\.(.*)$/.exec(member)?.[1];
    return [parameter === undefined ? { ecs, member } : { ecs, parameter }];
  });
}

const script = `Map put(Map root, String path, Object value) {
  String[] names = path.splitOnToken('.');
  Map place = root;
  for (int i = 0; i < names.length - 1; i++) {
    Object next = place.get(names[i]);
    if (!(next instanceof Map)) { next = new HashMap(); place.put(names[i], next); }
    place = (Map) next;
  }
  if (!place.containsKey(names[names.length - 1])) { place.put(names[names.length - 1], value); }
  return root;
}
Map relay = ctx._relay instanceof Map ? ctx._relay : [:];
Object found = ctx.additionalParams != null ? ctx.additionalParams : ctx.additional_params;
Map given = found instanceof Map ? found : [:];
String key = relay.type + ' ' + ctx.activity;
String recommended = key + ' ' + given.${recommendationMember};
Map entry = params.activities.containsKey(recommended) ? params.activities.get(recommended) : params.activities.get(key);
put(ctx, 'ecs.version', '8.17.0');
put(ctx, 'event.provider', 'mosaic');
if (relay.id != null) { put(ctx, 'event.id', relay.id); }
if (relay.collected_at != null) { put(ctx, 'event.created', relay.collected_at); put(ctx, '@timestamp', relay.collected_at); }
if (entry != null) {
  for (def field : entry.entrySet()) { put(ctx, field.key == 'message' ? 'message' : 'event.' + field.key, field.value); }
}
for (def each : params.members) {
  Object value = each.member != null ? ctx.get(each.member) : given.get(each.parameter);
  if (value instanceof String || value instanceof Number || value instanceof Boolean) { put(ctx, each.ecs, value); }
}`;

function mapped(
  types: Readonly<Record<string, string>>,
): Readonly<Record<string, { readonly type: string }>> {
  return Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type }]));
}

/** `{ "a.b": x }` as `{ a: { properties: { b: x } } }`, which is how a mapping is written. */
function nested(fields: Readonly<Record<string, object>>): object {
  const root: Record<string, { properties?: Record<string, object> }> = {};
  for (const [path, leaf] of Object.entries(fields)) {
    const names = path.startsWith('@') ? [path] : path.split('.');
    let place: Record<string, { properties?: Record<string, object> }> = root;
    for (const name of names.slice(0, -1)) {
      place[name] ??= {};
      place[name].properties ??= {};
      place = place[name].properties as typeof root;
    }
    place[names.at(-1)!] = leaf;
  }
  return root;
}
