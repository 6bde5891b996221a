import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineFactory, EngineHarness } from '../engine-harness.ts';
import type { Migration, StateStore } from './state-store.ts';

const CREATE_ASSETS: Migration = {
  id: '001-asset',
  sql: `
    CREATE SCHEMA IF NOT EXISTS contract;
    CREATE TABLE contract.asset (id text PRIMARY KEY, name text, beds integer);`,
};

/** Promises of every `StateStore`. */
export function describeStateStoreContract(name: string, factory: EngineFactory<StateStore>): void {
  describe(`${name} keeps the promises of a state store`, () => {
    let harness: EngineHarness<StateStore>;
    let store: StateStore;
    const names = async (): Promise<string[]> =>
      (await store.query<{ id: string }>('SELECT id FROM contract.asset ORDER BY id')).map(({ id }) => id);
    const insert = 'INSERT INTO contract.asset (id) VALUES ($1)';

    beforeEach(async () => {
      harness = await factory();
      store = harness.engine;
      await store.migrate('contract', [CREATE_ASSETS]);
    });
    afterEach(() => harness.dispose());

    it('keeps what was written when it is closed and opened again', async () => {
      await store.query(insert, ['pump']);
      store = await harness.reopen();
      expect(await names()).toEqual(['pump']);
    });

    it('gives every kind of value back as it was taken', async () => {
      const time = new Date('2026-11-24T01:02:03.456Z');
      const bytes = new Uint8Array([0, 1, 127, 128, 255]);
      const [row] = await store.query(
        `SELECT $1::text AS text, $2::integer AS "integer", $3::double precision AS double, $4::boolean AS "boolean",
                $5::timestamptz AS time, $6::bytea AS bytes, $7::text[] AS list, $8::jsonb AS json, $9::text AS nothing`,
        ["O'Neill; DROP TABLE x -- ü 🫀", -7, 0.1, true, time, bytes, ['a', 'b,"c'], { beds: [1, null] }, null],
      );
      expect(row).toMatchObject({
        text: "O'Neill; DROP TABLE x -- ü 🫀",
        integer: -7,
        double: 0.1,
        boolean: true,
        list: ['a', 'b,"c'],
        json: { beds: [1, null] },
        nothing: null,
      });
      const { time: timeBack, bytes: bytesBack } = row as { time: Date; bytes: Uint8Array };
      expect(timeBack.getTime()).toBe(time.getTime());
      expect([...bytesBack]).toEqual([...bytes]);
    });

    it('gives whole numbers up to 2^53 exactly, whether as number or as text', async () => {
      const largest = Number.MAX_SAFE_INTEGER;
      const [row] = await store.query<{ value: number | string }>('SELECT $1::bigint AS value', [largest]);
      expect(Number(row?.value)).toBe(largest);
    });

    it('commits a transaction as a whole and says what it gave', async () => {
      const result = await store.transaction(async (sql) => {
        await sql.query(insert, ['pump']);
        await sql.query(insert, ['monitor']);
        return 'both';
      });
      expect(result).toBe('both');
      expect(await names()).toEqual(['monitor', 'pump']);
    });

    it('leaves nothing of a transaction whose work fails, and hands the reason on', async () => {
      const failed = store.transaction(async (sql) => {
        await sql.query(insert, ['pump']);
        throw new Error('the ward is closed');
      });
      await expect(failed).rejects.toThrow('the ward is closed');
      expect(await names()).toEqual([]);
    });

    it('leaves nothing of a transaction in which one statement fails', async () => {
      const failed = store.transaction(async (sql) => {
        await sql.query(insert, ['pump']);
        await sql.query(insert, ['pump']);
      });
      await expect(failed).rejects.toMatchObject({ code: '23505' });
      expect(await names()).toEqual([]);
    });

    it('works on after a statement that failed', async () => {
      await expect(store.query('SELECT nonsense FROM nowhere')).rejects.toThrow();
      await store.query(insert, ['pump']);
      expect(await names()).toEqual(['pump']);
    });

    it('loses no update of transactions that run at the same time', async () => {
      await store.query("INSERT INTO contract.asset (id, beds) VALUES ('ward', 0)");
      const addBed = () =>
        store.transaction(async (sql) => {
          const [row] = await sql.query<{ beds: number }>(
            "SELECT beds FROM contract.asset WHERE id = 'ward' FOR UPDATE",
          );
          await sql.query("UPDATE contract.asset SET beds = $1 WHERE id = 'ward'", [(row?.beds ?? 0) + 1]);
        });
      await Promise.all(Array.from({ length: 20 }, addBed));
      expect(await store.query('SELECT beds FROM contract.asset')).toEqual([{ beds: 20 }]);
    });

    it('shows nobody else what a transaction has not committed', async () => {
      let seen: readonly object[] = [];
      let reading: Promise<void> = Promise.resolve();
      await store.transaction(async (sql) => {
        await sql.query(insert, ['pump']);
        reading = store.query('SELECT id FROM contract.asset').then((rows) => {
          seen = rows;
        });
        await sql.query("DELETE FROM contract.asset WHERE id = 'pump'");
      });
      await reading;
      expect(seen).toEqual([]);
    });

    it('applies a migration once, also after it was opened again', async () => {
      await store.query(insert, ['pump']);
      store = await harness.reopen();
      await store.migrate('contract', [CREATE_ASSETS]);
      expect(await names()).toEqual(['pump']);
    });

    it('applies the migrations that were added since', async () => {
      await store.query(insert, ['pump']);
      const addWard: Migration = { id: '002-ward', sql: "ALTER TABLE contract.asset ADD ward text DEFAULT 'ICU; 2'" };
      await store.migrate('contract', [CREATE_ASSETS, addWard]);
      expect(await store.query('SELECT ward FROM contract.asset')).toEqual([{ ward: 'ICU; 2' }]);
    });

    it('tells migrations of different owners apart', async () => {
      const other: Migration = { id: CREATE_ASSETS.id, sql: 'CREATE TABLE contract.other (id text)' };
      await store.migrate('another-owner', [other]);
      expect(await store.query('SELECT id FROM contract.other')).toEqual([]);
    });

    it('takes functions with semicolons, quotes and comments in a migration', async () => {
      const sql = `
        -- a comment; with a semicolon and an apostrophe's trap
        CREATE FUNCTION contract.two() RETURNS integer LANGUAGE plpgsql AS $body$
        BEGIN
          /* one; */ RETURN 1 + 1;
        END $body$;
        INSERT INTO contract.asset (id, name) VALUES ('x', 'it''s; fine');`;
      await store.migrate('contract', [CREATE_ASSETS, { id: '002-function', sql }]);
      expect(await store.query('SELECT contract.two() AS two, name FROM contract.asset')).toEqual([
        { two: 2, name: "it's; fine" },
      ]);
    });

    it('names owner and migration when one fails, undoes all of it and applies it when it is mended', async () => {
      const broken: Migration = {
        id: '002-broken',
        sql: 'CREATE TABLE contract.half (id text); INSERT INTO contract.nowhere VALUES (1)',
      };
      const failed = store.migrate('contract', [CREATE_ASSETS, broken]);
      await expect(failed).rejects.toMatchObject({ code: 'SPX_MIGRATION_FAILED' });
      await expect(failed).rejects.toThrow(/002-broken of contract/);
      await store.migrate('contract', [
        CREATE_ASSETS,
        { id: '002-broken', sql: 'CREATE TABLE contract.half (id text)' },
      ]);
      expect(await store.query('SELECT id FROM contract.half')).toEqual([]);
    });

    it('lets several owners migrate at the same time', async () => {
      const owners = ['one', 'two', 'three', 'four'];
      await Promise.all(
        owners.map((owner) =>
          store.migrate(owner, [{ id: '001', sql: `CREATE TABLE contract.of_${owner} (id text)` }]),
        ),
      );
      for (const owner of owners) expect(await store.query(`SELECT id FROM contract.of_${owner}`)).toEqual([]);
    });

    it('may be closed twice, and refuses work when closed', async () => {
      await store.close();
      await store.close();
      await expect(store.query('SELECT 1')).rejects.toThrow();
    });
  });
}
