import {
  associateRequest,
  echoRequest,
  IMPLICIT_LITTLE_ENDIAN,
  isPduWhole,
  readAssociationAnswer,
  releaseRequest,
  SOP_CLASS,
  TRANSFER_SYNTAXES,
} from '../../messages/dicom-association.ts';
import type { Probe } from '../../probe.ts';
import { calledTitle, DICOM_PORTS, OWN_TITLE } from './dicom-ports.ts';

/** Ids are the odd numbers, in the order of the contexts. */
const VERIFICATION_CONTEXT = 1;

/** One association: a test of the connection as technicians do it, and which transfer syntaxes the node would take. */
export const dicomEcho: Probe = {
  id: 'dicom-echo',
  title: 'DICOM connection test and transfer syntaxes',
  protocols: ['dicom'],
  transport: 'tcp',
  ports: DICOM_PORTS,
  sends:
    'Opens one DICOM association as SPHINX, asks for each transfer syntax, sends one C-ECHO ("are you there?") and releases the association. No image and no query is sent.',
  caution: 'asks',
  limits: { connections: 1, packets: 8, bytes: 3000, answerBytes: 64 * 1024, timeoutMs: 15_000 },
  async run(context) {
    const stream = await context.connect();
    if (stream === undefined) return;
    const contexts = [
      { sopClass: SOP_CLASS.verification, transferSyntaxes: [IMPLICIT_LITTLE_ENDIAN] },
      ...TRANSFER_SYNTAXES.map((uid) => ({ sopClass: SOP_CLASS.secondaryCaptureStorage, transferSyntaxes: [uid] })),
    ];
    stream.send(associateRequest(calledTitle(context), OWN_TITLE, contexts), 'DICOM association request');
    const answer = readAssociationAnswer(await stream.receive(isPduWhole));
    if (answer?.kind === 'accepted') {
      if (answer.contextIds.includes(VERIFICATION_CONTEXT)) {
        stream.send(echoRequest(VERIFICATION_CONTEXT), 'DICOM C-ECHO');
        await stream.receive(isPduWhole);
      }
      stream.send(releaseRequest(), 'DICOM release');
      await stream.receive(isPduWhole);
    }
    stream.close();
  },
};
