import { randomBytes } from 'node:crypto';
import {
  type AssociationAnswer,
  associateRequest,
  IMPLICIT_LITTLE_ENDIAN,
  isPduWhole,
  readAssociationAnswer,
  releaseRequest,
  SOP_CLASS,
} from '../../messages/dicom-association.ts';
import type { Probe, ProbeContext } from '../../probe.ts';
import { calledTitle, DICOM_PORTS, OWN_TITLE } from './dicom-ports.ts';

/** PS3.8 §9.3.4: rejected by the service user, and its reasons. */
const SERVICE_USER = 1;
const CALLING_TITLE_NOT_RECOGNISED = 3;
const CALLED_TITLE_NOT_RECOGNISED = 7;

/** In the order of the presentation contexts, ids 1, 3, 5. */
const OFFERS = [
  { title: 'verification', sopClass: SOP_CLASS.verification },
  { title: 'storage', sopClass: SOP_CLASS.secondaryCaptureStorage },
  { title: 'query', sopClass: SOP_CLASS.studyRootFind },
] as const;

/** A title drawn at random is registered nowhere: who lets it in lets anyone in. */
export const dicomTitles: Probe = {
  id: 'dicom-titles',
  title: 'Whom a DICOM node lets in',
  protocols: ['dicom'],
  transport: 'tcp',
  ports: DICOM_PORTS,
  sends:
    'Asks for two DICOM associations: one under a calling title drawn at random, one to a called title drawn at random. Those that are accepted are released at once; no image and no query is sent.',
  caution: 'unusual',
  limits: { connections: 2, packets: 12, bytes: 3000, answerBytes: 64 * 1024, timeoutMs: 15_000 },
  async run(context) {
    const stranger = await associate(context, calledTitle(context), context.invent(randomTitle()));
    reportStranger(context, stranger);
    const misdialled = await associate(context, context.invent(randomTitle()), OWN_TITLE);
    if (misdialled?.kind === 'accepted') context.report('dicom.called-ae-unchecked', 'true');
  },
};

function reportStranger({ report }: ProbeContext, answer: AssociationAnswer | undefined): void {
  if (answer?.kind === 'accepted') {
    const offered = OFFERS.filter((_, index) => answer.contextIds.includes(2 * index + 1)).map(({ title }) => title);
    report(
      'dicom.any-calling-title',
      offered.length === 0 ? 'accepted for nothing' : `accepted for ${offered.join(', ')}`,
    );
  }
  if (answer?.kind !== 'rejected' || answer.source !== SERVICE_USER) return;
  if (answer.reason === CALLING_TITLE_NOT_RECOGNISED) report('dicom.any-calling-title', 'refused');
  if (answer.reason === CALLED_TITLE_NOT_RECOGNISED)
    report('dicom.any-calling-title', 'not told: the called title is checked first');
}

async function associate(
  context: ProbeContext,
  called: string,
  calling: string,
): Promise<AssociationAnswer | undefined> {
  const stream = await context.connect();
  if (stream === undefined) return undefined;
  const contexts = OFFERS.map(({ sopClass }) => ({ sopClass, transferSyntaxes: [IMPLICIT_LITTLE_ENDIAN] }));
  stream.send(associateRequest(called, calling, contexts), `DICOM association request of ${calling} to ${called}`);
  const answer = readAssociationAnswer(await stream.receive(isPduWhole));
  if (answer?.kind === 'accepted') {
    stream.send(releaseRequest(), 'DICOM release');
    await stream.receive(isPduWhole);
  }
  stream.close();
  return answer;
}

function randomTitle(): string {
  return `QQ${randomBytes(5).toString('hex').toUpperCase()}`;
}
