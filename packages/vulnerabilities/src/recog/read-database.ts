import { SaxesParser, type SaxesTagPlain } from 'saxes';
import {
  type Fingerprint,
  type FingerprintDatabase,
  type FingerprintExample,
  type FingerprintParameter,
  RECOG_LIMITS,
  type RejectedFingerprint,
} from './database.ts';
import { translatePattern } from './ruby-pattern.ts';

/** @see readFingerprintDatabase */
export type DatabaseReading =
  | { readonly ok: true; readonly database: FingerprintDatabase }
  | { readonly ok: false; readonly reason: string };

/** Content of the file that an example names, which lies in a folder named like the database beside it; undefined when absent. */
export type ReadExampleFile = (name: string) => Uint8Array | undefined;

const DEFAULT_PREFERENCE = 0.1;

/**
 * Reads a database in recog's format. A fingerprint that cannot be used is left out with its reason; a file that is no such
 * database is refused as a whole.
 *
 * @param name file name without `.xml`: what the database is for where it does not say so itself
 * @returns the database, or why there is none
 */
export function readFingerprintDatabase(
  content: Uint8Array,
  name: string,
  readExampleFile: ReadExampleFile = () => undefined,
): DatabaseReading {
  if (content.length > RECOG_LIMITS.fileBytes) {
    return { ok: false, reason: `It is larger than ${RECOG_LIMITS.fileBytes / 1024 / 1024} MB.` };
  }
  const reader = new DatabaseReader(name, readExampleFile);
  try {
    const database = reader.read(new TextDecoder().decode(content));
    if (database === undefined) return { ok: false, reason: 'It has no element <fingerprints>.' };
    return { ok: true, database };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

interface OpenFingerprint {
  readonly line: number;
  readonly pattern: string;
  readonly flags: readonly string[];
  description: string;
  readonly parameters: FingerprintParameter[];
  readonly examples: FingerprintExample[];
  problem: string | undefined;
}

class DatabaseReader {
  readonly #name: string;
  readonly #readExampleFile: ReadExampleFile;
  readonly #parser = new SaxesParser({ position: true });
  readonly #path: string[] = [];
  readonly #fingerprints: Fingerprint[] = [];
  readonly #rejected: RejectedFingerprint[] = [];
  #head: Readonly<Record<string, string>> | undefined;
  #open: OpenFingerprint | undefined;
  #text = '';
  #attributes: Readonly<Record<string, string>> = {};
  #line = 1;

  constructor(name: string, readExampleFile: ReadExampleFile) {
    this.#name = name;
    this.#readExampleFile = readExampleFile;
  }

  /** @throws Error that says where the text is no XML, or too much of it */
  read(text: string): FingerprintDatabase | undefined {
    const parser = this.#parser;
    parser.on('error', (error) => {
      throw new Error(`It is no well-formed XML: ${error.message}`);
    });
    // The place where a tag begins is known only when it opens; when it is whole, the parser stands at its end.
    parser.on('opentagstart', () => {
      this.#line = parser.line;
    });
    parser.on('opentag', (tag) => this.#enter(tag as SaxesTagPlain));
    parser.on('text', (part) => this.#addText(part));
    parser.on('cdata', (part) => this.#addText(part));
    parser.on('closetag', () => this.#leave());
    parser.write(text).close();
    if (this.#head === undefined) return undefined;
    const preference = Number(this.#head.preference ?? DEFAULT_PREFERENCE);
    return {
      matches: this.#head.matches || this.#name,
      protocol: (this.#head.protocol ?? '').toLowerCase(),
      databaseType: this.#head.database_type ?? '',
      preference: Number.isFinite(preference) ? preference : DEFAULT_PREFERENCE,
      fingerprints: this.#fingerprints,
      rejected: this.#rejected,
    };
  }

  #addText(part: string): void {
    if (this.#text.length + part.length <= RECOG_LIMITS.exampleLength) this.#text += part;
    else if (this.#open) this.#open.problem ??= `a text in it is longer than ${RECOG_LIMITS.exampleLength} characters`;
  }

  #enter(tag: SaxesTagPlain): void {
    this.#path.push(tag.name);
    this.#text = '';
    this.#attributes = tag.attributes;
    const path = this.#path.join('/');
    if (path === 'fingerprints') this.#head = tag.attributes;
    if (path === 'fingerprints/fingerprint') this.#open = this.#begin(tag.attributes);
    if (path === 'fingerprints/fingerprint/param') this.#addParameter(tag.attributes);
  }

  #begin({ pattern = '', flags = '' }: Readonly<Record<string, string>>): OpenFingerprint {
    if (this.#fingerprints.length + this.#rejected.length >= RECOG_LIMITS.fingerprints) {
      throw new Error(`It has more than ${RECOG_LIMITS.fingerprints} fingerprints.`);
    }
    return {
      line: this.#line,
      pattern,
      flags: flags.split(',').filter((flag) => flag !== ''),
      description: '',
      parameters: [],
      examples: [],
      problem: undefined,
    };
  }

  #leave(): void {
    const path = this.#path.join('/');
    if (path === 'fingerprints/fingerprint/description' && this.#open) {
      this.#open.description = this.#text.replace(/\s+/g, ' ').trim();
    }
    if (path === 'fingerprints/fingerprint/example') this.#addExample();
    if (path === 'fingerprints/fingerprint') this.#end();
    this.#path.pop();
    this.#text = '';
  }

  #addParameter({ name = '', pos = '', value = '' }: Readonly<Record<string, string>>): void {
    const open = this.#open;
    if (!open) return;
    const position = Number(pos);
    if (open.parameters.length >= RECOG_LIMITS.parameters) open.problem ??= 'it has too many parameters';
    else if (name === '') open.problem ??= 'a parameter has no name';
    else if (!/^\d{1,3}$/.test(pos)) open.problem ??= `the parameter ${name} has no position`;
    else if (position === 0 && value === '') open.problem ??= `the parameter ${name} has neither a group nor a value`;
    else open.parameters.push({ name, position, value });
  }

  #addExample(): void {
    const open = this.#open;
    if (!open || open.examples.length >= RECOG_LIMITS.examples) return;
    const { _encoding: encoding, _filename: file, ...expected } = this.#attributes;
    const bytes = file === undefined ? undefined : this.#readExampleFile(file);
    if (file !== undefined && bytes === undefined) return;
    let text = this.#text;
    if (bytes) text = Buffer.from(bytes).toString('latin1');
    else if (encoding === 'base64') text = Buffer.from(text, 'base64').toString('latin1');
    open.examples.push({ text, expected: new Map(Object.entries(expected)), line: this.#line });
  }

  #end(): void {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    const { line, pattern, description, parameters, examples } = open;
    const reject = (reason: string) => this.#rejected.push({ line, description, reason });
    if (open.problem !== undefined) return void reject(open.problem);
    const translated = translatePattern(pattern, open.flags);
    if ('reason' in translated) return void reject(translated.reason);
    const { expression, groups } = translated;
    const beyond = parameters.find(({ position }) => position > groups);
    if (beyond) return void reject(`the parameter ${beyond.name} takes group ${beyond.position} of ${groups}`);
    this.#fingerprints.push({ description, line, pattern, expression, parameters, examples });
  }
}
