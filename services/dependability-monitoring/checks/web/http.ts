import { type HttpAnswer, isAnswerWhole, readHttpAnswer } from '@sphinx/probes/messages';
import { type Check, type CheckAnswer, type CheckContext, failed, good, NOBODY, SILENT } from '../check.ts';

/** One page: its status, and a text where one is asked for. */
export const http: Check = async (context) => {
  const answer = await get(context, String(context.parameters.path), {});
  if ('outcome' in answer) return answer;
  const { status, contains } = context.parameters;
  const isExpected = status === 0 ? answer.status >= 200 && answer.status < 400 : answer.status === status;
  if (!isExpected) return failed(`It answers with status ${answer.status}.`, { status: answer.status });
  if (contains !== '' && !answer.body.toString('utf8').includes(String(contains)))
    return failed('The page does not contain the text that it must.', { status: answer.status });
  return good(`It answers with status ${answer.status}.`, { status: answer.status });
};

/** HL7 FHIR R5 §3.2.0.12. */
export const fhirMetadata: Check = async (context) => {
  const base = String(context.parameters.path).replace(/\/+$/, '');
  const answer = await get(context, `${base}/metadata`, { Accept: 'application/fhir+json' });
  if ('outcome' in answer) return answer;
  const { status, body } = answer;
  if (status === 401 || status === 403)
    return good(`It is there and asks for a login first (status ${status}).`, { status });
  if (status !== 200) return failed(`It answers with status ${status}.`, { status });
  if (!/"resourceType"\s*:\s*"CapabilityStatement"/.test(body.toString('utf8')))
    return failed('It answers, but not with a capability statement.', { status });
  return good('It gives its capability statement.', { status });
};

async function get(
  context: CheckContext,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<HttpAnswer | CheckAnswer> {
  const stream = await context.connect();
  if (stream === undefined) return NOBODY;
  stream.send(requestText(context, path, headers), `GET ${path}`, context.secret !== undefined);
  const bytes = await stream.receive(isAnswerWhole, context.left());
  stream.close();
  if (bytes.length === 0) return SILENT;
  return readHttpAnswer(bytes) ?? failed('It answers, but not in HTTP.');
}

/** RFC 9112 §3. */
function requestText(
  { host, port, parameters, secret }: CheckContext,
  path: string,
  headers: Readonly<Record<string, string>>,
): string {
  const name = host.includes(':') ? `[${host}]` : host;
  const isUsualPort = port === (parameters.tls === true ? 443 : 80);
  const authorization = secret === undefined ? {} : { Authorization: `Bearer ${secret}` };
  const fields = {
    Host: `${name}${isUsualPort ? '' : `:${port}`}`,
    'User-Agent': 'SPHINX',
    Accept: '*/*',
    ...headers,
    ...authorization,
    Connection: 'close',
  };
  const lines = Object.entries(fields).map(
    ([field, value]) => `${field}: ${value.replaceAll(/[^\x20-\x7e]/g, '')}\r\n`,
  );
  const target = path.startsWith('/') ? path : `/${path}`;
  return `GET ${target.replaceAll(/[^\x21-\x7e]/g, '')} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
