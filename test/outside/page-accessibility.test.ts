import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumArguments } from '../../local/page/chromium.ts';
import { type Page, startPage } from '../../local/page/page.ts';
import { type SmallDashboard, smallDashboard } from '../local/page/small-dashboard.ts';
import { smallRun } from '../local/page/small-run.ts';
import { install, tellSkipped, temporaryFolder } from './install.ts';

const folder = temporaryFolder();
const { missing } = await install(
  'npm',
  [
    ...['install', '--no-audit', '--no-fund', '@sparticuz/chromium@147.0.0', 'axe-core@4.14.1'],
    ...['--prefix', folder],
  ],
  folder,
);
tellSkipped('axe in a Chromium from npm', missing, folder);

let browser: Browser;
let small: SmallDashboard;
let page: Page;

beforeAll(async () => {
  if (missing !== undefined) return;
  const shipped = join(folder, 'node_modules/@sparticuz/chromium/build/esm/index.js');
  const { default: packed } = (await import(pathToFileURL(shipped).href)) as {
    default: { executablePath(): Promise<string> };
  };
  browser = await chromium.launch({ executablePath: await packed.executablePath(), args: chromiumArguments });
  small = smallDashboard();
  await small.pass(20, (minute) => ({ EventsCollected: 40 + minute, EventLag: minute, RunSucceeded: 0 }));
  const status = {
    verdict: 'failing',
    headline: 'failing: cis/splunk; 40 events wait',
    trouble: ['cis/splunk', '  next: npx relay doctor'],
  };
  page = await startPage({ ...small, run: smallRun(), status: () => status, everyMs: 200 });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await page?.end('The run has ended.');
  small?.close();
});

const looks = [
  ['light', { colorScheme: 'light', viewport: { width: 1280, height: 800 } }],
  ['dark', { colorScheme: 'dark', viewport: { width: 1280, height: 800 } }],
  ['at 390 px', { colorScheme: 'light', viewport: { width: 390, height: 844 } }],
] as const;

test.skipIf(missing !== undefined).each(looks)(
  'axe finds nothing in the dashboard, the events, the logs and an article, %s',
  async (_, options) => {
    const tab = await browser.newPage(options);
    await tab.goto(page.url);
    await tab.waitForSelector('body[data-drawn]');
    await tab.click('#w3 summary');
    const found = [await violations(tab)];
    for (const view of ['#events/cis', '#logs/cis', '#runbook/DeliveryGivenUp']) {
      await tab.goto(`${page.url}${view}`);
      await tab.waitForSelector('#view h2');
      found.push(await violations(tab));
    }
    expect(found).toEqual([[], [], [], []]);
    await tab.close();
  },
);

test.skipIf(missing !== undefined)(
  'in that Chromium too, an open alarm keeps the focus over redraws, and print has every chart',
  async () => {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 300 } });
    await tab.goto(page.url);
    await tab.waitForSelector('body[data-drawn]');
    await tab.focus('#w3 summary');
    await tab.keyboard.press('Enter');
    await tab.evaluate('window.focused = document.activeElement');
    const before = await tab.getAttribute('body', 'data-drawn');
    await small.pass(2, () => ({ EventsCollected: 7, RunSucceeded: 0 }));
    await tab.waitForSelector(`body:not([data-drawn="${before}"])`);
    expect(
      await tab.evaluate('document.activeElement === window.focused && focused.parentElement.open'),
    ).toBe(true);

    await tab.emulateMedia({ media: 'print' });
    expect(
      await tab.evaluate(
        `[...document.querySelectorAll('.drawing')].map((place) => place.querySelectorAll('path').length > 4)`,
      ),
    ).toEqual([true, true, true]);
    await tab.close();
  },
);

async function violations(tab: Tab): Promise<readonly string[]> {
  // The page's own policy lets no script in but its own, so axe comes by the browser's debugger.
  await tab.evaluate(readAxe());
  return (await tab.evaluate(
    `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, any }) => id + ': ' + html.slice(0, 120) + ' ' + (any[0]?.message ?? ''))))`,
  )) as readonly string[];
}

let axe: string | undefined;

function readAxe(): string {
  axe ??= readFileSync(join(folder, 'node_modules/axe-core/axe.min.js'), 'utf8');
  return axe;
}
