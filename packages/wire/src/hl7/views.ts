import type { TransactionView } from '../inspector.ts';
import { transactionView } from '../transaction-view.ts';
import type { Hl7Message } from './types.ts';

const MAXIMUM_SEGMENTS = 256;

/** What rules see of an HL7 message: keywords `hl7.*`, listed in docs/rules-health.md. Segments hold what is about patients. */
export function hl7View(message: Hl7Message, segments: readonly string[]): TransactionView {
  const [type = '', trigger = ''] = message.messageType.split('^');
  return transactionView(
    'hl7',
    {
      'hl7.message_type': type,
      'hl7.trigger_event': trigger,
      'hl7.sending_application': message.sendingApplication,
      'hl7.sending_facility': message.sendingFacility,
      'hl7.receiving_application': message.receivingApplication,
      'hl7.receiving_facility': message.receivingFacility,
      'hl7.version': message.version,
      'hl7.processing_id': message.processingId,
      'hl7.ack_code': message.acknowledgementCode,
      'hl7.segment': segments.slice(0, MAXIMUM_SEGMENTS),
    },
    { 'hl7.size': message.bytes },
  );
}
