import { DOMAIN, HOSPITAL, type HospitalHost } from './hospital.ts';
import { lookUp } from './network-activity.ts';
import { httpResponse, mllp } from './packets/messages.ts';
import type { PacketBuilder } from './packets/packet-builder.ts';

const SECOND_MS = 1000;
const MLLP_PORT = 2575;
const FHIR_PORT = 8080;
const { his, lis, pump, monitor, analyser } = HOSPITAL;

interface Hl7End {
  readonly host: HospitalHost;
  readonly application: string;
  readonly facility: string;
}

const HIS: Hl7End = { host: his, application: 'SAMPLE_HIS', facility: 'SAMPLE_HOSPITAL' };
const LIS: Hl7End = { host: lis, application: 'SAMPLE_LIS', facility: 'SAMPLE_LAB' };
const PUMP: Hl7End = { host: pump, application: 'SAMPLE_INFUSION_PUMP', facility: 'ICU' };
const MONITOR: Hl7End = { host: monitor, application: 'SAMPLE_PATIENT_MONITOR', facility: 'ICU' };
const ANALYSER: Hl7End = { host: analyser, application: 'SAMPLE_LAB_ANALYZER', facility: 'SAMPLE_LAB' };

/** PID of nobody (HL7 v2.6 §3.4.2). */
const NOBODY = 'PID|1||SAMPLE-NOBODY||NOBODY^SAMPLE';

/** Vital signs, infusions, admissions, orders and results between systems, until `endMs`. */
export function careForPatients(packets: PacketBuilder, startMs: number, endMs: number): void {
  // IHE Patient Care Device profiles: DEC for a monitor, and for a pump (IHE PCD TF-2 §3.1).
  talkHl7(packets, { from: MONITOR, to: HIS, startMs: startMs + 15_000, endMs, everyMs: 20 * SECOND_MS }, (time) => [
    header(MONITOR, HIS, 'ORU^R01^ORU_R01', time, 'IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO'),
    'SFT|Sample Monitoring|3.4|Sample Vital|0',
    NOBODY,
    `OBR|1|||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|||${time}`,
    'OBX|1|NM|147842^MDC_ECG_HEART_RATE^MDC|1.1.1.1|72|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R',
    'OBX|2|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.1.1.2|98|262688^MDC_DIM_PERCENT^MDC|||||R',
  ]);
  talkHl7(packets, { from: PUMP, to: HIS, startMs: startMs + 18_000, endMs, everyMs: 45 * SECOND_MS }, (time) => [
    header(PUMP, HIS, 'ORU^R01^ORU_R01', time, 'IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO'),
    'SFT|Sample Infusion|2.0|Sample Pump 300|0',
    NOBODY,
    `OBR|1|||69985^MDC_DEV_PUMP_INFUS_MDS^MDC|||${time}`,
    'OBX|1|NM|157784^MDC_FLOW_FLUID_PUMP^MDC|1.1.1.1|4.0|265266^MDC_DIM_MILLI_L_PER_HR^MDC|||||R',
  ]);
  talkHl7(packets, { from: HIS, to: LIS, startMs: startMs + 40_000, endMs, everyMs: 110 * SECOND_MS }, (time) => [
    header(HIS, LIS, 'OML^O21^OML_O21', time),
    NOBODY,
    'ORC|NW|SAMPLE-ORDER',
    'OBR|1|SAMPLE-ORDER||718-7^Hemoglobin^LN',
  ]);
  talkHl7(packets, { from: HIS, to: LIS, startMs: startMs + 30_000, endMs, everyMs: 240 * SECOND_MS }, (time) => [
    header(HIS, LIS, 'ADT^A01^ADT_A01', time),
    `EVN|A01|${time}`,
    NOBODY,
    'PV1|1|I|ICU^3^1',
  ]);
  talkHl7(packets, { from: ANALYSER, to: LIS, startMs: startMs + 75_000, endMs, everyMs: 90 * SECOND_MS }, (time) => [
    header(ANALYSER, LIS, 'OUL^R22^OUL_R22', time),
    'SFT|Sample Diagnostics|1.9|Sample Analyser C|0',
    'SPM|1|SAMPLE-SPECIMEN||BLD',
    'OBR|1|SAMPLE-ORDER||718-7^Hemoglobin^LN',
    'OBX|1|NM|718-7^Hemoglobin^LN||140|g/L|||||F',
  ]);
  talkHl7(packets, { from: LIS, to: HIS, startMs: startMs + 82_000, endMs, everyMs: 90 * SECOND_MS }, (time) => [
    header(LIS, HIS, 'ORU^R01^ORU_R01', time),
    NOBODY,
    'OBR|1|SAMPLE-ORDER||718-7^Hemoglobin^LN',
    'OBX|1|NM|718-7^Hemoglobin^LN||140|g/L|||||F',
  ]);
  for (let timeMs = startMs + 25_000; timeMs < endMs; timeMs += 150 * SECOND_MS) askForResources(packets, timeMs);
}

/** One connection that stays open, a message every so often, each acknowledged (HL7 v2.6 §2.9.2). */
function talkHl7(
  packets: PacketBuilder,
  talk: { from: Hl7End; to: Hl7End; startMs: number; endMs: number; everyMs: number },
  message: (time: string) => readonly string[],
): void {
  const { from, to, startMs, endMs, everyMs } = talk;
  const connectMs = lookUp(packets, startMs, from.host, `${to.host.name}.${DOMAIN}`, to.host.ip);
  const connection = packets.connect(connectMs, from.host, { ...to.host, port: MLLP_PORT });
  for (let timeMs = startMs + 20; timeMs < endMs; timeMs += everyMs) {
    const time = hl7Time(timeMs);
    const acknowledgement = mllp(header(to, from, 'ACK^R01^ACK', time), `MSA|AA|SAMPLE${time}`);
    connection
      .at(timeMs)
      .fromClient(mllp(...message(time)))
      .at(timeMs + 12)
      .fromServer(acknowledgement);
  }
  connection.close();
}

/** MSH (HL7 v2.6 §2.15.9); processing id T says that it is for training. */
function header(from: Hl7End, to: Hl7End, type: string, time: string, profile = ''): string {
  const ends = `${from.application}|${from.facility}|${to.application}|${to.facility}`;
  return `MSH|^~\\&|${ends}|${time}||${type}|SAMPLE${time}|T|2.6|||AL|NE|||||${profile}`;
}

/** HL7 v2 time stamp in UTC, to the millisecond. */
function hl7Time(timeMs: number): string {
  return `${new Date(timeMs).toISOString().replace(/[-:TZ]/g, '')}+0000`;
}

/** The laboratory asks the hospital information system over FHIR, with a bearer token (FHIR R4 §3.1.0). */
function askForResources(packets: PacketBuilder, timeMs: number): void {
  const connectMs = lookUp(packets, timeMs, lis, `his.${DOMAIN}`, his.ip);
  const ask = (path: string) =>
    `GET /fhir/${path} HTTP/1.1\r\nHost: his.${DOMAIN}:${FHIR_PORT}\r\nUser-Agent: SampleLIS/6.1\r\n` +
    'Accept: application/fhir+json\r\nAuthorization: Bearer sample\r\n\r\n';
  const headers = { Server: 'SampleHIS/12', 'Content-Type': 'application/fhir+json' };
  const capabilities = JSON.stringify({
    resourceType: 'CapabilityStatement',
    status: 'active',
    kind: 'instance',
    fhirVersion: '4.0.1',
    software: { name: 'Sample HIS', version: '12.0' },
  });
  const nothingFound = JSON.stringify({ resourceType: 'Bundle', type: 'searchset', total: 0 });
  packets
    .connect(connectMs, lis, { ...his, port: FHIR_PORT })
    .fromClient(ask('metadata'))
    .fromServer(httpResponse(headers, capabilities))
    .fromClient(ask('ServiceRequest?status=active'))
    .fromServer(httpResponse(headers, nothingFound))
    .close();
}
