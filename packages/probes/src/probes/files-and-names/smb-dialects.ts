import { isSmbWhole, smb1Negotiate, smb2Challenge, smb2Negotiate } from '../../messages/smb-request.ts';
import type { Probe, ProbeContext } from '../../probe.ts';

/** Whether SMB 1 is still taken, whether signing is demanded, and what the server calls itself. */
export const smbDialects: Probe = {
  id: 'smb-dialects',
  title: 'Versions and signing of file sharing (SMB)',
  protocols: ['smb'],
  transport: 'tcp',
  ports: [445],
  sends:
    'Opens two connections. One offers SMB 1 only; the other SMB 2 and 3, and asks for the challenge that names the computer. No login is tried.',
  caution: 'asks',
  limits: { connections: 2, packets: 10, bytes: 600, answerBytes: 16 * 1024, timeoutMs: 15_000 },
  async run(context) {
    const old = await context.connectPlain();
    if (old === undefined) return;
    old.send(smb1Negotiate(), 'SMB 1 negotiate');
    await old.receive(isSmbWhole);
    old.close();
    await askForChallenge(context);
  },
};

async function askForChallenge({ connectPlain }: ProbeContext): Promise<void> {
  const stream = await connectPlain();
  if (stream === undefined) return;
  stream.send(smb2Negotiate(), 'SMB 2 and 3 negotiate');
  const answer = await stream.receive(isSmbWhole);
  if (answer.length > 0) {
    stream.send(smb2Challenge(), 'SMB 2 session setup: asks for a challenge');
    await stream.receive(isSmbWhole);
  }
  stream.close();
}
