import { hasBytes, hasText, littleWord16, littleWord32, word16, word32 } from '../bytes/match.ts';
import { latin1 } from '../bytes/text.ts';
import { isAt, type Signature } from '../recognition-room.ts';

/** Control, vehicles, metering and instruments: told by the fixed header of their standard. */
export const INDUSTRIAL: readonly Signature[] = [
  {
    id: 'cip-io',
    title: 'CIP implicit messaging',
    standards: ['CIP Networks Library volume 2 §2-6.3 (sequenced address item, connected data item)'],
    transports: ['udp'],
    usualPorts: [2222],
    begins: [2],
    needs: 18,
    // Two items: sequenced address (0x8002, 8 bytes), connected data (0xb1) that fills the rest.
    matches: (bytes) =>
      hasBytes(bytes, [2, 0, 0x02, 0x80, 8, 0]) &&
      hasBytes(bytes, [0xb1, 0], 14) &&
      (bytes.length === 512 || littleWord16(bytes, 16) === bytes.length - 18),
  },
  {
    id: 'c1222',
    title: 'ANSI C12.22 (metering)',
    standards: ['IEEE 1703 / ANSI C12.22 §5.3 (ACSE), arc 2.16.124.113620.1.22'],
    transports: ['tcp', 'udp'],
    usualPorts: [1153],
    begins: [0x60],
    needs: 12,
    // ACSE association with the C12.22 context or an absolute address under its arc, and the calling or called titles.
    matches: (bytes, view) => bytes[0] === 0x60 && [0xa1, 0xa2, 0xa4, 0xa6].includes(bytes[2] ?? 0) && isAt(view, 1153),
  },
  {
    id: 'dlms',
    title: 'DLMS/COSEM (metering)',
    standards: ['IEC 62056-46 (HDLC frames)', 'IEC 62056-47 (wrapper for TCP and UDP)'],
    transports: ['tcp', 'udp'],
    usualPorts: [4059],
    begins: [0x7e, 0],
    needs: 8,
    matches: (bytes, view) => {
      // HDLC: flag, format type 3 with the length that reaches to the closing flag.
      const length = word16(bytes, 1) & 0x7ff;
      const isFrame = bytes[0] === 0x7e && ((bytes[1] ?? 0) & 0xf0) === 0xa0 && bytes[length + 1] === 0x7e;
      const isWrapped = word16(bytes, 0) === 1 && word16(bytes, 6) === bytes.length - 8 && bytes.length > 8;
      return isFrame || (isWrapped && isAt(view, 4059));
    },
  },
  {
    id: 'ether-s-bus',
    title: 'Ether-S-Bus (Saia PCD)',
    standards: [
      'Saia PCD S-Bus over UDP, as Wireshark documents it: length, version, protocol, sequence, attribute, CRC',
    ],
    transports: ['udp'],
    usualPorts: [5050],
    begins: [0],
    needs: 12,
    matches: (bytes, view) =>
      isAt(view, 5050) &&
      word32(bytes, 0) === bytes.length &&
      (bytes[4] ?? 9) <= 1 &&
      bytes[5] === 0 &&
      (bytes[8] ?? 9) <= 2,
  },
  {
    id: 'ether-s-io',
    title: 'EtherSIO (Saia PCD)',
    standards: ['Ether-S-I/O, as Wireshark documents it: `ESIO`'],
    transports: ['udp'],
    usualPorts: [6060],
    begins: ['ESIO'],
    needs: 16,
    matches: (bytes) => hasText(bytes, 'ESIO'),
  },
  {
    id: 'ads',
    title: 'ADS/AMS (Beckhoff)',
    standards: ['Beckhoff InfoSys: TwinCAT ADS, AMS/TCP header'],
    transports: ['tcp'],
    usualPorts: [48898],
    begins: [0],
    needs: 38,
    // Reserved, length; net ids and ports; command 1 to 9; state flags ADS request or response.
    matches: (bytes) => {
      const command = littleWord16(bytes, 22);
      const state = littleWord16(bytes, 24);
      const length = littleWord32(bytes, 2);
      return (
        word16(bytes, 0) === 0 &&
        length >= 32 &&
        littleWord32(bytes, 26) === length - 32 &&
        command <= 9 &&
        (state & 0xfffe) === 4
      );
    },
  },
  {
    id: 'ethernetglobaldata',
    title: 'Ethernet Global Data (GE)',
    standards: ['GE Fanuc GFK-1541: EGD production message (type 13, version 1)'],
    transports: ['udp'],
    usualPorts: [18246],
    begins: [0x0d],
    needs: 32,
    matches: (bytes) => hasBytes(bytes, [0x0d, 0x01]) && littleWord32(bytes, 28) === 0 && bytes.length <= 1432,
  },
  {
    id: 'controller-area-network',
    title: 'CAN over UDP',
    standards: ['CANopen/ISO 11898 over UDP (PICAN gateways): `ISO11898`'],
    transports: ['udp'],
    usualPorts: [11898],
    begins: ['ISO11898'],
    needs: 11,
    matches: (bytes) => hasText(bytes, 'ISO11898'),
  },
  {
    id: 'someip',
    title: 'SOME/IP (vehicles)',
    standards: ['AUTOSAR PRS SOME/IP §4.1.2 (header): protocol version 1'],
    transports: ['tcp', 'udp'],
    usualPorts: [30490, 30491],
    needs: 16,
    // Length counts from the request id on; message types and return codes are few.
    matches: (bytes, { transport }) => {
      const length = word32(bytes, 4);
      const isLength =
        length >= 8 && (bytes.length === 512 || transport === 'tcp' ? length < 0x10000 : length <= bytes.length - 8);
      const isType = [0x00, 0x01, 0x02, 0x20, 0x21, 0x22, 0x80, 0x81, 0xa0, 0xa1].includes(bytes[14] ?? 255);
      return isLength && bytes[12] === 1 && isType && (bytes[15] ?? 255) <= 0x20 && word32(bytes, 0) !== 0;
    },
  },
  {
    id: 'trdp',
    title: 'TRDP (trains)',
    standards: ['IEC 61375-2-3 annex A: header with protocol version 1.0, message type and checksum'],
    transports: ['tcp', 'udp'],
    usualPorts: [17224, 17225],
    needs: 24,
    matches: (bytes) => word16(bytes, 4) === 0x0100 && /^(?:P[drpe]|M[nrqcep])$/.test(latin1(bytes, 6, 8)),
  },
  {
    id: 'cnp-ip',
    title: 'CNP/IP (LonWorks)',
    standards: ['EN 14908-4 §8 (header): length, version 1, packet type'],
    transports: ['udp'],
    usualPorts: [1628, 1629],
    needs: 20,
    matches: (bytes, view) =>
      isAt(view, 1628, 1629) && word16(bytes, 0) === bytes.length && bytes[2] === 1 && (bytes[4] ?? 1) === 0,
  },
  {
    id: 'hislip',
    title: 'HiSLIP (instruments)',
    standards: ['IVI-6.1 §2.4 (header): `HS`, type, control, parameter, length'],
    transports: ['tcp'],
    usualPorts: [4880],
    begins: ['HS'],
    needs: 16,
    matches: (bytes) => hasText(bytes, 'HS') && (bytes[2] ?? 255) <= 0x20 && word32(bytes, 8) === 0,
  },
  {
    id: 'zabbix',
    title: 'Zabbix',
    standards: ['Zabbix documentation: header and data length (`ZBXD`, flags)'],
    transports: ['tcp'],
    usualPorts: [10050, 10051],
    begins: ['ZBXD'],
    needs: 5,
    matches: (bytes) => hasText(bytes, 'ZBXD') && (bytes[4] ?? 0) >= 1 && (bytes[4] ?? 99) <= 7,
  },
  {
    id: 'rmcp',
    title: 'RMCP and IPMI',
    standards: ['ASF 2.0 §3.2.2 (RMCP header)', 'IPMI 2.0 §13.1'],
    transports: ['udp'],
    usualPorts: [623, 664],
    begins: [6],
    needs: 4,
    // Version 6, reserved 0, sequence, class: acknowledgement, ASF, IPMI, OEM.
    matches: (bytes, view) =>
      isAt(view, 623, 664) && hasBytes(bytes, [0x06, 0x00]) && [6, 7, 8, 0x86].includes(bytes[3] ?? 0),
  },
  {
    id: 'ptpv2',
    title: 'PTP (IEEE 1588)',
    standards: ['IEEE 1588-2008 §13.3 (header), annex D (UDP)'],
    transports: ['udp'],
    usualPorts: [319, 320],
    needs: 34,
    matches: (bytes, { serverPort }) =>
      (serverPort === 319 || serverPort === 320) &&
      ((bytes[1] ?? 0) & 15) === 2 &&
      word16(bytes, 2) <= bytes.length &&
      word16(bytes, 2) >= 34,
  },
];
