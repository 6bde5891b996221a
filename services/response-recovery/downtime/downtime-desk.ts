import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, SphinxError } from '@sphinx/platform';
import type { CareBook } from '../care/care-book.ts';
import type { DowntimeInstructions } from '../knowledge/downtime-instructions.ts';
import type { ContactStore } from './contact-store.ts';
import { indexPage, wardPage } from './html.ts';
import { downtimePdf } from './pdf.ts';
import { type WardSheet, wardSheets } from './sheet.ts';

const DAY_MS = 86_400_000;
/** After a folder could not be written it is tried again. */
const RETRY_MS = 3_600_000;
const OWN_FILE = /^(?:ward-[\w-]+\.html|index\.html|downtime\.pdf)$/;

/** What was written last, and where. */
export interface LastExport {
  readonly folder: string;
  readonly at: number;
  readonly wards: number;
  readonly problem: string | null;
}

/** Pages that wards read while everything else is down: made from the care map, written to a folder every day. */
export class DowntimeDesk {
  readonly #parts: {
    readonly care: CareBook;
    readonly contacts: ContactStore;
    readonly instructions: DowntimeInstructions;
    readonly clock: Clock;
    /** Folder that is kept fresh. */
    readonly folder: string;
  };
  #last: LastExport | null = null;
  #isAtWork = false;

  constructor(parts: {
    readonly care: CareBook;
    readonly contacts: ContactStore;
    readonly instructions: DowntimeInstructions;
    readonly clock: Clock;
    readonly folder: string;
  }) {
    this.#parts = parts;
  }

  get last(): LastExport | null {
    return this.#last;
  }

  get folder(): string {
    return this.#parts.folder;
  }

  async sheets(): Promise<readonly WardSheet[]> {
    const { care, contacts, instructions } = this.#parts;
    return wardSheets(care.all(), await contacts.list(), instructions);
  }

  /** @returns the page of a ward, or of all @throws SphinxError SPX_NOT_FOUND */
  async page(slug: string): Promise<string> {
    const sheets = await this.sheets();
    const now = this.#parts.clock.now();
    if (slug === 'index') return indexPage(sheets, await this.#everywhere(), now);
    const sheet = sheets.find((each) => each.slug === slug);
    if (sheet === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no ward "${slug}".`);
    return wardPage(sheet, now);
  }

  async pdf(): Promise<Uint8Array> {
    return downtimePdf(await this.sheets(), this.#parts.clock.now());
  }

  /** @returns every file of the export by its name */
  async files(): Promise<ReadonlyMap<string, string | Uint8Array>> {
    const sheets = await this.sheets();
    const now = this.#parts.clock.now();
    return new Map<string, string | Uint8Array>([
      ['index.html', indexPage(sheets, await this.#everywhere(), now)],
      ...sheets.map((sheet): [string, string] => [`${sheet.slug}.html`, wardPage(sheet, now)]),
      ['downtime.pdf', await downtimePdf(sheets, now)],
    ]);
  }

  /** Writes the folder anew. A reader sees a whole file at any moment. @throws SphinxError SPX_UNAVAILABLE with what to do */
  async export(): Promise<LastExport> {
    const { folder, clock } = this.#parts;
    const files = await this.files();
    try {
      await mkdir(folder, { recursive: true });
      for (const [name, content] of files) {
        await writeFile(join(folder, `.${name}.new`), content);
        await rename(join(folder, `.${name}.new`), join(folder, name));
      }
      for (const name of await readdir(folder)) {
        if (OWN_FILE.test(name) && !files.has(name)) await rm(join(folder, name));
      }
    } catch (cause) {
      const problem = `${folder} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`;
      this.#last = { folder, at: clock.now(), wards: 0, problem };
      throw new SphinxError(
        'SPX_UNAVAILABLE',
        `${problem}. Make the folder writable, or name another in the settings.`,
        { cause },
      );
    }
    this.#last = { folder, at: clock.now(), wards: files.size - 2, problem: null };
    return this.#last;
  }

  /** Writes the folder once a day. Cheap enough for every second. */
  async round(): Promise<void> {
    const since = this.#last === null ? Number.POSITIVE_INFINITY : this.#parts.clock.now() - this.#last.at;
    const due = this.#last?.problem ? RETRY_MS : DAY_MS;
    if (this.#isAtWork || since < due) return;
    this.#isAtWork = true;
    try {
      await this.export();
    } catch {
      // It is told on the page and in the health of the service.
    } finally {
      this.#isAtWork = false;
    }
  }

  async #everywhere() {
    return (await this.#parts.contacts.list()).filter(({ area }) => area === '');
  }
}
