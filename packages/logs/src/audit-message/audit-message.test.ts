import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsAuditMessages, readAuditMessages } from './audit-message.ts';

const DICOM = `<AuditMessage>
  <EventIdentification EventActionCode="R" EventDateTime="2026-11-30T02:11:00Z" EventOutcomeIndicator="0">
    <EventID csd-code="110110" codeSystemName="DCM" originalText="Patient Record"/>
    <EventTypeCode csd-code="110127" codeSystemName="DCM" originalText="Emergency Override Started"/>
  </EventIdentification>
  <ActiveParticipant UserID="pacs" UserIsRequestor="false"><RoleIDCode csd-code="110152"/></ActiveParticipant>
  <ActiveParticipant UserID="dr.miller" UserIsRequestor="true" NetworkAccessPointID="10.20.4.7" NetworkAccessPointTypeCode="2"/>
  <AuditSourceIdentification AuditSourceID="ehr-1"><AuditSourceTypeCode csd-code="4"/></AuditSourceIdentification>
  <ParticipantObjectIdentification ParticipantObjectID="P-4711" ParticipantObjectTypeCode="1" ParticipantObjectTypeCodeRole="1">
    <ParticipantObjectIDTypeCode csd-code="2"/><ParticipantObjectName>Doe^Jane</ParticipantObjectName>
  </ParticipantObjectIdentification>
</AuditMessage>`;
const RFC3881 = `<AuditMessage><EventIdentification EventActionCode="E" EventOutcomeIndicator="8">
  <EventID code="110114" codeSystemName="DCM"/><EventTypeCode code="110122"/></EventIdentification>
  <ActiveParticipant UserID="nurse"/><AuditSourceIdentification AuditSourceID="x" code="4"/></AuditMessage>`;

describe('an audit message', () => {
  it('has the fields of its schema, the codes of coded values, and who asked first', () => {
    expect(readAuditMessages(DICOM).events[0]).toMatchObject({
      EventID: '110110',
      EventTypeCode: '110127',
      EventActionCode: 'R',
      EventOutcomeIndicator: '0',
      UserID: ['dr.miller', 'pacs'],
      NetworkAccessPointID: '10.20.4.7',
      RoleIDCode: '110152',
      AuditSourceID: 'ehr-1',
      AuditSourceTypeCode: '4',
      ParticipantObjectID: 'P-4711',
      ParticipantObjectIDTypeCode: '2',
    });
  });

  it('never gives the name of a patient', () => {
    expect(JSON.stringify(readAuditMessages(DICOM))).not.toContain('Doe');
  });

  it('is found behind the header of syslog, in both schemas, one after another', () => {
    const text = `<110>1 2026-11-30T02:11:00Z ehr atna - IHE+RFC-3881 - \uFEFF<?xml version="1.0"?>${DICOM}\n<110>1 - x - - - - ${RFC3881}`;
    const { events, problems } = readAuditMessages(text);
    expect(problems).toEqual([]);
    expect(events.map(({ EventID }) => EventID)).toEqual(['110110', '110114']);
    expect(events[1]).toMatchObject({ EventTypeCode: '110122', UserID: 'nurse' });
  });

  it('that is cut off is told, and nothing makes the reader throw', () => {
    expect(readAuditMessages(DICOM.slice(0, -20)).problems).toEqual(['an audit message is cut off']);
    expect(holdsAuditMessages(DICOM)).toBe(true);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(DICOM.length), fc.constantFrom('', '<', '>', '"', '&x;', '</')), { maxLength: 8 }),
        (changes) => {
          readAuditMessages(changes.reduce((text, [at, put]) => text.slice(0, at) + put + text.slice(at + 1), DICOM));
        },
      ),
    );
  });
});
