import type { ProbeStream } from '@sphinx/probes/connection';
import {
  associateRequest,
  echoRequest,
  IMPLICIT_LITTLE_ENDIAN,
  isPduWhole,
  readAssociationAnswer,
  releaseRequest,
  SOP_CLASS,
} from '@sphinx/probes/messages';
import { type Check, type CheckAnswer, type CheckContext, failed, good, NOBODY, SILENT } from '../check.ts';
import { readDimseAnswer } from './dicom-answer.ts';
import { findStudyRequest, unknownStudyUid } from './dicom-find-request.ts';

const CONTEXT = 1;
/** PS3.8 table 9-21: reasons of the service user (source 1), and of the presentation (source 3). */
const REJECTIONS: Readonly<Record<string, string>> = {
  '1.3': 'it does not know the own AE title',
  '1.7': 'it does not know the called AE title',
  '3.1': 'it is congested at the moment',
  '3.2': 'it has no association left',
};
/** PS3.7 annex C and PS3.4 §C.4.1.1.4. */
const SUCCESS = 0x0000;
const OUT_OF_RESOURCES = 0xa700;

/** Verification (PS3.4 annex A). */
export const dicomEcho: Check = (context) =>
  converse(context, SOP_CLASS.verification, async (stream) => {
    stream.send(echoRequest(CONTEXT), 'DICOM C-ECHO');
    return answerOf(await stream.receive((bytes) => readDimseAnswer(bytes) !== undefined, context.left()), 'C-ECHO');
  });

/** Asks for a study that does not exist: the database has to look for it, and nothing comes back. */
export const dicomFind: Check = (context) =>
  converse(context, SOP_CLASS.studyRootFind, async (stream) => {
    stream.send(findStudyRequest(CONTEXT, unknownStudyUid()), 'DICOM C-FIND for a study that does not exist');
    return answerOf(await stream.receive((bytes) => readDimseAnswer(bytes) !== undefined, context.left()), 'C-FIND');
  });

async function converse(
  context: CheckContext,
  sopClass: string,
  ask: (stream: ProbeStream) => Promise<CheckAnswer>,
): Promise<CheckAnswer> {
  const stream = await context.connect();
  if (stream === undefined) return NOBODY;
  const { calledTitle, callingTitle } = context.parameters;
  const offer = [{ sopClass, transferSyntaxes: [IMPLICIT_LITTLE_ENDIAN] }];
  stream.send(associateRequest(String(calledTitle), String(callingTitle), offer), 'DICOM association request');
  const bytes = await stream.receive(isPduWhole, context.left());
  const answer = readAssociationAnswer(bytes);
  if (answer === undefined) {
    stream.close();
    return bytes.length === 0 ? SILENT : failed('It answers, but not in DICOM.');
  }
  if (answer.kind === 'rejected') {
    stream.close();
    const reason = REJECTIONS[`${answer.source}.${answer.reason}`] ?? `reason ${answer.source}.${answer.reason}`;
    return failed(`It rejects the association: ${reason}.`);
  }
  if (!answer.contextIds.includes(CONTEXT)) {
    stream.close();
    return failed('It accepts the association, but not for this service.');
  }
  const result = await ask(stream);
  stream.send(releaseRequest(), 'DICOM release');
  await stream.receive(isPduWhole, Math.min(1000, context.left()));
  stream.close();
  return result;
}

function answerOf(bytes: Buffer, what: string): CheckAnswer {
  const answer = readDimseAnswer(bytes);
  if (answer === undefined) return failed(`It accepts the association and does not answer the ${what}.`);
  if (answer.kind === 'abort') return failed(`It aborts the association at the ${what}.`);
  if (answer.status === SUCCESS) return good(`${what} succeeded.`);
  const code = `0x${answer.status.toString(16).padStart(4, '0')}`;
  if (answer.status === OUT_OF_RESOURCES) return failed(`It is out of resources (${what}: status ${code}).`);
  return failed(`The ${what} failed with status ${code}.`);
}
