/**
 * Several threads at one kernel. The first thread (the host's) puts a task up; it and its helpers take pieces of it until none
 * is left. A thread that comes late, or not at all because its core is busy, only takes fewer pieces: nobody waits for more
 * than the piece that another thread is at. Pieces get smaller towards the end (guided self-scheduling: Polychronopoulos &
 * Kuck, IEEE Trans. Computers 36 (1987), 1425). For builds with shared memory only.
 */

import { convolveTiles, convolveUnits } from './convolve';
import { depthwiseRows, depthwiseUnits } from './depthwise';
import { addRows, addUnits, affineRows, affineUnits } from './pointwise';
import { averagePoolRows, maxPoolRows, poolUnits } from './pooling';
import { resizeRows, resizeUnits } from './resize';
import { winogradGroups, winogradUnits } from './winograd';

/** Numbers of the kernels, in the order of ../kernel-crew.ts. */
const CONVOLVE: i32 = 0;
const CONVOLVE_WINOGRAD: i32 = 1;
const DEPTHWISE: i32 = 2;
const MAX_POOL: i32 = 3;
const AVERAGE_POOL: i32 = 4;
const AFFINE: i32 = 5;
const ADD: i32 = 6;

/**
 * What the threads share, in bytes from its address. What is written often lies in a cache line of its own.
 *
 * TICKET, 8 bytes: units that nobody has taken yet (low half) of which step (high half). One word, so that a piece can only
 * be taken of the step that it was seen in. While units are left or at work, KERNEL and TASK and UNITS do not change.
 */
const TICKET: usize = 0;
const STEP: usize = 4;
/** Units of this step that are done. */
const DONE: usize = 64;
/** Helpers that sleep until STEP changes. */
const SLEEPERS: usize = 128;
const KERNEL: usize = 192;
const TASK: usize = 196;
const UNITS: usize = 200;
const THREADS: usize = 204;
/**
 * By thread: the badge of the helper that it is. A worker that was ended runs on for a while, and may not work where another one
 * has its place, its scratch among it: whoever has another badge takes no piece.
 */
const BADGES: usize = 208;

/** Looks at the ticket before a helper sleeps: about 0.1 ms, longer than most steps that one thread does alone. */
const LOOKS: i32 = 20_000;
/** How long the first thread sleeps between two looks at a helper whose core is busy. */
const NAP_NS: i64 = 50_000;
/** Naps after which a helper is taken for dead: at least 10 s. */
const MOST_NAPS: i32 = 200_000;

function unitsOf(kernel: i32, task: usize): i32 {
  switch (kernel) {
    case CONVOLVE: return convolveUnits(task);
    case CONVOLVE_WINOGRAD: return winogradUnits(task);
    case DEPTHWISE: return depthwiseUnits(task);
    case MAX_POOL:
    case AVERAGE_POOL: return poolUnits(task);
    case AFFINE: return affineUnits(task);
    case ADD: return addUnits(task);
    default: return resizeUnits(task);
  }
}

function runUnits(kernel: i32, task: usize, first: i32, end: i32, thread: i32): void {
  switch (kernel) {
    case CONVOLVE: convolveTiles(task, first, end, thread); break;
    case CONVOLVE_WINOGRAD: winogradGroups(task, first, end, thread); break;
    case DEPTHWISE: depthwiseRows(task, first, end); break;
    case MAX_POOL: maxPoolRows(task, first, end); break;
    case AVERAGE_POOL: averagePoolRows(task, first, end); break;
    case AFFINE: affineRows(task, first, end); break;
    case ADD: addRows(task, first, end); break;
    default: resizeRows(task, first, end);
  }
}

/** @returns whether this helper was dismissed, or its place given to another one */
function isDismissed(crew: usize, thread: i32, badge: i32): bool {
  return atomic.load<i32>(crew + ((<usize>thread) << 2), BADGES) != badge;
}

/** Takes a piece and does it. @param badge 0: of the host, whom nobody dismisses. @returns whether there was any left */
function takePiece(crew: usize, thread: i32, badge: i32): bool {
  const ticket = atomic.load<u64>(crew, TICKET);
  const left = <i32>ticket;
  // After the ticket: badges only change between two tickets.
  if (left == 0 || isDismissed(crew, thread, badge)) return false;
  const taken = max(1, left / (2 * load<i32>(crew, THREADS)));
  if (atomic.cmpxchg<u64>(crew, ticket, ticket - <u64>taken, TICKET) == ticket) {
    const first = load<i32>(crew, UNITS) - left;
    runUnits(load<i32>(crew, KERNEL), load<usize>(crew, TASK), first, first + taken, thread);
    atomic.add<i32>(crew, taken, DONE);
  }
  return true;
}

/**
 * Runs a task on all threads of the crew; returns when it is done.
 *
 * @param threads of which helpers are all but one
 * @returns 0 where a helper took a piece and never came back: the task is not done, and the crew must not be used again
 */
export function runTogether(crew: usize, kernel: i32, task: usize, threads: i32): i32 {
  const units = unitsOf(kernel, task);
  store<i32>(crew, kernel, KERNEL);
  store<usize>(crew, task, TASK);
  store<i32>(crew, units, UNITS);
  store<i32>(crew, threads, THREADS);
  atomic.store<i32>(crew, 0, DONE);
  const step = <u64>(atomic.load<u32>(crew, STEP) + 1);
  atomic.store<u64>(crew, (step << 32) | <u64>units, TICKET);
  if (atomic.load<i32>(crew, SLEEPERS)) atomic.notify(crew + STEP, -1);
  while (takePiece(crew, 0, 0)) {}
  let looks = 0;
  let naps = 0;
  let done = atomic.load<i32>(crew, DONE);
  while (done < units) {
    if (++looks > LOOKS) {
      if (++naps > MOST_NAPS) return 0;
      atomic.wait<i32>(crew + DONE, done, NAP_NS);
    }
    done = atomic.load<i32>(crew, DONE);
  }
  return 1;
}

/** A helper's life: until it is dismissed. @param thread from 1, each another. @param badge not 0, of nobody before */
export function serve(crew: usize, thread: i32, badge: i32): void {
  let looks = 0;
  while (!isDismissed(crew, thread, badge)) {
    const step = atomic.load<i32>(crew, STEP);
    if (takePiece(crew, thread, badge)) {
      looks = 0;
    } else if (++looks > LOOKS) {
      looks = 0;
      // Counted before it sleeps, and it sleeps only where the step is still the one that it saw: no wake-up is missed.
      atomic.add<i32>(crew, 1, SLEEPERS);
      atomic.wait<i32>(crew + STEP, step, -1);
      atomic.sub<i32>(crew, 1, SLEEPERS);
    }
  }
}
