import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll } from 'vitest';
import { type StartedProgram, startProgram } from '../program/start-program.ts';

export const PASSWORD = 'a calm night on ward three';
const EXECUTABLE = process.env.SPHINX_TEST_BROWSER ?? '/usr/bin/chromium';

/** How long a busy machine may take to show what somebody waits for. */
const LIMIT_MS = 20_000;

/** SPHINX and a real browser on it. */
export interface OpenConsole {
  readonly program: StartedProgram;
  /** The first page, not yet signed in. */
  readonly page: Page;
  /** What any page threw or complained about. */
  readonly faults: string[];
  /** A page in a window of its own: a browser draws no page that another one hides. */
  newWindow(who?: 'same person' | 'nobody yet'): Promise<Page>;
  close(): Promise<void>;
}

/** Starts SPHINX on an empty folder, and the browser as Debian ships it. */
export async function openConsole(): Promise<OpenConsole> {
  const [program, browser] = await Promise.all([
    startProgram(),
    chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox', '--disable-dev-shm-usage'] }),
  ]);
  const faults: string[] = [];
  const first = await openWindow(browser);
  const newPage = async (window: BrowserContext) => {
    const page = await window.newPage();
    page.setDefaultTimeout(LIMIT_MS);
    listenForFaults(page, faults);
    return page;
  };
  return {
    program,
    page: await newPage(first),
    faults,
    newWindow: async (who = 'same person') =>
      newPage(await openWindow(browser, who === 'same person' ? await first.storageState() : undefined)),
    async close() {
      await Promise.all([browser.close(), program.stop()]);
    },
  };
}

/** What the tests of one file work with: a console with its first administrator, and a folder. Both go after the last test. */
export async function consoleOfThisFile(): Promise<{ console: OpenConsole; page: Page; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'sphinx-browser-'));
  const console = await openConsole();
  afterAll(async () => {
    await console.close();
    await rm(folder, { recursive: true, force: true });
  });
  await makeFirstAdministrator(console);
  return { console, page: console.page, folder };
}

/** A window of 1280 × 800 in light colours, whose pages do not move by themselves. */
function openWindow(
  browser: Browser,
  storageState?: Awaited<ReturnType<BrowserContext['storageState']>>,
): Promise<BrowserContext> {
  return browser.newContext({
    ...(storageState === undefined ? {} : { storageState }),
    ignoreHTTPSErrors: true,
    acceptDownloads: true,
    colorScheme: 'light',
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  });
}

/**
 * Chromium gives up what it loads when network interfaces come and go, as other tests make them, and asks again; several times in a
 * row it gives up for good. That is no fault of the console.
 */
const CHANGED_NETWORK = /net::ERR_(NETWORK_CHANGED|TOO_MANY_RETRIES)/;

function listenForFaults(page: Page, faults: string[]): void {
  page.on('pageerror', ({ message }) => faults.push(`${page.url()} ${message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' || CHANGED_NETWORK.test(message.text())) return;
    faults.push(`${page.url()} ${message.text()}`);
  });
}

/** Follows the one-time link and makes the first administrator. */
export async function makeFirstAdministrator({ page, program }: OpenConsole): Promise<void> {
  await page.goto(program.firstRunLink);
  await page.getByLabel('Your name').fill('Ada Example');
  await page.getByLabel('User name').fill('ada');
  await page.getByLabel('Password').first().fill(PASSWORD);
  await page.getByRole('button', { name: 'Make the account and sign in' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
}

/** Goes to another page of the console as a link of it does, without loading the console again. */
export async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
  await settled(page);
}

/** Resolves when the page shows its content and asks for nothing more. */
export async function settled(page: Page): Promise<void> {
  // Twice: the page before is still there while the code of the next one comes.
  for (const pauseMs of [200, 100]) {
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForFunction(() => !/Loading |Drawing /.test(document.body.textContent));
    await page.waitForTimeout(pauseMs);
  }
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** What a file of the page is saved as, and its text. @param act what makes the browser download */
export async function download(page: Page, act: () => Promise<unknown>): Promise<{ name: string; content: string }> {
  const [file] = await Promise.all([page.waitForEvent('download'), act()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk);
  return { name: file.suggestedFilename(), content: Buffer.concat(chunks).toString('utf8') };
}
