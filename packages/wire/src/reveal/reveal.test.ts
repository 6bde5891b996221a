import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, u16 } from '../testing/bytes.ts';
import { associateRequest, command, commandElement, dataSet, elements, IMPLICIT, item } from '../testing/dicom.ts';
import { revealBytes } from './reveal.ts';

/** What a person sees of it: hidden bytes as dots. */
function seen(protocol: string, content: Uint8Array | string, direction: 'to-server' | 'to-client' = 'to-server') {
  const all = typeof content === 'string' ? Buffer.from(content, 'latin1') : Buffer.from(content);
  const mask = revealBytes(protocol, direction, all);
  return [...all].map((byte, index) => (mask[index] === 1 ? String.fromCharCode(byte) : '·')).join('');
}

describe('what is shown of a conversation', () => {
  it('is nothing of a protocol without known structure', () => {
    expect(seen('x-unknown', 'Erika Muster')).toBe('············');
    expect(seen('constructor', 'Erika')).toBe('·····');
  });

  it('of HL7 is which systems talk about what, and no patient', () => {
    const message = '\x0bMSH|^~\\&|LAB|H1|HIS|H2|2026||ORU^R01|17|P|2.5\rPID|1||4711||Muster^Erika\rZZZ|x\r\x1c\r';
    const text = seen('hl7', message);
    expect(text).toContain('MSH|^~\\&|LAB|H1|HIS|H2|2026||ORU^R01|··|P|2.5');
    expect(text).toContain('PID|·||····||············');
    expect(text).toContain('·····\r');
    expect(text).not.toMatch(/Erika|Muster|4711|ZZZ/);
  });

  it('of HTTP is method, status and harmless fields, and neither target, cookie, password nor body', () => {
    const request =
      'POST /Patient?name=Erika HTTP/1.1\r\nHost: fhir\r\nAuthorization: Basic c2VjcmV0\r\nX-Patient: Erika\r\nContent-Length: 31\r\n\r\nHost: Erika\r\nGET /Muster HTTP\r\nGET /Muster HTTP/1.1\r\nHost: two\r\n\r\n';
    const text = seen('http', request);
    expect(text).toContain('POST ···');
    expect(text).toContain('HTTP/1.1\r\nHost: fhir\r\nAuthorization:······');
    expect(text).toContain('Host: two');
    expect(text).not.toMatch(/Erika|Muster|c2Vj/);
  });

  it('of HTTP in chunks goes on behind the last of them', () => {
    const answer =
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nErika\r\n0\r\n\r\nHTTP/1.1 404 Not Found\r\nServer: x\r\n\r\n';
    expect(seen('http', answer)).toMatch(
      /^HTTP\/1\.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n·+HTTP\/1\.1 404 Not Found\r\nServer: x\r\n\r\n$/,
    );
  });

  it('of DICOM is the negotiation and the command, and no data set', () => {
    const ct = '1.2.840.10008.5.1.4.1.1.2';
    const move = command(1, {
      field: 1,
      sopClass: ct,
      messageId: 1,
      hasDataSet: true,
      further: [commandElement(0x1000, '1.2.3.4.5')],
    });
    const image = dataSet(1, elements([[0x0010_0010, 'PN', 'Muster^Erika']], 'implicit'));
    const contexts = [{ id: 1, sopClass: ct, transferSyntaxes: [IMPLICIT] }];
    const identity = item(0x58, u16(0x0101), u16(5), 'erika', u16(0));
    const text = seen('dicom', bytes(associateRequest('CT1', 'PACS', contexts, [identity]), move, image));
    expect(text).toMatch(/PACS +CT1/);
    expect(text).toContain(ct);
    expect(text).not.toMatch(/erika|Muster|1\.2\.3\.4\.5/i);
  });

  it('of a mailbox or file transfer are the commands, and no name or password', () => {
    expect(seen('ftp', 'USER erika\r\nPASS secret\r\n')).toBe('USER········PASS·········');
    expect(seen('ftp', '331 Password for erika\r\n', 'to-client')).toMatch(/^331 ·+$/);
  });

  it('never fails and never grows, whatever comes', () => {
    const protocols = ['dicom', 'hl7', 'http', 'tls', 'ssh', 'ftp', 'dns', 'nothing'];
    fc.assert(
      fc.property(fc.constantFrom(...protocols), fc.uint8Array({ maxLength: 400 }), (protocol, content) => {
        expect(revealBytes(protocol, 'to-server', content)).toHaveLength(content.length);
      }),
      { numRuns: 300 },
    );
  });
});
