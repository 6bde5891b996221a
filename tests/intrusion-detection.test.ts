import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { analyzeCaptures } from '../apps/sphinx/src/runtime/analyze-captures.ts';
import { resolvePaths } from '../apps/sphinx/src/runtime/paths.ts';
import { bytes } from '../packages/wire/src/testing/bytes.ts';
import { conversationCapture } from '../packages/wire/src/testing/conversation-capture.ts';
import { client } from '../packages/wire/src/testing/play.ts';

const folder = await mkdtemp(join(tmpdir(), 'sphinx-intrusion-'));

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('an attack in a capture', () => {
  it('travels from the thread that reads packets to the list of detections, without a byte of the message', async () => {
    const head = 'MSH|^~\\&|LAB|H|HIS|H|20260101||ORU^R01|1|P|2.5';
    const message = `${head}\rPID|1||4711||Muster^Erika\rOBX|1|ED|n||^application^octet-stream^Base64^TVqQAAMAAAA`;
    const ends = { clientIp: '10.0.0.10', serverIp: '10.0.0.20', clientPort: 40_000, serverPort: 2575 };
    const capture = join(folder, 'attack.pcap');
    await writeFile(capture, conversationCapture(ends, [client(bytes(0x0b, message, 0x1c, 0x0d))]));
    const paths = resolvePaths({ data: join(folder, 'data') });
    const { detections, files } = await analyzeCaptures({ paths, files: [capture], onProgress: () => {} });
    expect(files).toMatchObject([{ state: 'finished', message: '' }]);
    expect(detections).toMatchObject([
      {
        rule: { sid: 9_110_006, set: 'own', techniques: ['T1105'] },
        source: { ip: '10.0.0.10', port: 40_000 },
        destination: { ip: '10.0.0.20', port: 2575 },
        protocol: 'hl7',
      },
    ]);
    expect(JSON.stringify(detections)).not.toMatch(/Erika|4711/);
  });
});
