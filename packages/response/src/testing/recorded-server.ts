import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';

export interface RecordedRequest {
  /** Method and path: `GET /api/x`. */
  readonly what: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface RecordedAnswer {
  readonly status: number;
  /** Text as it is; anything else as JSON. */
  readonly body?: unknown;
}

/** Answers as a product's documents say, and refuses whatever they do not have. */
export class RecordedServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(answer: (request: RecordedRequest) => RecordedAnswer): Promise<RecordedServer> {
    const server = createServer(async (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://recorded');
      const what = `${request.method} ${pathname}`;
      const { status, body } = answer({
        what,
        query: searchParams,
        headers: request.headers,
        body: await readText(request),
      });
      response.writeHead(status).end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new RecordedServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
