import { writeFile } from 'node:fs/promises';
import { careForPatients } from './clinical-activity.ts';
import { takeImages } from './imaging-activity.ts';
import { announce, arrive, claimForeignAddress } from './network-activity.ts';
import { callMaker, runOffice, servicePump } from './office-activity.ts';
import { PacketBuilder } from './packets/packet-builder.ts';
import { createSampleCertificates } from './packets/sample-certificates.ts';

/** Time that the sample covers. */
export const SAMPLE_DURATION_MS = 600_000;
/** Connections are closed this long before the end. */
const CLOSING_MS = 2000;

/**
 * Writes ten minutes of an invented hospital's traffic as a pcap file. Everything in it is made by this project; no
 * person, maker or device in it exists.
 *
 * @param path file to write; its folder exists
 * @param nowMs milliseconds since the Unix epoch; the last packet is not later
 */
export async function writeSampleCapture(path: string, nowMs: number): Promise<void> {
  const packets = new PacketBuilder();
  const startMs = nowMs - SAMPLE_DURATION_MS;
  const endMs = nowMs - CLOSING_MS;
  const certificates = createSampleCertificates(nowMs);
  arrive(packets, startMs);
  announce(packets, startMs, endMs);
  takeImages(packets, startMs);
  careForPatients(packets, startMs, endMs);
  runOffice(packets, startMs, endMs, certificates);
  servicePump(packets, startMs + 205_000);
  for (const timeMs of [startMs + 150_000, startMs + 450_000]) callMaker(packets, timeMs, certificates.internet);
  for (const timeMs of [startMs + 330_000, startMs + 480_000]) claimForeignAddress(packets, timeMs);
  await writeFile(path, packets.toPcap());
}
