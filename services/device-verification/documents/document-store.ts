import type { StateStore } from '@sphinx/platform';
import type {
  Asset,
  AssetWeaknesses,
  FactData,
  ListedSoftwareItem,
  ReportSubject,
  SecurityFormAnswer,
  Weakness,
} from '@sphinx/schema';
import { type Component, type Documents, type KnownWeakness, NO_DOCUMENTS, type Statement } from './documents.ts';

type SoftwareListing = FactData<'software.listed'>;
type SecurityForm = FactData<'security-form.stated'>;

/** An answer of a person to a question of `knowledge/declarations`. */
export interface Declared {
  readonly question: string;
  readonly answer: 'yes' | 'no';
  readonly note: string;
}

/** What the database keeps of a document, by its kind. */
type Content =
  | { readonly kind: 'software-list'; readonly title: string; readonly items: readonly ListedSoftwareItem[] }
  | { readonly kind: 'security-form'; readonly title: string; readonly answers: readonly SecurityFormAnswer[] }
  | { readonly kind: 'declarations'; readonly title: string; readonly declared: readonly Declared[] };

/** What finds the documents of an asset or of a candidate. */
export interface DocumentSubject {
  /** Asset or candidate. */
  readonly id: string;
  readonly manufacturer: string | undefined;
  readonly model: string | undefined;
  readonly ips: readonly string[];
  readonly macs: readonly string[];
  readonly serial: string | undefined;
}

export function subjectOfAsset({ id, ips, macs, facts }: Asset): DocumentSubject {
  const { manufacturer, model, serial } = facts;
  return { id, ips, macs, manufacturer: manufacturer?.value, model: model?.value, serial: serial?.value };
}

/** Letters and digits in lower case: makers and models are written in many ways. */
export function nameKey(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Documents and weaknesses that others told of assets and models. */
export class DocumentStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async keepSoftwareList(listing: SoftwareListing): Promise<void> {
    const { list, part, source, subject, method, tool, reference, takenAt, items } = listing;
    const title = [method, 'list', reference === '' ? tool : reference].filter((word) => word !== '').join(' ');
    await this.#keep({ list, part, source, subject, takenAt, content: { kind: 'software-list', title, items } });
  }

  /** Forms of 2013 number other questions in the same way and are not kept: an answer would be taken for that to another. */
  async keepSecurityForm({ list, source, subject, form, reference, takenAt, answers }: SecurityForm): Promise<void> {
    if (form !== 'MDS2 2019') return;
    const title = subject.kind === 'model' ? `${form} of ${subject.manufacturer}` : `${form} (${reference})`;
    await this.#keep({ list, part: 1, source, subject, takenAt, content: { kind: 'security-form', title, answers } });
  }

  /** Each declaration replaces the earlier one of the same question. */
  async keepDeclarations(id: string, by: string, declared: readonly Declared[], now: number): Promise<void> {
    for (const one of declared) {
      const subject: ReportSubject = { kind: 'device', assetId: id, ips: [], macs: [], hostnames: [] };
      const content = { kind: 'declarations', title: by, declared: [one] } as const;
      const list = `declaration:${id}:${one.question}`;
      await this.#keep({ list, part: 1, source: 'declaration', subject, takenAt: now, content });
    }
  }

  async #keep(document: {
    list: string;
    part: number;
    source: string;
    subject: ReportSubject;
    takenAt: number;
    content: Content;
  }): Promise<void> {
    const { list, part, source, subject, takenAt, content } = document;
    const isModel = subject.kind === 'model';
    await this.#state.transaction(async (sql) => {
      await sql.query('DELETE FROM device_verification.document WHERE list = $1 AND taken_at < $2', [list, takenAt]);
      await sql.query(
        `INSERT INTO device_verification.document
           (list, part, kind, source, subject, manufacturer_key, model_key, ips, macs, serial, taken_at, content)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text[], $9::text[], $10, $11, $12::jsonb)
         ON CONFLICT (list, part) DO UPDATE SET content = excluded.content, taken_at = excluded.taken_at,
           source = excluded.source WHERE excluded.taken_at >= document.taken_at`,
        [
          list,
          part,
          content.kind,
          source,
          isModel ? null : (subject.assetId ?? null),
          isModel ? nameKey(subject.manufacturer) : null,
          isModel ? nameKey(subject.model) : null,
          arrayLiteral(isModel ? [] : subject.ips),
          arrayLiteral(isModel ? [] : subject.macs),
          isModel ? null : (subject.serial ?? null),
          takenAt,
          JSON.stringify(content),
        ],
      );
    });
  }

  /** Takes back what a source brought. @returns whether there was any */
  async removeSource(source: string): Promise<boolean> {
    const rows = await this.#state.query('DELETE FROM device_verification.document WHERE source = $1 RETURNING list', [
      source,
    ]);
    return rows.length > 0;
  }

  /** Ids of the assets with a snapshot that a report is about. */
  async assetsOf(subject: ReportSubject): Promise<readonly string[]> {
    const rows =
      subject.kind === 'model'
        ? await this.#state.query<{ asset_id: string }>(
            `SELECT asset_id FROM device_verification.asset_snapshot
             WHERE ${keySql(`snapshot->'facts'->'model'->>'value'`)} = $1
               AND (${keySql(`snapshot->'facts'->'manufacturer'->>'value'`)} LIKE $2 || '%'
                 OR $2 LIKE ${keySql(`snapshot->'facts'->'manufacturer'->>'value'`)} || '%')`,
            [nameKey(subject.model), nameKey(subject.manufacturer)],
          )
        : await this.#state.query<{ asset_id: string }>(
            `SELECT asset_id FROM device_verification.asset_snapshot
             WHERE asset_id = $1 OR snapshot->'ips' ?| $2::text[] OR snapshot->'macs' ?| $3::text[]
               OR snapshot->'facts'->'serial'->>'value' = $4`,
            [subject.assetId ?? null, arrayLiteral(subject.ips), arrayLiteral(subject.macs), subject.serial ?? null],
          );
    return rows.map((row) => row.asset_id);
  }

  /** All that is known of an asset or candidate besides its traffic. */
  async of(subject: DocumentSubject): Promise<Documents> {
    const rows = await this.#state.query<{ content: Content; taken_at: number | string }>(
      `SELECT content, taken_at FROM device_verification.document
       WHERE subject = $1 OR (model_key = $2 AND ($3 LIKE manufacturer_key || '%' OR manufacturer_key LIKE $3 || '%'))
         OR ips && $4::text[] OR macs && $5::text[] OR serial = $6
       ORDER BY taken_at, list, part`,
      [
        subject.id,
        subject.model === undefined ? null : nameKey(subject.model),
        subject.manufacturer === undefined ? null : nameKey(subject.manufacturer),
        arrayLiteral(subject.ips),
        arrayLiteral(subject.macs),
        subject.serial ?? null,
      ],
    );
    const weaknesses = await this.#weaknesses(subject.id);
    if (rows.length === 0 && weaknesses === undefined) return NO_DOCUMENTS;
    return {
      statements: statementsOf(rows),
      components: rows.flatMap(({ content, taken_at }) => componentsOf(content, Number(taken_at))),
      weaknesses: weaknesses?.open ?? [],
      assessedAt: weaknesses?.assessedAt,
      hasSecurityForm: rows.some(({ content }) => content.kind === 'security-form'),
    };
  }

  async #weaknesses(
    assetId: string,
  ): Promise<{ readonly open: readonly KnownWeakness[]; readonly assessedAt: number } | undefined> {
    const [assessment] = await this.#state.query<{ assessed_at: number | string }>(
      'SELECT assessed_at FROM device_verification.assessment WHERE asset_id = $1',
      [assetId],
    );
    if (assessment === undefined) return undefined;
    const rows = await this.#state.query<{ weakness: KnownWeakness }>(
      'SELECT weakness FROM device_verification.weakness WHERE asset_id = $1 ORDER BY id',
      [assetId],
    );
    return { open: rows.map(({ weakness }) => weakness), assessedAt: Number(assessment.assessed_at) };
  }

  /**
   * Keeps what the assessment found, or closed. What may or may not be there is neither vulnerable nor clean and is left out;
   * what people accepted, made up for or found to be wrong is open no longer.
   */
  async keepWeaknesses({ assetId, weaknesses }: AssetWeaknesses, isClosed: boolean, time: number): Promise<void> {
    await this.#state.transaction(async (sql) => {
      await sql.query(
        `INSERT INTO device_verification.assessment (asset_id, assessed_at) VALUES ($1, $2)
         ON CONFLICT (asset_id) DO UPDATE SET assessed_at = excluded.assessed_at`,
        [assetId, time],
      );
      for (const weakness of weaknesses) {
        await sql.query('DELETE FROM device_verification.weakness WHERE asset_id = $1 AND id = $2', [
          assetId,
          weakness.id,
        ]);
        if (isClosed || !isOpen(weakness)) continue;
        await sql.query(
          'INSERT INTO device_verification.weakness (asset_id, id, weakness) VALUES ($1, $2, $3::jsonb)',
          [assetId, weakness.id, JSON.stringify(knownWeaknessOf(weakness))],
        );
      }
    });
  }

  /** Forgets what is known of one asset alone. */
  async forget(assetId: string): Promise<void> {
    await this.#state.query('DELETE FROM device_verification.weakness WHERE asset_id = $1', [assetId]);
    await this.#state.query('DELETE FROM device_verification.assessment WHERE asset_id = $1', [assetId]);
    await this.#state.query(`DELETE FROM device_verification.document WHERE subject = $1`, [assetId]);
  }
}

function isOpen({ presence, status }: Weakness): boolean {
  return presence === 'affected' && (status === 'open' || status === 'in-progress');
}

function knownWeaknessOf({
  weakness,
  title,
  severity,
  isKnownExploited,
  hasFix,
  component,
  foundAt,
}: Weakness): KnownWeakness {
  const software = [component.vendor, component.name, component.version].filter((word) => word !== '').join(' ');
  return { id: weakness, title, severity, isKnownExploited, hasRemedy: hasFix, software, time: foundAt };
}

function keySql(value: string): string {
  return `regexp_replace(lower(${value}), '[^[:alnum:]]', '', 'g')`;
}

/** Text form of an array of PostgreSQL: drivers differ in what they make of lists. */
function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

/** Of several answers to one question the one that was given last holds. */
function statementsOf(rows: readonly { content: Content; taken_at: number | string }[]): readonly Statement[] {
  const statements = new Map<string, Statement>();
  for (const { content, taken_at } of rows) {
    const time = Number(taken_at);
    if (content.kind === 'security-form') {
      for (const { question, answer, note } of content.answers) {
        statements.set(question, { question, answer, note, by: content.title, time });
      }
    } else if (content.kind === 'declarations') {
      for (const one of content.declared) statements.set(one.question, { ...one, by: content.title, time });
    }
  }
  return [...statements.values()];
}

function componentsOf(content: Content, time: number): readonly Component[] {
  if (content.kind !== 'software-list') return [];
  return content.items.map((item) => ({ ...item, list: content.title, time }));
}
