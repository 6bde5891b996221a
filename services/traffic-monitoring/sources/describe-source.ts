import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { SphinxError } from '@sphinx/platform';
import { createSource, type NewSource, type Source, type SourcePlace } from './source.ts';

/** Bytes of a capture file that name it, from its start; with its size they tell files apart. */
const IDENTITY_BYTES = 1 << 20;

/**
 * The source that a request asks for.
 *
 * @throws SphinxError SPX_INVALID_INPUT when a file or folder is not there
 */
export async function describeNewSource(request: NewSource): Promise<Source> {
  const { kind } = request;
  switch (kind) {
    case 'interface': {
      const { interface: name, filter, snapLength } = request;
      const limits = {
        ...(filter === undefined ? {} : { filter }),
        ...(snapLength === undefined ? {} : { snapLength }),
      };
      // Two filters on one interface are two sources.
      const identity = filter === undefined ? name : `${name} ${filter}`;
      return describe(request, { interface: name, ...limits }, `Interface ${name}`, identity);
    }
    case 'folder': {
      const path = resolve(request.path);
      await requireKind(path, 'folder');
      return describe(request, { path }, path, path);
    }
    case 'file': {
      const path = resolve(request.path);
      await requireKind(path, 'file');
      return describe(request, { path }, basename(path), await identifyFile(path));
    }
    case 'flow-exports':
      return describeListener(request, 'NetFlow, IPFIX and sFlow');
    case 'packet-server':
      return describeListener(request, 'pcap-over-IP');
    case 'records': {
      if (request.port !== undefined) return describeListener({ ...request, port: request.port }, 'Records of sensors');
      const { path = '' } = request;
      return describe(request, { path }, `Records of sensors on ${path}`, path);
    }
    case 'packet-client':
      return describeRemote(request, { host: request.host, port: request.port }, 'pcap-over-IP of');
    case 'rpcap': {
      const { host, port, interface: name, user } = request;
      return describeRemote(request, { host, port, interface: name, ...(user === undefined ? {} : { user }) }, name);
    }
    case 'ssh': {
      const { host, port, interface: name, user, usesSudo } = request;
      return describeRemote(request, { host, port, interface: name, user, usesSudo }, name);
    }
    default:
      return kind satisfies never;
  }
}

function describe(request: NewSource, place: SourcePlace, title: string, identity: string): Source {
  return createSource({ kind: request.kind, title: request.title ?? title, ...place, isSample: false, identity });
}

function describeListener(request: NewSource & { host: string; port: number }, what: string): Source {
  const { host, port } = request;
  return describe(request, { host, port }, `${what} on port ${port}`, `${host} ${port}`);
}

function describeRemote(request: NewSource, place: SourcePlace & { host: string; port: number }, what: string): Source {
  const { host, port, interface: name = '' } = place;
  const joiner = name === '' ? ' ' : ' of ';
  return describe(request, place, `${what}${joiner}${host}`, `${host} ${port} ${name}`);
}

async function requireKind(path: string, kind: 'file' | 'folder'): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new SphinxError('SPX_INVALID_INPUT', `${path} does not exist on the machine that SPHINX runs on.`);
  }
  if (kind === 'file' ? found.isFile() : found.isDirectory()) return;
  throw new SphinxError('SPX_INVALID_INPUT', `${path} is not a ${kind}.`);
}

/** The same content under another name is the same source: reading it again changes nothing. */
export async function identifyFile(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const head = Buffer.alloc(Math.min(size, IDENTITY_BYTES));
    await handle.read(head, 0, head.length, 0);
    return `${size}:${createHash('sha256').update(head).digest('hex')}`;
  } finally {
    await handle.close();
  }
}
