import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { PictureLook } from '../shared/analysis.ts';
import type { Outcome, PlainError } from '../shared/app-error.ts';
import type { SeenPicture } from '../shared/messages.ts';

export type AskForLook = (look: PictureLook) => Promise<Outcome<SeenPicture>>;

/**
 * What a person asked to see last, and what came of it. However fast a slider is moved, one picture is decoded at a time,
 * and after it the one that is wanted by then.
 */
export class PictureLooks implements ReactiveController {
  /** Undefined: the picture as it was read. */
  wanted: PictureLook | undefined;
  seen: SeenPicture | undefined;
  error: PlainError | undefined;
  busy = false;
  private readonly host: ReactiveControllerHost;
  /** Another picture: late answers are dropped. */
  private generation = 0;

  constructor(host: ReactiveControllerHost) {
    this.host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.forget();
  }

  /** Back to the picture as it was read. */
  forget(): void {
    this.generation += 1;
    this.wanted = undefined;
    this.seen = undefined;
    this.error = undefined;
    this.busy = false;
    this.host.requestUpdate();
  }

  async choose(look: PictureLook, ask: AskForLook): Promise<void> {
    this.wanted = look;
    this.host.requestUpdate();
    if (this.busy) return;
    this.busy = true;
    const { generation } = this;
    for (let asked: PictureLook | undefined; asked !== this.wanted;) {
      asked = this.wanted;
      const outcome = await ask(asked);
      if (generation !== this.generation) return;
      if (outcome.ok) this.seen = outcome.value;
      this.error = outcome.ok ? undefined : outcome.error;
      this.host.requestUpdate();
    }
    this.busy = false;
    this.host.requestUpdate();
  }
}
