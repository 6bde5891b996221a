import { describe, expect, it } from 'vitest';
import { bytes } from '../testing/bytes.ts';
import { promisesOfStreamRoom } from '../testing/fuzz.ts';
import { client, detect, evidenceOf, play, server, type Turn } from '../testing/play.ts';
import { poct1a } from './protocol.ts';

/** POCT01-A2 appendix B: header, then what belongs to the message. */
function message(type: string, id: number, content: string): Uint8Array {
  const header = `<HDR><HDR.message_type V="${type}" /><HDR.control_id V="${id}"/><HDR.version_id V="POCT1"/></HDR>`;
  return bytes(`<?xml version="1.0" encoding="utf-8"?><${type}>${header}${content}</${type}>`);
}
const acknowledgement = (id: number, answered: number, code = 'AA', detail = '') =>
  message('ACK.R01', id, `<ACK><ACK.type_cd V="${code}"/><ACK.ack_control_id V="${answered}" />${detail}</ACK>`);

const HELLO = message(
  'HEL.R01',
  7135,
  `<DEV><DEV.device_id V="">MGH^ICU</DEV.device_id><DEV.vendor_id V="NOVABIO" /><DEV.model_id V="StatStrip" />
   <DEV.serial_id V='0600100736' /><DEV.hw_version V="K1" /><DEV.sw_version V="3.10.8.0">3.10.8.0_it</DEV.sw_version>
   <DSC><DSC.connection_profile_cd V="SA" /></DSC></DEV>`,
);
const RESULTS = message(
  'OBS.R01',
  7137,
  `<SVC><SVC.role_cd V="OBS"/><PT><PT.patient_id V="99887766"/><PT.name V="Doe, Jane"/>
   <OBS><OBS.observation_id V="2339-0"/><OBS.value V="104" U="mg/dL"/></OBS><OBS><OBS.value V="5"/></OBS></PT>
   <OPR><OPR.operator_id V="nurse7"/></OPR></SVC>`,
);
const OPERATORS = message(
  'OPL.R01',
  3,
  '<OPR><OPR.operator_id V="nurse7"/><ACC><ACC.password ENC="B64">c2VjcmV0</ACC.password></ACC></OPR>',
);
const SESSION: readonly Turn[] = [
  client(HELLO),
  server(acknowledgement(1, 7135)),
  client(message('DST.R01', 7136, '<DST><DST.new_observations_qty V="12"/></DST>')),
  server(acknowledgement(2, 7136)),
  server(message('REQ.R01', 4, '<REQ><REQ.request_cd V="ROBS" /></REQ>')),
  client(RESULTS),
  server(acknowledgement(5, 7137, 'AE', '<ACK.error_detail_cd V="208"/>')),
  server(OPERATORS),
  client(acknowledgement(7138, 3)),
  client(message('EOT.R01', 7139, '<EOT><EOT.topic_cd V="OBS"/></EOT>')),
];

describe('a point-of-care device', () => {
  const { records } = play(poct1a, SESSION);

  it('greets with what it is, and every message gets its acknowledgement', () => {
    const told = records.map(({ messageType, sender, outcome, topic, observations }) => ({
      messageType,
      sender,
      outcome,
      topic,
      observations,
    }));
    expect(told).toEqual([
      { messageType: 'HEL.R01', sender: 'device', outcome: 'success', topic: '', observations: 0 },
      { messageType: 'DST.R01', sender: 'device', outcome: 'success', topic: '', observations: 12 },
      { messageType: 'OBS.R01', sender: 'device', outcome: 'failure', topic: '', observations: 2 },
      { messageType: 'OPL.R01', sender: 'data-manager', outcome: 'success', topic: '', observations: 0 },
      { messageType: 'EOT.R01', sender: '', outcome: 'unanswered', topic: 'OBS', observations: 0 },
      { messageType: 'REQ.R01', sender: 'data-manager', outcome: 'unanswered', topic: 'ROBS', observations: 0 },
    ]);
    expect(records[0]).toMatchObject({ vendor: 'NOVABIO', model: 'StatStrip', serial: '0600100736' });
    expect(records[2]?.errorCode).toBe('208');
  });

  it('is known by vendor, model, serial and versions, and by a password in the clear', () => {
    expect(evidenceOf(poct1a, records)).toEqual(
      expect.arrayContaining([
        'poct1-a.role=device (client)',
        'poct1-a.vendor=NOVABIO (client)',
        'poct1-a.model=StatStrip (client)',
        'poct1-a.serial=0600100736 (client)',
        'poct1-a.version=software 3.10.8.0 (client)',
        'poct1-a.role=data-manager (server)',
        'poct1-a.clear-text-password=true (server)',
      ]),
    );
  });

  it('says nothing of patients, operators, places, results and passwords', () => {
    const told = JSON.stringify(records) + evidenceOf(poct1a, records).join();
    for (const secret of ['99887766', 'Doe', 'nurse7', 'MGH', '104', '2339-0', 'c2VjcmV0', '7135']) {
      expect(told).not.toContain(secret);
    }
  });

  it('reads a message that is larger than what is kept to its end, and what follows', () => {
    const long = message('OBS.R01', 1, `<SVC><NTE.text V="${'x'.repeat(300_000)}"/></SVC>`);
    const told = play(poct1a, [client(bytes(HELLO, long, HELLO))]).records;
    expect(told.map(({ messageType }) => messageType)).toEqual(['HEL.R01', 'OBS.R01', 'HEL.R01']);
    expect(told.find(({ messageType }) => messageType === 'OBS.R01')?.bytes).toBe(long.length);
  });

  it('is told by its first message, and from other XML', () => {
    expect(detect(poct1a, SESSION)).toBe('match');
    expect(detect(poct1a, [client(bytes('<?xml version="1.0"?>'))])).toBe('undecided');
    expect(detect(poct1a, [client(bytes('<?xml version="1.0"?><soap:Envelope>'))])).toBe('reject');
    expect(detect(poct1a, [client(bytes('<ABC.R01>'))])).toBe('reject');
  });
});

promisesOfStreamRoom(poct1a, [SESSION]);
