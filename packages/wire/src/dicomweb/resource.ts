import type { DicomwebOperation, DicomwebResource, Representation } from './types.ts';

/** What the method and the path of a request say (PS3.18 §10 studies, §11 worklist). */
export interface Addressed {
  readonly operation: DicomwebOperation;
  readonly resource: DicomwebResource;
  readonly representation: Representation;
  /** The path alone proves it: it names an object by its UID where DICOMweb has it. */
  readonly isProof: boolean;
}

const UID = /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))+$/;
const FRAME_LIST = /^\d+(?:,\d+)*$/;
const LEVELS: Readonly<Record<string, DicomwebResource>> = {
  studies: 'study',
  series: 'series',
  instances: 'instance',
  frames: 'frame',
};
const REPRESENTATIONS: Readonly<Record<string, Representation>> = {
  metadata: 'metadata',
  rendered: 'rendered',
  thumbnail: 'thumbnail',
  pixeldata: 'pixel-data',
  bulkdata: 'bulk-data',
};

/** @returns undefined where the path is none of DICOMweb; UIDs in it are looked at for their form only */
export function addressedBy(method: string, target: string): Addressed | undefined {
  const path = target.replace(/^[a-z]+:\/\/[^/]*/i, '').split('?', 1)[0] ?? '';
  const segments = path.split('/').filter((segment) => segment !== '');
  const workitems = segments.indexOf('workitems');
  if (workitems >= 0) return workitem(method, segments.slice(workitems + 1));
  const start = segments.findIndex((segment) => segment in LEVELS);
  return start < 0 ? undefined : objects(method, segments.slice(start));
}

/** PS3.18 Table 10.1-2: levels with their UIDs, then the form in which they are wanted. */
function objects(method: string, segments: readonly string[]): Addressed | undefined {
  let resource: DicomwebResource = '';
  let isCollection = false;
  let isProof = false;
  let index = 0;
  for (let level = LEVELS[segments[0] ?? '']; level !== undefined; level = LEVELS[segments[index] ?? '']) {
    const id = segments[index + 1] ?? '';
    isCollection = !(level === 'frame' ? FRAME_LIST : UID).test(id);
    // Elsewhere too there are studies and series; with a UID and a level or a form behind it there is DICOMweb only.
    isProof = isProof || (index > 0 && resource === 'study');
    resource = level;
    index += isCollection ? 1 : 2;
    if (isCollection) break;
  }
  const form = segments[index];
  const representation = form === undefined ? 'object' : REPRESENTATIONS[form];
  if (representation === undefined) return undefined;
  const operation = operationOn(method, isCollection);
  if (operation === undefined) return undefined;
  const hasUid = index >= 2;
  return {
    operation,
    resource,
    representation: operation === 'retrieve' ? representation : '',
    isProof: hasUid && (isProof || form !== undefined),
  };
}

function operationOn(method: string, isCollection: boolean): DicomwebOperation | undefined {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return isCollection ? 'search' : 'retrieve';
    case 'POST':
    case 'PUT':
      return 'store';
    case 'DELETE':
      return 'delete';
    case 'OPTIONS':
      return 'capabilities';
    default:
      return undefined;
  }
}

/** PS3.18 Table 11.1-1. */
function workitem(method: string, [uid, verb, title, suffix]: readonly string[]): Addressed | undefined {
  const operation = workitemOperation(method, uid, verb, title, suffix);
  if (operation === undefined) return undefined;
  const isProof = uid !== undefined && UID.test(uid);
  return { operation, resource: 'workitem', representation: '', isProof };
}

function workitemOperation(
  method: string,
  uid: string | undefined,
  verb: string | undefined,
  title: string | undefined,
  suffix: string | undefined,
): DicomwebOperation | undefined {
  const isGet = method === 'GET' || method === 'HEAD';
  const isChange = method === 'POST' || method === 'PUT';
  if (uid === undefined) return isGet ? 'search' : method === 'POST' ? 'create' : undefined;
  if (!UID.test(uid)) return undefined;
  if (verb === undefined) return isGet ? 'retrieve' : isChange ? 'update' : undefined;
  if (verb === 'state' && isChange) return 'change-state';
  if (verb === 'cancelrequest' && method === 'POST') return 'request-cancellation';
  if (verb !== 'subscribers' || title === undefined) return undefined;
  if (suffix === 'suspend') return 'suspend-subscription';
  return method === 'DELETE' ? 'unsubscribe' : isChange ? 'subscribe' : undefined;
}
