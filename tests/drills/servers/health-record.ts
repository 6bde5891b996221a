import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Database } from './postgresql.ts';

// The electronic health record of the drill: pages and FHIR R4 over HTTP, with PostgreSQL behind it.
// `node health-record.ts PORT DATABASE_HOST`. All patients are invented.

const PATIENTS = 400;
const FAMILIES = ['Berg', 'Lindqvist', 'Moreau', 'Okafor', 'Petrov', 'Rossi', 'Schreiber', 'Tanaka'];
const GIVEN = ['Anna', 'Bela', 'Chiara', 'David', 'Elif', 'Farid', 'Greta', 'Hugo'];
/** What staff and applications of the hospital present. */
const TOKEN = 'Bearer ward-token';

const [port = '8080', databaseHost = '127.0.0.1'] = process.argv.slice(2);
let database = await open();

async function open(): Promise<Database> {
  return Database.connect(databaseHost, 5432, 'postgres', 'postgres');
}

async function query(sql: string): Promise<string[][]> {
  if (!database.isOpen) database = await open();
  return database.query(sql);
}

async function fill(): Promise<void> {
  await query('CREATE TABLE IF NOT EXISTS patient (id int PRIMARY KEY, family text, given text, born date, note text)');
  const rows = Array.from({ length: PATIENTS }, (_, id) => {
    const [family, given] = [FAMILIES[id % FAMILIES.length], GIVEN[Math.floor(id / 8) % GIVEN.length]];
    const born = `19${30 + (id % 60)}-0${1 + (id % 9)}-1${id % 10}`;
    return `(${id + 1}, '${family}', '${given}', '${born}', 'Course of treatment ${'of an invented patient, day by day. '.repeat(60)}')`;
  });
  await query(`INSERT INTO patient VALUES ${rows.join(',')} ON CONFLICT DO NOTHING`);
}

function resource([id, family, given, born, note]: readonly string[]): object {
  return {
    resourceType: 'Patient',
    id,
    name: [{ family, given: [given] }],
    birthDate: born,
    text: { status: 'additional', div: `<div xmlns="http://www.w3.org/1999/xhtml">${note}</div>` },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://ehr');
  const give = (status: number, type: string, body: string) => {
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  };
  if (url.pathname === '/fhir/metadata')
    return give(
      200,
      'application/fhir+json',
      JSON.stringify({
        resourceType: 'CapabilityStatement',
        status: 'active',
        fhirVersion: '4.0.1',
        kind: 'instance',
        format: ['json'],
        rest: [{ mode: 'server' }],
      }),
    );
  if (request.headers.authorization !== TOKEN) return give(401, 'text/plain', 'Sign in first.');
  const page = /^\/patients\/(\d+)$/.exec(url.pathname);
  const read = /^\/fhir\/Patient\/(\d+)$/.exec(url.pathname);
  if (page !== null || read !== null) {
    const [row] = await query(`SELECT * FROM patient WHERE id = ${page?.[1] ?? read?.[1]}`);
    if (row === undefined) return give(404, 'text/plain', 'No such patient.');
    if (read !== null) return give(200, 'application/fhir+json', JSON.stringify(resource(row)));
    return give(200, 'text/html', `<!doctype html><title>${row[1]}, ${row[2]}</title><p>${row[4]}</p>`);
  }
  if (url.pathname === '/fhir/Patient') {
    const offset = Number(url.searchParams.get('_offset') ?? 0) || 0;
    const rows = await query(`SELECT * FROM patient ORDER BY id LIMIT 50 OFFSET ${Math.max(0, Math.trunc(offset))}`);
    const entry = rows.map((row) => ({ resource: resource(row) }));
    return give(
      200,
      'application/fhir+json',
      JSON.stringify({ resourceType: 'Bundle', type: 'searchset', total: PATIENTS, entry }),
    );
  }
  give(404, 'text/plain', 'No such page.');
}

await fill();
createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    if (!response.headersSent) response.writeHead(503);
    response.end(String(error));
  });
  // A backlog as of an appliance that nobody has tuned.
}).listen({ port: Number(port), host: '0.0.0.0', backlog: 64 });
