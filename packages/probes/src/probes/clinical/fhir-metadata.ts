import { isAnswerWhole, readHttpAnswer } from '../../messages/http-answer.ts';
import { httpRequest } from '../../messages/http-request.ts';
import type { Probe, ProbeContext } from '../../probe.ts';

/** Where servers keep their base, most usual first. */
const BASES = ['/fhir', '', '/fhir/r4', '/baseR4', '/hapi-fhir-jpaserver/fhir'];
const STATEMENT_TYPES = ['CapabilityStatement', 'Conformance'];

/** Every FHIR server gives its capability statement to whoever asks (FHIR R5 §3.2.0.12); nothing of a patient is asked for. */
export const fhirMetadata: Probe = {
  id: 'fhir-metadata',
  title: 'FHIR capability statement',
  protocols: ['http', 'fhir', 'tls'],
  transport: 'tcp',
  ports: [80, 443, 8080, 8443],
  sends:
    'Asks up to five usual addresses of the web service for its FHIR capability statement (…/metadata), without a login. Asks for no resource of a patient.',
  caution: 'asks',
  limits: { connections: 5, packets: 20, bytes: 1500, answerBytes: 4 * 1024 * 1024, timeoutMs: 30_000 },
  async run(context) {
    for (const base of BASES) {
      const statement = await ask(context, `${base}/metadata`);
      if (statement === 'unreachable') return;
      if (statement === undefined) continue;
      context.report('fhir.declared-security', declaredSecurity(statement));
      return;
    }
  },
};

async function ask(context: ProbeContext, path: string): Promise<unknown> {
  const stream = await context.connect();
  if (stream === undefined) return 'unreachable';
  stream.send(httpRequest(context, 'GET', path, { Accept: 'application/fhir+json' }), `GET ${path}`);
  const answer = readHttpAnswer(await stream.receive(isAnswerWhole, 8000));
  stream.close();
  if (answer?.status !== 200) return undefined;
  const statement = parse(answer.body);
  return isObject(statement) && STATEMENT_TYPES.includes(String(statement.resourceType)) ? statement : undefined;
}

/** @returns codes of `rest.security.service`, or what is missing */
function declaredSecurity(statement: unknown): string {
  const rest = isObject(statement) && Array.isArray(statement.rest) ? statement.rest : [];
  const security = rest.flatMap((entry) => (isObject(entry) && isObject(entry.security) ? [entry.security] : []));
  if (security.length === 0) return 'none';
  const services = security.flatMap(({ service }) => (Array.isArray(service) ? service : []));
  const codings = services.flatMap((service) =>
    isObject(service) && Array.isArray(service.coding) ? service.coding : [],
  );
  const codes = codings.flatMap((coding) => (isObject(coding) && typeof coding.code === 'string' ? [coding.code] : []));
  return codes.length === 0 ? 'described in words' : [...new Set(codes)].slice(0, 8).join(', ');
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
