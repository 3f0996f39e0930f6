import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Frame } from '../../../local/page/frame.ts';
import { renderMarkdown } from '../../../local/page/markdown.ts';
import { type Page, startPage } from '../../../local/page/page.ts';
import { type SmallDashboard, smallDashboard, startAt } from './small-dashboard.ts';

let small: SmallDashboard;
let page: Page;

afterEach(async () => {
  await page?.end('over');
  small?.close();
});

async function open(body?: object): Promise<void> {
  small = smallDashboard(body);
  page = await startPage({ ...small, everyMs: 10 });
}

test('a frame has the values that CloudWatch would plot', async () => {
  await open();
  await small.pass(3, (minute) => ({ EventsCollected: minute }));

  const { from, to, widgets } = page.frame('dev', 600_000);

  expect([from, to]).toEqual([startAt - 360_000, startAt + 240_000]);
  const [events, rate] = widgets.w4!;
  expect(events).toMatchObject({ label: 'Events, last 2', start: from, periodMs: 60_000, axis: 'left' });
  expect(events!.values).toEqual([null, null, null, null, null, null, 0, 1, 2, null]);
  expect(rate!.values.slice(-3)).toEqual([1 / 60, 2 / 60, null]);
});

test('an open page is sent a frame at once, and told when the run ends', async () => {
  await open();
  const response = await fetch(`${page.url}events?dashboard=dev&hours=1`);
  const reading = response.text();

  await page.end('The run has ended.');

  const text = await reading;
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const [first] = text.split('\n\n');
  expect((JSON.parse(first!.slice('data: '.length)) as Frame).alarms).toHaveLength(2);
  expect(text).toContain('event: ended\ndata: "The run has ended."\n\n');
});

test('a name that leads to loopback is refused, so that no other site reads the page', async () => {
  await open();
  const { port } = new URL(page.url);
  const status = await new Promise((resolve, reject) => {
    const headers = { host: `evil.example:${port}` };
    request({ host: '127.0.0.1', port, path: '/layout.json', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

  expect(status).toBe(403);
});

test('an unknown path is a 404, and a method other than GET is refused', async () => {
  await open();
  expect((await fetch(`${page.url}secrets`)).status).toBe(404);
  expect((await fetch(page.url, { method: 'POST' })).status).toBe(405);
});

describe('breaking a destination', () => {
  const broken = new Set<string>();
  const destinations = {
    get states() {
      return [{ name: 'cis/splunk', broken: broken.has('cis/splunk') }];
    },
    set(name: string, wanted: boolean) {
      if (name !== 'cis/splunk') return false;
      if (wanted) broken.add(name);
      else broken.delete(name);
      return true;
    },
  };
  const ask = async (body: unknown, headers: Record<string, string> = {}) => {
    const { origin } = new URL(page.url);
    const { status } = await fetch(`${page.url}destinations`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return status;
  };

  beforeEach(async () => {
    small = smallDashboard();
    page = await startPage({ ...small, run: { destinations } });
    broken.clear();
  });

  test('the page breaks a destination and repairs it again', async () => {
    expect(await ask({ name: 'cis/splunk', broken: true })).toBe(204);
    expect(page.frame('dev').destinations).toEqual([{ name: 'cis/splunk', broken: true }]);
    expect(await ask({ name: 'cis/splunk', broken: false })).toBe(204);
    expect(page.frame('dev').destinations).toEqual([{ name: 'cis/splunk', broken: false }]);
  });

  test.each<readonly [string, unknown, Record<string, string>, number]>([
    ['another site', { name: 'cis/splunk', broken: true }, { origin: 'https://evil.example' }, 403],
    ['a form', { name: 'cis/splunk', broken: true }, { 'content-type': 'text/plain' }, 415],
    ['a destination that is not there', { name: 'cis/gcs', broken: true }, {}, 404],
    ['something else', { name: 'cis/splunk', broken: 'yes' }, {}, 400],
    ['far too much', { name: 'x'.repeat(2_000), broken: true }, {}, 413],
  ])('%s is refused', async (_, body, headers, status) => {
    expect(await ask(body, headers)).toBe(status);
    expect(broken.size).toBe(0);
  });
});

test("a widget's unknown requests are named with it", async () => {
  const metrics = [['Ns', 'Name', 'Dim', 'value', { stat: 'Sum', accountId: '1' }]];
  await open({
    widgets: [
      { type: 'metric', properties: { title: 'a', metrics, liveData: true, trend: false } },
      {
        type: 'metric',
        properties: { title: 'b', metrics: [[{ expression: "SEARCH('x', 'Sum')" }]], view: 'gauge' },
      },
      { type: 'metric', properties: { title: 'c', metrics: [['Ns', 'Name', { stat: 'tm99' }]] } },
      { type: 'metric', properties: { title: 'd', metrics: [['Ns', 'Name', { period: 30 }]] } },
      { type: 'explorer' },
    ],
  });

  expect(page.layout.dashboards[0]!.widgets.map(({ notDrawn }) => notDrawn)).toEqual([
    ['the property trend', 'accountId of a metric'],
    ['the view gauge, but as a time series'],
    ['the local CloudWatch does not know the statistic tm99'],
    ['the local CloudWatch knows whole minutes only; a period of 30 s is not'],
    ['a widget of type explorer'],
  ]);
});

test('widgets without a place flow as in CloudWatch, and values equal to the line before may be left out', async () => {
  const widget = (metrics: readonly unknown[]) => ({
    type: 'metric',
    width: 10,
    height: 3,
    properties: { metrics },
  });
  await open({
    widgets: [
      widget([
        ['Ns', 'A', 'Dim', 'x'],
        ['.', 'B', '.', '.'],
        ['...', 'y'],
      ]),
      widget([]),
      widget([]),
    ],
  });
  const { widgets } = page.layout.dashboards[0]!;

  expect(widgets.map(({ x, y }) => [x, y])).toEqual([
    [0, 0],
    [10, 0],
    [0, 3],
  ]);
  expect(page.frame('dev').widgets.w1!.map(({ label }) => label)).toEqual(['A', 'B x', 'B y']);
});

test('HTML in a text widget is shown, not obeyed', () => {
  expect(renderMarkdown('<script>alert(1)</script>')).toBe('<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n');
  expect(renderMarkdown('[x](javascript:alert(1))')).not.toContain('href');
  expect(renderMarkdown('[button:primary:Go](https://example.com)')).toContain(
    'class="button primary">Go</a>',
  );
});

test('a frame has the status as it was read last, and none before', async () => {
  small = smallDashboard();
  let latest: Frame['status'];
  page = await startPage({ ...small, status: () => latest });
  expect(page.frame('dev')).not.toHaveProperty('status');

  latest = { verdict: 'behind', headline: 'behind: cis/splunk; 40 events wait', trouble: ['cis/splunk'] };

  expect(page.frame('dev').status).toEqual(latest);
});
