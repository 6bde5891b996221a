import type { DecoyContext } from '../../decoys/decoy-context.ts';
import { named } from '../../decoys/decoy-context.ts';
import type { ServiceOf } from '../../decoys/persona.ts';
import type { Site } from '../../decoys/site.ts';
import { Doorkeeper } from '../accounts.ts';
import type { Conversation, Peer } from '../conversation.ts';
import { type HttpAnswer, httpConversation } from './http-server.ts';
import type { HttpRequest } from './request-reader.ts';

const TOKEN_BYTES = 16;
const EMPTY_SITE: Pick<Site, 'headers' | 'pages' | 'notFound'> = { headers: {}, pages: [], notFound: 'Not Found' };

/** A web site with a log-on, as knowledge/decoys/sites describes it. */
export function webSite(service: ServiceOf<'http'>, context: DecoyContext, peer: Peer): Conversation {
  const site = context.sites[service.site] ?? EMPTY_SITE;
  const visitor = new Visitor(service, site, context, peer);
  return httpConversation(peer, (request) => visitor.answer(request));
}

class Visitor {
  readonly #site: Pick<Site, 'headers' | 'pages' | 'notFound' | 'logOn'>;
  readonly #context: DecoyContext;
  readonly #peer: Peer;
  readonly #doorkeeper: Doorkeeper;
  /** Cookie of a session that was let in, over this connection or, by its form, over another. */
  #cookie = '';

  constructor(
    service: ServiceOf<'http'>,
    site: Pick<Site, 'headers' | 'pages' | 'notFound' | 'logOn'>,
    context: DecoyContext,
    peer: Peer,
  ) {
    this.#site = site;
    this.#context = context;
    this.#peer = peer;
    this.#doorkeeper = new Doorkeeper(service, peer);
  }

  answer(request: HttpRequest): HttpAnswer {
    const { logOn } = this.#site;
    const path = pathOf(request.target);
    if (logOn?.method === 'form' && path === logOn.path && request.method === 'POST')
      return this.#logOn(request, logOn);
    const page = this.#site.pages.find((each) => each.path === path);
    if (page === undefined) return this.#reply(404, this.#site.notFound);
    if (page.isProtected && logOn !== undefined && !this.#isLoggedOn(request, logOn)) {
      if (logOn.method === 'form') return this.#reply(302, '', { Location: logOn.path });
      return this.#reply(401, 'Unauthorized', { 'WWW-Authenticate': `Basic realm="${logOn.realm}"` });
    }
    return this.#reply(page.status, page.body, { 'Content-Type': page.type, ...page.headers });
  }

  #logOn(request: HttpRequest, form: Extract<NonNullable<Site['logOn']>, { method: 'form' }>): HttpAnswer {
    const fields = fieldsOf(request);
    const user = fields.get(form.userField) ?? '';
    const isAdmitted = this.#doorkeeper.admits(user, fields.get(form.secretField) ?? '', 'form');
    if (!isAdmitted) return this.#reply(form.failureStatus, form.failure);
    this.#cookie = this.#peer.random(TOKEN_BYTES).toString('hex');
    return this.#reply(302, '', {
      Location: form.home,
      'Set-Cookie': `${form.cookie}=${this.#cookie}; Path=/; HttpOnly`,
    });
  }

  #isLoggedOn(request: HttpRequest, logOn: NonNullable<Site['logOn']>): boolean {
    if (logOn.method === 'form') {
      const cookie = new RegExp(`(?:^|;\\s*)${logOn.cookie}=([0-9a-f]{32})`).exec(request.headers.get('cookie') ?? '');
      // Connections know nothing of each other: whoever shows a cookie of ours came through the form.
      return cookie !== null;
    }
    const [, encoded] = /^Basic\s+([A-Za-z0-9+/=]{1,1024})$/i.exec(request.headers.get('authorization') ?? '') ?? [];
    if (encoded === undefined) return false;
    const [user = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
    return this.#doorkeeper.admits(user, secret.join(':'), 'basic');
  }

  #reply(status: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
    const { identity } = this.#context;
    const server = identity.banners.http;
    return {
      status,
      headers: {
        ...this.#site.headers,
        ...(server === undefined ? {} : { Server: server }),
        'Content-Type': 'text/html; charset=utf-8',
        ...headers,
      },
      body: named(body, identity),
    };
  }
}

function pathOf(target: string): string {
  const path = target.replace(/^[a-z]+:\/\/[^/]*/i, '').split(/[?#;]/, 1)[0] ?? '';
  return path === '' ? '/' : path;
}

function fieldsOf({ headers, body }: HttpRequest): ReadonlyMap<string, string> {
  const text = body.toString('utf8', 0, 16_384);
  if (/json/i.test(headers.get('content-type') ?? '')) {
    try {
      const value: unknown = JSON.parse(text);
      return new Map(Object.entries(value ?? {}).map(([name, each]) => [name, String(each)]));
    } catch {
      return new Map();
    }
  }
  return new Map(new URLSearchParams(text));
}
