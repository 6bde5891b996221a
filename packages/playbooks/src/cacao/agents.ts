import { z } from 'zod';
import { dictionaryById, dictionaryOf, objectByType } from './by-type.ts';
import { CivicLocation, Contact, Extensions, filledList, Name } from './data-types.ts';
import { CacaoIdentifier, identifierOf } from './identifier.ts';

/** §7.1: what every agent and every target has. */
const COMMON = {
  name: Name,
  description: z.string().optional(),
  location: CivicLocation.optional(),
  agent_target_extensions: Extensions.optional(),
};
const CATEGORIES = filledList(z.string());
/** §7: addresses of a thing on the network. Values may be variables. */
const ADDRESS = dictionaryOf(
  {
    pattern: /^(?:dname|ipv4|ipv6|l2mac|vlan|url)$/,
    message: 'The kind of an address must be dname, ipv4, ipv6, l2mac, vlan or url (CACAO 2.0 §7)',
  },
  filledList(z.union([z.string(), z.int().min(0).max(4095)])),
);
const NETWORK = {
  address: ADDRESS,
  authentication_info: CacaoIdentifier.optional(),
  category: CATEGORIES.optional(),
};
const PORT = { port: z.string().optional() };

const AGENTS = {
  group: z.strictObject({ type: z.literal('group'), ...COMMON, contact: Contact.optional() }),
  individual: z.strictObject({ type: z.literal('individual'), ...COMMON, contact: Contact.optional() }),
  location: z.strictObject({ type: z.literal('location'), ...COMMON, logical: filledList(z.string()).optional() }),
  organization: z.strictObject({ type: z.literal('organization'), ...COMMON, contact: Contact.optional() }),
  sector: z.strictObject({ type: z.literal('sector'), ...COMMON, sector: Name }),
  'http-api': z.strictObject({ type: z.literal('http-api'), ...COMMON, ...NETWORK, ...PORT }),
  linux: z.strictObject({ type: z.literal('linux'), ...COMMON, ...NETWORK, ...PORT }),
  'net-address': z.strictObject({ type: z.literal('net-address'), ...COMMON, ...NETWORK }),
  'security-category': z.strictObject({ type: z.literal('security-category'), ...COMMON, category: CATEGORIES }),
  ssh: z.strictObject({ type: z.literal('ssh'), ...COMMON, ...NETWORK, ...PORT }),
} as const;

/** Who carries a step out, or what it is carried out on. */
export interface AgentTarget {
  readonly type: string;
  readonly name: string;
  readonly description?: string;
  readonly authentication_info?: string;
}

const AnyAgentTarget = objectByType<AgentTarget>(AGENTS, z.looseObject({ type: z.string().min(1), ...COMMON }));

/** §3.1 `agent_definitions` and `target_definitions`. */
export const AgentTargets = dictionaryById(AnyAgentTarget);

const KEPT_ELSEWHERE = { kms: z.boolean().optional(), kms_key_identifier: z.string().optional() };
const AUTHENTICATION_COMMON = {
  name: z.string().optional(),
  description: z.string().optional(),
  authentication_info_extensions: Extensions.optional(),
};
const user = (type: string) =>
  z
    .strictObject({
      type: z.literal(type),
      ...AUTHENTICATION_COMMON,
      username: z.string().optional(),
      user_id: z.string().optional(),
      password: z.string().optional(),
      ...KEPT_ELSEWHERE,
    })
    .refine(({ kms, kms_key_identifier }) => kms !== true || kms_key_identifier !== undefined, {
      message: 'kms asks for kms_key_identifier (CACAO 2.0 §6)',
      path: ['kms_key_identifier'],
    });
const AUTHENTICATION = {
  'http-basic': user('http-basic'),
  'user-auth': user('user-auth'),
  oauth2: z.strictObject({
    type: z.literal('oauth2'),
    ...AUTHENTICATION_COMMON,
    oauth_header: z.string(),
    token: z.string(),
    ...KEPT_ELSEWHERE,
  }),
} as const;

/** §3.1 `authentication_info_definitions`. */
export const AuthenticationInfos = dictionaryById(
  objectByType<{ readonly type: string; readonly name?: string }>(
    AUTHENTICATION,
    z.looseObject({ type: z.string().min(1), ...AUTHENTICATION_COMMON }),
  ),
);

/** An identity of STIX 2.1, which creators and owners are. */
export const Identity = identifierOf('identity');
