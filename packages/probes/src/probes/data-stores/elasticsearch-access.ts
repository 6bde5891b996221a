import { isAnswerWhole, readHttpAnswer } from '../../messages/http-answer.ts';
import { httpRequest } from '../../messages/http-request.ts';
import type { Probe } from '../../probe.ts';

/** Elasticsearch and OpenSearch tell who they are to whoever is let in. */
export const elasticsearchAccess: Probe = {
  id: 'elasticsearch-access',
  title: 'Elasticsearch without a password',
  protocols: ['http', 'tls'],
  transport: 'tcp',
  ports: [9200],
  sends: 'Asks for the front page (name and version of the program) without a login. Reads no data.',
  caution: 'asks',
  limits: { connections: 1, packets: 4, bytes: 250, answerBytes: 64 * 1024, timeoutMs: 12_000 },
  async run(context) {
    const stream = await context.connect();
    if (stream === undefined) return;
    stream.send(httpRequest(context, 'GET', '/'), 'GET /');
    const answer = readHttpAnswer(await stream.receive(isAnswerWhole));
    stream.close();
    const text = answer?.body.toString('utf8') ?? '';
    if (answer?.status === 200 && /"tagline"\s*:\s*"(You Know, for Search|The OpenSearch Project)/.test(text)) {
      context.report('elasticsearch.without-password', 'true');
      context.report('elasticsearch.version', /"number"\s*:\s*"([\w.+-]{1,40})"/.exec(text)?.[1] ?? '');
    }
    if (answer?.status === 401 && text.includes('security_exception')) {
      context.report('elasticsearch.without-password', 'false');
    }
  },
};
