import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SphinxError } from '@sphinx/platform/errors';
import type { CertificateCheck, CertificateTrust } from '@sphinx/service-device-verification/certificate';
import type { Command } from 'commander';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { printable } from '../terminal/table.ts';
import { type CommonOptions, defineCommand, pathsOf } from './command-line.ts';

interface CheckOptions extends CommonOptions {
  readonly keys?: string;
  readonly revocations?: string;
}

/** `sphinx certificate check FILE` */
export function certificateCommand(): Command {
  const check = defineCommand('check', 'check a certificate offline; exit code 3 when it does not hold', EXAMPLE)
    .argument('<file>', 'certificate (DSSE envelope), as the console downloads it')
    .option('--keys <file>', 'public keys to trust (default: keys.json of this SPHINX)')
    .option('--revocations <file>', 'signed revocation list (default: revocations.json beside the keys)')
    .action(async (file: string, _options: CheckOptions, self: Command) => {
      const options = self.optsWithGlobals<CheckOptions>();
      const { checkCertificate } = await import('@sphinx/service-device-verification/certificate');
      const result = checkCertificate(await readFile(file).catch(missing(file)), {
        ...(await readTrust(options)),
        now: Date.now(),
      });
      if (options.json) printJson(result);
      else print(describeCheck(file, result));
      if (result.status !== 'valid') process.exitCode = EXIT.negative;
    });
  return defineCommand('certificate', 'certificates that verification issues', EXAMPLE).addCommand(check);
}

const EXAMPLE = `sphinx certificate check pump-17.dsse.json
sphinx certificate check pump-17.dsse.json --keys keys.json --revocations revocations.json`;

async function readTrust(options: CheckOptions): Promise<Omit<CertificateTrust, 'now'>> {
  const { TrustedKeys } = await import('@sphinx/service-device-verification/certificate');
  const ownFolder = join(pathsOf(options).dataFolder, 'services', 'device-verification', 'trust');
  const keyFile = options.keys ?? join(ownFolder, 'keys.json');
  const keyText = await readFile(keyFile, 'utf8').catch(() => {
    throw new SphinxError(
      'SPX_NOT_FOUND',
      `There are no public keys at ${keyFile}. Get keys.json from the SPHINX that issued the certificate and name it with --keys.`,
    );
  });
  const keys = TrustedKeys.safeParse(parseFile(keyText, keyFile));
  if (!keys.success) throw new SphinxError('SPX_INVALID_INPUT', `${keyFile} is not a list of public keys of SPHINX.`);
  const revocationFile = options.revocations ?? join(keyFile, '..', 'revocations.json');
  const revocationText = await readFile(revocationFile, 'utf8').catch((error) => {
    if (options.revocations === undefined) return undefined;
    return missing(revocationFile)(error);
  });
  if (revocationText === undefined) return { trustedKeys: keys.data.keys };
  return { trustedKeys: keys.data.keys, revocations: parseFile(revocationText, revocationFile) };
}

function parseFile(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SphinxError('SPX_INVALID_INPUT', `${file} is not JSON.`, { cause });
  }
}

function missing(file: string): (cause: unknown) => never {
  return (cause) => {
    throw new SphinxError('SPX_NOT_FOUND', `${file} cannot be read. Is the name right?`, { cause });
  };
}

function describeCheck(file: string, { status, reasons, statement }: CertificateCheck): string {
  const lines = [`${file}: ${status}`, ...reasons.map((reason) => `  ${reason}`)];
  if (statement !== undefined) {
    const { predicate } = statement;
    lines.push('', `Asset: ${predicate.asset.name} (${predicate.asset.id})`, `Verdict: ${predicate.verdict}`);
  }
  return lines.map(printable).join('\n');
}
