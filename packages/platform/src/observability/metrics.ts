import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Figures of one moment that are not counted along the way. */
export interface ProgramFigures {
  readonly busLag: Readonly<Record<string, number>>;
  readonly telemetryAccepted: number;
  readonly telemetryDropped: number;
  readonly telemetryBuffered: number;
  /** Service → 1 when healthy, 0.5 when degraded, 0 when not. */
  readonly serviceHealth: Readonly<Record<string, number>>;
  /** Service → what it counts, as its health tells. */
  readonly serviceFigures: Readonly<Record<string, Readonly<Record<string, number | string>>>>;
}

/** Figures of the program in the Prometheus exposition format. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Histogram<'operation' | 'status'>;
  readonly #gauges: {
    busLag: Gauge<'consumer'>;
    telemetry: Gauge<'state'>;
    health: Gauge<'service'>;
    figures: Gauge<'service' | 'figure'>;
  };
  readonly #figures: () => Promise<ProgramFigures>;

  constructor(figures: () => Promise<ProgramFigures>) {
    this.#figures = figures;
    collectDefaultMetrics({ register: this.#registry, prefix: 'sphinx_' });
    const registers = [this.#registry];
    this.#requests = new Histogram({
      name: 'sphinx_http_request_duration_seconds',
      help: 'Time to answer requests of the API',
      labelNames: ['operation', 'status'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    });
    this.#gauges = {
      busLag: new Gauge({
        name: 'sphinx_bus_lag_facts',
        help: 'Facts that a consumer has not handled yet',
        labelNames: ['consumer'],
        registers,
      }),
      telemetry: new Gauge({
        name: 'sphinx_telemetry_rows',
        help: 'Telemetry rows since the start, by what became of them',
        labelNames: ['state'],
        registers,
      }),
      health: new Gauge({
        name: 'sphinx_service_health',
        help: '1 healthy, 0.5 degraded, 0 unhealthy',
        labelNames: ['service'],
        registers,
      }),
      figures: new Gauge({
        name: 'sphinx_service_figure',
        help: 'What services count, such as packets lost and flows shed; names as on the page on health',
        labelNames: ['service', 'figure'],
        registers,
      }),
    };
  }

  noteRequest(answer: { operationId: string; status: number; durationMs: number }): void {
    this.#requests.observe({ operation: answer.operationId, status: String(answer.status) }, answer.durationMs / 1000);
  }

  async render(): Promise<{ type: string; text: string }> {
    const figures = await this.#figures();
    const { busLag, telemetry, health, figures: counted } = this.#gauges;
    busLag.reset();
    health.reset();
    for (const [consumer, lag] of Object.entries(figures.busLag)) busLag.set({ consumer }, lag);
    for (const [service, value] of Object.entries(figures.serviceHealth)) health.set({ service }, value);
    counted.reset();
    for (const [service, own] of Object.entries(figures.serviceFigures)) {
      for (const [figure, value] of Object.entries(own)) {
        if (typeof value === 'number') counted.set({ service, figure }, value);
      }
    }
    telemetry.set({ state: 'accepted' }, figures.telemetryAccepted);
    telemetry.set({ state: 'dropped' }, figures.telemetryDropped);
    telemetry.set({ state: 'buffered' }, figures.telemetryBuffered);
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}
