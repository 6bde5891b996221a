export { ber, berInteger, berObjectId, TAG } from './ber.ts';
export { counted, join, le16, le32, u16, u32 } from './binary.ts';
export {
  associateRequest,
  echoRequest,
  IMPLICIT_LITTLE_ENDIAN,
  isPduWhole,
  readAssociationAnswer,
  releaseRequest,
  SOP_CLASS,
} from './dicom-association.ts';
export { type HttpAnswer, isAnswerWhole, readHttpAnswer } from './http-answer.ts';
