import { SphinxError } from '@sphinx/platform/errors';

/** @throws SphinxError SPX_INVALID_INPUT for what is no pair */
export function pairOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new SphinxError('SPX_INVALID_INPUT', `${text} is no pair such as __device_ip__=10.20.3.7.`);
  return [text.slice(0, at), text.slice(at + 1)];
}
