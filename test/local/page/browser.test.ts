import { type Browser, chromium, type Page as Tab } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { chromiumArguments, findChromium } from '../../../local/page/chromium.ts';
import { type Page, startPage } from '../../../local/page/page.ts';
import { type SmallDashboard, smallDashboard } from './small-dashboard.ts';
import { smallRun } from './small-run.ts';

const executablePath = findChromium(process.env);
if (executablePath === undefined)
  console.warn('No Chromium is on the PATH or in CHROMIUM_PATH: the tests in a browser are skipped.');

describe.skipIf(executablePath === undefined)('in a browser', () => {
  let browser: Browser;
  let small: SmallDashboard;
  let page: Page;
  let tab: Tab;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: chromiumArguments });
    small = smallDashboard();
    await small.pass(20, (minute) => ({ EventsCollected: 40 + minute, EventLag: minute, RunSucceeded: 1 }));
    page = await startPage({ ...small, everyMs: 50 });
  });
  afterAll(async () => {
    await browser?.close();
    await page?.end('The run has ended.');
    small?.close();
  });
  beforeEach(async () => {
    tab = await open({ viewport: { width: 1280, height: 1400 } });
  });

  async function open(options: Parameters<Browser['newPage']>[0], url = page.url): Promise<Tab> {
    await tab?.close();
    const opened = await browser.newPage(options);
    await opened.goto(url);
    await opened.waitForSelector('body[data-drawn]');
    return opened;
  }

  /** As text, since what runs in the page knows a document, and these files do not. */
  async function inPage<Result>(expression: string): Promise<Result> {
    return (await tab.evaluate(expression)) as Result;
  }

  test('every widget stands where the template puts it, and shows its data', async () => {
    const { widgets } = page.layout.dashboards[0]!;
    const places = await inPage<[string, string][]>(
      `[...document.querySelectorAll('main > section')].map((one) => [one.id, getComputedStyle(one).gridArea])`,
    );
    expect(Object.fromEntries(places)).toEqual(
      Object.fromEntries(
        widgets.map(({ id, x, y, width, height }) => [
          id,
          `${y + 1} / ${x + 1} / span ${height} / span ${width}`,
        ]),
      ),
    );
    await tab.waitForSelector('#w4 svg path', { state: 'attached' });
    expect(await tab.getAttribute('#w4 [role=img]', 'aria-label')).toMatch(
      /^Events of cis\. Events, last 59: 59 last, between 40 and 59; Events a second: 0\.9833 last/,
    );
    expect(await tab.textContent('#w4')).toContain('Usual');
    expect(await tab.textContent('#w2')).toMatch(/Events59.*EventLag19/);
    expect(await tab.textContent('#w3')).toContain('✓ OK cis-failing');
    expect(await tab.textContent('#w1 strong')).toBe('fresh');
  });

  test('what it cannot draw it names', async () => {
    expect(await tab.textContent('#w8')).toContain('Not drawn: a widget of type log');
    expect(await tab.textContent('#w7')).toContain('Not drawn: the view pie');
  });

  test('a chart has a table beside it, which the keyboard reaches', async () => {
    await tab.focus('#w4 .toggle');
    await tab.keyboard.press('Enter');

    expect(await tab.getAttribute('#w4 .toggle', 'aria-pressed')).toBe('true');
    expect(
      await tab.$$eval('#w4 tbody tr:first-child > *', (cells) => cells.map((cell) => cell.textContent)),
    ).toEqual(['08:19', '59', '0.9833']);
  });

  test('a value and an alarm that change are shown without a reload', async () => {
    await small.pass(2, () => ({ EventsCollected: 7, RunSucceeded: 0 }));

    await tab.waitForSelector('text=▲ 1 of 1 alarms in ALARM:');
    await tab.waitForSelector('#summary >> text=dev-cis-failing');
    await tab.waitForSelector('#w3 [data-state=ALARM]');
    expect(await tab.textContent('#w2')).toContain('Events7');
    expect(await tab.textContent('#history li')).toMatch(/ALARM dev-cis/);
  });

  test('nothing is wider than a phone, and widgets come in the order of the template', async () => {
    tab = await open({ viewport: { width: 390, height: 844 }, isMobile: true });

    const [clientWidth, scrollWidth] = await inPage<[number, number]>(
      '[document.documentElement.clientWidth, document.documentElement.scrollWidth]',
    );
    expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
    const tops = await tab.$$eval('main > section', (all) =>
      all.map((one) => one.getBoundingClientRect().top),
    );
    expect(tops).toEqual(tops.toSorted((a, b) => a - b));
  });

  test('it is dark where the system is, and as chosen where something is chosen', async () => {
    tab = await open({ colorScheme: 'dark' });
    const card = () => inPage(`getComputedStyle(document.querySelector('#w4')).backgroundColor`);
    expect(await card()).toBe('rgb(26, 33, 42)');

    await tab.selectOption('#theme', 'light');

    expect(await card()).toBe('rgb(255, 255, 255)');
  });

  test('it loads nothing from anywhere else', async () => {
    const seen: string[] = [];
    tab.on('request', (request) => seen.push(new URL(request.url()).origin));

    await tab.reload();
    await tab.waitForSelector('body[data-drawn]');

    expect(new Set(seen)).toEqual(new Set([new URL(page.url).origin]));
  });

  test('an open alarm keeps its focus and stays open while its state changes', async () => {
    await tab.focus('#w3 [data-name=dev-cis-failing] summary');
    await tab.keyboard.press('Enter');
    await tab.evaluate('window.focused = document.activeElement');
    const before = await tab.getAttribute('body', 'data-drawn');

    await small.pass(3, () => ({ EventsCollected: 7, RunSucceeded: 1 }));
    await tab.waitForSelector('#w3 [data-state=OK]');
    expect(await tab.getAttribute('body', 'data-drawn')).not.toBe(before);

    expect(await inPage('document.activeElement === window.focused')).toBe(true);
    expect(await inPage('document.activeElement.parentElement.open')).toBe(true);
    await small.pass(3, () => ({ EventsCollected: 7, RunSucceeded: 0 }));
    await tab.waitForSelector('#w3 [data-state=ALARM]');
    expect(await inPage('document.activeElement === window.focused')).toBe(true);
  });

  test('a red name leads to its alarm, and its article opens in the page', async () => {
    await small.pass(3, () => ({ EventsCollected: 7, RunSucceeded: 0 }));
    await tab.click('#summary a');

    expect(await inPage('document.activeElement.parentElement.dataset.name')).toBe('dev-cis-failing');
    expect(await inPage('document.activeElement.parentElement.open')).toBe(true);
    await tab.click('#w3 >> text=Runbook: failing');
    await tab.waitForSelector('#view h2');
    expect(await tab.textContent('#view h2')).toBe('Runbook: Failing');
    expect(await tab.textContent('#view')).toContain('Every run of the stream failed');
    expect(await tab.isVisible('#dashboard-view')).toBe(false);

    await tab.click('#views >> text=Dashboard');
    await tab.waitForSelector('#dashboard-view', { state: 'visible' });
  });

  test('print, and a picture of the whole page, have every chart, though nobody scrolled to it', async () => {
    tab = await open({ viewport: { width: 1280, height: 200 } });
    const drawn = () =>
      inPage<(number | null)[]>(
        `[...document.querySelectorAll('.drawing')].map((place) => {
          const picture = place.querySelector('svg');
          return picture && picture.querySelectorAll('path').length > 4
            ? Math.abs(Math.round(picture.getBoundingClientRect().width - place.getBoundingClientRect().width))
            : null;
        })`,
      );
    expect(await drawn()).toEqual([0, 0, 0]);

    await tab.emulateMedia({ media: 'print' });
    await tab.setViewportSize({ width: 1040, height: 700 });
    await vi.waitFor(async () => expect(await drawn()).toEqual([0, 0, 0]), 5_000);
    expect(await tab.isVisible('.controls')).toBe(false);
  });

  describe('of a run', () => {
    let run: ReturnType<typeof smallRun>;
    let other: Page;
    beforeEach(async () => {
      run = smallRun();
      other = await startPage({ ...small, run, everyMs: 50 });
      tab = await open({}, other.url);
    });
    afterEach(() => other.end('The run has ended.'));

    test('a destination stops answering and answers again by its button, by keyboard too', async () => {
      await tab.focus('#destinations button');
      expect(await tab.textContent('#destinations button')).toBe('cis/splunk stops answering');
      await tab.keyboard.press('Enter');
      await tab.waitForSelector('text=Let cis/splunk answer again');
      expect(run.destinations?.states).toEqual([{ name: 'cis/splunk', broken: true }]);
      expect(await tab.textContent('#destinations [role=status]')).toMatch(
        /^cis\/splunk stops answering now/,
      );

      await tab.keyboard.press('Enter');
      await tab.waitForSelector('#destinations button[data-broken=false]');
      expect(run.destinations?.states).toEqual([{ name: 'cis/splunk', broken: false }]);
    });

    test('what was given up has its command, and a button that replays it', async () => {
      expect(await tab.textContent('.replays')).toMatch(
        /^cis: two alarms stay until what was given up is replayed\. Run npx relay replay --stage dev --local --stream cis, or/,
      );
      await tab.click('text=Replay cis now');

      await tab.waitForSelector('text=40 events of cis were sent again.');
      expect(run.replayed).toEqual(['cis']);
      await tab.waitForSelector('.replays', { state: 'hidden' });
    });

    test('its events are shown as Mosaic gave them and as each destination got them', async () => {
      await tab.click('#views >> text=Events passing');
      await tab.waitForSelector('.passing summary');
      expect(await tab.textContent('.passing summary')).toBe(
        '08:00:00 login_success splunk: ✓lake: dropped by its views3: not yet',
      );
      await tab.click('.passing summary');
      expect(await tab.$$eval('.passing h3', (all) => all.map((one) => one.textContent))).toEqual([
        'As Mosaic gave it',
        'As splunk got it',
        'As lake got it',
        'As s3 got it',
      ]);
      expect(await tab.textContent('.passing pre >> nth=1')).toContain('"event": {');
    });

    test('its logs are read in the page', async () => {
      await tab.goto(`${other.url}#logs/cis`);
      await tab.waitForSelector('text=cis collector INFO ended');
    });
  });

  test('it shows the time that its address asks for', async () => {
    tab = await open({}, `${page.url}?hours=1`);

    expect(await tab.inputValue('#range')).toBe('1');
  });

  test('where nothing can be broken, nothing is offered', async () => {
    expect(await tab.isVisible('#destinations')).toBe(false);
  });

  test('it stays when the run ends, and says so', async () => {
    const other = await startPage({ ...small, everyMs: 50 });
    tab = await open({}, other.url);

    await other.end('The run has ended.');

    await tab.waitForSelector('#ended:not([hidden])');
    expect(await tab.textContent('#ended')).toBe('The run has ended. What is shown is as it was then.');
    expect(await tab.textContent('#w2')).toContain('Events');
  });
});
