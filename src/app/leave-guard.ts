/**
 * Asks before the page is left while something would be lost. The listener is there only while it is needed:
 * a page with one is kept out of the back/forward cache and asks people who have nothing to lose.
 */
export interface LeaveGuard {
  update(wouldLose: boolean): void;
}

export function createLeaveGuard(target: Window = window): LeaveGuard {
  let guarding = false;

  function ask(event: BeforeUnloadEvent): void {
    event.preventDefault();
    // Chromium before 119 asks only where this is set (HTML, "prompt to unload").
    event.returnValue = true;
  }

  return {
    update(wouldLose) {
      if (wouldLose === guarding) return;
      guarding = wouldLose;
      if (wouldLose) target.addEventListener('beforeunload', ask);
      else target.removeEventListener('beforeunload', ask);
    },
  };
}
