/** The overview of the Splunk app, in simple XML: sign-ins, failures, changes by administrators, risk. */
export function dashboardXml(): string {
  return `<form version="1.1" theme="light">
  <label>Mosaic</label>
  <description>Sign-ins, changes by administrators, and risk. An event that came twice counts once.</description>
  <fieldset submitButton="false">
    <input type="time" token="range" searchWhenChanged="true">
      <label>Time</label>
      <default><earliest>-24h@h</earliest><latest>now</latest></default>
    </input>
  </fieldset>
${rows.map((panels) => `  <row>\n${panels.map(panelXml).join('\n')}\n  </row>`).join('\n')}
</form>
`;
}

interface Panel {
  readonly title: string;
  readonly kind: 'single' | 'chart' | 'table';
  readonly query: string;
  readonly options?: Readonly<Record<string, string>>;
}

const overTime = { 'charting.chart': 'column', 'charting.chart.stackMode': 'stacked' };

const rows: readonly (readonly Panel[])[] = [
  [
    {
      title: 'Sign-ins',
      kind: 'single',
      query: '`mosaic_events` mosaic_class=authentication action=success | stats count',
    },
    {
      title: 'Sign-ins that failed',
      kind: 'single',
      query: '`mosaic_events` mosaic_class=authentication action=failure | stats count',
    },
    {
      title: 'Changes by administrators',
      kind: 'single',
      query:
        '`mosaic_events` sourcetype=transmitsecurity:mosaic:admin mosaic_class!=authentication | stats count',
    },
    {
      title: 'Risk: challenged or denied',
      kind: 'single',
      query: '`mosaic_events` mosaic_class=detectionFinding | stats count',
    },
  ],
  [
    {
      title: 'Sign-ins by outcome',
      kind: 'chart',
      query: '`mosaic_events` mosaic_class=authentication action=* | timechart count by action',
      options: overTime,
    },
    {
      title: 'Risk by recommendation',
      kind: 'chart',
      query:
        '`mosaic_events` sourcetype=transmitsecurity:mosaic:risk | timechart count by mosaic_recommendation',
      options: overTime,
    },
  ],
  [
    {
      title: 'Addresses with the most failures',
      kind: 'table',
      query:
        '`mosaic_events` mosaic_class=authentication action=failure | stats count, dc(user) as users by src | sort 10 - count',
    },
    {
      title: 'Latest changes by administrators',
      kind: 'table',
      query:
        '`mosaic_events` sourcetype=transmitsecurity:mosaic:admin mosaic_class!=authentication | head 20 | table _time, src_user, signature, object_id',
    },
  ],
  [
    {
      title: 'Activities that no mapping knows',
      kind: 'table',
      query: '`mosaic_events` NOT mosaic_class=* | stats count by sourcetype, activity | sort 10 - count',
    },
  ],
];

function panelXml({ title, kind, query, options = {} }: Panel): string {
  const lines = Object.entries(options).map(
    ([name, value]) => `        <option name="${name}">${value}</option>\n`,
  );
  return `    <panel>
      <${kind}>
        <title>${title}</title>
        <search>
          <query>${escaped(query)}</query>
          <earliest>$range.earliest$</earliest>
          <latest>$range.latest$</latest>
        </search>
${lines.join('')}      </${kind}>
    </panel>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
