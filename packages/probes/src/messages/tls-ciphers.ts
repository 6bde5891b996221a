import { CIPHER_SUITE_NAMES } from '@sphinx/wire';

const NUMBERS = Object.entries(CIPHER_SUITE_NAMES).map(([number, name]) => [Number(number), name] as const);

function suitesThat(test: (name: string) => boolean): readonly number[] {
  return NUMBERS.filter(([, name]) => test(name)).map(([number]) => number);
}

const isModern = (name: string) => /^TLS_(AES|CHACHA20)_/.test(name);

/** Suites of TLS 1.3 (RFC 8446 §B.4). */
export const MODERN_SUITES = suitesThat(isModern);

/** Every suite of earlier versions that the wire knows by name, strongest families first. */
export const EARLIER_SUITES = [...suitesThat((name) => !isModern(name))].sort(
  (left, right) => rankOf(left) - rankOf(right) || left - right,
);

function rankOf(suite: number): number {
  const name = CIPHER_SUITE_NAMES[suite] ?? '';
  if (/NULL|anon|EXPORT|RC4|RC2|DES|IDEA/.test(name)) return 6;
  const family = name.includes('ECDHE') ? 0 : name.includes('DHE') ? 1 : 2;
  return /GCM|CHACHA20|CCM/.test(name) ? family : family + 3;
}

/** Families of suites that nobody should accept; each is offered alone, so that a server that knows better must refuse. */
export const WEAK_FAMILIES: readonly { readonly title: string; readonly suites: readonly number[] }[] = [
  { title: 'no encryption (NULL)', suites: suitesThat((name) => name.includes('WITH_NULL')) },
  {
    title: 'no authentication (anonymous)',
    suites: suitesThat((name) => /_anon_/i.test(name) && !/EXPORT|NULL/.test(name)),
  },
  { title: 'export grade', suites: suitesThat((name) => name.includes('EXPORT')) },
  { title: 'RC4', suites: suitesThat((name) => name.includes('RC4') && !/EXPORT|anon/.test(name)) },
  { title: 'DES and 3DES', suites: suitesThat((name) => name.includes('DES_') && !/EXPORT|anon/.test(name)) },
];
