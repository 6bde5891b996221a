import type { AddressSet } from './address-set.ts';
import { APPLICATION_EVENTS } from './application-events.ts';
import { compileRule } from './compile-rule.ts';
import { PortParser } from './port-set.ts';
import { roomsOf } from './protocols.ts';
import type { Rule } from './rule.ts';
import { RuleError } from './rule-error.ts';
import { Datasets, type RuleResources } from './rule-resources.ts';
import { ownText, splitRuleFile } from './rule-text.ts';

/** A rule that was not loaded. */
export interface RejectedRule {
  readonly file: string;
  /** First line of the rule, from 1. */
  readonly line: number;
  readonly sid: number | undefined;
  /** In words that follow "rejected because …". */
  readonly reason: string;
}

/** What became of rule files: every rule is loaded whole or rejected with its reason. */
export interface LoadedRules {
  readonly rules: readonly Rule[];
  readonly rejected: readonly RejectedRule[];
}

/** Variables as suricata.yaml has them where it is not changed. */
export const DEFAULT_ADDRESS_GROUPS = {
  HOME_NET: '[192.168.0.0/16,10.0.0.0/8,172.16.0.0/12]',
  EXTERNAL_NET: '!$HOME_NET',
  HTTP_SERVERS: '$HOME_NET',
  SMTP_SERVERS: '$HOME_NET',
  SQL_SERVERS: '$HOME_NET',
  DNS_SERVERS: '$HOME_NET',
  TELNET_SERVERS: '$HOME_NET',
  AIM_SERVERS: '$EXTERNAL_NET',
  DC_SERVERS: '$HOME_NET',
  DNP3_SERVER: '$HOME_NET',
  DNP3_CLIENT: '$HOME_NET',
  MODBUS_CLIENT: '$HOME_NET',
  MODBUS_SERVER: '$HOME_NET',
  ENIP_CLIENT: '$HOME_NET',
  ENIP_SERVER: '$HOME_NET',
} as const;

/** Port groups as suricata.yaml has them. */
export const DEFAULT_PORT_GROUPS = {
  HTTP_PORTS: '80',
  SHELLCODE_PORTS: '!80',
  ORACLE_PORTS: '1521',
  SSH_PORTS: '22',
  DNP3_PORTS: '20000',
  MODBUS_PORTS: '502',
  FILE_DATA_PORTS: '[$HTTP_PORTS,110,143]',
  FTP_PORTS: '21',
  GENEVE_PORTS: '6081',
  VXLAN_PORTS: '4789',
  TEREDO_PORTS: '3544',
} as const;

/** @returns resources as they are where nothing is configured */
export function defaultResources(changes: Partial<RuleResources> = {}): RuleResources {
  return {
    addressGroups: DEFAULT_ADDRESS_GROUPS,
    portGroups: DEFAULT_PORT_GROUPS,
    classes: new Map(),
    readFile: () => undefined,
    datasets: new Datasets(),
    events: APPLICATION_EVENTS,
    roomsOf,
    reputation: new Map(),
    ...changes,
  };
}

/**
 * Loads rule files as they are published. Never throws: what is wrong with a rule is in the report.
 *
 * @param files name and content of each
 */
export function loadRules(
  files: readonly { readonly name: string; readonly content: string }[],
  resources: RuleResources = defaultResources(),
): LoadedRules {
  const rules = new Map<string, Rule>();
  const rejected: RejectedRule[] = [];
  // Rules keep the resources that they were compiled with; the files behind them only until all are loaded.
  let readFile: RuleResources['readFile'] | undefined = resources.readFile;
  const whileLoading = { ...resources, readFile: (path: string) => readFile?.(path) };
  const parsers = { ports: new PortParser(resources.portGroups), addresses: new Map<string, AddressSet>() };
  for (const { name, content } of files) {
    for (const { line, text } of splitRuleFile(content)) {
      try {
        const rule = compileRule(ownText(text), whileLoading, parsers);
        const key = `${rule.gid}:${rule.sid}`;
        const known = rules.get(key);
        if (known !== undefined && known.rev >= rule.rev) throw new RuleError(`sid ${rule.sid} is there already`);
        rules.set(key, rule);
      } catch (error) {
        if (!(error instanceof RuleError)) throw error;
        rejected.push({ file: name, line, sid: sidOf(text), reason: error.message });
      }
    }
  }
  readFile = undefined;
  return { rules: [...rules.values()], rejected };
}

function sidOf(text: string): number | undefined {
  const match = /[;(]\s*sid\s*:\s*(\d+)/.exec(text);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
