import type { Page } from 'playwright-core';
import { follow, makeFirstAdministrator, openConsole } from '../tests/browser/console-user.ts';

// How the table of assets feels with 10,000 rows: they come in through the API as an equipment list does, then a real
// browser scrolls, jumps, searches, filters and sorts. Last line: figures as JSON. Times are milliseconds.

const ROWS = Number(process.argv[2] ?? 10_000);
const KINDS = ['infusion-pump', 'patient-monitor', 'ct-scanner', 'workstation', 'printer'] as const;
const IMPORT_LIMIT_MS = 600_000;

function equipmentList(): string {
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const ip = `10.${50 + (row >> 16)}.${(row >> 8) & 255}.${row & 255}`;
    return `${ip},Device ${String(row).padStart(5, '0')},${KINDS[row % KINDS.length]},Ward ${row % 40}`;
  });
  return ['ip,name,kind,owner', ...lines].join('\n');
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return Math.round(performance.now() - start);
}

async function importAssets(page: Page): Promise<number> {
  return timed(async () => {
    const status = await page.evaluate(async (content) => {
      const headers = { 'x-sphinx-request': '1', 'content-type': 'application/json' };
      const body = JSON.stringify({ format: 'csv', content });
      return (await fetch('/api/v1/assets/import', { method: 'POST', headers, body })).status;
    }, equipmentList());
    if (status !== 200) throw new Error(`The import was answered with status ${status}.`);
  });
}

const rowsInPage = (page: Page) => page.locator('tr[data-index]').count();
const shows = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor();
const row = (index: number) => `Device ${String(index).padStart(5, '0')}`;

/** Scrolls as a wheel does, a step in each frame. @returns how long frames took, and the most rows there were */
function scroll(page: Page): Promise<{ medianFrame: number; slowestFrame: number; mostRows: number }> {
  return page.evaluate(async () => {
    const scroller = document.querySelector('section[aria-label^="Assets"]');
    const frames: number[] = [];
    let mostRows = 0;
    let last = performance.now();
    for (let step = 0; step < 240; step += 1) {
      scroller?.scrollBy(0, 320);
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      frames.push(now - last);
      last = now;
      mostRows = Math.max(mostRows, document.querySelectorAll('tr[data-index]').length);
    }
    frames.sort((left, right) => left - right);
    const round = (value = 0) => Math.round(value * 10) / 10;
    return { medianFrame: round(frames[120]), slowestFrame: round(frames.at(-1)), mostRows };
  });
}

const console_ = await openConsole();
try {
  const { page } = console_;
  page.setDefaultTimeout(IMPORT_LIMIT_MS);
  await makeFirstAdministrator(console_);
  const imported = await importAssets(page);
  const open = await timed(async () => {
    await follow(page, '/assets');
    await page.getByRole('link', { name: row(0) }).waitFor();
  });
  const rowsAtFirst = await rowsInPage(page);
  const scrolled = await scroll(page);
  const toEnd = await timed(async () => {
    await page.locator('tr[data-index] a').first().focus();
    await page.keyboard.press('End');
    await page.getByRole('link', { name: row(ROWS - 1) }).waitFor();
  });
  const sort = await timed(async () => {
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
    await page.locator('section[aria-label^="Assets"]').evaluate((scroller) => scroller.scrollTo(0, 0));
    await page.getByRole('link', { name: row(ROWS - 1) }).waitFor();
  });
  const search = await timed(async () => {
    await page.getByRole('textbox', { name: 'Search' }).fill(row(42));
    await shows(page, '1 asset fits the filters');
  });
  await page.getByRole('button', { name: 'Clear filters' }).click();
  const filter = await timed(async () => {
    await page.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: /^CT scanner/ }).click();
    await shows(page, 'fit the filters');
  });
  const heapBytes = await page.evaluate(
    () => (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? 0,
  );
  console.log(
    JSON.stringify({
      bench: 'console',
      assets: ROWS,
      importMs: imported,
      importedPerSecond: Math.round((ROWS * 1000) / imported),
      openMs: open,
      rowsInPage: Math.max(rowsAtFirst, scrolled.mostRows),
      scrollFrameMs: { median: scrolled.medianFrame, slowest: scrolled.slowestFrame },
      jumpToEndMs: toEnd,
      sortMs: sort,
      searchMs: search,
      filterMs: filter,
      heapMb: Math.round(heapBytes / 1_000_000),
    }),
  );
} finally {
  await console_.close();
}
