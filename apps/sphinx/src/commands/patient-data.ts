import { open } from 'node:fs/promises';
import { SphinxError } from '@sphinx/platform/errors';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import {
  type DataCounts,
  type DataKind,
  type DataReceiver,
  type DataTransfer,
  kindTable,
  mediaTable,
  type RemovableMedium,
  receiverTable,
  scanTable,
  transferTable,
} from '../terminal/data-text.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand, pathsOf } from './command-line.ts';

const LIST_EXAMPLE = `sphinx patient-data
sphinx patient-data --forbidden --json`;
/** Of a file; the rest is not looked at, and that is said. */
const MAXIMUM_BYTES = 64 * 1024 * 1024;
/** Text that is looked at together. */
const PIECE_BYTES = 1024 * 1024;

/** `sphinx patient-data [receivers | media | kinds | scan]` */
export function patientDataCommand(): Command {
  return defineCommand('patient-data', 'where data of patients travels unprotected, and to whom', LIST_EXAMPLE)
    .option('--forbidden', 'only what the policy forbids')
    .option('--ip <address>', 'only from or to this address')
    .action((_options: CommonOptions, self: Command) => withRunningClient(self, listTransfers(self)))
    .addCommand(receiversCommand())
    .addCommand(mediaCommand())
    .addCommand(kindsCommand())
    .addCommand(scanCommand());
}

function listTransfers(command: Command): (client: ApiClient, options: CommonOptions) => Promise<void> {
  return async (client, { json }) => {
    const { forbidden, ip } = command.opts<{ forbidden?: boolean; ip?: string }>();
    const query = new URLSearchParams();
    if (forbidden === true) query.set('isForbidden', 'true');
    if (ip !== undefined) query.set('ip', ip);
    const transfers = await readAllPages<DataTransfer>(client, `/data-transfers?${query}`);
    if (json) printJson(transfers);
    else if (transfers.length > 0) print(transferTable(transfers));
    else print(query.size > 0 ? 'No transfer fits. Leave a filter out.' : 'No data of patients was seen on its way.');
  };
}

function receiversCommand(): Command {
  return defineCommand('receivers', 'list who gets data of patients', 'sphinx patient-data receivers').action(
    (_options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const receivers = await readAllPages<DataReceiver>(client, '/data-transfers/receivers?');
        if (json) printJson(receivers);
        else print(receivers.length === 0 ? 'No data of patients was seen on its way.' : receiverTable(receivers));
      }),
  );
}

function mediaCommand(): Command {
  return defineCommand(
    'media',
    'list USB sticks, discs, cards and phones by device, as logs tell of them',
    'sphinx patient-data media --written --host ws7',
  )
    .option('--host <name>', 'only of this device, as its log calls it')
    .option('--written', 'only those that something was written to')
    .action((_options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const { host, written } = self.opts<{ host?: string; written?: boolean }>();
        const query = new URLSearchParams();
        if (host !== undefined) query.set('host', host);
        if (written === true) query.set('isWritten', 'true');
        const media = await readAllPages<RemovableMedium>(client, `/removable-media?${query}`);
        if (json) printJson(media);
        else if (media.length > 0) print(mediaTable(media));
        else print(query.size > 0 ? 'No medium fits. Leave a filter out.' : 'No log tells of a removable medium.');
      }),
    );
}

function kindsCommand(): Command {
  return defineCommand('kinds', 'list what is recognised as data of patients', 'sphinx patient-data kinds').action(
    (_options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const kinds = await readAllPages<DataKind>(client, '/data-kinds?');
        if (json) printJson(kinds);
        else print(kindTable(kinds));
      }),
  );
}

function scanCommand(): Command {
  return defineCommand(
    'scan',
    'look for data of patients in text files; exit code 3 when there is some',
    'sphinx patient-data scan export.csv --json',
  )
    .argument('<file...>', 'text files')
    .action(async (paths: string[], _options: CommonOptions, self: Command) => {
      const options = self.optsWithGlobals<CommonOptions>();
      const scan = await openScanner(pathsOf(options).knowledgeFolder);
      const files: { path: string; counts: DataCounts; isWhole: boolean }[] = [];
      for (const path of paths) files.push({ path, ...(await scanFile(path, scan)) });
      if (options.json) printJson(files);
      else print(scanTable(files));
      for (const { path, isWhole } of files) {
        if (!isWhole) process.stderr.write(`Of ${path} the first ${MAXIMUM_BYTES / 1024 / 1024} MB were looked at.\n`);
      }
      if (files.some(({ counts }) => hasPatientData(counts))) process.exitCode = EXIT.negative;
    });
}

/** Words of medicine alone are no data of a patient. */
function hasPatientData({ identifiers, records }: DataCounts): boolean {
  return Object.keys(identifiers).length > 0 || Object.keys(records).length > 0;
}

async function openScanner(knowledgeFolder: string) {
  const { loadDataKnowledge } = await import('@sphinx/service-data-protection');
  const { addCounts, PatientDataScanner } = await import('@sphinx/patient-data');
  const { patientData } = await loadDataKnowledge(knowledgeFolder);
  const scanner = new PatientDataScanner(patientData);
  return (pieces: readonly string[]) =>
    pieces.map((piece) => scanner.scan(piece)).reduce(addCounts, { identifiers: {}, records: {}, terms: 0 });
}

/** @throws SphinxError SPX_INVALID_INPUT when the file cannot be read */
async function scanFile(path: string, scan: (pieces: readonly string[]) => DataCounts) {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const bytes = Buffer.alloc(Math.min(size, MAXIMUM_BYTES));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      const pieces: string[] = [];
      for (let at = 0; at < bytesRead; at += PIECE_BYTES)
        pieces.push(bytes.toString('utf8', at, Math.min(at + PIECE_BYTES, bytesRead)));
      return { counts: scan(pieces), isWhole: size <= MAXIMUM_BYTES };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new SphinxError(
      'SPX_INVALID_INPUT',
      `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
