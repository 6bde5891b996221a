/**
 * Reads what capture programs say of packets that were lost, at their end or when they are asked.
 *
 * tcpdump: "3 packets dropped by kernel", "2 packets dropped by interface", each since the start.
 * dumpcap: "Packets received/dropped on interface 'lo': 10/3 (…)", once, at the end.
 *
 * @param text everything that the program has said so far
 * @returns packets lost since the start; undefined where it has not said so
 */
export function readDroppedPackets(text: string): number | undefined {
  const byKernel = lastNumber(text, /(\d+) packets? dropped by kernel/g);
  const byInterface = lastNumber(text, /(\d+) packets? dropped by interface/g);
  const byDumpcap = lastNumber(text, /received\/dropped on interface [^\n]*: \d+\/(\d+)/g);
  if (byKernel === undefined && byInterface === undefined) return byDumpcap;
  return (byKernel ?? 0) + (byInterface ?? 0);
}

function lastNumber(text: string, pattern: RegExp): number | undefined {
  const last = [...text.matchAll(pattern)].at(-1)?.[1];
  return last === undefined ? undefined : Number(last);
}
