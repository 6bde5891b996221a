import type { PgParameter, PgRequest, PgResponse } from '../../../postgresql/messages.ts';
import type { PostgresqlDetail } from '../../../postgresql/types.ts';
import { type EveBody, type EveMembers, eveText } from '../eve-event.ts';
import type { EveSettings } from '../settings.ts';

/** Fields of errors and notices by their type (PostgreSQL documentation §55.8). */
const ERROR_FIELDS: Readonly<Record<string, string>> = {
  S: 'severity_localizable',
  V: 'severity_non_localizable',
  C: 'code',
  M: 'message',
  D: 'detail',
  H: 'hint',
  P: 'position',
  p: 'internal_position',
  q: 'internal_query',
  W: 'where',
  s: 'schema_name',
  t: 'table_name',
  c: 'column_name',
  d: 'data_type_name',
  n: 'constraint_name',
  F: 'file',
  L: 'line',
  R: 'routine',
};
const MECHANISMS: Readonly<Record<string, string>> = {
  'SCRAM-SHA-256': 'scram_SHA256',
  'SCRAM-SHA-256-PLUS': 'scram_SHA256_plus',
};
/** Of these, those that say nothing of what was asked. */
const OPEN_FIELDS = 'SVCFLR';
/** Parameters that say whose session it is. */
const OWN_PARAMETERS: ReadonlySet<string> = new Set(['session_authorization', 'application_name']);

/** A request with its answer: what is asked, by whom, passwords and the words of errors are content. */
export function pgsqlBody(
  detail: PostgresqlDetail,
  withContent: boolean,
  { pgsqlPasswords }: EveSettings,
): EveBody | undefined {
  const { number, request, responses, rows, rowBytes } = detail;
  if (request?.kind === 'extended' || (request === undefined && responses.length === 0)) return undefined;
  const response = responseMembers(responses, withContent);
  if (rows > 0) Object.assign(response, { data_rows: rows, data_size: rowBytes });
  const members = {
    tx_id: number,
    ...(request === undefined ? {} : { request: requestMembers(request, withContent, withContent && pgsqlPasswords) }),
    ...(Object.keys(response).length === 0 ? {} : { response }),
  };
  return { type: 'pgsql', members };
}

function requestMembers(request: PgRequest, withContent: boolean, withPasswords: boolean): EveMembers {
  switch (request.kind) {
    case 'tls':
      return { message: 'SSL Request' };
    case 'gss':
      return { message: 'GSSENC Request' };
    case 'terminate':
      return { message: 'termination_message' };
    case 'startup':
      return {
        protocol_version: request.version,
        ...(withContent ? { startup_parameters: startupMembers(request.parameters) } : {}),
      };
    case 'cancel':
      return { message: 'cancel_request', process_id: request.processId, secret_key: request.secretKey };
    case 'sasl-start':
      return {
        sasl_authentication_mechanism: MECHANISMS[request.mechanism] ?? request.mechanism,
        ...(withContent ? { sasl_param: eveText(request.response) } : {}),
      };
    case 'sasl-response':
      return withContent ? { sasl_response: eveText(request.response) } : {};
    case 'query':
      return withContent ? { simple_query: eveText(request.statement) } : {};
    case 'password':
      return withPasswords ? { password: eveText(request.password) } : { password_redacted: true };
    case 'extended':
    case 'sync':
      return {};
    default:
      return request satisfies never;
  }
}

function startupMembers(parameters: readonly PgParameter[]): EveMembers {
  const user = parameters.find(({ name }) => name === 'user');
  const others = parameters.filter(({ name }) => name !== 'user');
  return {
    ...(user === undefined ? {} : { user: eveText(user.value) }),
    ...(others.length === 0 ? {} : { optional_parameters: others.map(parameterMembers) }),
  };
}

function parameterMembers({ name, value }: PgParameter): EveMembers {
  return { [snakeCase(name)]: eveText(value) };
}

/** `DateStyle` is `date_style` there. */
function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
}

function responseMembers(responses: readonly PgResponse[], withContent: boolean): EveMembers {
  const members: EveMembers = {};
  const parameters: EveMembers[] = [];
  for (const response of responses) {
    if (response.kind !== 'parameter') Object.assign(members, messageMembers(response, withContent));
    else if (withContent || !OWN_PARAMETERS.has(response.parameter.name)) {
      parameters.push(parameterMembers(response.parameter));
    }
  }
  if (parameters.length > 0) members.parameter_status = parameters;
  return members;
}

type Told = Exclude<PgResponse, { kind: 'parameter' }>;

function messageMembers(response: Told, withContent: boolean): EveMembers {
  switch (response.kind) {
    case 'tls':
      return { ssl_accepted: response.isAccepted };
    case 'authentication':
      return authenticationMembers(response.method, response.data, withContent);
    case 'key':
      return withContent ? { process_id: response.processId, secret_key: response.secretKey } : {};
    case 'columns':
      return { field_count: response.count };
    case 'complete':
      return { command_completed: response.tag };
    case 'error':
    case 'notice':
      return Object.fromEntries(
        response.fields.flatMap(([type, value]) => {
          const name = ERROR_FIELDS[type];
          return name === undefined || !(withContent || OPEN_FIELDS.includes(type)) ? [] : [[name, eveText(value)]];
        }),
      );
    case 'notification':
      return withContent
        ? { pid: response.processId, channel_name: eveText(response.channel), payload: eveText(response.payload) }
        : { pid: response.processId };
    case 'ready':
    case 'row':
      return {};
    default:
      return response satisfies never;
  }
}

function authenticationMembers(method: number, data: Uint8Array, withContent: boolean): EveMembers {
  const secret = (name: string) => (withContent ? { [name]: eveText(data) } : { message: name });
  switch (method) {
    case 0:
      return { message: 'authentication_ok' };
    case 3:
      return { message: 'authentication_cleartext_password' };
    case 5:
      return secret('authentication_md5_password');
    case 9:
      return secret('authentication_sspi');
    case 10:
      return { message: 'authentication_sasl' };
    case 11:
      return { message: 'authentication_sasl_continue' };
    case 12:
      return secret('authentication_sasl_final');
    default:
      return {};
  }
}
