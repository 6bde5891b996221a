import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import { describeActuatorContract } from '../../contract/actuator.contract.ts';
import type { Actuator, ActuatorCommand, ActuatorKind } from '../../contract/actuator.ts';
import type { OpenC2Command } from '../../openc2/command.ts';
import { type RecordedAnswer, type RecordedRequest, RecordedServer } from '../../testing/recorded-server.ts';
import { secretsOf } from '../../testing/ssh-server.ts';
import { ciscoIse } from './cisco-ise.ts';
import { fortios } from './fortios.ts';
import { opnsense, pfsense } from './opnsense.ts';
import { panos } from './panos.ts';

const signal = new AbortController().signal;
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

/** A product as its documents describe it: what it holds, and how it answers. */
interface Product {
  readonly kind: ActuatorKind;
  readonly settings: Record<string, unknown>;
  readonly secret: string;
  readonly isByMac?: boolean;
  build(): { state(): unknown; others(): void; answer(request: RecordedRequest): RecordedAnswer };
}

const PRODUCTS: readonly Product[] = [
  {
    kind: opnsense as unknown as ActuatorKind,
    settings: { keySecret: 'key', alias: 'quarantine' },
    secret: 'key:secret',
    build() {
      const held = new Set(['203.0.113.1']);
      return {
        state: () => [...held].sort(),
        others: () => held.add('203.0.113.2'),
        answer({ what, headers, body }) {
          if (headers.authorization !== basic('key:secret'))
            return { status: 401, body: { status: 401, message: 'Authentication Failed' } };
          if (what === 'GET /api/firewall/alias_util/list/quarantine')
            return {
              status: 200,
              body: { total: held.size, rowCount: -1, current: 1, rows: [...held].map((ip) => ({ ip })) },
            };
          const verb = /^POST \/api\/firewall\/alias_util\/(add|delete)\/quarantine$/.exec(what)?.[1];
          if (verb === undefined) return { status: 404, body: { errorMessage: 'Endpoint not found' } };
          const { address, ...rest } = JSON.parse(body) as { address: string };
          if (isIP(address.split('/')[0] ?? '') === 0 || Object.keys(rest).length > 0)
            return { status: 200, body: { status: 'failed', status_msg: 'not an address' } };
          if (verb === 'add') held.add(address);
          else held.delete(address);
          return { status: 200, body: { status: 'done' } };
        },
      };
    },
  },
  {
    kind: pfsense as unknown as ActuatorKind,
    settings: { keySecret: 'key', alias: 'quarantine' },
    secret: 'key',
    build() {
      const other = { id: 0, name: 'others', type: 'host', descr: '', address: ['192.0.2.1'], detail: [] };
      const own = { id: 1, name: 'quarantine', type: 'host', descr: '', address: ['203.0.113.1'], detail: [] };
      let applied = JSON.stringify(own.address);
      const answer = (status: number, data: unknown) => ({
        status,
        body: { code: status, status: 'ok', response_id: 'SUCCESS', message: '', data },
      });
      return {
        state: () => ({ other, address: [...own.address].sort(), isApplied: applied === JSON.stringify(own.address) }),
        others: () => {
          own.address.push('203.0.113.2');
          applied = JSON.stringify(own.address);
        },
        answer({ what, query, headers, body }) {
          if (headers['x-api-key'] !== 'key') return answer(401, []);
          if (what === 'GET /api/v2/firewall/aliases')
            return answer(
              200,
              [other, own].filter(({ name }) => !query.has('name') || name === query.get('name')),
            );
          if (what !== 'PATCH /api/v2/firewall/alias') return answer(404, []);
          const { id, address, append, remove, apply, ...rest } = JSON.parse(body);
          if (id !== 1 || !Array.isArray(address) || append === remove || Object.keys(rest).length > 0)
            return answer(400, []);
          own.address =
            append === true ? [...own.address, ...address] : own.address.filter((one) => !address.includes(one));
          if (apply === true) applied = JSON.stringify(own.address);
          return answer(200, own);
        },
      };
    },
  },
  {
    kind: fortios as unknown as ActuatorKind,
    settings: { tokenSecret: 'key', group: 'quarantine', group6: 'quarantine 6' },
    secret: 'token',
    build() {
      const objects: Record<string, Map<string, unknown>> = {
        address: new Map([['none', {}]]),
        address6: new Map([['none6', {}]]),
      };
      const groups: Record<string, Set<string>> = {
        'addrgrp/quarantine': new Set(['none']),
        'addrgrp6/quarantine 6': new Set(['none6']),
      };
      const done = (results?: unknown) => ({
        status: 200,
        body: { http_status: 200, status: 'success', vdom: 'root', ...(results === undefined ? {} : { results }) },
      });
      const no = (status: number) => ({ status, body: { http_status: status, status: 'error', error: -3 } });
      return {
        state: () => [
          Object.values(objects).map((one) => [...one.keys()].sort()),
          Object.values(groups).map((one) => [...one].sort()),
        ],
        others: () => {
          objects.address?.set('theirs', {});
          groups['addrgrp/quarantine']?.add('theirs');
        },
        answer({ what, query, headers, body }) {
          if (headers.authorization !== 'Bearer token') return no(401);
          if (query.get('vdom') !== 'root') return no(403);
          const [, method = '', path = ''] =
            /^(\S+) \/api\/v2\/cmdb\/firewall\/(.+)$/.exec(decodeURIComponent(what)) ?? [];
          const [table = '', name = '', inner, member = ''] = path.split('/');
          const group = groups[`${table}/${name}`];
          const object = objects[table];
          if (group !== undefined && inner === 'member') {
            const wanted = method === 'POST' ? (JSON.parse(body) as { name: string }).name : member;
            if (method === 'POST' && !Object.values(objects).some((one) => one.has(wanted))) return no(424);
            if (method === 'POST') group.add(wanted);
            else if (method !== 'DELETE') return no(405);
            else if (!group.delete(wanted)) return no(404);
            return group.size === 0 ? no(500) : done();
          }
          if (group !== undefined)
            return method === 'GET' ? done([{ name, member: [...group].map((one) => ({ name: one })) }]) : no(405);
          if (object === undefined) return no(404);
          if (method === 'POST') {
            const made = JSON.parse(body) as { name: string; subnet?: string; ip6?: string };
            if (
              name !== '' ||
              object.has(made.name) ||
              (made.subnet ?? made.ip6) === undefined ||
              made.name.length > 79
            )
              return no(500);
            object.set(made.name, made);
            return done();
          }
          if (!object.has(name)) return no(404);
          if (method === 'GET') return done([object.get(name)]);
          if (method !== 'DELETE' || Object.values(groups).some((one) => one.has(name))) return no(500);
          object.delete(name);
          return done();
        },
      };
    },
  },
  {
    kind: panos as unknown as ActuatorKind,
    settings: { keySecret: 'key', tag: 'sphinx-quarantine' },
    secret: 'api key',
    build() {
      const tags = new Map([['203.0.113.1', new Set(['sphinx-quarantine', 'theirs'])]]);
      const success = (inner: string) => ({ status: 200, body: `<response status="success">${inner}</response>` });
      const error = (text: string) => ({
        status: 200,
        body: `<response status="error"><msg><line>${text}</line></msg></response>`,
      });
      return {
        state: () => [...tags].map(([ip, held]) => [ip, [...held].sort()]).sort(),
        others: () => tags.set('203.0.113.2', new Set(['theirs'])),
        answer({ what, headers, body }) {
          if (headers['x-pan-key'] !== 'api key')
            return {
              status: 403,
              body: '<response status = "error" code = "403"><result><msg>Invalid Credential</msg></result></response>',
            };
          if (what !== 'POST /api/') return { status: 404 };
          const form = new URLSearchParams(body);
          const cmd = form.get('cmd') ?? '';
          if (form.get('vsys') !== 'vsys1') return error('no such vsys');
          if (form.get('type') === 'op') {
            const tag =
              /^<show><object><registered-ip><tag><entry name="([^"]+)"\/><\/tag><\/registered-ip><\/object><\/show>$/.exec(
                cmd,
              )?.[1] ?? '';
            const found = [...tags]
              .filter(([, held]) => held.has(tag))
              .map(
                ([ip]) => `<entry ip="${ip}" from_agent="0" persistent="1"><tag><member>${tag}</member></tag></entry>`,
              );
            return success(`<result>${found.join('\n')}<count>${found.length}</count></result>`);
          }
          const read =
            /^<uid-message><version>1\.0<\/version><type>update<\/type><payload><(register|unregister)>(.+)<\/\1><\/payload><\/uid-message>$/.exec(
              cmd,
            );
          if (form.get('type') !== 'user-id' || read === null) return error('malformed');
          for (const [, ip = '', tag = ''] of (read[2] ?? '').matchAll(
            /<entry ip="([^"]+)"><tag><member>([^<]+)<\/member><\/tag><\/entry>/g,
          )) {
            if (isIP(ip.split('/')[0] ?? '') === 0) return error('invalid ip');
            const held = tags.get(ip) ?? new Set();
            if (read[1] === 'register' && held.has(tag)) return error(`tag ${tag} already exists, ignore`);
            if (read[1] === 'register') tags.set(ip, held.add(tag));
            else if (!held.delete(tag)) return error(`tag ${tag} doesn't exist, ignore unreg`);
            if (held.size === 0) tags.delete(ip);
          }
          return success('<result><uid-response><version>2.0</version><payload></payload></uid-response></result>');
        },
      };
    },
  },
  {
    kind: ciscoIse as unknown as ActuatorKind,
    settings: { userSecret: 'key', policy: 'Quarantine' },
    secret: 'ers:password',
    isByMac: true,
    build() {
      const endpoints = new Map<string, { macAddress: string; policyName: string }>();
      for (let at = 0; at < 120; at++)
        endpoints.set(`id-${at}`, {
          macAddress: `02:00:00:00:00:${at.toString(16).padStart(2, '0')}`.toUpperCase(),
          policyName: 'Watch',
        });
      return {
        state: () => [...endpoints.values()].map(({ macAddress, policyName }) => `${macAddress} ${policyName}`).sort(),
        others: () => endpoints.set('theirs', { macAddress: '0A:00:00:00:00:01', policyName: 'Quarantine' }),
        answer({ what, query, headers, body }) {
          if (headers.authorization !== basic('ers:password')) return { status: 401 };
          if (what === 'GET /ers/config/ancendpoint') {
            const [size, page] = [Number(query.get('size')), Number(query.get('page'))];
            if (!(size >= 1 && size <= 100)) return { status: 400 };
            const ids = [...endpoints.keys()].slice((page - 1) * size, page * size);
            const isMore = endpoints.size > page * size;
            const resources = ids.map((id) => ({ id, link: { rel: 'self' } }));
            return {
              status: 200,
              body: {
                SearchResult: { total: endpoints.size, resources, ...(isMore ? { nextPage: { rel: 'next' } } : {}) },
              },
            };
          }
          const id = /^GET \/ers\/config\/ancendpoint\/([\w-]+)$/.exec(what)?.[1];
          if (id !== undefined)
            return endpoints.has(id)
              ? { status: 200, body: { ErsAncEndpoint: { id, ...endpoints.get(id) } } }
              : { status: 404 };
          const verb = /^PUT \/ers\/config\/ancendpoint\/(apply|clear)$/.exec(what)?.[1];
          if (verb === undefined) return { status: 404 };
          const { additionalData } = (
            JSON.parse(body) as { OperationAdditionalData: { additionalData: { name: string; value: string }[] } }
          ).OperationAdditionalData;
          const values = Object.fromEntries(additionalData.map(({ name, value }) => [name, value]));
          const { macAddress = '', policyName } = values;
          const there = [...endpoints].find(([, one]) => one.macAddress === macAddress)?.[0];
          if (!/^([0-9A-F]{2}:){5}[0-9A-F]{2}$/.test(macAddress)) return { status: 400 };
          if (verb === 'apply') {
            if (policyName !== 'Quarantine' || there !== undefined) return { status: 500 };
            endpoints.set(`id-${macAddress.replaceAll(':', '')}`, { macAddress, policyName });
          } else if (there === undefined) return { status: 500 };
          else endpoints.delete(there);
          return { status: 204 };
        },
      };
    },
  },
];

function commandOf(id: string, command: OpenC2Command, last: number): ActuatorCommand {
  const addresses = command.target.device === undefined ? [] : [`10.0.0.${last}`, `2001:db8::${last}`];
  return { id, command, addresses, macAddresses: [`00:09:FB:01:02:0${last}`], keptFlows: [] };
}

for (const { kind, settings, secret, isByMac = false, build } of PRODUCTS) {
  describeActuatorContract(`${kind.title}, as documented,`, async () => {
    const product = build();
    const server = await RecordedServer.start((request) => product.answer(request));
    const open = (url: string, value: string): Actuator =>
      kind.open('list', kind.settings.parse({ target: { url }, ...settings }), {
        secrets: secretsOf({ key: value }),
        now: () => 0,
      });
    const device = { device: { device_id: 'pump' } };
    const odd = ['10.0.0.1"><x>', '../../../etc', '10.0.0.1\nHost: x', '10.0.0.1/../x'];
    return {
      open: () => open(server.url, secret),
      openAway: () => open('http://127.0.0.1:1', secret),
      openRefused: () => open(server.url, 'wrong'),
      command: commandOf('one', { action: 'contain', target: device }, 1),
      other: commandOf('two', { action: 'contain', target: device }, 2),
      hostile: [
        ...odd.map((text) => ({
          ...commandOf('h', { action: 'contain', target: device } as const, 3),
          addresses: [text],
          macAddresses: [text],
        })),
        commandOf('keep', { action: 'contain', target: device, args: { 'x-sphinx': { keep: 'clinical-flows' } } }, 4),
      ],
      state: async () => JSON.parse(JSON.stringify(product.state())),
      changeByOthers: async () => product.others(),
      dispose: () => server.stop(),
    };
  });

  describe(`${kind.title}`, () => {
    it('keeps on the list what was there before, and takes it off by "allow" until that is taken back', async () => {
      const product = build();
      const server = await RecordedServer.start((request) => product.answer(request));
      const context = { secrets: secretsOf({ key: secret }), now: () => 0 };
      const actuator = kind.open('list', kind.settings.parse({ target: { url: server.url }, ...settings }), context);
      const target = isByMac ? { mac_addr: '00:09:fb:01:02:05' } : { device: { device_id: 'pump' } };
      const contain = commandOf('one', { action: 'contain', target }, 5);
      await actuator.apply(contain, await actuator.prepare(contain, signal), signal);
      const before = JSON.stringify(product.state());
      const again = { ...contain, id: 'again' };
      const second = await actuator.prepare(again, signal);
      await actuator.apply(again, second, signal);
      await actuator.undo(again, second, signal);
      expect(JSON.stringify(product.state())).toBe(before);
      const allow = commandOf('back', { action: 'allow', target }, 5);
      const preparation = await actuator.prepare(allow, signal);
      await actuator.apply(allow, preparation, signal);
      expect(await actuator.verify(allow, preparation, signal)).toBe('in-force');
      expect(await actuator.verify(contain, second, signal)).toBe('absent');
      await actuator.undo(allow, preparation, signal);
      expect(await actuator.verify(contain, second, signal)).toBe('in-force');
      await server.stop();
    });

    it('never cuts what the settings protect', async () => {
      const neverCut = ['10.0.0.1', '00:09:fb:01:02:01'];
      const context = { secrets: secretsOf({ key: secret }), now: () => 0 };
      const actuator = kind.open(
        'list',
        kind.settings.parse({ target: { url: 'http://127.0.0.1:1' }, ...settings, neverCut }),
        context,
      );
      const contain = commandOf('one', { action: 'contain', target: { device: { device_id: 'pump' } } }, 1);
      await expect(actuator.prepare(contain, signal)).rejects.toThrow(/must never be cut/);
    });
  });
}
