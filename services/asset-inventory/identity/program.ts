import { isLoopback } from './networks.ts';

/**
 * One of several programs behind an address that they share (loopback): what listens is told by its port, what opens
 * connections by what it speaks. Two programs that speak the same cannot be told apart.
 */
export type Program = { readonly port: number } | { readonly speaks: string };

/** Protocols that travel inside another: the conversation is named after the outer one. */
const CARRIERS: Readonly<Record<string, string>> = { fhir: 'http', dicomweb: 'http' };

/** @returns undefined where the address is one host's own */
export function serverProgram(ip: string, port: number): Program | undefined {
  return isLoopback(ip) ? { port } : undefined;
}

/** @returns undefined where the address is one host's own */
export function clientProgram(ip: string, protocol: string): Program | undefined {
  return isLoopback(ip) ? { speaks: CARRIERS[protocol] ?? protocol } : undefined;
}

/** @returns `:104` or ` dicom`, to be put behind the address; empty for the host itself */
export function programSuffix(program: Program | undefined): string {
  if (program === undefined) return '';
  return 'port' in program ? `:${program.port}` : ` ${program.speaks}`;
}
