import { type DecoyContext, fullName } from '../../decoys/decoy-context.ts';
import type { Patient, Study } from '../../decoys/patients.ts';
import type { ServiceOf } from '../../decoys/persona.ts';
import type { Conversation, Peer } from '../conversation.ts';
import { fitsWildcard } from '../dicom/query.ts';
import { type HttpAnswer, httpConversation } from './http-server.ts';
import type { HttpRequest } from './request-reader.ts';

// FHIR R4 (HL7 FHIR 4.0.1, "RESTful API" and "Search") over patients that do not exist.

const FHIR_JSON = 'application/fhir+json;charset=utf-8';
const TYPES = ['Patient', 'ImagingStudy', 'Encounter', 'Practitioner'] as const;
const PAGE_LIMIT = 100;
const ALL_PARAMETERS = /^(_count|_sort|_format|_summary|_elements|_pretty|_getpages.*|_total|_include|_revinclude)$/;

/** A FHIR server with invented patients that lets anybody read and keeps nothing that is written. */
export function fhirServer(service: ServiceOf<'fhir'>, context: DecoyContext, peer: Peer): Conversation {
  return httpConversation(peer, (request) => new FhirAnswer(service, context, peer).to(request));
}

type Resource = { readonly resourceType: string; readonly id: string } & Record<string, unknown>;

class FhirAnswer {
  readonly #service: ServiceOf<'fhir'>;
  readonly #context: DecoyContext;
  readonly #peer: Peer;

  constructor(service: ServiceOf<'fhir'>, context: DecoyContext, peer: Peer) {
    this.#service = service;
    this.#context = context;
    this.#peer = peer;
  }

  to(request: HttpRequest): HttpAnswer {
    const { base } = this.#service;
    const url = parseTarget(request.target);
    if (url === undefined || (url.pathname !== base && !url.pathname.startsWith(`${base}/`))) {
      const isRoot = url?.pathname === '/';
      return this.#reply(
        isRoot ? 302 : 404,
        outcome('not-found', 'Unknown resource'),
        isRoot ? { Location: `${base}/metadata` } : {},
      );
    }
    const [type = '', id = '', ...rest] = url.pathname
      .slice(base.length + 1)
      .split('/')
      .map(decoded);
    if (request.method !== 'GET' && request.method !== 'HEAD') return this.#change(request, type, id, url);
    if (type === 'metadata') return this.#reply(200, this.#statement());
    if (!isType(type))
      return this.#reply(404, outcome('not-supported', `Unknown resource type '${type.slice(0, 40)}'`));
    if (id === '') return this.#search(type, url.searchParams);
    if (rest.length > 0 || id.startsWith('$') || id.startsWith('_')) {
      return this.#reply(404, outcome('not-supported', 'Operation is not supported'));
    }
    const resource = this.#resources(type).find((each) => each.id === id);
    this.#peer.note('query', `read of one ${type}`, { answers: resource === undefined ? 0 : 1, isForEverybody: false });
    return resource === undefined
      ? this.#reply(404, outcome('not-found', `Resource ${type}/${id.slice(0, 64)} is not known`))
      : this.#reply(200, resource);
  }

  #change(request: HttpRequest, type: string, id: string, url: URL): HttpAnswer {
    if (id === '_search' && isType(type)) {
      return this.#search(type, new URLSearchParams(request.body.toString('utf8', 0, 16_384)));
    }
    this.#peer.note(
      'upload',
      `${request.method} of ${isType(type) || type === '' ? type || 'a bundle' : 'another type'}`,
      {
        bytes: request.body.length,
        path: url.pathname.split('/').slice(0, 3).join('/').slice(0, 100),
      },
    );
    // It seems to be taken; nothing of it is ever served.
    if (request.method === 'DELETE') return this.#reply(405, outcome('not-supported', 'Deletion is disabled'));
    return this.#reply(202, outcome('informational', 'Accepted for processing'));
  }

  #search(type: (typeof TYPES)[number], parameters: URLSearchParams): HttpAnswer {
    const conditions = [...parameters].filter(([name]) => !ALL_PARAMETERS.test(name));
    const found = this.#resources(type).filter((each) => conditions.every((condition) => fits(each, condition)));
    const count = Math.min(PAGE_LIMIT, Math.max(0, Number(parameters.get('_count') ?? 20) || 20));
    const isCount = parameters.get('_summary') === 'count';
    const names = [...new Set(conditions.map(([name]) => name.slice(0, 40)))].filter((name) => /^[\w.:-]+$/.test(name));
    this.#peer.note('query', `search for ${type}${names.length === 0 ? ', everybody' : ` by ${names.join(', ')}`}`, {
      answers: found.length,
      isForEverybody: names.length === 0,
    });
    const here = `http://${fullName(this.#context.identity)}${this.#service.base}`;
    return this.#reply(200, {
      resourceType: 'Bundle',
      type: 'searchset',
      total: found.length,
      link: [{ relation: 'self', url: `${here}/${type}` }],
      ...(isCount
        ? {}
        : {
            entry: found
              .slice(0, count)
              .map((resource) => ({ fullUrl: `${here}/${type}/${resource.id}`, resource, search: { mode: 'match' } })),
          }),
    });
  }

  #resources(type: (typeof TYPES)[number]): readonly Resource[] {
    const { patients } = this.#context;
    switch (type) {
      case 'Patient':
        return patients.map(patientResource);
      case 'ImagingStudy':
        return patients.flatMap((patient) => patient.studies.map((study) => studyResource(patient, study)));
      case 'Encounter':
        return patients.map((patient) => ({
          resourceType: 'Encounter',
          id: `e${patient.id.slice(1)}`,
          status: 'in-progress',
          class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
          subject: { reference: `Patient/${patient.id}` },
          location: [{ location: { display: patient.ward } }],
        }));
      case 'Practitioner':
        return [...new Set(patients.map(({ physician }) => physician))].map((name, index) => ({
          resourceType: 'Practitioner',
          id: `d${index + 1}`,
          active: true,
          name: [{ text: name.replaceAll('^', ' ') }],
        }));
      default:
        return type satisfies never;
    }
  }

  #statement(): object {
    const { software, version } = this.#service;
    return {
      resourceType: 'CapabilityStatement',
      status: 'active',
      date: new Date(this.#peer.now()).toISOString().slice(0, 10),
      kind: 'instance',
      software: { name: software, version },
      fhirVersion: '4.0.1',
      format: ['application/fhir+json', 'json'],
      rest: [
        {
          mode: 'server',
          resource: TYPES.map((type) => ({
            type,
            interaction: [{ code: 'read' }, { code: 'search-type' }, { code: 'create' }, { code: 'update' }],
            searchParam: [
              { name: '_id', type: 'token' },
              { name: 'identifier', type: 'token' },
              ...(type === 'Patient'
                ? [
                    { name: 'name', type: 'string' },
                    { name: 'family', type: 'string' },
                    { name: 'birthdate', type: 'date' },
                  ]
                : [{ name: 'patient', type: 'reference' }]),
            ],
          })),
        },
      ],
    };
  }

  #reply(status: number, body: object, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
    return {
      status,
      headers: {
        Server: this.#context.identity.banners.http ?? this.#service.server,
        'X-Powered-By': `${this.#service.software} ${this.#service.version}`,
        'Content-Type': FHIR_JSON,
        ...headers,
      },
      body: JSON.stringify(body),
    };
  }
}

function patientResource(patient: Patient): Resource {
  const { id, family, given, sex, born } = patient;
  return {
    resourceType: 'Patient',
    id,
    identifier: [{ use: 'usual', type: { text: 'MRN' }, value: id }],
    active: true,
    name: [{ use: 'official', family, given: [given] }],
    gender: sex === 'F' ? 'female' : 'male',
    birthDate: dashed(born),
  };
}

function studyResource(patient: Patient, study: Study): Resource {
  return {
    resourceType: 'ImagingStudy',
    id: study.id,
    identifier: [{ system: 'urn:dicom:uid', value: `urn:oid:${study.uid}` }],
    status: 'available',
    subject: { reference: `Patient/${patient.id}` },
    started: dashed(study.date),
    modality: [{ system: 'http://dicom.nema.org/resources/ontology/DCM', code: study.modality }],
    description: study.description,
    numberOfInstances: study.images,
  };
}

/** Parameters of search that are known narrow the answer; others are ignored, as lenient servers do. */
function fits(resource: Resource, [name, wanted]: readonly [string, string]): boolean {
  const [parameter = ''] = name.split(':');
  const value = wanted.slice(0, 200);
  const text = JSON.stringify(resource).toLowerCase();
  switch (parameter) {
    case '_id':
      return value.split(',').includes(resource.id);
    case 'identifier':
      return text.includes(`"${(value.split('|').at(-1) ?? '').toLowerCase()}"`);
    case 'name':
    case 'family':
    case 'given': {
      const names =
        JSON.stringify(resource.name ?? '')
          .toLowerCase()
          .match(/[^"[\]{},:]+/g) ?? [];
      return names.some((each) => fitsWildcard(`${value.toLowerCase().replaceAll('*', '')}*`, each));
    }
    case 'birthdate':
      return String(resource.birthDate ?? '').startsWith(value.replace(/^(eq|ge|le|gt|lt)/, ''));
    case 'gender':
      return resource.gender === value;
    case 'patient':
    case 'subject':
      return text.includes(`patient/${value.replace(/^Patient\//i, '').toLowerCase()}"`);
    default:
      return true;
  }
}

function outcome(code: string, diagnostics: string): object {
  const severity = code === 'informational' ? 'information' : 'error';
  return { resourceType: 'OperationOutcome', issue: [{ severity, code, diagnostics }] };
}

function dashed(date: string): string {
  return `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`;
}

function isType(type: string): type is (typeof TYPES)[number] {
  return TYPES.some((each) => each === type);
}

function parseTarget(target: string): URL | undefined {
  return URL.canParse(target, 'http://decoy') ? new URL(target, 'http://decoy') : undefined;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
