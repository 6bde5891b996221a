import { join } from 'node:path';
import {
  checkCases,
  type FieldChange,
  FormatSet,
  GrokError,
  LogFormat,
  type LogKind,
  proposeFormat,
} from '@sphinx/logs';
import { type Logger, loadKnowledgeFiles, SphinxError } from '@sphinx/platform';
import { z } from 'zod';
import type { LogStore } from '../store.ts';
import { writeDefinition } from './write-definition.ts';

/** Sample lines of one log, and what is wanted of a format for them. */
export interface ProposalRequest {
  readonly lines: string;
  readonly id?: string | undefined;
  readonly title?: string | undefined;
  readonly kind?: LogKind | undefined;
  readonly fields: readonly FieldChange[];
}

export interface FormatDeskParts {
  readonly store: LogStore;
  readonly knowledgeFolder: string;
  readonly logger: Logger;
  /** Puts formats into force where lines are read. */
  readonly changed: (formats: readonly LogFormat[]) => Promise<void>;
}

/** The formats in force: those that SPHINX comes with, and those of this site, which win over one of the same id. */
export class FormatDesk {
  readonly #store: LogStore;
  readonly #own: readonly LogFormat[];
  readonly #changed: FormatDeskParts['changed'];
  #site: readonly LogFormat[] = [];
  #set: FormatSet;

  private constructor({ store, changed }: FormatDeskParts, own: readonly LogFormat[]) {
    this.#store = store;
    this.#own = own;
    this.#changed = changed;
    this.#set = new FormatSet(own);
  }

  /** @throws SphinxError SPX_INVALID_INPUT that names every file that does not fit and why */
  static async open(parts: FormatDeskParts): Promise<FormatDesk> {
    const { store, knowledgeFolder, logger } = parts;
    const desk = new FormatDesk(parts, await loadKnowledgeFiles(join(knowledgeFolder, 'log-formats'), LogFormat));
    const site: LogFormat[] = [];
    for (const definition of await store.formats()) {
      const parsed = LogFormat.safeParse(definition);
      if (parsed.success) site.push(parsed.data);
      else
        logger.warn('A format of this site no longer fits and is left out', { reason: z.prettifyError(parsed.error) });
    }
    await desk.#use(site);
    return desk;
  }

  get set(): FormatSet {
    return this.#set;
  }

  /** @returns every format in force, with whether it is of this site */
  list(): readonly { readonly format: LogFormat; readonly isOwn: boolean }[] {
    const site = new Set(this.#site.map(({ id }) => id));
    return this.#set.formats
      .map((format) => ({ format, isOwn: site.has(format.id) }))
      .sort((a, b) => a.format.title.localeCompare(b.format.title));
  }

  /**
   * Checks a format of this site and puts it into force.
   *
   * @throws SphinxError SPX_INVALID_INPUT when it does not fit, or does not give what its cases say
   */
  async save(definition: unknown, nowMs: number): Promise<LogFormat> {
    const format = this.check(definition);
    const stored = definition as object;
    await this.#store.saveFormat(format.id, stored, nowMs);
    await this.#use([...this.#site.filter(({ id }) => id !== format.id), format]);
    return format;
  }

  /** @throws SphinxError SPX_INVALID_INPUT */
  check(definition: unknown): LogFormat {
    const parsed = LogFormat.safeParse(definition);
    if (!parsed.success) throw new SphinxError('SPX_INVALID_INPUT', z.prettifyError(parsed.error));
    const others = this.#set.formats.filter(({ id }) => id !== parsed.data.id);
    try {
      const failures = checkCases(parsed.data, others);
      const [first] = failures;
      if (first === undefined) return parsed.data;
      throw new SphinxError(
        'SPX_INVALID_INPUT',
        `A case does not give what it says: ${first.column} is "${first.found}", not "${first.expected}".`,
      );
    } catch (error) {
      if (error instanceof GrokError) throw new SphinxError('SPX_INVALID_INPUT', error.message, { cause: error });
      throw error;
    }
  }

  /**
   * @param request sample lines, and what is wanted otherwise than it was proposed
   * @returns a format for them as YAML, and what each line would give. Nothing is stored.
   * @throws SphinxError SPX_INVALID_INPUT when there is no line
   */
  propose({ lines, id = this.#freeId(), title = 'Own log', kind, fields }: ProposalRequest) {
    const formats = this.#set.formats;
    const proposal = proposeFormat(lines, { id, title, kind, changes: fields, formats });
    if (proposal === undefined) {
      throw new SphinxError('SPX_INVALID_INPUT', 'There is no line. Give a few lines of the log, one below the other.');
    }
    const { definition, format, header, canRename, takesFrom } = proposal;
    return {
      definition: writeDefinition(definition),
      id,
      title,
      kind: format.kind,
      reads: format.read,
      header,
      canRename,
      fields: proposal.fields.map((field) => ({ ...field, examples: [...field.examples] })),
      lines: proposal.lines.map((line) => ({ ...line, values: [...line.values], columns: { ...line.columns } })),
      takesFrom: [...takesFrom],
    };
  }

  #freeId(): string {
    let id = 'own-log';
    for (let number = 2; this.#set.formatOf(id) !== undefined; number++) id = `own-log-${number}`;
    return id;
  }

  /** @throws SphinxError SPX_NOT_FOUND when this site has no such format */
  async remove(id: string): Promise<void> {
    if (!(await this.#store.removeFormat(id))) {
      throw new SphinxError('SPX_NOT_FOUND', `There is no format ${id} of this site.`);
    }
    await this.#use(this.#site.filter((format) => format.id !== id));
  }

  async #use(site: readonly LogFormat[]): Promise<void> {
    this.#site = site;
    const replaced = new Set(site.map(({ id }) => id));
    this.#set = new FormatSet([...this.#own.filter(({ id }) => !replaced.has(id)), ...site]);
    await this.#changed(this.#set.formats);
  }
}
