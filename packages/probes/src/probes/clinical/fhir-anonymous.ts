import { findFhirServer, STATEMENT_CONNECTIONS, searchableTypes } from '../../messages/fhir-statement.ts';
import { isAnswerWhole, readHttpAnswer } from '../../messages/http-answer.ts';
import { httpRequest } from '../../messages/http-request.ts';
import type { Probe } from '../../probe.ts';

/** Resources that a server gives to nobody without a right, the one that most servers have first. */
const PROTECTED_TYPES = ['Patient', 'Encounter', 'Observation', 'DiagnosticReport', 'ImagingStudy', 'Appointment'];
/** An id that nobody has: a search for it finds nothing. */
const NOBODY = 'sphinx-asks-for-nobody';
const UNAUTHORIZED = [401, 403];
const CONNECTIONS = STATEMENT_CONNECTIONS + 1;

/**
 * Whether a search for resources of patients is answered without a login. The search can find nobody: it names an id that
 * does not exist, asks for the number of matches alone (`_summary=count`, FHIR R4 §3.1.1.5.9), and to be refused rather than
 * half understood (`handling=strict`, §3.1.1.3). Should a server send resources all the same, they are not kept.
 */
export const fhirAnonymous: Probe = {
  id: 'fhir-anonymous',
  title: 'FHIR without a login',
  protocols: ['http', 'fhir', 'tls'],
  transport: 'tcp',
  ports: [80, 443, 8080, 8443],
  sends:
    'Finds the FHIR capability statement and then asks once, without a login, how many patients have an id that nobody has. The answer is a number or a refusal; nothing of a patient is asked for, and nothing of the answer but its head is kept.',
  caution: 'asks',
  limits: {
    connections: CONNECTIONS,
    packets: 4 * CONNECTIONS,
    bytes: 2000,
    answerBytes: 4 * 1024 * 1024,
    timeoutMs: 40_000,
  },
  async run(context) {
    const server = await findFhirServer(context);
    if (server === undefined) return;
    const types = searchableTypes(server.statement);
    const type = PROTECTED_TYPES.find((candidate) => types.has(candidate));
    const stream = type === undefined ? undefined : await context.connect();
    if (stream === undefined) return;
    const path = `${server.base}/${type}?_id=${NOBODY}&_summary=count`;
    const headers = { Accept: 'application/fhir+json', Prefer: 'handling=strict' };
    stream.send(httpRequest(context, 'GET', path, headers), `FHIR search for nobody: GET ${path}`);
    const bytes = await stream.receive(isAnswerWhole);
    const answer = readHttpAnswer(bytes);
    stream.close();
    // The room of FHIR reads from the head that the search was answered, and without which proof.
    stream.keepOfAnswer(answer === undefined ? 0 : bytes.indexOf('\r\n\r\n') + 4);
    if (answer !== undefined && UNAUTHORIZED.includes(answer.status)) context.report('fhir.authorization', 'required');
  },
};
