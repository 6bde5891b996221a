/** SYN, acknowledgement and end of the connection with which nmap finds a port open. */
const PACKETS_OF_CONNECTION = 3;
/** 0 to 9; up to 2 nmap puts the few questions that fit the port best (`--version-light`). */
const VERSION_INTENSITY = 2;
const HOST_TIMEOUT_SECONDS = 300;

/**
 * The whole command line of nmap, of which nobody else may change anything: connections of the operating system and no packets of
 * its own making, one host without names, given ports only, one question at a time, no repetition, no operating system detection,
 * no script.
 *
 * @param options.dataFolder whose list of scripts is empty; everything else nmap finds where it was installed
 * @param options.xmlFile where its findings go
 */
export function nmapArguments(options: {
  ip: string;
  ports: readonly number[];
  packetsPerSecond: number;
  dataFolder: string;
  xmlFile: string;
}): string[] {
  const { ip, ports, packetsPerSecond, dataFolder, xmlFile } = options;
  return [
    ...(ip.includes(':') ? ['-6'] : []),
    '--unprivileged',
    '-sT',
    '-Pn',
    '-n',
    '-sV',
    ...['--version-intensity', String(VERSION_INTENSITY)],
    ...['--max-rate', (packetsPerSecond / PACKETS_OF_CONNECTION).toFixed(2)],
    ...['--max-parallelism', '1'],
    ...['--max-retries', '0'],
    ...['--host-timeout', `${HOST_TIMEOUT_SECONDS}s`],
    ...['--datadir', dataFolder],
    '--packet-trace',
    '--noninteractive',
    ...['-p', `T:${ports.join(',')}`],
    ...['-oX', xmlFile],
    ip,
  ];
}
