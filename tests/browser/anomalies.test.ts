import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conversationsCapture } from '../../packages/wire/src/testing/conversation-capture.ts';
import { accessibilityViolations } from './accessibility.ts';
import { consoleOfThisFile, follow } from './console-user.ts';

const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;
const SCANNER = '10.0.0.10';

const { console, page, folder } = await consoleOfThisFile();

async function picture(name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

/** A host connects to the file service of two dozen machines. */
async function goesThroughTheNetwork(): Promise<void> {
  const conversations = Array.from({ length: 24 }, (_, at) => ({
    ends: { clientIp: SCANNER, serverIp: `10.0.7.${at + 1}`, clientPort: 40_000 + at, serverPort: 445 },
    turns: [],
  }));
  const capture = join(folder, 'scan.pcap');
  await writeFile(capture, conversationsCapture(conversations));
  await follow(page, '/sources');
  await page.getByLabel('Capture files').setInputFiles(capture);
}

describe('anomalies, in a real browser', () => {
  it('are shown in an open window as they happen', async () => {
    const watching = await console.newWindow();
    await watching.goto(`${console.program.url}/anomalies`);
    await watching.getByRole('heading', { name: 'Nothing is unlike itself' }).waitFor();
    await goesThroughTheNetwork();
    // Told while the capture is read; two dozen new hosts are identified and judged at the same time.
    await watching.getByRole('row', { name: /Logs on to many more machines than usual/ }).waitFor({ timeout: 60_000 });
    await watching.close();
  }, 90_000);

  it('say what was seen and what was expected, and become normal when somebody says so, and open again', async () => {
    await follow(page, '/anomalies');
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('anomalies');
    await page.getByRole('link', { name: 'Logs on to many more machines than usual' }).click();
    const detail = page.getByRole('dialog');
    await detail.getByText(/machines here connected to as an administrator does in one hour/).waitFor();
    await detail.getByText(/hospitals in general: nothing was learnt here yet/).waitFor();
    await picture('anomaly');
    expect(await accessibilityViolations(page)).toEqual([]);
    await detail.getByLabel('Why').fill('our own management');
    await detail.getByRole('button', { name: 'This is normal' }).click();
    await detail.getByText(/said that it is normal: our own management/).waitFor();
    await detail.getByRole('button', { name: 'Take it back' }).click();
    await detail.getByRole('button', { name: 'It was right to tell' }).waitFor();
  });

  it('are counted for what is looked for, with the value from which each is told', async () => {
    await follow(page, '/anomalies?view=detectors');
    const row = page.getByRole('row', { name: /826001102/ });
    await row.getByText(/not learnt here yet/).waitFor();
    await row.getByRole('link', { name: '1 found by Logs on to many more machines than usual' }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('anomaly-detectors');
    expect(console.faults).toEqual([]);
  });
});
