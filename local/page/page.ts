import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AlarmChange, Followed, FollowedStack, MetricWatch } from '@mosaic-relay/cdk-loopback';
import { bundlePage, type PageFile } from './bundle.ts';
import { type Dashboard, readDashboard } from './dashboard-body.ts';
import type { Frame, PageLayout, ShownStatus } from './frame.ts';
import { localCommands } from './local-words.ts';
import { breakDestination, type PageRun, replayStream } from './page-run.ts';
import { runbookArticle } from './runbook.ts';
import { widgetData } from './widget-data.ts';

/** The template's dashboards, drawn and kept up to date in a browser on this machine. */
export interface Page {
  readonly url: string;
  readonly layout: PageLayout;
  /** What a browser is shown now; for tests. */
  frame(dashboard: string, rangeMs?: number): Frame;
  /** Tells every open page that the run is over, and why, and closes. */
  end(message: string): Promise<void>;
}

export interface PageOptions {
  readonly world: FollowedStack;
  readonly watch: MetricWatch;
  readonly followed: Followed;
  /** The run itself; a page of metrics and alarms alone when absent. */
  readonly run?: PageRun;
  /** The port to serve at. A free one when absent. */
  readonly port?: number;
  /** The status as it was read last; none when absent. */
  readonly status?: () => ShownStatus | undefined;
  /** Of real time, between two updates of an open page. */
  readonly everyMs?: number;
}

/** Serves the page on loopback. @throws where a dashboard's body is no JSON, and `EADDRINUSE` where the port is taken */
export async function startPage(options: PageOptions): Promise<Page> {
  const { world } = options;
  const declared = world.deployment
    .byType('AWS::CloudWatch::Dashboard')
    .map(({ physicalId, properties }) => readDashboard(physicalId, String(properties.DashboardBody)));
  // Without any there still are alarms to show.
  const first = declared[0] ?? readDashboard(world.deployment.stackName, '{}');
  const dashboards = [first, ...declared.slice(1)];
  const layout = layoutOf(world.deployment.stackName, dashboards, options.run);
  const files = await bundlePage();
  const open = new Map<ServerResponse, () => void>();
  const frame = (name: string, rangeMs?: number) => {
    const dashboard = dashboards.find((one) => one.name === name) ?? first;
    return frameOf(dashboard, rangeMs ?? dashboard.rangeMs, options);
  };

  const sendAll = () => {
    for (const send of open.values()) send();
  };
  const act = async (path: string, request: IncomingMessage, response: ServerResponse) => {
    const { destinations, replays } = options.run ?? {};
    try {
      if (path === '/destinations' && destinations !== undefined) {
        const status = await breakDestination(request, destinations);
        answer(response, status, status === 204 ? nothing : refusal);
      } else if (path === '/replay' && replays !== undefined) {
        const { status, said } = await replayStream(request, replays);
        answer(response, status, said === undefined ? refusal : json(said));
      } else return answer(response, 405, refusal);
      sendAll();
    } catch {
      // Whoever breaks off while asking is told nothing.
      response.destroy();
    }
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://page');
    // A page of another origin must not read this one through a name that leads to loopback.
    if (!/^(127\.0\.0\.1|localhost):\d+$/.test(request.headers.host ?? ''))
      return answer(response, 403, refusal);
    if (request.method === 'POST') return void act(url.pathname, request, response);
    if (request.method !== 'GET') return answer(response, 405, refusal);
    if (url.pathname === '/layout.json') return answer(response, 200, json(layout));
    if (url.pathname.endsWith('.json')) return void tell(url, options.run, response);
    if (url.pathname !== '/events')
      return answer(response, files[url.pathname] ? 200 : 404, files[url.pathname] ?? refusal);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const hours = Number(url.searchParams.get('hours'));
    const rangeMs = hours > 0 && hours <= 168 ? hours * 3_600_000 : undefined;
    let sent = '';
    const send = () => {
      const data = JSON.stringify(frame(url.searchParams.get('dashboard') ?? '', rangeMs));
      if (data !== sent) response.write(`data: ${data}\n\n`);
      sent = data;
    };
    open.set(response, send);
    response.on('close', () => open.delete(response));
    send();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const timer = setInterval(sendAll, options.everyMs ?? 1_000);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    layout,
    frame,
    end: async (message) => {
      clearInterval(timer);
      for (const [response, send] of open) {
        send();
        response.end(`event: ended\ndata: ${JSON.stringify(message)}\n\n`);
      }
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setImmediate(() => server.closeAllConnections());
      });
    },
  };
}

const refusal: PageFile = { type: 'text/plain', body: 'There is nothing here.\n' };
const nothing: PageFile = { type: 'text/plain', body: '' };

function json(value: unknown): PageFile {
  return { type: 'application/json', body: JSON.stringify(value) };
}

function answer(response: ServerResponse, status: number, { type, body }: PageFile): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    // The page needs nothing but itself; charts set styles of their own.
    'content-security-policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

/** Answers with what is asked for beside the dashboards: an article, a stream's log, or the events that pass. */
async function tell(url: URL, run: PageRun | undefined, response: ServerResponse): Promise<void> {
  const asked = (name: string) => url.searchParams.get(name) ?? '';
  try {
    const found =
      url.pathname === '/article.json'
        ? runbookArticle(asked('name'))
        : url.pathname === '/logs.json'
          ? await run?.logs?.(asked('stream'))
          : url.pathname === '/passing.json'
            ? run?.passing?.()
            : undefined;
    answer(response, found === undefined ? 404 : 200, found === undefined ? refusal : json(found));
  } catch (error) {
    answer(response, 503, { type: 'text/plain', body: (error as Error).message });
  }
}

function layoutOf(title: string, dashboards: readonly Dashboard[], run: PageRun | undefined): PageLayout {
  const views = [run?.passing && ('events' as const), run?.logs && ('logs' as const)];
  return {
    title,
    views: views.filter((view) => view !== undefined),
    dashboards: dashboards.map(({ name, rangeMs, widgets }) => ({
      name,
      rangeMs,
      widgets: widgets.map(({ layout }) => layout),
    })),
  };
}

const mostChanges = 50;

/** That an alarm was found well when it was judged first is none. */
function isNews({ from, to }: AlarmChange): boolean {
  return from !== 'INSUFFICIENT_DATA' || to !== 'OK';
}

function frameOf(dashboard: Dashboard, rangeMs: number, options: PageOptions): Frame {
  const { world, watch, followed, run = {} } = options;
  const status = options.status?.();
  followed.refresh();
  const now = world.clock.now();
  const to = Math.floor(now / 60_000) * 60_000 + 60_000;
  const range = { from: to - rangeMs, to };
  const charts = dashboard.widgets.filter(({ layout }) => layout.kind === 'chart');
  return {
    now,
    ...range,
    widgets: Object.fromEntries(charts.map((one) => [one.layout.id, widgetData(one, watch.store, range)])),
    alarms: followed.evaluator
      .states()
      .map((alarm) => ({ ...alarm, description: localCommands(alarm.description) })),
    changes: followed.evaluator.history.filter(isNews).slice(-mostChanges).toReversed(),
    problems: [...watch.problems],
    ...(status && { status }),
    ...(run.replays && { replays: run.replays.offers }),
    ...(run.destinations && { destinations: run.destinations.states }),
  };
}
