import { DOMAIN, HOSPITAL, type HospitalHost } from './hospital.ts';
import { lookUp } from './network-activity.ts';
import {
  associate,
  echo,
  find,
  RELEASE_REQUEST,
  RELEASE_RESPONSE,
  type SampleApplicationEntity,
  store,
} from './packets/dicom-messages.ts';
import type { PacketBuilder, SampleConnection } from './packets/packet-builder.ts';

const DICOM_PORT = 11_112;
const VERIFICATION = '1.2.840.10008.1.1';
const MODALITY_WORKLIST_FIND = '1.2.840.10008.5.1.4.31';
const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
const MR_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.4';
const ULTRASOUND_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.6.1';
/** UIDs below 2.25 need no registration (DICOM PS3.5 annex B.2). */
const UID_ROOT = '2.25.90090090090090090';
const { pacs, ct, mr, ultrasound } = HOSPITAL;

interface Modality {
  readonly host: HospitalHost;
  readonly entity: SampleApplicationEntity;
  readonly modality: 'CT' | 'MR' | 'US';
  readonly storage: string;
  readonly model: string;
  readonly serial: string;
  readonly software: string;
  readonly department: string;
}

const ARCHIVE: SampleApplicationEntity = {
  title: 'SAMPLE_PACS',
  implementationClassUid: `${UID_ROOT}.1`,
  implementationVersion: 'SAMPLEPACS_4',
};

const CT: Modality = {
  host: ct,
  entity: { title: 'SAMPLE_CT1', implementationClassUid: `${UID_ROOT}.2`, implementationVersion: 'SAMPLECT_7' },
  modality: 'CT',
  storage: CT_IMAGE_STORAGE,
  model: 'Sample CT 64',
  serial: 'SAMPLE-CT-0001',
  software: 'CT 7.2 sample',
  department: 'Radiology',
};

const MR: Modality = {
  host: mr,
  entity: { title: 'SAMPLE_MR1', implementationClassUid: `${UID_ROOT}.3`, implementationVersion: 'SAMPLEMR_5' },
  modality: 'MR',
  storage: MR_IMAGE_STORAGE,
  model: 'Sample MR 1.5T',
  serial: 'SAMPLE-MR-0001',
  software: 'MR 5.0 sample',
  department: 'Radiology',
};

const ULTRASOUND: Modality = {
  host: ultrasound,
  entity: { title: 'SAMPLE_US1', implementationClassUid: `${UID_ROOT}.4`, implementationVersion: 'SAMPLEUS_2' },
  modality: 'US',
  storage: ULTRASOUND_IMAGE_STORAGE,
  model: 'Sample US 9',
  serial: 'SAMPLE-US-0001',
  software: 'US 2.1 sample',
  department: 'Cardiology',
};

/** A morning in radiology: each modality checks its archive, asks for its worklist and stores what it took. */
export function takeImages(packets: PacketBuilder, startMs: number): void {
  for (const [index, modality] of [CT, MR, ULTRASOUND].entries()) {
    verify(packets, startMs + 20_000 + index * 4300, modality);
    for (const minute of [1, 4, 7]) askForWorklist(packets, startMs + minute * 60_000 + index * 9100, modality);
  }
  storeSeries(packets, startMs + 100_000, CT, { series: 1, images: 24, pixelBytes: 32_768 });
  storeSeries(packets, startMs + 190_000, MR, { series: 1, images: 16, pixelBytes: 24_576 });
  storeSeries(packets, startMs + 260_000, ULTRASOUND, { series: 1, images: 6, pixelBytes: 61_440 });
  storeSeries(packets, startMs + 380_000, CT, { series: 2, images: 18, pixelBytes: 32_768 });
  storeSeries(packets, startMs + 520_000, ULTRASOUND, { series: 2, images: 4, pixelBytes: 61_440 });
}

function verify(packets: PacketBuilder, timeMs: number, modality: Modality): void {
  const { request, response } = echo();
  withAssociation(packets, timeMs, modality, VERIFICATION, (connection) =>
    connection.fromClient(request).fromServer(response),
  );
}

/** Scheduled procedure steps (PS3.4 §K.6.1.2.2); all keys empty, no matches. */
function askForWorklist(packets: PacketBuilder, timeMs: number, modality: Modality): void {
  const { request, response } = find(MODALITY_WORKLIST_FIND, [
    [0x0008, 0x0050, 'SH'],
    [0x0040, 0x1001, 'SH'],
  ]);
  withAssociation(packets, timeMs, modality, MODALITY_WORKLIST_FIND, (connection) =>
    connection.fromClient(request).fromServer(response),
  );
}

function storeSeries(
  packets: PacketBuilder,
  timeMs: number,
  modality: Modality,
  { series, images, pixelBytes }: { series: number; images: number; pixelBytes: number },
): void {
  const seriesUid = `${UID_ROOT}.${modality.entity.implementationClassUid.slice(-1)}.${series}`;
  withAssociation(packets, timeMs, modality, modality.storage, (connection) => {
    for (let image = 1; image <= images; image++) {
      const instanceUid = `${seriesUid}.${image}`;
      const object = imageAttributes(modality, seriesUid, instanceUid);
      const { request, response } = store(modality.storage, instanceUid, object, pixelBytes);
      connection
        .at(timeMs + image * 350)
        .fromClient(request)
        .fromServer(response);
    }
  });
}

/** Attributes in ascending order. The patient is nobody, and says so. */
function imageAttributes(modality: Modality, seriesUid: string, instanceUid: string): Parameters<typeof store>[2] {
  return [
    [0x0008, 0x0016, 'UI', modality.storage],
    [0x0008, 0x0018, 'UI', instanceUid],
    [0x0008, 0x0060, 'CS', modality.modality],
    [0x0008, 0x0070, 'LO', 'Sample Imaging'],
    [0x0008, 0x0080, 'LO', 'Sample Hospital'],
    [0x0008, 0x1010, 'SH', modality.host.name.toUpperCase()],
    [0x0008, 0x1040, 'LO', modality.department],
    [0x0008, 0x1090, 'LO', modality.model],
    [0x0010, 0x0010, 'PN', 'NOBODY^SAMPLE'],
    [0x0010, 0x0020, 'LO', 'SAMPLE-NOBODY'],
    [0x0018, 0x1000, 'LO', modality.serial],
    [0x0018, 0x1020, 'LO', modality.software],
    [0x0020, 0x000d, 'UI', `${seriesUid}.0`],
    [0x0020, 0x000e, 'UI', seriesUid],
  ];
}

function withAssociation(
  packets: PacketBuilder,
  timeMs: number,
  { host, entity }: Modality,
  sopClass: string,
  talk: (connection: SampleConnection) => void,
): void {
  const connectMs = lookUp(packets, timeMs, host, `pacs.${DOMAIN}`, pacs.ip);
  const { request, accept } = associate(entity, ARCHIVE, sopClass);
  const connection = packets.connect(connectMs, host, { ...pacs, port: DICOM_PORT });
  connection.fromClient(request).fromServer(accept);
  talk(connection);
  connection.fromClient(RELEASE_REQUEST).fromServer(RELEASE_RESPONSE).close();
}
