import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ContactView, DowntimeFiles, DowntimeView } from '@sphinx/service-response-recovery';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import { print, printJson } from '../terminal/output.ts';
import { printable, renderTable } from '../terminal/table.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

const NEEDED = ['response-recovery'];

/** `sphinx downtime [export | contacts]` */
export function downtimeCommand(): Command {
  return defineCommand(
    'downtime',
    'pages that wards read while everything else is down',
    'sphinx downtime export --to /media/stick',
  )
    .action((_options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          const view = await client.send<DowntimeView>('GET', '/downtime');
          if (json) printJson(view);
          else print(downtimeText(view));
        },
        NEEDED,
      ),
    )
    .addCommand(exportCommand())
    .addCommand(contactsCommand());
}

function downtimeText({ folder, last, wards }: DowntimeView): string {
  const written =
    last === null
      ? 'not written yet'
      : (last.problem ?? `written ${new Date(last.at).toISOString().slice(0, 16).replace('T', ' ')} UTC`);
  const table = renderTable(wards, [
    { title: 'Ward', value: ({ title }) => title },
    { title: 'Beds', value: ({ beds }) => String(beds ?? 'unknown'), align: 'right' },
    { title: 'Contacts', value: ({ contacts }) => String(contacts), align: 'right' },
    { title: 'What is done there', value: ({ services }) => services.join(', ') },
  ]);
  return `${printable(folder)}: ${printable(written)}, anew every day\n\n${wards.length === 0 ? 'No care area is known yet.' : table}`;
}

function exportCommand(): Command {
  return defineCommand(
    'export',
    'write pages and the document of all wards to a folder; readable without SPHINX',
    'sphinx downtime export --to /media/stick\nsphinx downtime export',
  )
    .option('--to <folder>', 'where to; left out: the folder that is kept fresh')
    .action((_options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, options: CommonOptions & { to?: string }) => {
          const { to } = options;
          if (to === undefined) {
            const view = await client.send<DowntimeView>('POST', '/downtime/export');
            if (options.json) printJson(view);
            else print(downtimeText(view));
            return;
          }
          const { files } = await client.send<DowntimeFiles>('GET', '/downtime/files');
          await mkdir(to, { recursive: true });
          for (const { name, base64 } of files)
            await writeFile(join(to, basename(name)), Buffer.from(base64, 'base64'));
          if (options.json) printJson({ folder: to, files: files.map(({ name }) => name) });
          else print(`${files.length} files are in ${to}: open index.html, or print downtime.pdf.`);
        },
        NEEDED,
      ),
    );
}

function contactsCommand(): Command {
  return defineCommand('contacts', 'list whom wards call while screens are dark', 'sphinx downtime contacts')
    .action((_options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          const contacts = await readAllPages<ContactView>(client, '/downtime/contacts?');
          if (json) printJson(contacts);
          else print(contacts.length === 0 ? 'No contacts are stated.' : contactTable(contacts));
        },
        NEEDED,
      ),
    )
    .addCommand(addCommand())
    .addCommand(removeCommand());
}

function contactTable(contacts: readonly ContactView[]): string {
  return renderTable(contacts, [
    { title: 'Id', value: ({ id }) => id },
    { title: 'Ward', value: ({ area }) => area || 'every ward' },
    { title: 'What for', value: ({ role }) => role },
    { title: 'Who', value: ({ name }) => name },
    { title: 'Telephone', value: ({ phone }) => phone },
  ]);
}

interface AddOptions extends CommonOptions {
  readonly phone: string;
  readonly ward?: string;
  readonly name?: string;
  readonly note?: string;
}

function addCommand(): Command {
  return defineCommand('add', 'add somebody to the lists', 'sphinx downtime contacts add "IT on call" --phone 4711')
    .argument('<role>', 'what for')
    .requiredOption('--phone <number>', 'telephone')
    .option('--ward <area>', 'care area; every ward where it is left out')
    .option('--name <name>', 'who')
    .option('--note <words>', 'when, for what')
    .action((role: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json, phone, ward = '', name = '', note = '' }: AddOptions) => {
          const contact = await client.send<ContactView>('POST', '/downtime/contacts', {
            role,
            phone,
            area: ward,
            name,
            note,
          });
          if (json) printJson(contact);
          else print(contactTable([contact]));
        },
        NEEDED,
      ),
    );
}

function removeCommand(): Command {
  return defineCommand('remove', 'take somebody off the lists', 'sphinx downtime contacts remove cnt_…')
    .argument('<contact>', 'id')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(
        self,
        async (client, { json }) => {
          await client.send('DELETE', `/downtime/contacts/${encodeURIComponent(id)}`);
          if (json) printJson({ removed: id });
          else print('Taken off the lists.');
        },
        NEEDED,
      ),
    );
}
