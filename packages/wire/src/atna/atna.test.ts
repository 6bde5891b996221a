import { describe, expect, it } from 'vitest';
import { syslog } from '../syslog/protocol.ts';
import { bytes } from '../testing/bytes.ts';
import { promisesOfDatagramRoom, promisesOfStreamRoom } from '../testing/fuzz.ts';
import { client, evidenceOf, play, readDatagram } from '../testing/play.ts';
import { atna } from './protocol.ts';
import type { AtnaEvent } from './types.ts';

/** DICOM PS3.15 §A.5.3.7 (DICOM Instances Transferred), §A.6 in front of it. */
const TRANSFERRED = `<85>1 2026-11-24T10:00:00.000Z archive.hospital DCM4CHEE 1234 IHE+RFC-3881 - <?xml version="1.0"?>
<AuditMessage>
<EventIdentification EventActionCode="C" EventDateTime="2026-11-24T10:00:00" EventOutcomeIndicator="4">
<EventID csd-code="110104" codeSystemName="DCM" originalText="DICOM Instances Transferred"/>
<EventTypeCode csd-code="ITI-41" codeSystemName="IHE Transactions" originalText="Provide"/></EventIdentification>
<ActiveParticipant UserID="CT01" AlternativeUserID="AETITLE=CT01" UserName="Nurse Ratched" UserIsRequestor="true" NetworkAccessPointID="10.1.2.3">
<RoleIDCode csd-code="110153" codeSystemName="DCM" originalText="Source Role ID"/></ActiveParticipant>
<ActiveParticipant UserID="ARCHIVE" UserIsRequestor="false"><RoleIDCode csd-code="110152" codeSystemName="DCM"/></ActiveParticipant>
<AuditSourceIdentification AuditSourceID="archive"><AuditSourceTypeCode csd-code="4"/></AuditSourceIdentification>
<ParticipantObjectIdentification ParticipantObjectID="1.2.840.99" ParticipantObjectTypeCode="2" ParticipantObjectTypeCodeRole="3">
<ParticipantObjectIDTypeCode csd-code="110180" codeSystemName="DCM"/><ParticipantObjectDescription>
<SOPClass UID="1.2.840.10008.5.1.4.1.1.2" NumberOfInstances="250"/></ParticipantObjectDescription></ParticipantObjectIdentification>
<ParticipantObjectIdentification ParticipantObjectID="4711^^^HOSP" ParticipantObjectTypeCode="1" ParticipantObjectTypeCodeRole="1">
<ParticipantObjectIDTypeCode csd-code="2" codeSystemName="RFC-3881"/><ParticipantObjectName>Doe^Jane</ParticipantObjectName>
</ParticipantObjectIdentification></AuditMessage>`;

/** RFC 3881 §6: codes without the prefix. */
const LOGIN =
  '<84>1 2026-11-24T10:00:01Z ws1 RIS 7 DICOM+RFC3881 - <AuditMessage><EventIdentification EventActionCode="E" ' +
  'EventOutcomeIndicator="8"><EventID code="110114" displayName="User Authentication" codeSystemName="DCM"/>' +
  '<EventTypeCode code="110122"/></EventIdentification><ActiveParticipant UserID="dr.house" UserIsRequestor="true"/></AuditMessage>';

const eventsOf = (records: readonly { readonly protocol: string }[]) =>
  records.filter((record): record is AtnaEvent => record.protocol === 'atna');

describe('an audit trail of care', () => {
  it('is told event by event, over UDP', () => {
    const records = readDatagram(syslog, bytes(TRANSFERRED));
    expect(records[0]).toMatchObject({ protocol: 'syslog', activity: 'audit-message', program: 'DCM4CHEE' });
    expect(eventsOf(records)).toEqual([
      {
        protocol: 'atna',
        activity: 'event',
        format: 'dicom',
        event: 'DICOM Instances Transferred',
        types: ['ITI-41'],
        action: 'create',
        outcome: 'failure',
        severity: 'minor',
        participants: 2,
        requestors: 1,
        roles: ['source', 'destination'],
        sourceTypes: ['4'],
        patients: 1,
        studies: 1,
        otherObjects: 0,
        instances: 250,
      },
    ]);
  });

  it('is read over TCP by the length in front, lines within and all, and line by line where there is none', () => {
    const counted = bytes(`${TRANSFERRED.length} ${TRANSFERRED}${LOGIN.length} ${LOGIN}`);
    const lines = bytes(`${LOGIN}\n${TRANSFERRED.replaceAll('\n', ' ')}\n`);
    expect(eventsOf(play(syslog, [client(counted)]).records).map(({ event }) => event)).toEqual([
      'DICOM Instances Transferred',
      'User Authentication',
    ]);
    expect(eventsOf(play(syslog, [client(lines)]).records)).toHaveLength(2);
  });

  it('knows the older form, in which logins fail', () => {
    expect(eventsOf(readDatagram(syslog, bytes(LOGIN)))).toMatchObject([
      { format: 'rfc-3881', event: 'User Authentication', types: ['Login'], outcome: 'failure', severity: 'serious' },
    ]);
  });

  it('says nothing of users, patients, studies and addresses', () => {
    const records = [TRANSFERRED, LOGIN].flatMap((text) => readDatagram(syslog, bytes(text)));
    const told = JSON.stringify(records) + evidenceOf(atna, eventsOf(records)).join();
    for (const secret of ['Doe', '4711', '1.2.840', 'Ratched', 'CT01', 'house', '10.1.2.3']) {
      expect(told).not.toContain(secret);
    }
  });

  it('goes on behind a message that is larger than what is kept', () => {
    const large = `<85>1 - h p - - - ${'x'.repeat(100_000)}`;
    const stream = bytes(`${large.length} ${large}${LOGIN.length} ${LOGIN}`);
    expect(eventsOf(play(syslog, [client(stream)], [700]).records)).toHaveLength(1);
  });
});

promisesOfStreamRoom(syslog, [[client(bytes(`${TRANSFERRED.length} ${TRANSFERRED}${LOGIN.length} ${LOGIN}`))]]);
promisesOfDatagramRoom(syslog, [bytes(LOGIN)]);
