/**
 * Fingers, mouse, wheel and arrow keys on a picture, told to its host as what they mean.
 *
 * The page must scroll under a finger while the picture is whole, so `touch-action` is the host's to set (`pan-x pan-y`
 * there, else `none`); two fingers are always ours. Points are counted from the middle of the stage, CSS pixels.
 */

import type { Pointing } from './loupe.ts';
import type { ViewMode } from './view-state.ts';
import type { Point } from './view-transform.ts';

export interface GestureHost {
  readonly mode: ViewMode;
  /** False while the whole picture is seen. */
  readonly zoomed: boolean;
  zoomBy(factor: number, at: Point): void;
  panBy(by: Point): void;
  /** A drag for brightness and contrast begins: what follows counts from here. */
  beginWindow(): void;
  /** CSS pixels since `beginWindow`. */
  dragWindow(by: Point): void;
  /** One press of a key: each −1, 0 or 1. */
  stepWindow(brighter: number, harder: number): void;
  moveLoupe(at: Point, pointing: Pointing): void;
  stepLoupe(by: Point): void;
  /** A double tap: closer, or the whole picture again. */
  toggleZoom(at: Point): void;
}

/** CSS pixels that a finger trembles while it taps. */
const tapSlop = 10;
/** A second tap this much later is another one. Milliseconds; that of Android and iOS. */
const doubleTapMs = 300;
/** The second tap of two is this near to the first. CSS pixels. */
const doubleTapSlop = 40;
/** A notch of a mouse wheel (100 to 120) changes the size by about a fifth. */
const zoomPerWheelPixel = 0.0018;
/** Touchpads tell a pinch as a wheel with Ctrl, in small steps. */
const zoomPerPinchPixel = 0.01;
/** `WheelEvent.DOM_DELTA_LINE` of Firefox. */
const wheelLinePixels = 16;
/** CSS pixels that an arrow key moves. */
const arrowStep = 40;

const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

interface Tap {
  readonly at: Point;
  readonly time: number;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function between(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

export class XrayGestures {
  private readonly host: GestureHost;
  private readonly stage: () => HTMLElement | null;
  /** Where each finger is, in the order in which they came. */
  private readonly pointers = new Map<number, Point>();
  /** Where and when the only finger came down; undefined once it cannot become a tap. */
  private pressed: Tap | undefined;
  private dragFrom: Point = { x: 0, y: 0 };
  private lastTap: Tap | undefined;
  private following: AbortController | undefined;

  constructor(host: GestureHost, stage: () => HTMLElement | null) {
    this.host = host;
    this.stage = stage;
  }

  /** Lets go of everything. */
  release(): void {
    this.following?.abort();
    this.following = undefined;
    this.pointers.clear();
    this.pressed = undefined;
    this.lastTap = undefined;
  }

  readonly onPointerDown = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    const at = this.point(event);
    this.pointers.set(event.pointerId, at);
    this.follow();
    this.pressed = this.pointers.size === 1 ? { at, time: event.timeStamp } : undefined;
    this.dragFrom = at;
    if (this.pointers.size > 1) return;
    if (this.host.mode === 'window') this.host.beginWindow();
    if (this.host.mode === 'loupe') this.host.moveLoupe(at, pointing(event));
  };

  /** A mouse that only hovers carries the magnifier too. */
  readonly onPointerHover = (event: PointerEvent): void => {
    if (this.host.mode === 'loupe' && this.pointers.size === 0) this.host.moveLoupe(this.point(event), pointing(event));
  };

  readonly onWheel = (event: WheelEvent): void => {
    const isPinch = event.ctrlKey || event.metaKey;
    // Over a whole picture that nobody has turned to, the wheel is the page's.
    if (!isPinch && !this.host.zoomed && this.stage()?.matches(':focus') !== true) return;
    // So it is where nothing is left to zoom out.
    if (!isPinch && !this.host.zoomed && event.deltaY > 0) return;
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * wheelLinePixels : event.deltaY;
    this.host.zoomBy(Math.exp(-pixels * (isPinch ? zoomPerPinchPixel : zoomPerWheelPixel)), this.point(event));
  };

  /** Not passive: two fingers must neither scroll nor zoom the page. */
  readonly onTouchStart = (event: TouchEvent): void => {
    if (event.touches.length > 1 && event.cancelable) event.preventDefault();
  };

  readonly onKeyDown = (event: KeyboardEvent): void => {
    const arrow = arrows[event.key];
    if (arrow === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    switch (this.host.mode) {
      case 'move':
        // The page scrolls with the arrows while there is nothing to move.
        if (!this.host.zoomed) return;
        // The window moves over the picture, so the picture goes the other way.
        this.host.panBy({ x: -arrow.x * arrowStep, y: -arrow.y * arrowStep });
        break;
      case 'window':
        this.host.stepWindow(-arrow.y, arrow.x);
        break;
      case 'loupe':
        this.host.stepLoupe({ x: (arrow.x * arrowStep) / 2, y: (arrow.y * arrowStep) / 2 });
        break;
    }
    event.preventDefault();
  };

  private readonly onPointerMove = (event: PointerEvent): void => {
    const before = this.pointers.get(event.pointerId);
    if (before === undefined) return;
    const at = this.point(event);
    const [first, second] = this.pointers.values();
    this.pointers.set(event.pointerId, at);
    if (this.pressed !== undefined && distance(this.pressed.at, at) > tapSlop) this.pressed = undefined;
    if (first === undefined) return;
    if (second !== undefined) {
      this.pinch(first, second);
      return;
    }
    switch (this.host.mode) {
      case 'move':
        if (this.host.zoomed) this.host.panBy({ x: at.x - before.x, y: at.y - before.y });
        break;
      case 'window':
        this.host.dragWindow({ x: at.x - this.dragFrom.x, y: at.y - this.dragFrom.y });
        break;
      case 'loupe':
        this.host.moveLoupe(at, pointing(event));
        break;
    }
  };

  private readonly onPointerUp = (event: PointerEvent): void => {
    if (!this.pointers.delete(event.pointerId)) return;
    if (event.type === 'pointerup' && this.pressed !== undefined) this.tap(event.timeStamp, this.pressed);
    this.pressed = undefined;
    const [left] = this.pointers.values();
    if (left === undefined) {
      this.following?.abort();
      this.following = undefined;
      return;
    }
    // The finger that stays goes on from where it is.
    this.dragFrom = left;
    if (this.host.mode === 'window') this.host.beginWindow();
  };

  /** A finger may leave the stage and still drag. */
  private follow(): void {
    if (this.following !== undefined) return;
    this.following = new AbortController();
    const { signal } = this.following;
    window.addEventListener('pointermove', this.onPointerMove, { signal });
    window.addEventListener('pointerup', this.onPointerUp, { signal });
    window.addEventListener('pointercancel', this.onPointerUp, { signal });
  }

  private pinch(firstBefore: Point, secondBefore: Point): void {
    const [first, second] = this.pointers.values();
    if (first === undefined || second === undefined) return;
    const from = between(firstBefore, secondBefore);
    const to = between(first, second);
    const apart = distance(firstBefore, secondBefore);
    if (apart > 0) this.host.zoomBy(distance(first, second) / apart, from);
    this.host.panBy({ x: to.x - from.x, y: to.y - from.y });
  }

  private tap(time: number, pressed: Tap): void {
    if (this.host.mode !== 'move' || time - pressed.time > doubleTapMs) return;
    const last = this.lastTap;
    if (last !== undefined && time - last.time < doubleTapMs && distance(last.at, pressed.at) < doubleTapSlop) {
      this.lastTap = undefined;
      this.host.toggleZoom(pressed.at);
    } else {
      this.lastTap = { at: pressed.at, time };
    }
  }

  private point({ clientX, clientY }: MouseEvent): Point {
    const box = this.stage()?.getBoundingClientRect();
    if (box === undefined) return { x: 0, y: 0 };
    return { x: clientX - box.left - box.width / 2, y: clientY - box.top - box.height / 2 };
  }
}

function pointing(event: PointerEvent): Pointing {
  return event.pointerType === 'touch' ? 'finger' : 'pointer';
}
