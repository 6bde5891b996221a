import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createHttpsClient } from '../../apps/sphinx/src/client/api-client.ts';
import { readLocalEndpoint } from '../../apps/sphinx/src/runtime/local-endpoint.ts';
import { bytes } from '../../packages/wire/src/testing/bytes.ts';
import { conversationsCapture } from '../../packages/wire/src/testing/conversation-capture.ts';
import { client, server } from '../../packages/wire/src/testing/play.ts';
import { accessibilityViolations } from './accessibility.ts';
import { consoleOfThisFile, follow } from './console-user.ts';

const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;
const LIST = 'Patient;Name;Geburtsdatum;BSN\n1;Muster;01.04.1950;111222333\n2;Beispiel;13.12.1961;123456782\n';

const { console, page, folder } = await consoleOfThisFile();

async function picture(name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

/** A workstation sends a list of patients to a server on the internet. */
async function sendsListOfPatients(): Promise<void> {
  const head = `POST /up HTTP/1.1\r\nHost: files.example\r\nContent-Type: text/csv\r\nContent-Length: ${LIST.length}\r\n\r\n`;
  const capture = join(folder, 'leak.pcap');
  const ends = { clientIp: '10.0.0.10', serverIp: '203.0.113.9', clientPort: 40_000, serverPort: 80 };
  const turns = [client(bytes(head, LIST)), server(bytes('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'))];
  await writeFile(capture, conversationsCapture([{ ends, turns }]));
  await follow(page, '/sources');
  await page.getByLabel('Capture files').setInputFiles(capture);
  await page.getByRole('row', { name: 'leak.pcap' }).getByText('Finished').waitFor();
}

/** A workstation tells in its log that files went onto a USB stick. */
async function copiesOntoStick(): Promise<void> {
  const endpoint = await readLocalEndpoint(console.program.dataFolder);
  if (endpoint === undefined) throw new Error('SPHINX does not say where it runs');
  const event = (fields: object) => JSON.stringify({ Channel: 'Security', Computer: 'ward3-pc', ...fields });
  const stick = 'USBSTOR\\Disk&Ven_SanDisk&Prod_Ultra&Rev_1.00\\4C530001190410118265&0';
  const lines = [
    event({ EventID: 6416, ClassName: 'DiskDrive', DeviceId: stick }),
    ...['Muster^Erika.dcm', 'DICOMDIR', 'Station3.xlsx'].map((name) =>
      event({
        EventID: 4663,
        Task: 12_812,
        SubjectUserName: 'k.wolf',
        AccessMask: '0x2',
        ObjectName: `\\Device\\HarddiskVolume7\\${name}`,
      }),
    ),
  ];
  await createHttpsClient(endpoint).send('POST', '/logs/intake?source=ward3', Buffer.from(lines.join('\n')));
}

describe('data of patients, in a real browser', () => {
  it('says what to do as long as nothing was seen, and shows a transfer in an open window as it happens', async () => {
    const watching = await console.newWindow();
    await watching.goto(`${console.program.url}/patient-data`);
    await watching.getByRole('heading', { name: 'No data of patients was seen on its way' }).waitFor();
    await sendsListOfPatients();
    await watching.getByRole('row', { name: /files\.example/ }).waitFor();
    await watching.close();
  });

  it('leads from the receiver to what was sent, why it is forbidden and what to do, without a value', async () => {
    await follow(page, '/patient-data');
    await page.getByRole('row', { name: /files\.example.*internet.*1/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('patient-data-receivers');
    await page.getByRole('link', { name: 'files.example' }).click();
    const transfer = page.getByRole('row', { name: /10\.0\.0\.10/ });
    await transfer.getByText('Data of patients leaves the hospital without encryption').waitFor();
    await transfer.getByText('Burgerservicenummer: 2 numbers').waitFor();
    await transfer.getByText(/whether it must be notified within 72 hours/).waitFor();
    expect(await page.content()).not.toMatch(/Muster|111222333/);
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('patient-data-transfers');
  });

  it('is among the detections, which lead back to it', async () => {
    await follow(page, '/detections');
    await page.getByRole('link', { name: /Data of patients leaves the hospital.*2 persons/ }).click();
    await page.getByRole('row', { name: /10\.0\.0\.10/ }).waitFor();
  });

  it('on removable media is shown by device, as logs tell of it, without names of files', async () => {
    await follow(page, '/patient-data?view=media');
    await page.getByRole('heading', { name: 'No log tells of a removable medium' }).waitFor();
    await copiesOntoStick();
    const row = page.getByRole('row', { name: /ward3-pc.*SanDisk Ultra.*k\.wolf.*2 DICOM files, 1 table/ });
    await row.waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await row.getByRole('link', { name: 'ward3-pc' }).click();
    const history = page.getByRole('table', { name: /What was done with it on ward3-pc/ });
    await history.getByRole('row', { name: /Put in/ }).waitFor();
    await history.getByRole('row', { name: /Written.*k\.wolf.*3/ }).waitFor();
    expect(await page.content()).not.toMatch(/Muster|Station3/);
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('patient-data-media');
  });

  it('can be tried with a text, which is kept nowhere', async () => {
    await follow(page, '/patient-data?view=kinds');
    await page.getByRole('textbox', { name: 'Text', exact: true }).fill('Codice fiscale RCCMNL83S18D969H');
    await page.getByRole('button', { name: 'Look for data of patients' }).click();
    await page.getByText('Codice fiscale: 1 number').waitFor();
    await page.getByLabel('Search').fill('Greek');
    await page.getByRole('row', { name: /words of medicine in Greek/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('patient-data-kinds');
    expect(console.faults).toEqual([]);
  });
});
