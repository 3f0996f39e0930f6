import { type AzureTemplate, Expression, parameter, type Value } from './azure-template.ts';
import { detections } from './detections.ts';
import { detectionKql } from './detections-kql.ts';
import { asimParsers, sentinelTable } from './sentinel-parsers.ts';
import { sentinelWorkbook } from './sentinel-workbook.ts';

/** The columns of the table, in its order. `Event` is the event as the relay sent it, with `_relay`. */
export const sentinelColumns: Readonly<Record<string, 'datetime' | 'string' | 'dynamic'>> = {
  TimeGenerated: 'datetime',
  EventTime: 'datetime',
  EventId: 'string',
  Type_s: 'string',
  Stream: 'string',
  Activity: 'string',
  UserId: 'string',
  Ip: 'string',
  CollectedAt: 'datetime',
  Event: 'dynamic',
};

/** What the rule makes of the one column that arrives. A column that it does not name would be dropped. */
export const sentinelTransformation = [
  'source',
  "extend Relay = Event['_relay']",
  `project ${[
    'TimeGenerated = coalesce(todatetime(Event.timestamp), now())',
    'EventTime = todatetime(Event.timestamp)',
    'EventId = tostring(Relay.id)',
    'Type_s = tostring(Relay.type)',
    'Stream = tostring(Relay.stream)',
    'Activity = tostring(Event.activity)',
    'UserId = tostring(Event.user_id)',
    'Ip = tostring(Event.ip)',
    'CollectedAt = todatetime(Relay.collected_at)',
    'Event',
  ].join(', ')}`,
].join(' | ');

const stream = `Custom-${sentinelTable}`;

/** Table, endpoint, rule, ASIM functions, analytic rules and workbook, for the resource group of the workspace. */
export const sentinelTemplate: AzureTemplate = {
  parameters: {
    workspace: { says: 'Name of the Log Analytics workspace, in this resource group, where Sentinel works.' },
    location: {
      says: 'The region of the workspace: rule and endpoint have to be in it.',
      default: new Expression('resourceGroup().location', 'resourceGroup().location'),
    },
    name: { says: 'Name of the data collection rule and of its endpoint.', default: 'mosaic-relay' },
  },
  resources: [
    {
      symbol: 'table',
      type: 'Microsoft.OperationalInsights/workspaces/tables',
      version: '2022-10-01',
      name: ofWorkspace(sentinelTable),
      body: {
        properties: {
          plan: 'Analytics',
          schema: {
            name: sentinelTable,
            columns: Object.entries(sentinelColumns).map(([name, type]) => ({ name, type })),
          },
        },
      },
    },
    {
      symbol: 'endpoint',
      type: 'Microsoft.Insights/dataCollectionEndpoints',
      version: '2023-03-11',
      name: parameter('name'),
      body: {
        location: parameter('location'),
        properties: { networkAcls: { publicNetworkAccess: 'Enabled' } },
      },
    },
    {
      symbol: 'rule',
      type: 'Microsoft.Insights/dataCollectionRules',
      version: '2023-03-11',
      name: parameter('name'),
      dependsOn: ['table', 'endpoint'],
      body: {
        location: parameter('location'),
        properties: {
          dataCollectionEndpointId: new Expression(
            "resourceId('Microsoft.Insights/dataCollectionEndpoints', parameters('name'))",
            'endpoint.id',
          ),
          streamDeclarations: { [stream]: { columns: [{ name: 'Event', type: 'dynamic' }] } },
          destinations: { logAnalytics: [{ workspaceResourceId: workspaceId(), name: 'sentinel' }] },
          dataFlows: [
            {
              streams: [stream],
              destinations: ['sentinel'],
              outputStream: stream,
              transformKql: sentinelTransformation,
            },
          ],
        },
      },
    },
    ...asimParsers().map(({ name, schema, query }) => ({
      symbol: `parse${schema}`,
      type: 'Microsoft.OperationalInsights/workspaces/savedSearches',
      version: '2020-08-01',
      name: ofWorkspace(name),
      dependsOn: ['table'],
      body: {
        properties: {
          category: 'ASIM',
          displayName: `ASIM ${schema} of Mosaic`,
          functionAlias: name,
          query,
          version: 2,
        } as Value,
      },
    })),
    // They are switched on by a person who has read them.
    ...detections.map((detection) => ({
      symbol: `detect${detection.name.replaceAll(/(^|-)(.)/g, (_, _dash, letter: string) => letter.toUpperCase())}`,
      type: 'Microsoft.OperationalInsights/workspaces/providers/alertRules',
      version: '2023-11-01',
      name: ofWorkspace(`Microsoft.SecurityInsights/${detection.id}`),
      dependsOn: ['table'],
      body: {
        kind: 'Scheduled',
        properties: {
          displayName: detection.title,
          description: detection.description,
          severity: capitalised(detection.level),
          enabled: false,
          query: detectionKql(detection),
          queryFrequency: 'PT1H',
          queryPeriod: 'P2D',
          triggerOperator: 'GreaterThan',
          triggerThreshold: 0,
          suppressionEnabled: false,
          suppressionDuration: 'PT5H',
        } as Value,
      },
    })),
    {
      symbol: 'workbook',
      type: 'Microsoft.Insights/workbooks',
      version: '2022-04-01',
      name: new Expression(
        "guid(resourceGroup().id, parameters('workspace'), 'mosaic')",
        "guid(resourceGroup().id, workspace, 'mosaic')",
      ),
      dependsOn: ['table'],
      body: {
        location: parameter('location'),
        kind: 'shared',
        properties: {
          displayName: 'Mosaic',
          category: 'sentinel',
          version: '1.0',
          sourceId: workspaceId(),
          serializedData: JSON.stringify(sentinelWorkbook()),
        },
      },
    },
  ],
  outputs: {
    logsIngestionEndpoint: new Expression(
      "reference(resourceId('Microsoft.Insights/dataCollectionEndpoints', parameters('name'))).logsIngestion.endpoint",
      'endpoint.properties.logsIngestion.endpoint',
    ),
    immutableId: new Expression(
      "reference(resourceId('Microsoft.Insights/dataCollectionRules', parameters('name'))).immutableId",
      'rule.properties.immutableId',
    ),
    ruleId: new Expression(
      "resourceId('Microsoft.Insights/dataCollectionRules', parameters('name'))",
      'rule.id',
    ),
  },
};

function capitalised(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

function ofWorkspace(name: string): Expression {
  return new Expression(`format('{0}/${name}', parameters('workspace'))`, `'\${workspace}/${name}'`);
}

function workspaceId(): Expression {
  return new Expression(
    "resourceId('Microsoft.OperationalInsights/workspaces', parameters('workspace'))",
    "resourceId('Microsoft.OperationalInsights/workspaces', workspace)",
  );
}
