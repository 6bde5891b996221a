import { DOMAIN, HOSPITAL, HOSPITAL_HOSTS, type HospitalHost } from './hospital.ts';
import {
  bacnetMessages,
  ETHERTYPE_LLDP,
  LLDP_GROUP,
  lldpAnnouncement,
  MDNS_GROUP,
  mdnsAnnouncement,
  nbnsRegistration,
  SSDP_GROUP,
  ssdpNotification,
} from './packets/announcements.ts';
import { dhcpMessage, dnsMessages, ntpMessages } from './packets/messages.ts';
import { BROADCAST, type PacketBuilder } from './packets/packet-builder.ts';

const SECOND_MS = 1000;
const DHCP_SERVER_PORT = 67;
const DHCP_CLIENT_PORT = 68;
const DNS_PORT = 53;
const NTP_PORT = 123;
const BACNET_PORT = 47_808;
const NBNS_PORT = 137;
const SUBNET_BROADCAST = { ...BROADCAST, ip: '10.20.255.255' };
const { gateway, printer, camera, building, workstation } = HOSPITAL;
let nextQueryId = 0x5a00;

/** Every host appears: asks for an address where it does, finds its gateway, sets its clock. */
export function arrive(packets: PacketBuilder, startMs: number): void {
  for (const [index, host] of HOSPITAL_HOSTS.entries()) {
    const timeMs = startMs + 120 + index * 730;
    if (host.dhcp !== undefined) askForAddress(packets, timeMs, host, host.dhcp);
    packets.arp(timeMs + 40, 'request', host, host);
    if (host.mac === gateway.mac) continue;
    packets.arp(timeMs + 65, 'request', host, gateway);
    packets.arp(timeMs + 65.3, 'reply', gateway, host);
    setClock(packets, timeMs + 90, host);
  }
}

/** What devices say unasked, again and again until `endMs`. */
export function announce(packets: PacketBuilder, startMs: number, endMs: number): void {
  const lldp = lldpAnnouncement(gateway, `gateway.${DOMAIN}`, 'Sample gateway, release 3 (sample)');
  for (let timeMs = startMs + 5000; timeMs < endMs; timeMs += 30 * SECOND_MS) {
    packets.frame(timeMs, gateway.mac, LLDP_GROUP, ETHERTYPE_LLDP, lldp);
  }
  for (let timeMs = startMs + 16_000; timeMs < endMs; timeMs += 120 * SECOND_MS) {
    announcePrinter(packets, timeMs);
    announceCamera(packets, timeMs + 2500);
    announceBuilding(packets, timeMs + 7300);
    registerWorkstation(packets, timeMs + 11_000);
  }
}

/** The camera was given the building controller's address by hand once, and still claims it at times (RFC 5227 §2.4). */
export function claimForeignAddress(packets: PacketBuilder, timeMs: number): void {
  const claim = { mac: camera.mac, ip: building.ip };
  packets.arp(timeMs, 'request', claim, claim);
  packets.arp(timeMs + 1000, 'request', claim, claim);
  packets.arp(timeMs + 1002, 'reply', building, camera);
}

/** A name is looked up at the gateway. @returns when the answer is there, in milliseconds */
export function lookUp(
  packets: PacketBuilder,
  timeMs: number,
  client: HospitalHost,
  name: string,
  address: string,
): number {
  nextQueryId = (nextQueryId + 1) & 0xffff;
  const { query, answer } = dnsMessages(nextQueryId, name, address);
  const port = 49_152 + (nextQueryId % 16_000);
  packets.udp(timeMs, { ...client, port }, { ...gateway, port: DNS_PORT }, query);
  packets.udp(timeMs + 1.1, { ...gateway, port: DNS_PORT }, { ...client, port }, answer);
  return timeMs + 2;
}

function askForAddress(
  packets: PacketBuilder,
  timeMs: number,
  host: HospitalHost,
  { vendorClass, parameters }: NonNullable<HospitalHost['dhcp']>,
): void {
  const fields = { client: host, server: gateway, hostname: host.name, vendorClass, parameters };
  const asking = { mac: host.mac, ip: '0.0.0.0', stack: host.stack, port: DHCP_CLIENT_PORT };
  const everyone = { ...BROADCAST, port: DHCP_SERVER_PORT };
  const server = { ...gateway, port: DHCP_SERVER_PORT };
  packets.udp(timeMs, asking, everyone, dhcpMessage({ ...fields, type: 'discover' }));
  packets.udp(timeMs + 4, asking, everyone, dhcpMessage({ ...fields, type: 'request' }));
  packets.udp(timeMs + 9, server, { ...host, port: DHCP_CLIENT_PORT }, dhcpMessage({ ...fields, type: 'ack' }));
}

function setClock(packets: PacketBuilder, timeMs: number, host: HospitalHost): void {
  const { request, reply } = ntpMessages();
  packets.udp(timeMs, { ...host, port: NTP_PORT }, { ...gateway, port: NTP_PORT }, request);
  packets.udp(timeMs + 0.9, { ...gateway, port: NTP_PORT }, { ...host, port: NTP_PORT }, reply);
}

function announcePrinter(packets: PacketBuilder, timeMs: number): void {
  const announcement = mdnsAnnouncement({
    service: '_ipp._tcp',
    instance: 'Sample printer, ward 2',
    hostname: printer.name,
    address: printer.ip,
    port: 631,
    text: ['ty=Sample Laser 40', 'usb_MFG=Sample Print', 'usb_MDL=Sample Laser 40', 'rp=ipp/print'],
  });
  packets.udp(timeMs, { ...printer, port: 5353 }, { ...MDNS_GROUP, port: 5353 }, announcement, 255);
}

function announceCamera(packets: PacketBuilder, timeMs: number): void {
  const announcement = mdnsAnnouncement({
    service: '_rtsp._tcp',
    instance: 'Sample camera, entrance',
    hostname: camera.name,
    address: camera.ip,
    port: 554,
    text: ['model=Sample Cam 4K'],
  });
  packets.udp(timeMs, { ...camera, port: 5353 }, { ...MDNS_GROUP, port: 5353 }, announcement, 255);
  const notification = ssdpNotification({
    location: `http://${camera.ip}/upnp/device.xml`,
    server: 'Linux UPnP/1.0 SampleCam/2.1',
    deviceType: 'urn:schemas-upnp-org:device:DigitalSecurityCamera:1',
    uuid: '5a5a5a5a-0000-4000-8000-00204a5a0061',
  });
  packets.udp(timeMs + 300, { ...camera, port: 1900 }, { ...SSDP_GROUP, port: 1900 }, Buffer.from(notification), 4);
}

function announceBuilding(packets: PacketBuilder, timeMs: number): void {
  const { whoIs, iAm } = bacnetMessages(5001);
  const from = { ...building, port: BACNET_PORT };
  const everyone = { ...SUBNET_BROADCAST, port: BACNET_PORT };
  packets.udp(timeMs, from, everyone, whoIs);
  packets.udp(timeMs + 15, from, everyone, iAm);
}

function registerWorkstation(packets: PacketBuilder, timeMs: number): void {
  const registration = nbnsRegistration(workstation.name, workstation.ip);
  packets.udp(timeMs, { ...workstation, port: NBNS_PORT }, { ...SUBNET_BROADCAST, port: NBNS_PORT }, registration);
}
