import { AppError } from '../../shared/app-error.ts';
import type { KernelFlavour } from '../../shared/messages.ts';
import { helperReady, type HelperOrders } from './helper-orders.ts';
import { createKernels, type Kernels } from './kernels.ts';
import type { KernelName } from './kernel-tasks.ts';
import { createHeap } from './linear-heap.ts';

/** Kernels that several threads do together, in the order of their numbers (./assembly/crew.ts). */
const sharedKernels = [
  'convolve',
  'convolveWinograd',
  'depthwise',
  'maxPool',
  'averagePool',
  'affine',
  'add',
  'resize',
] as const satisfies readonly KernelName[];

/** Bytes of what the threads share, and where in it the helpers' badges begin (./assembly/crew.ts). */
const crewBytes = 256;
const badgesOffset = 208;

/** Our kernels in a memory of their own, run by this thread and its helpers together. */
export interface KernelCrew {
  readonly kernels: Kernels;
  /** The same in the same memory, by this thread alone, whatever helpers there are. */
  readonly alone: Kernels;
  /** This one among them. */
  readonly threads: number;
  /**
   * Opens or ends helpers.
   * @param threads from 1 to the crew's most
   * @throws AppError `engine-start-failed` {reason}; `engine-timeout` {ms}
   */
  setThreads(threads: number): Promise<void>;
  /** Ends the helpers; the kernels must not be used afterwards. */
  end(): void;
}

interface CrewExports {
  runTogether(crew: number, kernel: number, task: number, threads: number): number;
}

/**
 * One thread to begin with.
 *
 * @param module as compiled by tools/build/compile-kernels.mjs for a shared memory, in that flavour
 * @param openHelper a worker that runs ../helper-worker.ts
 * @param timeoutMs for one helper to begin
 */
export async function createCrew(
  flavour: KernelFlavour,
  module: WebAssembly.Module,
  { maxThreads, openHelper, timeoutMs }: { maxThreads: number; openHelper: () => Worker; timeoutMs: number },
): Promise<KernelCrew> {
  const heap = createHeap({ shared: true });
  const alone = await createKernels(flavour, module, heap);
  const { runTogether } = alone.run as unknown as CrewExports;
  const crew = heap.allocate(crewBytes);
  const helpers: Worker[] = [];
  let badges = 0;

  /** Gives a helper its place. */
  function admit(thread: number): number {
    badges += 1;
    setBadge(thread, badges);
    return badges;
  }

  /** A worker that is ended runs on for a while; without its badge it does nothing. Between two runs only. */
  function dismiss(thread: number, helper: Worker | undefined): void {
    setBadge(thread, 0);
    helper?.terminate();
  }

  function setBadge(thread: number, badge: number): void {
    Atomics.store(new Int32Array(heap.memory.buffer, crew + badgesOffset, maxThreads), thread, badge);
  }

  const run: Record<KernelName, (task: number) => void> = { ...alone.run };
  sharedKernels.forEach((name, kernel) => {
    run[name] = (task) => {
      if (helpers.length === 0) return alone.run[name](task);
      if (runTogether(crew, kernel, task, helpers.length + 1) === 0) {
        throw new AppError('engine-timeout', { reason: 'a thread does not come back', kernel: name });
      }
    };
  });

  return {
    kernels: { ...alone, run, threads: maxThreads },
    alone,
    get threads() {
      return helpers.length + 1;
    },
    setThreads: async (threads) => {
      while (helpers.length + 1 > threads) dismiss(helpers.length, helpers.pop());
      const missing = Array.from({ length: threads - 1 - helpers.length }, (_, index) => helpers.length + 1 + index);
      const opened = missing.map((thread) => ({ worker: openHelper(), thread }));
      try {
        await Promise.all(
          opened.map(({ worker, thread }) =>
            begin(worker, { module, memory: heap.memory, crew, thread, badge: admit(thread) }, timeoutMs),
          ),
        );
      } catch (thrown) {
        for (const { worker, thread } of opened) dismiss(thread, worker);
        throw thrown;
      }
      helpers.push(...opened.map(({ worker }) => worker));
    },
    end: () => {
      helpers.splice(0).forEach((helper, index) => dismiss(index + 1, helper));
    },
  };
}

/** A helper that begins answers once and then hears nothing any more: it waits for work in its own way. */
function begin(worker: Worker, orders: HelperOrders, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => reject(new AppError('engine-start-failed', { mode: 'threads', reason }));
    const clock = setTimeout(
      () => reject(new AppError('engine-timeout', { mode: 'threads', ms: timeoutMs })),
      timeoutMs,
    );
    worker.onmessage = ({ data }: MessageEvent<string>) => {
      clearTimeout(clock);
      if (data === helperReady) resolve();
      else fail(data);
    };
    worker.onerror = ({ message }) => {
      clearTimeout(clock);
      fail(message || 'the thread script does not run');
    };
    worker.postMessage(orders);
  });
}
