import { DOMAIN, HOSPITAL, type HospitalHost, MAKER_CLOUD_ADDRESS } from './hospital.ts';
import { lookUp } from './network-activity.ts';
import { httpResponse, snmpMessages } from './packets/messages.ts';
import type { PacketBuilder } from './packets/packet-builder.ts';
import type { SampleCertificates } from './packets/sample-certificates.ts';
import { smbSession } from './packets/smb-messages.ts';
import { tlsApplicationData, tlsHandshake } from './packets/tls-messages.ts';

const SECOND_MS = 1000;
const HTTP_PORT = 80;
const HTTPS_PORT = 443;
const IPP_PORT = 631;
const SMB_PORT = 445;
const SNMP_PORT = 161;
const TELNET_PORT = 23;
const { gateway, his, pacs, fileServer, ultrasound, pump, analyser, workstation, printer, camera, building } = HOSPITAL;

/** What people and administrators do beside care, until `endMs`. */
export function runOffice(
  packets: PacketBuilder,
  startMs: number,
  endMs: number,
  certificates: SampleCertificates,
): void {
  for (let timeMs = startMs + 35_000; timeMs < endMs; timeMs += 55 * SECOND_MS) {
    browseSecurely(packets, timeMs, workstation, his, certificates.hospitalInformationSystem);
  }
  for (let timeMs = startMs + 65_000; timeMs < endMs; timeMs += 170 * SECOND_MS) {
    browseSecurely(packets, timeMs, workstation, pacs, certificates.archive);
    openFiles(packets, timeMs + 8000);
    print(packets, timeMs + 21_000);
  }
  for (let timeMs = startMs + 12_000; timeMs < endMs; timeMs += 60 * SECOND_MS) poll(packets, timeMs);
  browse(packets, startMs + 140_000, camera, 'Sample network camera', 'SampleCam/2.1');
  browse(packets, startMs + 160_000, building, 'Sample building controller', 'SampleBMS/5');
  browseSecurely(packets, startMs + 300_000, workstation, analyser, certificates.analyser);
}

/** A technician services the pump over Telnet; what is typed is not recorded anywhere. */
export function servicePump(packets: PacketBuilder, timeMs: number): void {
  packets
    .connect(timeMs, workstation, { ...pump, port: TELNET_PORT })
    .fromServer(Buffer.from('fffd18fffd20fffb03fffb01', 'hex'))
    .fromClient(Buffer.from('fffc18fffc20fffd03fffd01', 'hex'))
    .fromServer('Sample Pump 300 service console\r\nlogin: ')
    .at(timeMs + 2300)
    .fromClient('sample\r\n')
    .fromServer('\r\n# ')
    .at(timeMs + 6100)
    .fromClient('exit\r\n')
    .close();
}

/** The ultrasound calls its maker on the internet. The gateway forwards, so frames carry its link address. */
export function callMaker(packets: PacketBuilder, timeMs: number, certificate: Uint8Array): void {
  const name = 'remote-service.example';
  const connectMs = lookUp(packets, timeMs, ultrasound, name, MAKER_CLOUD_ADDRESS);
  const maker = { mac: gateway.mac, ip: MAKER_CLOUD_ADDRESS, port: HTTPS_PORT };
  const { clientHello, serverFlight, clientFlight, serverFinish } = tlsHandshake(name, certificate);
  packets
    .connect(connectMs, ultrasound, maker)
    .fromClient(clientHello)
    .at(connectMs + 38)
    .fromServer(serverFlight)
    .fromClient(clientFlight)
    .at(connectMs + 75)
    .fromServer(serverFinish)
    .fromClient(tlsApplicationData(5200))
    .fromServer(tlsApplicationData(310))
    .close();
}

function browseSecurely(
  packets: PacketBuilder,
  timeMs: number,
  client: HospitalHost,
  server: HospitalHost,
  certificate: Uint8Array,
): void {
  const name = `${server.name}.${DOMAIN}`;
  const connectMs = lookUp(packets, timeMs, client, name, server.ip);
  const { clientHello, serverFlight, clientFlight, serverFinish } = tlsHandshake(name, certificate);
  packets
    .connect(connectMs, client, { ...server, port: HTTPS_PORT })
    .fromClient(clientHello)
    .fromServer(serverFlight)
    .fromClient(clientFlight)
    .fromServer(serverFinish)
    .fromClient(tlsApplicationData(620))
    .fromServer(tlsApplicationData(9400))
    .close();
}

function browse(packets: PacketBuilder, timeMs: number, server: HospitalHost, title: string, software: string): void {
  const page = `<!doctype html><html><head><title>${title}</title></head><body>Sample</body></html>`;
  packets
    .connect(timeMs, workstation, { ...server, port: HTTP_PORT })
    .fromClient(`GET / HTTP/1.1\r\nHost: ${server.ip}\r\nUser-Agent: SampleBrowser/1.0\r\nAccept: text/html\r\n\r\n`)
    .fromServer(httpResponse({ Server: software, 'Content-Type': 'text/html' }, page))
    .close();
}

function openFiles(packets: PacketBuilder, timeMs: number): void {
  const connectMs = lookUp(packets, timeMs, workstation, `fileserver.${DOMAIN}`, fileServer.ip);
  const connection = packets.connect(connectMs, workstation, { ...fileServer, port: SMB_PORT });
  for (const [request, response] of smbSession('FILESERVER', 'SAMPLE').exchanges) {
    connection.fromClient(request).fromServer(response);
  }
  connection.close();
}

/** Internet Printing Protocol over HTTP (RFC 8010 §3): Get-Printer-Attributes and an empty answer. */
function print(packets: PacketBuilder, timeMs: number): void {
  const attributes = Buffer.from('03', 'hex');
  const request = Buffer.concat([Buffer.from('0101000b00000001', 'hex'), attributes]);
  const response = Buffer.concat([Buffer.from('0101000000000001', 'hex'), attributes]).toString('latin1');
  packets
    .connect(timeMs, workstation, { ...printer, port: IPP_PORT })
    .fromClient(
      `POST /ipp/print HTTP/1.1\r\nHost: ${printer.ip}:631\r\nUser-Agent: SampleSpooler/1.0\r\n` +
        `Content-Type: application/ipp\r\nContent-Length: ${request.length}\r\n\r\n`,
    )
    .fromClient(request)
    .fromServer(httpResponse({ Server: 'SamplePrint/4.0', 'Content-Type': 'application/ipp' }, response))
    .close();
}

/** The file server also watches printers, with the community that everyone knows. */
function poll(packets: PacketBuilder, timeMs: number): void {
  const { request, response } = snmpMessages('public', 'Sample Print Sample Laser 40, firmware 4.0', printer.name);
  packets.udp(timeMs, { ...fileServer, port: 50_161 }, { ...printer, port: SNMP_PORT }, request);
  packets.udp(timeMs + 3.2, { ...printer, port: SNMP_PORT }, { ...fileServer, port: 50_161 }, response);
}
