import type { HttpExchange } from '../../../http/types.ts';
import { type EveBody, present } from '../eve-event.ts';

const PORT = /:(\d{1,5})$/;

/** @returns an exchange; its address as records have it: identifiers masked, without query */
export function httpBody(record: HttpExchange): EveBody {
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
