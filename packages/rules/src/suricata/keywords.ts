import { APPLICATION_KEYWORDS } from './keywords-application.ts';
import { DECODER_KEYWORDS } from './keywords-asn1.ts';
import { CERTIFICATE_KEYWORDS } from './keywords-certificate.ts';
import { CONTENT_KEYWORDS } from './keywords-content.ts';
import { FLOW_KEYWORDS } from './keywords-flow.ts';
import { FRAME_KEYWORDS } from './keywords-frame.ts';
import { META_KEYWORDS } from './keywords-meta.ts';
import { PACKET_KEYWORDS } from './keywords-packet.ts';
import { PROTOCOL_KEYWORDS } from './keywords-protocol.ts';
import type { Keyword } from './rule-builder.ts';

/** Every keyword of the language; the table in docs/rules.md is generated from it. */
export const KEYWORDS: Readonly<Record<string, Keyword | undefined>> = {
  ...META_KEYWORDS,
  ...CONTENT_KEYWORDS,
  ...PACKET_KEYWORDS,
  ...FLOW_KEYWORDS,
  ...APPLICATION_KEYWORDS,
  ...PROTOCOL_KEYWORDS,
  ...DECODER_KEYWORDS,
  ...FRAME_KEYWORDS,
  ...CERTIFICATE_KEYWORDS,
};
