import { eventClasses } from '../mapping/classes.ts';
import { type MappingRow, mappingRows } from '../mapping/mapping-of.ts';
import { memberMappings } from '../mapping/members.ts';
import { recommendationMember } from '../mapping/risk-activities.ts';

/** The name of the pipeline and of the templates. */
export const ecsName = 'mosaic-relay';

/** ECS' fields that the pipeline writes, with the type that ECS gives each in an index. */
export const ecsFields: Readonly<Record<string, string>> = {
  '@timestamp': 'date',
  'ecs.version': 'keyword',
  'event.action': 'keyword',
  'event.category': 'keyword',
  'event.created': 'date',
  'event.id': 'keyword',
  'event.kind': 'keyword',
  'event.original': 'keyword',
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

/**
 * An ingest pipeline that copies members to ECS' fields and leaves the event as it came. What stands where ECS has a
 * field of its own, or in a member that cannot hold it, moves below `mosaic`; a string in the place of an event goes to
 * `event.original`. Members are copied one by one, and only the table of activities needs a script, because OpenSearch's
 * scripts refuse a document with an integer above 64 bits: such an event lacks category, type and outcome, which
 * `error.message` says.
 */
export function ecsPipeline(vendor: 'elastic' | 'opensearch'): object {
  const copied = copies[vendor];
  return {
    description: 'Events of Mosaic to ECS',
    version: 2,
    processors: [
      moved('mosaic', 'mosaic_'),
      ...ecsRoots.map((name) => moved(name, `mosaic.${name}`)),
      moved('mosaic_', 'mosaic.mosaic'),
      ...['activity', 'timestamp'].map((name) =>
        moved(name, `mosaic.${name}`, `ctx.${name} instanceof Map || ctx.${name} instanceof List`),
      ),
      ...spellings.map((name) =>
        moved(name, `mosaic.${name}`, `ctx.${name} != null && !(ctx.${name} instanceof Map)`),
      ),
      moved('mosaic.event', 'event.original', isIn('mosaic', 'event', ['String'])),
      moved('mosaic.user_agent', 'user_agent.original', isIn('mosaic', 'user_agent', ['String'])),
      { remove: { field: 'mosaic', if: 'ctx.mosaic instanceof Map && ctx.mosaic.isEmpty()' } },
      { set: { field: 'ecs.version', value: '8.17.0' } },
      { set: { field: 'event.provider', value: 'mosaic' } },
      copied('_relay.id', 'event.id'),
      copied('_relay.collected_at', 'event.created'),
      copied('_relay.collected_at', '@timestamp'),
      ...memberMappings.flatMap(({ member, ecs }) =>
        ecs === undefined || ecs === 'user_agent.original' ? [] : copiesOf(member, ecs, copied),
      ),
      {
        script: {
          description: 'ECS, by the table of activities',
          lang: 'painless',
          params: { activities: activityTable() },
          source: script,
          on_failure: [{ set: { field: 'error.message', value: 'the table of activities was not applied' } }],
        },
      },
      { date: { field: 'timestamp', formats: ['ISO8601', 'UNIX_MS'], ignore_failure: true } },
    ],
    on_failure: [{ set: { field: 'error.message', value: 'the pipeline to ECS ended early' } }],
  };
}

const spellings = ['additionalParams', 'additional_params'] as const;

function moved(field: string, target: string, when?: string): object {
  const condition = when === undefined ? {} : { if: when };
  return {
    rename: { field, target_field: target, ignore_missing: true, ignore_failure: true, ...condition },
  };
}

type Copied = (from: string, field: string, when?: string) => object;

/** A later copy to a field leaves the first. Each vendor has a processor of its own for it, and lacks the other's. */
const copies: Readonly<Record<'elastic' | 'opensearch', Copied>> = {
  elastic: (from, field, when) => ({
    set: { field, copy_from: from, override: false, ignore_failure: true, ...conditionOf(when) },
  }),
  opensearch: (from, field, when) => ({
    copy: {
      source_field: from,
      target_field: field,
      ignore_missing: true,
      override_target: false,
      ignore_failure: true,
      ...conditionOf(when),
    },
  }),
};

function conditionOf(when: string | undefined): object {
  return when === undefined ? {} : { if: when };
}

/** Copies of a member, or of an additional parameter in either spelling, where it holds a plain value. */
function copiesOf(member: string, field: string, copied: Copied): readonly object[] {
  const parameter = /^additionalParams\.(.*)$/.exec(member)?.[1];
  if (parameter === undefined)
    return [copied(member, field, plain.map((type) => `ctx.${member} instanceof ${type}`).join(' || '))];
  return spellings.map((name) => copied(`${name}.${parameter}`, field, isIn(name, parameter, plain)));
}

const plain = ['String', 'Number', 'Boolean'];

/** A condition never fails: a failing one would end the pipeline. */
function isIn(parent: string, name: string, types: readonly string[]): string {
  const found = types.map((type) => `ctx.${parent}.${name} instanceof ${type}`).join(' || ');
  return `ctx.${parent} instanceof Map && (${found})`;
}

/** The names at the top of a document that are ECS' or the pipeline's own. */
const ecsRoots = [...new Set([...Object.keys(ecsFields).map((path) => path.split('.')[0]!), 'error'])];

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

const script = `Map relay = ctx._relay instanceof Map ? ctx._relay : [:];
Map given = ctx.additionalParams instanceof Map ? ctx.additionalParams : ctx.additional_params instanceof Map ? ctx.additional_params : [:];
String key = relay.type + ' ' + ctx.activity;
String recommended = key + ' ' + given.${recommendationMember};
Map entry = params.activities.containsKey(recommended) ? params.activities.get(recommended) : params.activities.get(key);
if (entry != null) {
  for (def field : entry.entrySet()) {
    if (field.key == 'message') { ctx.message = field.value; } else { ctx.event.put(field.key, field.value); }
  }
}`;
