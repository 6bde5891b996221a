import { GelfDatagrams } from '@sphinx/logs';
import type { Logger, Secrets } from '@sphinx/platform';
import type { LogCollectionSettings } from '../manifest.ts';
import { openDatagramInput, textOfDatagram } from './datagram-input.ts';
import type { OpenInput, RecordSink, SocketOptions } from './input.ts';
import { openStreamInput } from './stream-input.ts';
import { createTlsOptions } from './tls-certificate.ts';

const BYTES_PER_KILOBYTE = 1024;

/** Sockets that are open, and those that could not be had. */
export interface OpenInputs {
  readonly inputs: readonly OpenInput[];
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/** Opens every socket that has a port in the settings. One that cannot be had does not keep the others closed. */
export async function openInputs(parts: {
  settings: LogCollectionSettings;
  sink: RecordSink;
  secrets: Secrets;
  logger: Logger;
  now: () => number;
}): Promise<OpenInputs> {
  const { settings, sink, secrets, logger, now } = parts;
  const maximumBytes = settings.kilobytesPerEvent * BYTES_PER_KILOBYTE;
  const optionsOf = (port: number): SocketOptions => ({
    host: settings.listenAddress,
    port,
    maximumBytes,
    eventsPerSecond: settings.eventsPerSecondPerSender,
    now,
  });
  const gelf = new GelfDatagrams(maximumBytes);
  const ways: readonly (readonly [number, (options: SocketOptions) => Promise<OpenInput>])[] = [
    [settings.syslogUdpPort, (options) => openDatagramInput('syslog-udp', options, sink, textOfDatagram)],
    [settings.syslogTcpPort, (options) => openStreamInput('syslog-tcp', options, sink)],
    [
      settings.syslogTlsPort,
      async (options) => openStreamInput('syslog-tls', options, sink, await createTlsOptions(settings, secrets, now())),
    ],
    [
      settings.gelfUdpPort,
      (options) =>
        openDatagramInput('gelf-udp', options, sink, (datagram, sender, at) => gelf.push(datagram, sender, at)),
    ],
    [settings.gelfTcpPort, (options) => openStreamInput('gelf-tcp', options, sink)],
  ];
  const inputs: OpenInput[] = [];
  const problems: string[] = [];
  for (const [port, open] of ways) {
    if (port === 0) continue;
    try {
      inputs.push(await open(optionsOf(port)));
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      logger.error('A way in for logs cannot be opened', { port, error: String(error) });
    }
  }
  return {
    inputs,
    problems,
    close: async () => {
      await Promise.all(inputs.map((input) => input.close()));
    },
  };
}
