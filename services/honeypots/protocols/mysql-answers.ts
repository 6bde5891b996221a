import type { DecoyContext } from '../decoys/decoy-context.ts';

/** What a statement gives. */
export interface SqlResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly isPatientData: boolean;
}

const MAXIMUM_ROWS = 200;
const DATABASES = ['information_schema', 'mysql', 'radiology', 'worklist'];

/** @returns rows over what does not exist; undefined where a statement gives none */
export function resultFor(statement: string, context: DecoyContext, version: string): SqlResult | undefined {
  const sql = statement.trim().toLowerCase().replace(/\s+/g, ' ');
  if (/^(select|show)\b/.test(sql) === false) return undefined;
  if (sql.startsWith('show databases')) return plain('Database', DATABASES);
  if (sql.startsWith('show tables')) return plain('Tables_in_radiology', ['patient', 'study', 'user_account']);
  if (sql.startsWith('show variables'))
    return { columns: ['Variable_name', 'Value'], rows: [['version', version]], isPatientData: false };
  if (/\bfrom (\w+\.)?`?(patient|study)/.test(sql)) return patientRows(sql, context);
  if (/\bfrom (\w+\.)?`?user_account/.test(sql)) {
    return {
      columns: ['id', 'name', 'role'],
      rows: [
        ['1', 'radadmin', 'admin'],
        ['2', 'viewer', 'read'],
      ],
      isPatientData: false,
    };
  }
  if (sql.includes('@@version_comment')) return plain('@@version_comment', ['MySQL Community Server - GPL']);
  if (/version\(\)|@@version/.test(sql)) return plain('version()', [version]);
  if (/\b(user|current_user)\(\)/.test(sql)) return plain('user()', ['root@%']);
  if (/database\(\)/.test(sql)) return plain('database()', ['radiology']);
  const [, literal] = /^select (\d{1,9})\b/.exec(sql) ?? [];
  return literal === undefined ? plain('result', []) : plain(literal, [literal]);
}

function patientRows(sql: string, { patients }: DecoyContext): SqlResult {
  const [, limit = String(MAXIMUM_ROWS)] = /\blimit (\d{1,6})/.exec(sql) ?? [];
  const some = patients.slice(0, Math.min(MAXIMUM_ROWS, Number(limit)));
  if (/count\(/.test(sql)) return { columns: ['count(*)'], rows: [[String(patients.length)]], isPatientData: true };
  return {
    columns: ['id', 'family_name', 'given_name', 'birth_date', 'sex', 'ward'],
    rows: some.map(({ id, family, given, born, sex, ward }) => [id, family, given, born, sex, ward]),
    isPatientData: true,
  };
}

function plain(column: string, values: readonly string[]): SqlResult {
  return { columns: [column], rows: values.map((value) => [value]), isPatientData: false };
}

/** @returns the statement without what stands in quotes, which may name a patient */
export function hiddenLiterals(statement: string): string {
  return statement.replace(/'(?:[^'\\]|\\.|'')*'?/g, "'…'").replace(/"(?:[^"\\]|\\.)*"?/g, '"…"');
}
