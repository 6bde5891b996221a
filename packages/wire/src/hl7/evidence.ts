import type { EvidenceDraft } from '../protocol.ts';
import type { Hl7Message } from './types.ts';

/** What a message tells about its sender, and, where nothing better is known, about its receiver. */
export function hl7Evidence(message: Hl7Message): readonly EvidenceDraft[] {
  const sender = message.sentBy;
  const receiver = sender === 'client' ? 'server' : 'client';
  const about = (end: 'client' | 'server', attribute: string, value: string): EvidenceDraft[] =>
    value === '' ? [] : [{ attribute, value, about: end }];
  const isAcknowledgement = message.activity === 'acknowledgement';
  return [
    ...about(sender, 'hl7.application', message.sendingApplication),
    ...about(sender, 'hl7.facility', message.sendingFacility),
    ...about(sender, 'hl7.version', message.version),
    ...about(sender, 'hl7.role', isAcknowledgement ? 'receiver' : 'sender'),
    ...about(sender, 'hl7.message-type', message.messageType),
    ...about(sender, 'hl7.acknowledgement', message.acknowledgementCode ?? ''),
    ...(message.hasSecurity ? about(sender, 'hl7.security', 'true') : []),
    ...message.software.flatMap((software) => about(sender, 'hl7.software', software)),
    // The sender calls the receiver by this name; its own acknowledgement will confirm it.
    ...(isAcknowledgement ? [] : about(receiver, 'hl7.application', message.receivingApplication)),
    ...(isAcknowledgement ? [] : about(receiver, 'hl7.facility', message.receivingFacility)),
  ];
}
