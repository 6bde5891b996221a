import { isSmbWhole, smb2Challenge, smb2Login, smb2Negotiate, smb2SessionId } from '../../messages/smb-request.ts';
import type { Probe } from '../../probe.ts';

/** Nobody's name: who lets it in lets everybody in as a guest. */
const NOBODY = 'sphinx-probe';

export const smbGuest: Probe = {
  id: 'smb-guest',
  title: 'File sharing for guests',
  protocols: ['smb'],
  transport: 'tcp',
  ports: [445],
  sends:
    'Tries once to log in to file sharing as a user that does not exist, without a password. Opens no share. The server may log a failed login.',
  caution: 'logs-in',
  limits: { connections: 1, packets: 8, bytes: 800, answerBytes: 16 * 1024, timeoutMs: 15_000 },
  async run({ connectPlain }) {
    const stream = await connectPlain();
    if (stream === undefined) return;
    stream.send(smb2Negotiate(), 'SMB 2 and 3 negotiate');
    await stream.receive(isSmbWhole);
    stream.send(smb2Challenge(), 'SMB 2 session setup: asks for a challenge');
    const sessionId = smb2SessionId(await stream.receive(isSmbWhole));
    if (sessionId !== undefined) {
      stream.send(smb2Login(sessionId, NOBODY), 'SMB 2 session setup: a user that does not exist');
      await stream.receive(isSmbWhole);
    }
    stream.close();
  },
};
