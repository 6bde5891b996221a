import { type HttpAnswer, isAnswerWhole, readHttpAnswer } from '../../messages/http-answer.ts';
import { httpRequest } from '../../messages/http-request.ts';
import type { Probe, ProbeContext } from '../../probe.ts';
import { faviconHash } from './favicon-hash.ts';

const MAXIMUM_REDIRECTS = 2;

/** The front page as a browser sees it, and the icon beside it. Title and headers are read by the room of HTTP. */
export const httpPage: Probe = {
  id: 'http-page',
  title: 'Web page: headers, title and icon',
  protocols: ['http', 'tls'],
  transport: 'tcp',
  ports: [80, 443, 8080, 8443, 8042, 9200],
  sends:
    'Asks for the front page as a browser does, follows up to two redirects within the same device, and asks for its icon (/favicon.ico).',
  caution: 'asks',
  limits: { connections: 4, packets: 20, bytes: 8000, answerBytes: 1024 * 1024, timeoutMs: 25_000 },
  async run(context) {
    let path = '/';
    for (let step = 0; step <= MAXIMUM_REDIRECTS; step += 1) {
      const answer = await get(context, path);
      if (answer === undefined) return;
      const next = redirectWithin(context, answer);
      if (next === undefined) break;
      path = next;
    }
    const icon = await get(context, '/favicon.ico');
    if (icon?.status === 200 && icon.body.length > 0 && !isPage(icon)) {
      context.report('http.favicon-hash', String(faviconHash(icon.body)));
    }
  },
};

async function get(context: ProbeContext, path: string): Promise<HttpAnswer | undefined> {
  const stream = await context.connect();
  if (stream === undefined) return undefined;
  stream.send(httpRequest(context, 'GET', path), `GET ${path}`);
  const answer = readHttpAnswer(await stream.receive(isAnswerWhole));
  stream.close();
  return answer;
}

/** @returns the path of a redirect to the same device and port, else undefined */
function redirectWithin({ ip, port, isTls }: ProbeContext, { status, headers }: HttpAnswer): string | undefined {
  const location = headers.get('location');
  if (status < 300 || status > 399 || location === undefined) return undefined;
  const host = ip.includes(':') ? `[${ip}]` : ip;
  const own = `${isTls ? 'https' : 'http'}://${host}:${port}`;
  const target = URL.canParse(location, own) ? new URL(location, own) : undefined;
  return target?.origin === new URL(own).origin ? `${target.pathname}${target.search}` : undefined;
}

/** Servers that answer every path with their front page have no icon. */
function isPage({ headers, body }: HttpAnswer): boolean {
  return (
    (headers.get('content-type') ?? '').includes('html') ||
    body.subarray(0, 64).toString('latin1').trimStart().startsWith('<!')
  );
}
