import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityViolations } from './accessibility.ts';
import { download, follow, makeFirstAdministrator, type OpenConsole, openConsole } from './console-user.ts';

/** Folder for pictures of what the tests see; none are taken without it. */
const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;

/** tcpdump says that it listens as soon as it may; it is ended by the time limit. */
const mayCapture = await promisify(execFile)('tcpdump', ['-i', 'lo', '-w', '/dev/null'], { timeout: 1500 }).then(
  ({ stderr }) => /listening on lo/.test(stderr),
  (error: { stderr?: string }) => /listening on lo/.test(error.stderr ?? ''),
);

let console: OpenConsole;
let page: Page;

describe.skipIf(!mayCapture)('an interface (needs tcpdump and the right to capture on lo), in a real browser', () => {
  beforeAll(async () => {
    console = await openConsole();
    page = console.page;
    await makeFirstAdministrator(console);
  }, 120_000);
  afterAll(() => console?.close());

  it('is added, and shows its packets as they arrive, until it is stopped', async () => {
    const receiver = createSocket('udp4').bind(0, '127.0.0.1');
    await once(receiver, 'listening');
    const { port } = receiver.address();
    await follow(page, '/sources');
    await page.getByRole('button', { name: 'Add a source' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Interface of the machine that SPHINX runs on').fill('lo');
    await dialog.getByLabel('Filter').fill(`udp port ${port}`);
    await dialog.getByLabel('Title').fill('Loopback of the lab');
    await dialog.getByRole('button', { name: 'Add and start' }).click();
    const row = page.getByRole('row', { name: /Loopback of the lab/ });
    await row.getByText('Running', { exact: true }).waitFor();
    await row.getByText(`udp port ${port}`).waitFor();
    expect(await packetsOf(row)).toBe(0);

    const sender = createSocket('udp4');
    const sending = setInterval(() => sender.send('a word', port, '127.0.0.1'), 50);
    try {
      await expect.poll(() => packetsOf(row), { timeout: 20_000 }).toBeGreaterThan(5);
      const before = await packetsOf(row);
      await expect.poll(() => packetsOf(row), { timeout: 20_000 }).toBeGreaterThan(before);
      await page.getByRole('button', { name: 'Stop Loopback of the lab' }).click();
      await row.getByText('Stopped', { exact: true }).waitFor();
      const after = await packetsOf(row);
      await page.waitForTimeout(1500);
      expect(await packetsOf(row)).toBe(after);
    } finally {
      clearInterval(sending);
      sender.close();
      receiver.close();
    }
    await follow(page, '/traffic');
    await page.getByText('127.0.0.1').first().waitFor();
  }, 120_000);

  it('tells what the kernel dropped while nobody took packets from it, beside the source and on the traffic page', async () => {
    await follow(page, '/sources');
    await page.getByRole('button', { name: 'Add a source' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Interface of the machine that SPHINX runs on').fill('lo');
    await dialog.getByLabel('Filter').fill(`udp port ${FLOOD_PORT}`);
    await dialog.getByLabel('Title').fill('Flooded ward');
    await dialog.getByRole('button', { name: 'Add and start' }).click();
    const row = page.getByRole('row', { name: /Flooded ward/ });
    await row.getByText('Running', { exact: true }).waitFor();
    // What is sent before tcpdump listens is nobody's loss.
    const packets = async () => {
      await flood(100);
      return packetsOf(row);
    };
    await expect.poll(packets, { timeout: 20_000, interval: 500 }).toBeGreaterThan(0);
    const capture = await processOf(`udp port ${FLOOD_PORT}`);
    process.kill(capture, 'SIGSTOP');
    try {
      await flood(40_000);
    } finally {
      process.kill(capture, 'SIGCONT');
    }
    await row.getByText(/^[\d,]+ lost$/).waitFor();
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/source-with-kernel-drops.png` });
    await page.getByRole('button', { name: 'Stop Flooded ward' }).click();
    await row.getByText('Stopped', { exact: true }).waitFor();
    await follow(page, '/traffic');
    await page.getByText('Some traffic never came here').waitFor();
    const said = await page.getByText(/were lost before they came here/).textContent();
    expect(Number(/([\d,]+) packets or records were lost/.exec(said ?? '')?.[1]?.replaceAll(',', ''))).toBeGreaterThan(
      1000,
    );
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/traffic-with-kernel-drops.png` });
    expect(await accessibilityViolations(page)).toEqual([]);
  }, 120_000);

  it('keeps its packets where the buffer is on: a flow opens to hidden bytes, and its packets are taken on record', async () => {
    await page.evaluate(switchBufferOn);
    const web = createServer((_, response) => response.setHeader('connection', 'close').end('Erika Muster'));
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    const { port } = web.address() as AddressInfo;
    await follow(page, '/sources');
    await page.getByRole('button', { name: 'Add a source' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Interface of the machine that SPHINX runs on').fill('lo');
    await dialog.getByLabel('Filter').fill(`tcp port ${port}`);
    await dialog.getByLabel('Title').fill('Web of the lab');
    await dialog.getByRole('button', { name: 'Add and start' }).click();
    const row = page.getByRole('row', { name: /Web of the lab/ });
    await row.getByText('Running', { exact: true }).waitFor();
    await expect
      .poll(
        async () => {
          await fetch(`http://127.0.0.1:${port}/Patient?name=Erika`).then((answer) => answer.text());
          return packetsOf(row);
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBeGreaterThan(5);
    web.close();
    await page.getByRole('button', { name: 'Stop Web of the lab' }).click();
    await row.getByText('Stopped', { exact: true }).waitFor();

    await follow(page, '/explorer?view=flows&protocol=http');
    await page.getByRole('link', { name: 'http (tcp): open this flow' }).first().click();
    const flow = page.getByRole('dialog', { name: 'One flow' });
    await flow.getByText('No rule has found anything in it.').waitFor();
    await flow.getByRole('button', { name: 'Show the bytes' }).click();
    await flow
      .getByText(/HTTP\/1\.1/)
      .first()
      .waitFor();
    expect(await flow.textContent()).not.toMatch(/Erika|45 72 69 6b 61/);
    expect(await accessibilityViolations(page)).toEqual([]);
    const { name, content } = await download(page, () =>
      flow.getByRole('button', { name: 'Download packets' }).click(),
    );
    expect(name).toMatch(/\.pcapng$/);
    expect(content).toContain('Erika Muster');
    await page.keyboard.press('Escape');
    await follow(page, '/audit');
    await page.getByRole('cell', { name: 'packets.export', exact: true }).first().waitFor();
  }, 120_000);

  it('that nobody can read because its filter is none says why', async () => {
    await follow(page, '/sources');
    await page.getByRole('button', { name: 'Add a source' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Interface of the machine that SPHINX runs on').fill('lo');
    await dialog.getByLabel('Filter').fill('udp porthole 9');
    await dialog.getByRole('button', { name: 'Add and start' }).click();
    await page.getByText(/The filter is none that tcpdump understands/).waitFor();
    expect(console.faults).toEqual([]);
  });
});

/** Nobody listens there: what is sent only passes the interface. */
const FLOOD_PORT = 40_009;

/** Sends so many datagrams of 1,400 bytes to this machine. */
async function flood(count: number): Promise<void> {
  const sender = createSocket('udp4');
  const datagram = Buffer.alloc(1400);
  const send = promisify<Buffer, number, string>(sender.send.bind(sender));
  for (let sent = 0; sent < count; sent += 100) {
    // Refused by nobody: the kernel says so on a later datagram.
    const part = Array.from({ length: 100 }, () => send(datagram, FLOOD_PORT, '127.0.0.1').catch(() => undefined));
    await Promise.all(part);
  }
  sender.close();
}

/** The number of the process that captures with this filter. */
async function processOf(filter: string): Promise<number> {
  const { stdout } = await promisify(execFile)('pgrep', ['-f', `^\\S*tcpdump .*${filter}`]);
  return Number(stdout.trim().split('\n')[0]);
}

async function packetsOf(row: ReturnType<Page['getByRole']>): Promise<number> {
  const text = await row.getByRole('cell').nth(3).textContent();
  return Number((text ?? '').replace(/[^\d]/g, ''));
}

async function switchBufferOn(): Promise<void> {
  const headers = { 'x-sphinx-request': '1', 'content-type': 'application/json' };
  const body = JSON.stringify({ 'services.traffic-monitoring.packetBufferMegabytes': 5 });
  const { ok } = await fetch('/api/v1/settings', { method: 'PATCH', headers, body });
  if (!ok) throw new Error('the setting was refused');
}
