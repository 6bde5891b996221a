import type { Probe } from '../../probe.ts';

/** Does something listen there? Says nothing, and closes again. */
export const tcpPort: Probe = {
  id: 'tcp-port',
  title: 'Open TCP ports',
  protocols: [],
  transport: 'tcp',
  ports: [],
  sends: 'Opens a TCP connection to each port of the list and closes it again without sending anything.',
  caution: 'listens',
  limits: { connections: 1, packets: 3, bytes: 0, answerBytes: 4096, timeoutMs: 3000 },
  async run({ connectPlain, report }) {
    const stream = await connectPlain();
    if (stream === undefined) return;
    report('tcp.open-port', 'open');
    stream.close();
  },
};
