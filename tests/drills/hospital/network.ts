import { execFileSync } from 'node:child_process';
import { DECOY_IP, PLACES, type Place, routerMac, SPHINX_IP, ZONES } from './places.ts';

// The network of the hospital. It is made inside namespaces that only the drill is in (`run.ts`): when the drill ends,
// however it ends, the kernel takes all of it away.

/** Namespace of the router, in which SPHINX's actuator works, too. */
export const ROUTER = 'router';
/** End of the cable that SPHINX listens on: a copy of every packet that enters the router, once. */
export const MIRROR = 'mirror0';
/** Else every machine has a second address, which the hospital's list does not know. */
const WITHOUT_IPV6 = ['net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1'];
/** What the router filters by; SPHINX's actuator gets its own table beside it. */
export const FILTER = 'hospital';

/** Makes router, zones and machines. @throws Error with what `ip`, `tc` or `nft` said */
export function buildNetwork(): void {
  const machines = Object.values(PLACES);
  const ends: readonly End[] = [
    ...machines.map((place) => ({ ...place, namespace: place.name, device: 'eth0' })),
    {
      name: 'sphinx',
      zone: ZONES.security,
      ip: SPHINX_IP,
      mac: '02:77:00:00:ff:01',
      namespace: '',
      device: 'security',
    },
    { name: 'decoy', zone: ZONES.servers, ip: DECOY_IP, mac: '02:77:00:00:ff:02', namespace: '', device: 'decoys' },
  ];
  ip('', [
    ...[ROUTER, ...machines.map(({ name }) => name)].map((name) => `netns add ${name}`),
    `link add ${MIRROR} type veth peer name mirror netns ${ROUTER}`,
    `link set ${MIRROR} up`,
    ...ends.map(({ name, namespace, device, mac }) => {
      const at = namespace === '' ? '' : `netns ${namespace}`;
      return `link add ${device} address ${mac} ${at} type veth peer name p-${name} netns ${ROUTER}`;
    }),
  ]);
  ip(ROUTER, [
    'link set lo up',
    'link set mirror up',
    ...Object.values(ZONES).flatMap((zone) => [
      `link add ${zone.id} address ${routerMac(zone)} type bridge`,
      `link set ${zone.id} up`,
      `addr add ${zone.network}.1/24 dev ${zone.id}`,
    ]),
    ...ends.flatMap(({ name, zone }) => [`link set p-${name} master ${zone.id}`, `link set p-${name} up`]),
  ]);
  for (const { namespace, device, ip: address, zone } of ends) {
    if (namespace !== '') execFileSync(...inside(namespace, 'sysctl', '-q', '-w', ...WITHOUT_IPV6));
    ip(namespace, [
      'link set lo up',
      `link set ${device} up`,
      `addr add ${address}/24 dev ${device}`,
      // SPHINX has one way out.
      ...(device === 'decoys' ? [] : [`route add default via ${zone.network}.1`]),
    ]);
  }
  // SPHINX's own packets are its own business: a mirror port does not show them either.
  const mirrored = machines.flatMap(({ name }) => [
    `qdisc add dev p-${name} clsact`,
    `filter add dev p-${name} ingress protocol all u32 match u32 0 0 action mirred egress mirror dev mirror`,
  ]);
  onRouter(mirrored, 'tc', '-batch', '-');
  onRouter([], 'sysctl', '-q', '-w', 'net.ipv4.ip_forward=1', ...WITHOUT_IPV6);
  onRouter([rules()], 'nft', '-f', '-');
}

/** The end of a cable whose other end is at the router. */
interface End extends Omit<Place, 'kind'> {
  readonly namespace: string;
  readonly device: string;
}

function ip(namespace: string, commands: readonly string[]): void {
  const where = namespace === '' ? [] : ['-n', namespace];
  const input = commands.join('\n');
  execFileSync('ip', [...where, '-batch', '-'], { input, stdio: ['pipe', 'ignore', 'pipe'] });
}

function onRouter(lines: readonly string[], program: string, ...parameters: readonly string[]): void {
  execFileSync(...inside(ROUTER, program, ...parameters), {
    input: lines.join('\n'),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}

/** Cuts an address off by hand, as an administrator at the router does. */
export function blockByHand(address: string): void {
  onRouter([], 'nft', 'add', 'element', 'inet', FILTER, 'by_hand', `{ ${address} }`);
}

/** Takes back all that was blocked by hand. */
export function unblockByHand(): void {
  onRouter([], 'nft', 'flush', 'set', 'inet', FILTER, 'by_hand');
}

/** @returns command and parameters that run a program on a machine */
export function inside(name: string, program: string, ...parameters: readonly string[]): [string, string[]] {
  return ['ip', ['netns', 'exec', name, program, ...parameters]];
}

/** A hospital as there are many: from the internet one reaches the portal of the record only, inside nearly everything. */
function rules(): string {
  const internet = ZONES.internet.id;
  return `
table inet ${FILTER} {
  set by_hand { type ipv4_addr; }
  chain forward {
    type filter hook forward priority 0; policy accept;
    ip saddr @by_hand drop
    ip daddr @by_hand drop
    ct state established,related accept
    iifname "${internet}" ip daddr ${PLACES.record.ip} tcp dport 8080 accept
    iifname "${internet}" drop
  }
}
`;
}
