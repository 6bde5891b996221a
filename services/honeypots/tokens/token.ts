import { Timestamp } from '@sphinx/schema';
import { z } from 'zod';

/** Kinds of values that are planted to be found. */
export const TokenKind = z
  .enum(['credential', 'patient', 'dicom-study', 'document', 'dns-name'])
  .meta({ id: 'HoneytokenKind' });
export type TokenKind = z.infer<typeof TokenKind>;

/** A value that belongs to nobody and is used by nobody: whoever uses it found it where it was planted. */
export const Honeytoken = z
  .object({
    id: z.string(),
    kind: TokenKind,
    label: z.string().meta({ description: 'Where it was planted, for example "desktop of nurse station 3"' }),
    values: z.record(z.string(), z.string()).meta({ description: 'What to plant' }),
    createdAt: Timestamp,
    createdBy: z.string(),
    revokedAt: Timestamp.nullable(),
    uses: z.int(),
    lastUse: Timestamp.nullable(),
    lastSource: z.string(),
  })
  .meta({ id: 'Honeytoken' });
export type Honeytoken = z.infer<typeof Honeytoken>;

/** Values of a kind that are looked for; the others go with them. */
const SOUGHT: Readonly<Record<TokenKind, readonly string[]>> = {
  credential: ['user', 'password'],
  patient: ['patientId'],
  'dicom-study': ['studyUid', 'patientId'],
  document: ['code'],
  'dns-name': ['name'],
};

/** @returns what is looked for, in lower case */
export function needlesOf({
  id,
  kind,
  values,
}: Honeytoken): readonly { readonly token: string; readonly text: string }[] {
  return SOUGHT[kind].flatMap((name) =>
    values[name] === undefined ? [] : [{ token: id, text: values[name].toLowerCase() }],
  );
}

export interface TokenWishes {
  readonly kind: TokenKind;
  readonly label: string;
  /** Domain of a name, address of the decoy that a document calls. */
  readonly domain?: string | undefined;
  readonly address?: string | undefined;
}

const ACCOUNTS = ['svc-backup', 'svc-pacs', 'adm-rad', 'svc-hl7', 'svc-scan'];
const HOSTS = ['vpn-old', 'backup', 'pacs-test', 'files-archive', 'kis-alt'];
/** Root of UIDs made of random UUIDs (DICOM PS3.5 annex B.2). */
const UID_ROOT = '2.25.';

/** @param random bytes nobody can guess @returns values that nobody has by chance */
export function inventValues(
  { kind, domain, address }: TokenWishes,
  random: (length: number) => Buffer,
): Record<string, string> {
  const pick = (words: readonly string[]) => words[(random(1)[0] ?? 0) % words.length] as string;
  const digits = (count: number) =>
    BigInt(`0x${random(8).toString('hex')}`)
      .toString()
      .padStart(20, '0')
      .slice(-count);
  const letters = (bytes: number) => random(bytes).toString('hex');
  switch (kind) {
    case 'credential':
      return { user: `${pick(ACCOUNTS)}-${letters(2)}`, password: `${capital(letters(4))}-${letters(3)}!` };
    case 'patient':
      return { patientId: `P9${digits(9)}`, name: `Tok${letters(3)}^Erika`, birthDate: '19570312' };
    case 'dicom-study':
      return { studyUid: UID_ROOT + BigInt(`0x${random(15).toString('hex')}`).toString(), patientId: `P8${digits(9)}` };
    case 'document': {
      const code = letters(12);
      return { code, url: `http://${address ?? 'DECOY'}/d/${code}.png` };
    }
    case 'dns-name':
      return { name: `${pick(HOSTS)}-${letters(3)}.${domain ?? 'example.org'}` };
    default:
      return kind satisfies never;
  }
}

/** A page that calls its address when it is opened; word processors open it, too. */
export function documentText({ label, values }: Honeytoken): string {
  const url = values.url ?? '';
  return [
    '<!DOCTYPE html>',
    '<html><head><meta charset="utf-8"><title>Access codes radiology</title></head><body>',
    '<h1>Access codes radiology</h1>',
    '<p>Only for the on-call service. Please do not print.</p>',
    `<img src="${url}" width="1" height="1" alt="">`,
    `<p>Remote viewer: <a href="${url}">${url}</a></p>`,
    `<!-- ${label.replace(/-+|[<>]/g, ' ')} -->`,
    '</body></html>',
    '',
  ].join('\n');
}

function capital(text: string): string {
  return text.replace(/[a-f]/, (letter) => letter.toUpperCase());
}
