interface Chart {
  readonly title: string;
  readonly query: string;
  readonly visualization: 'timechart' | 'table' | 'tiles';
  /** In percent. */
  readonly width: number;
}

/** By the ASIM functions, which take each event once. `{Range}` is the workbook's own time. */
const charts: readonly Chart[] = [
  {
    title: 'Sign-ins by outcome',
    query:
      'ASimAuthenticationMosaic\n| where EventType == "Logon"\n| summarize Events = count() by EventResult, bin(TimeGenerated, 1h)',
    visualization: 'timechart',
    width: 50,
  },
  {
    title: 'Risk by severity',
    query:
      'ASimAuditEventMosaic\n| where EventOriginalType == "risk_recommendation"\n| summarize Events = count() by EventMessage, bin(TimeGenerated, 1h)',
    visualization: 'timechart',
    width: 50,
  },
  {
    title: 'Addresses with the most failed sign-ins',
    query:
      'ASimAuthenticationMosaic\n| where EventResult == "Failure"\n| summarize Failures = count(), Users = dcount(TargetUserId) by SrcIpAddr\n| top 10 by Failures',
    visualization: 'table',
    width: 50,
  },
  {
    title: 'Latest changes of accounts by administrators',
    query:
      'ASimUserManagementMosaic\n| where ActorUserId != TargetUserId\n| project TimeGenerated, ActorUserId, EventMessage, TargetUserId, SrcIpAddr\n| top 20 by TimeGenerated',
    visualization: 'table',
    width: 50,
  },
];

/** Every query of the workbook. */
export const workbookQueries: readonly string[] = charts.map(({ query }) => query);

/** @see https://learn.microsoft.com/azure/azure-monitor/visualize/workbooks-overview */
export function sentinelWorkbook(): object {
  return {
    version: 'Notebook/1.0',
    items: [
      {
        type: 9,
        name: 'range',
        content: {
          version: 'KqlParameterItem/1.0',
          parameters: [
            {
              name: 'Range',
              type: 4,
              isRequired: true,
              value: { durationMs: 86_400_000 },
              typeSettings: {
                selectableValues: [
                  { durationMs: 3_600_000 },
                  { durationMs: 86_400_000 },
                  { durationMs: 604_800_000 },
                ],
              },
            },
          ],
          queryType: 0,
          resourceType: 'microsoft.operationalinsights/workspaces',
        },
      },
      ...charts.map(({ title, query, visualization, width }, index) => ({
        type: 3,
        name: `chart ${index + 1}`,
        customWidth: String(width),
        content: {
          version: 'KqlItem/1.0',
          query,
          size: 0,
          title,
          timeContextFromParameter: 'Range',
          queryType: 0,
          resourceType: 'microsoft.operationalinsights/workspaces',
          visualization,
        },
      })),
    ],
  };
}
