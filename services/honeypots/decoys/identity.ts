import { adoptServices, type SeenService } from './adopted-services.ts';
import type { DecoyIdentity, Persona } from './persona.ts';
import { SeededRandom } from './seeded-random.ts';

/** What the network shows of how this house names its machines and which software it runs. */
export interface Custom {
  /** Names of machines of the same kind, and of all machines. */
  readonly hostNames: readonly string[];
  readonly allHostNames: readonly string[];
  readonly aeTitles: readonly string[];
  /** Protocol → versions that servers announce, each as often as it is seen. */
  readonly banners: Readonly<Record<string, readonly string[]>>;
  /** What each machine of the same kind offers. */
  readonly services: readonly (readonly SeenService[])[];
}

const LONGEST_TITLE = 16;
/** Versions that decoys take over from the network, and the form that each must have to be believed. */
const BELIEVED: Readonly<Record<string, RegExp>> = {
  ssh: /^OpenSSH_[\w.+ -]{1,40}$/,
  http: /^(Apache|nginx|Microsoft-IIS|lighttpd)\/[\w.() -]{1,40}$/,
  dicom: /^[A-Z0-9_.]{1,16}$/,
  mysql: /^\d+\.\d+\.\d+[\w.+-]{0,30}$/,
  ftp: /^[\w().: -]{3,60}$/,
};

/**
 * Names of a new decoy, after the custom of the house: the pattern of its names, its domain, the versions that its servers announce
 * most. No name is taken over as it is: a decoy is nobody else.
 *
 * @param seed the same seed gives the same names
 * @param personas where services that are adopted are taken from
 */
export function inventIdentity(
  persona: Persona,
  seed: string,
  custom: Custom,
  personas: Iterable<Persona>,
): DecoyIdentity {
  const random = new SeededRandom(seed);
  const taken = new Set(custom.allHostNames.map((name) => name.toLowerCase().split('.')[0] ?? ''));
  const { value: hostName, reason } = hostNameOf(persona, custom, random, taken);
  const domain = mostOften(custom.allHostNames.map(domainOf).filter((each) => each !== '')) ?? '';
  const title = aeTitleOf(custom.aeTitles, random);
  const banners = Object.fromEntries(
    Object.entries(custom.banners).flatMap(([protocol, seen]) => {
      const version = mostOften(seen.filter((each) => BELIEVED[protocol]?.test(each) === true));
      return version === undefined ? [] : [[protocol, version] as const];
    }),
  );
  const { movedPorts, addedServices, reasons } = adoptServices(persona, custom.services, personas);
  return {
    hostName,
    domain,
    ...(title === undefined ? {} : { aeTitle: title.value }),
    banners,
    movedPorts,
    addedServices: [...addedServices],
    reasons: [
      reason,
      ...reasons,
      ...(domain === '' ? [] : [`Most names of the network end with ${domain}.`]),
      ...(title === undefined ? [] : [`Titles of the network look like ${title.like}.`]),
      ...Object.entries(banners).map(
        ([protocol, version]) => `Most servers of the network announce ${version} over ${protocol}.`,
      ),
    ],
  };
}

function hostNameOf(persona: Persona, custom: Custom, random: SeededRandom, taken: ReadonlySet<string>) {
  const pattern = mostOften(
    custom.hostNames.map((name) => patternOf(name.split('.')[0] ?? '')).filter((each) => each.includes('#')),
  );
  const chosen = pattern ?? random.pick(persona.hostNames);
  const reason =
    pattern === undefined
      ? 'The network shows no custom of naming such machines.'
      : `Machines of this kind are called like ${pattern}, where # is a digit.`;
  for (let tries = 0; tries < 50; tries += 1) {
    const value = filled(chosen, random);
    if (!taken.has(value.toLowerCase())) return { value, reason };
  }
  return { value: `${filled(chosen, random)}-${random.below(90) + 10}`, reason };
}

function aeTitleOf(titles: readonly string[], random: SeededRandom) {
  const like = mostOften(titles.map(patternOf).filter((each) => each.includes('#')));
  if (like === undefined) return undefined;
  for (let tries = 0; tries < 50; tries += 1) {
    const value = filled(like, random).slice(0, LONGEST_TITLE);
    if (!titles.includes(value)) return { value, like };
  }
  return undefined;
}

/** `CT-0412` → `CT-####` */
function patternOf(name: string): string {
  return name.replace(/\d/g, '#');
}

function filled(pattern: string, random: SeededRandom): string {
  return pattern.replace(/#/g, () => String(random.below(10)));
}

function domainOf(name: string): string {
  const [, domain = ''] = /^[^.]+\.([a-z0-9.-]+\.[a-z-]+)$/i.exec(name) ?? [];
  return domain.toLowerCase();
}

function mostOften(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([left, many], [right, more]) => more - many || (left < right ? -1 : 1))[0]?.[0];
}
