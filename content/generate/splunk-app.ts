import { generatedNote, stanza } from './splunk-conf.ts';
import { dashboardXml } from './splunk-dashboard.ts';
import {
  activitiesCsv,
  eventTypesConf,
  macrosConf,
  propsConf,
  tagsConf,
  transformsConf,
} from './splunk-knowledge.ts';

/** The name of the app's folder, and its id for Splunk. */
export const splunkAppId = 'mosaic_siem_relay';

/**
 * The app for Splunk: field extractions for CIM, and a dashboard with saved searches.
 *
 * @param version - of the relay, such as `0.2.0`
 * @returns each file's path in the app's folder, and its text
 */
export function splunkApp(version: string): ReadonlyMap<string, string> {
  return new Map(
    Object.entries({
      'app.manifest': `${JSON.stringify(manifest(version), null, 2)}\n`,
      'README.md': readme,
      'default/app.conf': appConf(version),
      'default/props.conf': propsConf(),
      'default/transforms.conf': transformsConf(),
      'default/eventtypes.conf': eventTypesConf(),
      'default/tags.conf': tagsConf(),
      'default/macros.conf': macrosConf(),
      'default/savedsearches.conf': savedSearchesConf(),
      'default/data/ui/nav/default.xml': navigation,
      'default/data/ui/views/mosaic_overview.xml': dashboardXml(),
      'lookups/mosaic_activities.csv': activitiesCsv(),
      'metadata/default.meta': metadata,
    }).map(([path, text]) => [path, text.endsWith('\n') ? text : `${text}\n`]),
  );
}

function manifest(version: string): object {
  return {
    schemaVersion: '2.0.0',
    info: {
      title: 'Mosaic SIEM relay',
      id: { group: null, name: splunkAppId, version },
      author: [{ name: 'Mosaic SIEM relay', email: null, company: null }],
      releaseDate: null,
      description:
        'Security events of Transmit Security Mosaic in the Common Information Model, with a dashboard.',
      classification: {
        intendedAudience: 'Security',
        categories: ['Security, Fraud & Compliance'],
        developmentStatus: null,
      },
      commonInformationModels: { Authentication: '>=4.0.0', Change: '>=4.0.0', Alerts: '>=4.0.0' },
      license: { name: 'Apache-2.0', text: null, uri: 'https://www.apache.org/licenses/LICENSE-2.0' },
      privacyPolicy: { name: null, text: null, uri: null },
      releaseNotes: { name: 'README', text: './README.md', uri: null },
    },
    dependencies: null,
    tasks: null,
    inputGroups: null,
    incompatibleApps: null,
    platformRequirements: null,
    supportedDeployments: ['_standalone', '_distributed', '_search_head_clustering'],
    targetWorkloads: ['_search_heads', '_indexers'],
  };
}

function appConf(version: string): string {
  return [
    generatedNote,
    stanza('install', { is_configured: 'false', build: '1' }),
    stanza('ui', { is_visible: 'true', label: 'Mosaic' }),
    stanza('launcher', {
      author: 'Mosaic SIEM relay',
      description:
        'Security events of Transmit Security Mosaic in the Common Information Model, with a dashboard.',
      version,
    }),
    stanza('package', { id: splunkAppId, check_for_updates: 'false' }),
    stanza('id', { name: splunkAppId, version }),
  ].join('\n\n');
}

const readme = `# Mosaic SIEM relay for Splunk

Search-time knowledge of the source types \`transmitsecurity:mosaic:cis\`, \`…:admin\`, \`…:risk\` and \`…:verify\`, and of the vendor
add-on's \`transmit\`: CIM Authentication, Change and Alerts, an event's de-duplication by \`event_id\`, a dashboard, and saved searches.
Install it on search heads, and on indexers or heavy forwarders for the settings of line length. It has no inputs and no scripts.

The events' index is in the macro \`mosaic_index\` (Settings → Advanced search → Search macros); default: \`index=mosaic\`.
`;

/** Reports that a person runs; nothing is scheduled until somebody schedules it. */
function savedSearchesConf(): string {
  const reports = {
    'Mosaic - sign-ins that failed, by address': {
      search:
        '`mosaic_events` mosaic_class=authentication action=failure | stats count, dc(user) as users, min(_time) as first, max(_time) as last by src | sort - count | convert ctime(first) ctime(last)',
      description: 'Addresses by failed sign-ins, with the users that they tried.',
    },
    'Mosaic - what administrators changed': {
      search:
        '`mosaic_events` sourcetype=transmitsecurity:mosaic:admin mosaic_class!=authentication | table _time, src_user, signature, object_category, object_id, src',
      description: 'Changes by administrators and management applications, newest first.',
    },
    'Mosaic - risk that was challenged or denied': {
      search:
        '`mosaic_events` mosaic_class=detectionFinding | table _time, severity, signature, risk_score, user, src, src_country',
      description: 'Recommendations to challenge or to deny, newest first.',
    },
    'Mosaic - activities that no mapping knows': {
      search: '`mosaic_events` NOT mosaic_class=* | stats count by sourcetype, activity | sort - count',
      description: 'Activities that are new, and therefore in no data model.',
    },
    'Mosaic - events that came more than once': {
      search:
        '`mosaic_index` sourcetype=transmitsecurity:mosaic:* | stats count, dc(event_id) as distinct by sourcetype, stream | eval duplicates=count-distinct',
      description: 'Repeats by source type and stream. Delivery is at least once.',
    },
  };
  return [
    generatedNote,
    ...Object.entries(reports).map(([name, { search, description }]) =>
      stanza(name, {
        search,
        description,
        'dispatch.earliest_time': '-24h@h',
        'dispatch.latest_time': 'now',
      }),
    ),
  ].join('\n\n');
}

const navigation = `<nav search_view="search">
  <view name="mosaic_overview" default="true" />
  <view name="search" />
  <view name="reports" />
</nav>
`;

/** Knowledge for all apps, since data models and dashboards of other apps read it. */
const metadata = `[]
access = read : [ * ], write : [ admin, sc_admin ]
export = none

[props]
export = system

[transforms]
export = system

[lookups]
export = system

[eventtypes]
export = system

[tags]
export = system

[macros]
export = system
`;
