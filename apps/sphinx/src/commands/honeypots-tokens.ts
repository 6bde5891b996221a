import type { Honeytoken } from '@sphinx/service-honeypots';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import { tokenTable } from '../terminal/decoy-text.ts';
import { print, printJson } from '../terminal/output.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

/** `sphinx honeypots tokens [list | create | revoke | document]` */
export function tokensCommand(): Command {
  return defineCommand(
    'tokens',
    'planted accounts, patients, examinations, documents and names that raise the alarm wherever they turn up',
    'sphinx honeypots tokens create credential --label "password list on the file server"',
  )
    .addCommand(listCommand())
    .addCommand(createCommand())
    .addCommand(revokeCommand())
    .addCommand(documentCommand());
}

function listCommand(): Command {
  return defineCommand('list', 'list planted values and their uses', 'sphinx honeypots tokens list').action(
    (_options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const tokens = await readAllPages<Honeytoken>(client, '/honeytokens');
        if (json) printJson(tokens);
        else print(tokens.length === 0 ? 'Nothing is planted.' : tokenTable(tokens));
      }),
  );
}

interface CreateOptions extends CommonOptions {
  readonly label: string;
  readonly domain?: string;
  readonly address?: string;
}

function createCommand(): Command {
  return defineCommand(
    'create',
    'make a value to be planted, and say what to plant',
    'sphinx honeypots tokens create document --label "share radiology" --address 10.20.7.40\nsphinx honeypots tokens create dns-name --label "notes of IT" --domain hospital.example',
  )
    .argument('<kind>', 'credential, patient, dicom-study, document or dns-name')
    .requiredOption('--label <where>', 'where it is planted; alarms say so')
    .option('--domain <domain>', 'of a name')
    .option('--address <address>', 'of a decoy with a web page, which a document calls when it is opened')
    .action((kind: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options: CreateOptions) => {
        const { label, domain, address, json } = options;
        const token = await client.send<Honeytoken>('POST', '/honeytokens', {
          kind,
          label,
          ...(domain === undefined ? {} : { domain }),
          ...(address === undefined ? {} : { address }),
        });
        if (json) printJson(token);
        else print(tokenTable([token]));
      }),
    );
}

function revokeCommand(): Command {
  return defineCommand(
    'revoke',
    'let a planted value raise no alarm any more',
    'sphinx honeypots tokens revoke tok_0f3a',
  )
    .argument('<id>', 'as "sphinx honeypots tokens list" shows it')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const token = await client.send<Honeytoken>('DELETE', `/honeytokens/${encodeURIComponent(id)}`);
        if (json) printJson(token);
        else print(`${id} raises no alarm any more.`);
      }),
    );
}

function documentCommand(): Command {
  return defineCommand(
    'document',
    'write the file of a planted document',
    'sphinx honeypots tokens document tok_0f3a codes.doc',
  )
    .argument('<id>', 'token of kind document')
    .argument('<file>', 'new file')
    .action((id: string, file: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        await client.downloadTo(`/honeytokens/${encodeURIComponent(id)}/document`, file);
        if (json) printJson({ file });
        else print(`${file} is written. Put it where nobody should look.`);
      }),
    );
}
