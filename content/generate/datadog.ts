import { type EventClass, eventClasses } from '../mapping/classes.ts';
import { mappingRows } from '../mapping/mapping-of.ts';
import { memberMappings } from '../mapping/members.ts';
import { recommendationMember } from '../mapping/risk-activities.ts';

/**
 * A log pipeline, for `POST /api/v1/logs/config/pipelines`.
 *
 * @see https://docs.datadoghq.com/api/latest/logs-pipelines/
 */
export function datadogPipeline(): object {
  return {
    name: 'Mosaic',
    is_enabled: true,
    filter: { query: '@_relay.type:(cis OR admin OR risk OR verify)' },
    processors: [
      { type: 'date-remapper', name: 'The time of the event', is_enabled: true, sources: ['timestamp'] },
      {
        type: 'attribute-remapper',
        name: 'The recommendation, in whichever spelling it came',
        is_enabled: true,
        ...copied(
          [`additionalParams.${recommendationMember}`, `additional_params.${recommendationMember}`],
          'mosaic.recommendation',
        ),
      },
      {
        type: 'string-builder-processor',
        name: 'What the table of activities is asked for',
        is_enabled: true,
        template: '%{_relay.type}|%{activity}|%{mosaic.recommendation}',
        target: 'mosaic.key',
        is_replace_missing: true,
      },
      ...lookups.map(({ name, target, value }) => ({
        type: 'lookup-processor',
        name,
        is_enabled: true,
        source: 'mosaic.key',
        target,
        lookup_table: lookupTable(value),
      })),
      { type: 'message-remapper', name: 'What happened', is_enabled: true, sources: ['mosaic.message'] },
      { type: 'status-remapper', name: 'How much it matters', is_enabled: true, sources: ['mosaic.status'] },
      ...memberMappings.flatMap(({ member, datadog }) =>
        datadog === undefined
          ? []
          : [
              {
                type: 'attribute-remapper',
                name: `${member} to ${datadog}`,
                is_enabled: true,
                ...copied(spelled(member), datadog),
              },
            ],
      ),
    ],
  };
}

function copied(sources: readonly string[], target: string): object {
  return {
    sources,
    source_type: 'attribute',
    target,
    target_type: 'attribute',
    preserve_source: true,
    override_on_conflict: false,
  };
}

function spelled(member: string): readonly string[] {
  return member.startsWith('additionalParams.')
    ? [member, member.replace('additionalParams', 'additional_params')]
    : [member];
}

type Row = (typeof mappingRows)[number];

const statuses = { informational: 'info', low: 'notice', medium: 'warning', high: 'error' } as const;

const lookups: readonly {
  readonly name: string;
  readonly target: string;
  value(row: Row): string | undefined;
}[] = [
  { name: 'Message', target: 'mosaic.message', value: ({ says }) => says },
  { name: 'Outcome', target: 'evt.outcome', value: ({ outcome }) => outcome },
  { name: 'Status', target: 'mosaic.status', value: ({ severity }) => statuses[severity] },
  {
    name: 'Category',
    target: 'evt.category',
    value: ({ class: name }) => {
      const ofClass: EventClass = eventClasses[name];
      return ofClass.ecs?.[0];
    },
  },
];

/** `key,value` lines. A risk event without a known recommendation has nothing after the second bar. */
function lookupTable(value: (row: Row) => string | undefined): readonly string[] {
  return mappingRows.flatMap((row) => {
    const told = value(row);
    if (told === undefined) return [];
    return row.spellings.map((spelling) => `${row.type}|${spelling}|${row.recommendation ?? ''},${told}`);
  });
}

/**
 * A dashboard, for `POST /api/v1/dashboard`.
 *
 * @see https://docs.datadoghq.com/api/latest/dashboards/
 */
export function datadogDashboard(): object {
  return {
    title: 'Mosaic',
    description: 'Sign-ins, changes by administrators, and risk.',
    layout_type: 'ordered',
    widgets: [
      chart('Sign-ins by outcome', '@evt.category:authentication', '@evt.outcome'),
      chart('Risk by recommendation', '@_relay.type:risk', '@mosaic.recommendation'),
      chart('Changes by administrators', '@_relay.type:admin -@evt.category:authentication', '@evt.name'),
      topList(
        'Addresses with the most failures',
        '@evt.category:authentication @evt.outcome:failure',
        '@network.client.ip',
      ),
    ],
  };
}

function chart(title: string, query: string, by: string): object {
  return {
    definition: {
      type: 'timeseries',
      title,
      requests: [{ display_type: 'bars', response_format: 'timeseries', ...counted(query, by) }],
    },
  };
}

function topList(title: string, query: string, by: string): object {
  return {
    definition: { type: 'toplist', title, requests: [{ response_format: 'scalar', ...counted(query, by) }] },
  };
}

function counted(query: string, by: string): object {
  return {
    queries: [
      {
        data_source: 'logs',
        name: 'events',
        search: { query },
        indexes: ['*'],
        compute: { aggregation: 'count' },
        group_by: [{ facet: by, limit: 10, sort: { aggregation: 'count', order: 'desc' } }],
      },
    ],
    formulas: [{ formula: 'events' }],
  };
}
