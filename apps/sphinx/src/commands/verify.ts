import { SphinxError } from '@sphinx/platform/errors';
import type { Verification, VerificationOccasion } from '@sphinx/schema';
import { type Command, Option } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import { findAssetId } from '../client/find-asset.ts';
import { verificationText } from '../terminal/asset-text.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { printable } from '../terminal/table.ts';
import { withClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';

/** Those that a person may name; the others start by themselves, or need no device. */
const OCCASIONS: readonly VerificationOccasion[] = [
  'periodic',
  'before-going-live',
  'after-incident',
  'return-from-repair',
  'decommissioning',
];

interface VerifyOptions extends CommonOptions {
  readonly occasion?: VerificationOccasion;
  readonly reason?: string;
  readonly declare: readonly string[];
}

interface CandidateOptions extends CommonOptions {
  readonly kind?: string;
  readonly class?: string;
  readonly zone?: string;
  readonly softwareVersion?: string;
}

/** `sphinx verify ID|IP` */
export function verifyCommand(): Command {
  return defineCommand(
    'verify',
    'judge an asset again now and print the verdict; exit code 3 when it is rejected',
    'sphinx verify 10.20.0.31 --occasion before-going-live --declare default-passwords-changed=yes',
  )
    .argument('<asset>', 'id, IP address, MAC address or name')
    .addOption(new Option('--occasion <occasion>', 'why it is judged (default: periodic)').choices([...OCCASIONS]))
    .option('--reason <text>', 'why, for example the number of the incident; it stands on the verification')
    .option(
      '--declare <id=yes|no>',
      'what only a person can say; may be given several times, see the API at /declarations',
      (value: string, before: readonly string[]) => [...before, value],
      [],
    )
    .action((text: string, _options: VerifyOptions, self: Command) =>
      withClient(self, ['asset-inventory', 'device-verification'], async (client) => {
        const options = self.optsWithGlobals<VerifyOptions>();
        const declarations = options.declare.map(readDeclaration);
        const assetId = await findAssetId(client, text);
        const occasion = options.occasion === undefined ? {} : { occasion: options.occasion };
        const reason = options.reason === undefined ? {} : { reason: options.reason };
        const order = { assetId, ...occasion, ...reason, declarations };
        const verification = await client.send<Verification>('POST', '/verifications', order);
        if (options.json) printJson(verification);
        else print(`${verification.assetName}\n${verificationText(verification)}`);
        if (verification.verdict === 'rejected') process.exitCode = EXIT.negative;
      }),
    );
}

/** `sphinx candidate` */
export function candidateCommand(): Command {
  const add = defineCommand('add', 'judge a product before it is bought; exit code 3 when it is rejected', EXAMPLE)
    .argument('<manufacturer>')
    .argument('<model>')
    .option('--software-version <version>', 'of the software of the product')
    .option('--kind <kind>', 'what it is, for example infusion-pump')
    .option('--class <class>', 'life-sustaining, therapy, diagnosis, care-support or none')
    .option('--zone <zone>', 'network zone in which it would stand')
    .action((manufacturer: string, model: string, _options: CandidateOptions, self: Command) =>
      withClient(self, ['device-verification'], async (client) => {
        const options = self.optsWithGlobals<CandidateOptions>();
        const { verification } = await client.send<{ verification: Verification }>('POST', '/candidates', {
          manufacturer,
          model,
          ...(options.softwareVersion === undefined ? {} : { version: options.softwareVersion }),
          ...(options.kind === undefined ? {} : { kind: options.kind }),
          ...(options.class === undefined ? {} : { patientSafetyClass: options.class }),
          ...(options.zone === undefined ? {} : { zone: options.zone }),
        });
        if (options.json) printJson(verification);
        else print(`${verification.assetName}\n${verificationText(verification)}`);
        if (verification.verdict === 'rejected') process.exitCode = EXIT.negative;
      }),
    );
  const list = defineCommand('list', 'list the products that are judged before they are bought', EXAMPLE).action(
    (_options: CommonOptions, self: Command) =>
      withClient(self, ['device-verification'], async (client, options) => {
        const items = await readAllPages<{ id: string; manufacturer: string; model: string; verdict: string }>(
          client,
          '/candidates',
        );
        if (options.json) printJson(items);
        else if (items.length === 0) print('No candidate yet: sphinx candidate add MANUFACTURER MODEL');
        else {
          const lines = items.map(
            ({ id, manufacturer, model, verdict }) => `${verdict}  ${manufacturer} ${model}  ${id}`,
          );
          print(lines.map(printable).join('\n'));
        }
      }),
  );
  return defineCommand('candidate', 'products that somebody thinks of buying', EXAMPLE)
    .addCommand(add)
    .addCommand(list);
}

const EXAMPLE = `sphinx candidate add "Example Medical" "Pump 3" --kind infusion-pump --class life-sustaining
sphinx candidate list`;

function readDeclaration(text: string): { readonly id: string; readonly answer: string } {
  const match = /^([a-z0-9-]+)=(yes|no)$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new SphinxError(
      'SPX_INVALID_INPUT',
      `"${text}" is no declaration. Write it as default-passwords-changed=yes.`,
    );
  }
  return { id: match[1], answer: match[2] };
}
