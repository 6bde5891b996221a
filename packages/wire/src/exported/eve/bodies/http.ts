import type { HttpExchange } from '../../../http/types.ts';
import type { Http2Exchange } from '../../../http2/types.ts';
import { type EveBody, present } from '../eve-event.ts';

type ToldExchange = Pick<
  HttpExchange,
  'host' | 'path' | 'method' | 'version' | 'status' | 'userAgent' | 'responseType' | 'responseBytes' | 'redirect'
>;

const PORT = /:(\d{1,5})$/;

/** @returns an exchange; its address as records have it: identifiers masked, without query */
export function httpBody(record: ToldExchange): EveBody {
  const { host, path, method, version, status, userAgent, responseType, responseBytes, redirect } = record;
  const port = PORT.exec(host)?.[1];
  const members = {
    ...present({
      hostname: port === undefined ? host : host.slice(0, -port.length - 1),
      http_port: port === undefined ? undefined : Number(port),
      url: path,
      http_user_agent: userAgent,
      http_content_type: responseType,
      http_method: method,
      protocol: version,
      status: status === 0 ? undefined : status,
      redirect,
    }),
    length: responseBytes,
  };
  return { type: 'http', members };
}

/** @returns an exchange of HTTP/2 */
export function http2Body(record: Http2Exchange): EveBody {
  const common = { ...record, protocol: 'http', version: 'HTTP/2', redirect: '' } as const;
  const { type, members } = httpBody(common);
  return { type, members: { ...members, version: '2' } };
}
