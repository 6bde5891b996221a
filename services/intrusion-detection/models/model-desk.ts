import { FEWEST_JUDGED, readModel, tooFewJudged } from '@sphinx/learning';
import { type Clock, type Jobs, SphinxError } from '@sphinx/platform';
import type { FeedbackStore, NumberedFeedback } from './feedback-store.ts';
import type { ModelStore } from './model-store.ts';
import type { ModelView } from './model-view.ts';
import { type RetrainingTask, retrainInThread } from './retraining-thread.ts';
import { trainingDataOf } from './training-data.ts';

/** A model as sensor threads are given it. */
export interface NamedModel {
  readonly name: string;
  /** Text of the model file. */
  readonly content: string;
}

/** The newest are learnt from; more would only make retraining longer. */
const MOST_JUDGED = 10_000;
/** The same rows are held out each time, so that a model and its candidate are asked about the same. */
const SEED = 1;

/** The model that judges flows: retrained on demand, replaced when a person accepts the candidate, brought back by undo. */
export class ModelDesk {
  readonly #base: NamedModel | undefined;
  readonly #store: ModelStore;
  readonly #feedback: FeedbackStore;
  readonly #jobs: Jobs;
  readonly #clock: Clock;
  readonly #changed: (what: 'model' | 'view') => Promise<void>;
  #inForce: NamedModel | undefined;
  #job: string | null = null;
  #isStarting = false;

  /** @param changed told when another model is in force, or only what is shown of it has changed */
  constructor(options: {
    /** The model of the settings. */
    readonly base: NamedModel | undefined;
    readonly store: ModelStore;
    readonly feedback: FeedbackStore;
    readonly jobs: Jobs;
    readonly clock: Clock;
    readonly changed: (what: 'model' | 'view') => Promise<void>;
  }) {
    this.#base = options.base;
    this.#store = options.store;
    this.#feedback = options.feedback;
    this.#jobs = options.jobs;
    this.#clock = options.clock;
    this.#changed = options.changed;
  }

  /** Reads the model that was accepted last. */
  async open(): Promise<void> {
    const accepted = this.#base === undefined ? undefined : await this.#store.get(this.#base.name, 'running');
    this.#inForce = accepted === undefined ? this.#base : { name: accepted.about.name, content: accepted.content };
  }

  /** @returns undefined where no model is chosen */
  inForce(): NamedModel | undefined {
    return this.#inForce;
  }

  async view(): Promise<ModelView> {
    const base = this.#base?.name ?? '';
    const accepted = await this.#store.about(base, 'running');
    const before = await this.#store.about(base, 'previous');
    return {
      base,
      running: this.#inForce === undefined ? null : { ...describe(this.#inForce), retrained: accepted ?? null },
      candidate: (await this.#store.about(base, 'candidate')) ?? null,
      previous: accepted === undefined ? null : (before?.name ?? base),
      feedback: { ...(await this.#feedback.counts()), needed: FEWEST_JUDGED },
      trainingData: (await this.#store.trainingData()) ?? null,
      job: this.#job,
    };
  }

  /** Keeps data that models are trained from. @throws SphinxError SPX_INVALID_INPUT for data that cannot be */
  async takeTrainingData(name: string, bytes: Uint8Array): Promise<void> {
    const { about, text } = trainingDataOf(name, bytes, this.#clock.now());
    await this.#store.saveTrainingData(about, text);
    await this.#changed('view');
  }

  /**
   * Starts to train a candidate; what runs goes on.
   *
   * @returns id of the job
   * @throws SphinxError SPX_CONFLICT without a model, data, enough feedback, or while one is trained already
   */
  async retrain(): Promise<string> {
    if (this.#job !== null || this.#isStarting) {
      throw new SphinxError('SPX_CONFLICT', 'A candidate is trained already. Wait for it, or cancel it.');
    }
    this.#isStarting = true;
    try {
      const { base, running, task, judged } = await this.#prepare();
      const options = { owner: 'intrusion-detection', kind: 'retraining', title: 'Retrain the model of flows' };
      const job = await this.#jobs.start(options, async (handle) => {
        const trained = await retrainInThread(task, handle);
        const { content, version, comparison } = trained;
        const about = { version, trainedAt: task.now, feedback: judged, comparedWith: running, comparison };
        await this.#store.saveCandidate(base, about, content);
        return { feedback: judged, comparison };
      });
      this.#job = job;
      void this.#jobs.finished(job).then(() => this.#ended());
      return job;
    } finally {
      this.#isStarting = false;
    }
  }

  async #ended(): Promise<void> {
    this.#job = null;
    await this.#changed('view');
  }

  async #prepare(): Promise<{ base: string; running: string; task: RetrainingTask; judged: number }> {
    if (this.#base === undefined || this.#inForce === undefined) {
      throw new SphinxError('SPX_CONFLICT', 'No model judges flows: choose one in the settings of the service first.');
    }
    const usable = await this.#feedback.usable(MOST_JUDGED);
    if (usable.length < FEWEST_JUDGED) throw new SphinxError('SPX_CONFLICT', tooFewJudged(usable.length));
    const data = await this.#store.trainingData();
    if (data === undefined) {
      throw new SphinxError(
        'SPX_CONFLICT',
        'There are no training data: give the file that the model was trained from, for example KDDTrain+_20Percent.txt of NSL-KDD.',
      );
    }
    const task = {
      text: await this.#store.trainingText(),
      fileName: data.name,
      sha256: data.sha256,
      seed: SEED,
      now: this.#clock.now(),
      judged: usable.map(judgedFlow),
      running: this.#inForce.content,
    };
    return { base: this.#base.name, running: this.#inForce.name, task, judged: usable.length };
  }

  /** The candidate runs from now on. @throws SphinxError SPX_CONFLICT where none waits */
  async accept(): Promise<void> {
    if (!(await this.#store.accept(this.#base?.name ?? ''))) throw noCandidate();
    await this.#reopen();
  }

  /** @throws SphinxError SPX_CONFLICT where none waits */
  async discard(): Promise<void> {
    if (!(await this.#store.removeCandidate(this.#base?.name ?? ''))) throw noCandidate();
    await this.#changed('view');
  }

  /** What ran before runs again. @throws SphinxError SPX_CONFLICT where no retrained model runs */
  async undo(): Promise<void> {
    if (!(await this.#store.undo(this.#base?.name ?? ''))) {
      throw new SphinxError('SPX_CONFLICT', 'The model of the settings runs: there is nothing to bring back.');
    }
    await this.#reopen();
  }

  /** Ends a retraining that is at work. */
  async stop(): Promise<void> {
    if (this.#job === null) return;
    await this.#jobs.cancel(this.#job);
    await this.#jobs.finished(this.#job);
  }

  async #reopen(): Promise<void> {
    await this.open();
    await this.#changed('model');
  }
}

function noCandidate(): SphinxError {
  return new SphinxError('SPX_CONFLICT', 'No candidate waits: retrain first.');
}

/** One judgement of three is kept from learning, whichever follow. */
function judgedFlow({ sequence, feedback }: NumberedFeedback): RetrainingTask['judged'][number] {
  const { features, verdict, kind } = feedback;
  return { features: features ?? {}, isAttack: verdict === 'attack', kind, isHeldOut: sequence % 3 === 0 };
}

/** A model that runs has been read before. */
function describe({ name, content }: NamedModel) {
  const reading = readModel(content);
  if (!reading.isRead) throw new Error(reading.problem);
  const { card, threshold } = reading.model;
  const { title, version, created, use, limits } = card;
  return { name, title, version, trainedAt: created, use, limits, threshold };
}
