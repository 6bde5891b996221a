import { declaredSecurity, findFhirServer, STATEMENT_CONNECTIONS } from '../../messages/fhir-statement.ts';
import type { Probe } from '../../probe.ts';

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
  limits: {
    connections: STATEMENT_CONNECTIONS,
    packets: 4 * STATEMENT_CONNECTIONS,
    bytes: 1500,
    answerBytes: 4 * 1024 * 1024,
    timeoutMs: 30_000,
  },
  async run(context) {
    const server = await findFhirServer(context);
    if (server !== undefined) context.report('fhir.declared-security', declaredSecurity(server.statement));
  },
};
