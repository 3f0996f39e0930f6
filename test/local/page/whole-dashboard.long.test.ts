import { type Browser, chromium, type Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventTypes } from '../../../functions/collector/contract.ts';
import { chromiumArguments, findChromium } from '../../../local/page/chromium.ts';
import { type Page, startPage } from '../../../local/page/page.ts';
import { openLocalStage } from '../../../local/run/local-stage.ts';
import type { LocalStage } from '../../../local/run/opened-stage.ts';
import { inSilence } from '../run/in-silence.ts';

const executablePath = findChromium(process.env);
if (executablePath === undefined)
  console.warn(
    'No Chromium is on the PATH or in CHROMIUM_PATH: the dashboard of a whole run is not looked at.',
  );

const minuteMs = 60_000;

describe.skipIf(executablePath === undefined)('the dashboard of the stage dev after a run', () => {
  let stage: LocalStage;
  let page: Page;
  let browser: Browser;
  let tab: Tab;

  beforeAll(async () => {
    stage = await openLocalStage({
      ...inSilence(),
      stage: 'dev',
      types: eventTypes,
      seed: 1,
      source: [],
    });
    const { world, source, streams, metrics } = stage;
    const followed = metrics.follow(world);
    page = await startPage({ world, watch: metrics, followed });
    source.generate(streams, 300, minuteMs);
    // Alarms that look back for days are judged once an hour.
    world.startSchedules();
    await world.clock.runUntil(() => false, world.clock.now() + 65 * minuteMs);
    browser = await chromium.launch({ executablePath: executablePath!, args: chromiumArguments });
    tab = await browser.newPage({ viewport: { width: 1360, height: 1000 } });
    await tab.goto(`${page.url}?hours=3`);
    await tab.waitForSelector('body[data-drawn]');
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await page?.end('The run has ended.');
    await stage?.close();
  });

  test('has data in every widget that is not about trouble, and leaves nothing undrawn', async () => {
    const { widgets } = page.layout.dashboards[0]!;
    const empty: string[] = [];
    for (const { id, title, kind, notDrawn, ...rest } of widgets) {
      expect([title, ...notDrawn]).toEqual([title]);
      const root = tab.locator(`#${id}`);
      await root.scrollIntoViewIfNeeded();
      if (kind === 'chart' && 'view' in rest && rest.view === 'timeSeries') {
        await tab.waitForSelector(`#${id} svg path`, { state: 'attached' });
        const label = (await tab.getAttribute(`#${id} [role=img]`, 'aria-label')) ?? '';
        if (!/ last, between /.test(label)) empty.push(title);
      } else {
        const text = (await root.textContent()) ?? '';
        if (kind === 'chart' ? !/\d/.test(text.slice(title.length)) : text.length < 4) empty.push(title);
      }
    }
    expect(widgets.length).toBeGreaterThan(30);
    // Metrics of trouble are not sent while there is none.
    expect(empty).toEqual([
      'verify to gcs: copies in trouble',
      'Batches possibly lost',
      'Refused: events and records',
      'Mosaic in trouble',
      'Left in Mosaic, and runs that overlap',
      'Left to sweeps',
      'Owed to removed destinations alone, hours',
    ]);
  });

  test('knows the state of every alarm', async () => {
    const unknown = await tab.$$eval('.alarm[data-state=INSUFFICIENT_DATA]', (all) =>
      all.map((one) => one.textContent),
    );
    expect(unknown).toEqual([]);
    expect(await tab.$$('.alarm[data-state=OK]')).not.toEqual([]);
    // The simulator's events have members that no document of Mosaic names.
    expect(await tab.textContent('#summary')).toMatch(/^▲ 1 of \d+ alarms in ALARM: Drift$/);
  });
});
