import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { eventTypes } from '../../functions/collector/contract.ts';
import { createBreakableDestinations } from '../run/breaking/breakable-destinations.ts';
import { openLocalStage } from '../run/local-stage.ts';
import type { LocalStage } from '../run/opened-stage.ts';
import { createProgress } from '../run/progress.ts';
import { tellPart } from '../run/raise-events.ts';
import { readStatus } from '../run/status-watch.ts';
import { synthesize } from '../run/synthesize.ts';
import { chromiumArguments, findChromium } from './chromium.ts';
import type { ShownStatus } from './frame.ts';
import { startPage } from './page.ts';

/** What `npm run screenshots` runs: draws the dashboard of `dev`, healthy and with a SIEM that is down, into `docs/`. */
const root = resolve(import.meta.dirname, '../..');
const hourMs = 3_600_000;
const stepMs = 300_000;
/** The first screen of a laptop. */
const viewport = { width: 1280, height: 800 };

process.exitCode = await takeScreenshots();

async function takeScreenshots(): Promise<number> {
  const executablePath = findChromium(process.env);
  if (executablePath === undefined) {
    process.stderr.write('No Chromium is on the PATH; CHROMIUM_PATH may name one.\n');
    return 1;
  }
  const progress = createProgress(process.stderr);
  const { stdout, stderr, env } = process;
  const signal = new AbortController().signal;
  const context = { root, stdout, stderr, env, synthesize, signal };
  const destinations = createBreakableDestinations();
  const stage = await openLocalStage({
    stage: 'dev',
    types: eventTypes,
    seed: 1,
    source: [],
    context,
    progress,
    world: { gateway: { interfere: destinations.interfere } },
  });
  destinations.attach(stage);
  const followed = stage.metrics.follow(stage.world);
  let status: ShownStatus | undefined;
  const page = await startPage({
    world: stage.world,
    watch: stage.metrics,
    followed,
    run: { destinations },
    status: () => status,
  });
  const browser = await chromium.launch({ executablePath, args: chromiumArguments });
  try {
    stage.world.startSchedules();
    const names = new Set(stage.streams.map(({ name }) => name));
    const take = async (name: string, colorScheme: 'light' | 'dark') => {
      status = await readStatus(stage.world, { stage: 'dev', out: 'out', names });
      const tab = await browser.newPage({ viewport, colorScheme });
      await tab.goto(page.url);
      await tab.selectOption('#range', '3');
      await tab.waitForSelector('main svg path', { state: 'attached' });
      const path = join(root, 'docs', name);
      await tab.screenshot({ path });
      await tab.close();
      progress.stage(`Wrote ${path}`);
    };
    progress.stage('Three healthy hours');
    await passTime(stage, 3 * hourMs);
    await take('dashboard-healthy.png', 'light');
    progress.stage('Two hours in which Splunk is down');
    if (!destinations.set('cis/splunk', true)) throw new Error('the stage dev has no Splunk to take down');
    await passTime(stage, 2 * hourMs);
    await take('dashboard-broken.png', 'dark');
    return 0;
  } finally {
    await browser.close();
    followed.stop();
    await page.end('The screenshots are taken.');
    await stage.close();
  }
}

/** Users sign in and administrators work, more at some hours than at others. */
async function passTime(stage: LocalStage, lastsMs: number): Promise<void> {
  const { clock } = stage.world;
  const end = clock.now() + lastsMs;
  while (clock.now() < end) {
    const until = clock.now() + stepMs;
    tellPart(stage, { seed: 1, attacks: [], until });
    await clock.runUntil(() => false, until);
  }
}
