import { afterAll, beforeAll, expect, test } from 'vitest';
import { metricNamespace } from '../../../functions/metric-namespace.ts';
import { type StageUnderTest, startStage } from '../local-stage.ts';

let stage: StageUnderTest;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

const secret = 'nobody-may-see-this';
const known = { ip: '192.0.2.1', user_agent: 'x' };

test('nothing unknown is told as such, with 0', async () => {
  const { code, out } = await stage.relay('drift');

  expect(code).toBe(0);
  expect(out).toMatch(
    /^nothing unknown came to the local run of stage dev between 2026-02-23 .* and 2026-03-02/,
  );
});

test('unknown names of a run are told with their counts and the lines to add, by drift, status, log and metrics', async () => {
  const at = stage.world.clock.now();
  const events = [
    { ...known, activity: 'brand_new_thing', newMember: secret },
    { ...known, activity: 'user_login', newMember: secret, additionalParams: { riskColour: secret } },
    { ...known, activity: 'ana@example.com', 'user-8f3a9c1e2b': secret },
  ];
  stage.simulator.tell(events.map((members) => ({ type: 'cis', at, members })));
  stage.simulator.tell([{ type: 'admin', at, members: { ...known, activity: 'export_logs' } }]);
  expect((await stage.relay('run-now --stream cis')).code).toBe(0);
  expect((await stage.relay('run-now --stream admin')).code).toBe(0);

  const { code, out } = await stage.relay('drift');
  expect(code).toBe(1);
  expect(out.split('\n')).toEqual([
    'admin (admin): 1 event of an unknown activity in 1 sampled event',
    '        1  activity export_logs',
    '  to add to infra/config/documented-names.ts, AdminActivity:',
    "    | 'exportLogs'",
    '  to add to content/mapping/admin-activities.ts, adminActivities:',
    "    exportLogs: step('Export logs'),",
    'cis (cis): 2 events of an unknown activity and 4 unknown members in 3 sampled events',
    '        2  member newMember',
    '        1  activity brand_new_thing',
    '        1  member additionalParams.riskColour',
    '        2  without a name that can be told',
    '  to add to content/mapping/known-members.ts, knownMembers:',
    "    'newMember',",
    '  to add to infra/config/documented-names.ts, CisActivity:',
    "    | 'brand_new_thing'",
    '  to add to content/mapping/cis-activities.ts, cisActivities:',
    "    brand_new_thing: step('Brand new thing'),",
    '  to add to content/mapping/known-members.ts, knownParameters.cis:',
    "    'riskColour',",
  ]);

  const json = await stage.relay('drift --stream cis --json');
  expect(JSON.parse(json.out)).toMatchObject({ stream: 'cis', type: 'cis', activities: 2, members: 4 });
  const status = await stage.relay('status --stream cis');
  expect(status.out.replaceAll(/\s+/g, ' ')).toContain(
    'in the last day 2 events of an unknown activity and 4 unknown members in 3 sampled events: member newMember (2), ' +
      'activity brand_new_thing (1), member additionalParams.riskColour (1), 2 without a name that can be told; relay drift tells more',
  );
  const statusJson = await stage.relay('status --stream cis --json');
  const runs = await stage.relay('runs --stream cis --json');
  const told = [out, json.out, status.out, statusJson.out, runs.out].join('\n');
  expect(told).not.toMatch(/nobody-may-see|ana@|8f3a9c/);
  expect(JSON.parse(runs.out).unknown.names).toHaveLength(3);

  const sums = stage.metrics.store
    .known()
    .filter(({ namespace, name }) => namespace === metricNamespace && name.startsWith('Unknown'))
    .map(({ name, dimensions }) => `${name} ${Object.values(dimensions).join(' ')}`);
  expect(sums.toSorted()).toEqual([
    'UnknownActivity dev admin',
    'UnknownActivity dev cis',
    'UnknownMember dev cis',
    'UnknownNames dev',
  ]);
});
