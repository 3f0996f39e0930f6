import { afterAll, beforeAll, expect, test } from 'vitest';
import { alarmSeverities } from '../../../infra/config/alarm-names.ts';
import { type StageUnderTest, startStage } from '../local-stage.ts';

let stage: StageUnderTest;

beforeAll(async () => {
  stage = await startStage();
  const { world, metrics, receivers, source, streams } = stage;
  metrics.follow(world);
  receivers.of('cis', 'splunk')!.receiver.faults.down = true;
  source.generate(streams, 20, 60_000);
  world.startSchedules();
  await world.clock.runUntil(() => false, world.clock.now() + 2_700_000);
  world.scheduler.stop();
}, 120_000);
afterAll(() => stage?.close());

const names = () =>
  stage.world.deployment
    .byType('AWS::CloudWatch::Alarm')
    .map(({ properties }) => String(properties.AlarmName));

test('every alarm of the template is explained by its whole name, with the real log groups', async () => {
  expect(names().length).toBeGreaterThan(60);
  const groups = stage.world.deployment.byType('AWS::Logs::LogGroup').map(({ physicalId }) => physicalId);
  for (const name of names()) {
    const { code, out, problems } = await stage.relay(`explain ${name} --json`);
    expect([name, code, problems]).toEqual([name, 0, '']);
    const told = JSON.parse(out);
    expect([name, told.alarm, told.figures.length]).toEqual([name, name.split('-').at(-1), 1]);
    expect(told.figures[0].said.length).toBeGreaterThan(0);
    expect(told.logGroups.length).toBeGreaterThan(0);
    for (const group of told.logGroups) expect(groups).toContain(group.name);
    expect(told.commands[0]).toMatch(/^npx relay \w.* --stage dev --local /);
    // Nobody knows which removed destination is meant by an alarm of the stage.
    const isOfStage = told.figures[0].title === 'dev';
    expect(JSON.stringify(told.parts)).not.toMatch(
      isOfStage ? /<stage>/ : /<(stage|stream|destination|name)>/,
    );
  }
}, 240_000);

test('every alarm of the runbook is explained by its short name', async () => {
  for (const name of Object.keys(alarmSeverities)) {
    const { code, out, problems } = await stage.relay(`explain ${name}`);
    expect([name, code, problems]).toEqual([name, 0, '']);
    for (const part of ['Means', 'See', 'Do', 'Over']) expect(out).toContain(`\n\n${part}\n  `);
  }
}, 240_000);

test('what is red stands alone, with what waits there, how long, and a command that can be typed as it is', async () => {
  const { out } = await stage.relay('explain DeliveryFailing');

  expect(out).toMatch(/^DeliveryFailing, urgent: Firehose's attempts fail\n\ncis\/splunk: red for \d/);
  expect(out.replaceAll(/\s+/g, ' ')).toMatch(/about 20 events held by Firehose, the oldest for 4\d min/);
  expect(out).not.toContain('admin/s3');
  expect(out).toMatch(
    /\n {2}\/mosaic-siem-relay\/dev\/cis\/splunk\/[0-9a-f]{8} {2}\(cis\/splunk delivery\)$/,
  );
  const [, first] = /\nCommands\n {2}npx relay (.*)\n/.exec(out) ?? [];
  const typed = first!.replace(` --local --out ${stage.out}`, '');
  expect((await stage.relay(typed)).code).toBeLessThan(2);
});

test('a name in small letters is taken, and one stream alone can be asked about', async () => {
  const { code, out } = await stage.relay('explain undelivered --stream risk');

  expect(code).toBe(0);
  expect(out).toMatch(/^Undelivered, urgent: .*\n\nrisk: not red now\n/);
  expect(out).not.toContain('\ncis');
  for (const line of out.split('\n'))
    if (!line.startsWith('  npx') && !line.startsWith('  /')) expect(line.length).toBeLessThanOrEqual(80);
});

test.each([
  ['explain DeliveryFaling', /there is no alarm DeliveryFaling; did you mean DeliveryFailing\?/],
  ['explain Weather', /there is no alarm Weather; there are Failing, NotRunning, /],
  [
    'explain mosaic-relay-prod-cis-Failing',
    /has no alarm mosaic-relay-prod-cis-Failing; see whether --stage is right/,
  ],
  ['explain', /ALARM is needed/],
  ['explain Failing --stream none', /there is no stream none/],
  ['explain Failing --destination splunk', /--destination goes only with --stream ID/],
])('%s is refused in one line', async (args, problem) => {
  const { code, out, problems } = await stage.relay(args);

  expect([code, out]).toEqual([2, '']);
  expect(problems).toMatch(problem);
  expect(problems.split('\n')).toHaveLength(1);
});
