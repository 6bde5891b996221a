export { canonicalJson } from './canonical-json.ts';
export {
  DsseEnvelope,
  hasOwnId,
  type OpenedEnvelope,
  openEnvelope,
  preAuthenticationEncoding,
  type SigningKey,
  signEnvelope,
  TrustedKey,
  TrustedKeys,
} from './dsse.ts';
export { createSigningKey, openSigningKey, trustedKeyOf } from './signing-key.ts';
export { type CheckedTimeStamp, checkTimeStamp, type TimeStamp, timeStampRequest, tokenOf } from './time-stamp.ts';
