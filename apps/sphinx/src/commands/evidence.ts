import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SphinxError } from '@sphinx/platform/errors';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { printable, renderTable } from '../terminal/table.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';
import { findIncident } from './incidents.ts';
import { readTrustedKeys } from './trusted-keys.ts';

const EXAMPLE = `sphinx evidence list 12
sphinx evidence export 12 case-12.zip --reason "For the police"
sphinx evidence check case-12.zip`;

interface CheckOptions extends CommonOptions {
  readonly keys?: string;
  readonly authorities?: string;
}

interface Evidence {
  readonly id: string;
  readonly kind: string;
  readonly about: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly collectedAt: number;
}

/** `sphinx evidence [list | add | export | keys | check]` */
export function evidenceCommand(): Command {
  return defineCommand('evidence', 'list, add and export evidence of an incident; check a bundle offline', EXAMPLE)
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(exportCommand())
    .addCommand(keysCommand())
    .addCommand(checkCommand());
}

function listCommand(): Command {
  return defineCommand('list', 'list the evidence of an incident', 'sphinx evidence list 12')
    .argument('<incident>', 'its number (12, INC-12) or its id')
    .action((incident: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const items = await readAllPages<Evidence>(
          client,
          `/incidents/${await findIncident(client, incident)}/evidence?`,
        );
        if (json) printJson(items);
        else if (items.length === 0) print('Nothing is collected yet.');
        else {
          print(
            renderTable(items, [
              {
                title: 'Collected',
                value: ({ collectedAt }) => new Date(collectedAt).toISOString().slice(0, 16).replace('T', ' '),
              },
              { title: 'Kind', value: ({ kind }) => kind },
              { title: 'Bytes', value: ({ sizeBytes }) => sizeBytes.toLocaleString('en'), align: 'right' },
              { title: 'SHA-256', value: ({ sha256 }) => sha256 },
              { title: 'What', value: ({ about }) => printable(about) },
            ]),
          );
        }
      }),
    );
}

function addCommand(): Command {
  return defineCommand(
    'add',
    'add an event log (EVTX), a triage archive (KAPE, Velociraptor, UAC) or any file to an incident',
    'sphinx evidence add 12 ws-12.zip',
  )
    .argument('<incident>', 'its number or its id')
    .argument('<file>', 'the file')
    .action((incident: string, file: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, { json }) => {
        const id = await findIncident(client, incident);
        const name = encodeURIComponent(file.split('/').at(-1) ?? 'file');
        const added = await client.upload<Evidence>(`/incidents/${id}/evidence?name=${name}`, file);
        if (json) printJson(added);
        else print(`${added.about}\nSHA-256 ${added.sha256}`);
      }),
    );
}

function exportCommand(): Command {
  return defineCommand('export', 'write a case as a bundle that anybody can check offline', EXAMPLE)
    .argument('<incident>', 'its number or its id')
    .argument('<file>', 'where to write it')
    .requiredOption('--reason <text>', 'stands in the chain of custody')
    .option('--whole', 'with what may name patients: packets, added files')
    .action((incident: string, file: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client) => {
        const { reason, whole } = self.opts<{ reason: string; whole?: boolean }>();
        const id = await findIncident(client, incident);
        await client.downloadTo(`/incidents/${id}/export`, file, { reason, isUnmasked: whole === true });
        print(`Written to ${file}. Check it with: sphinx evidence check ${file}`);
      }),
    );
}

function keysCommand(): Command {
  return defineCommand(
    'keys',
    'print the public key that evidence is stamped with',
    'sphinx evidence keys > keys.json',
  ).action((_options: CommonOptions, self: Command) =>
    withRunningClient(self, async (client) => printJson(await client.send('GET', '/evidence-keys'))),
  );
}

function checkCommand(): Command {
  return defineCommand('check', 'check a bundle offline; exit code 3 when anything in it was changed', EXAMPLE)
    .argument('<bundle>', 'file that "sphinx evidence export" or the console wrote')
    .option('--keys <file>', 'keys of the hospital, from "sphinx evidence keys"; without, the key in the bundle')
    .option('--authorities <file>', 'certificates (PEM) of the authorities for time stamps that you trust')
    .action(async (bundle: string, _options: CommonOptions, self: Command) => {
      const { json, keys, authorities } = self.optsWithGlobals<CheckOptions>();
      const { checkBundle } = await import('@sphinx/service-incident-forensics');
      const check = await checkBundle(bundle, {
        keys: keys === undefined ? undefined : await readTrustedKeys(keys, 'sphinx evidence keys'),
        authorities: authorities === undefined ? undefined : await readCertificates(authorities),
      });
      if (json) printJson(check);
      else print(checkText(check));
      if (!check.isIntact) process.exitCode = EXIT.negative;
    });
}

/** @throws SphinxError SPX_INVALID_INPUT where the file holds no certificate */
async function readCertificates(path: string): Promise<readonly X509Certificate[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length > 0) return blocks.map((block) => new X509Certificate(block));
  } catch {
    // Said below.
  }
  throw new SphinxError('SPX_INVALID_INPUT', `${path} holds no certificate in PEM.`);
}

function checkText(check: {
  readonly isIntact: boolean;
  readonly problems: readonly string[];
  readonly case: { readonly name: string; readonly title: string } | null;
  readonly files: number;
  readonly custodyEntries: number;
  readonly keyId: string | null;
  readonly isKeyTrusted: boolean;
  readonly timeStamps: readonly {
    readonly entry: number;
    readonly time: number;
    readonly authority: string;
    readonly certificate: string;
    readonly isTrusted: boolean;
  }[];
}): string {
  if (!check.isIntact)
    return ['This bundle does not hold:', ...check.problems.map((each) => `  ${printable(each)}`)].join('\n');
  const title = check.case === null ? '' : `${check.case.name}: ${printable(check.case.title)}\n`;
  const key = check.isKeyTrusted
    ? 'Signed by a key that you brought along.'
    : `Signed by key ${check.keyId ?? ''}. Compare it with what the hospital published, or give --keys.`;
  const stamps = check.timeStamps.map(({ entry, time, authority, certificate, isTrusted }) => {
    const who = isTrusted ? 'which you trust' : `certificate ${certificate}; name it with --authorities to trust it`;
    return `\nEntries up to ${entry} were there at ${new Date(time).toISOString()}, says ${printable(authority)} (${who}).`;
  });
  const whole = `Whole: ${check.files} files, ${check.custodyEntries} entries of the chain of custody.`;
  return `${title}${whole}\n${key}${stamps.join('')}`;
}
