// One browser history entry for each screen pushed, so that the phone's back button works.
// Entries of an earlier load of the page are not ours: going there changes nothing.

export const createHistory = (ui) => {
  const session = Math.random().toString(36).slice(2);
  let depth = 0;
  let going = 0;  // entries asked back for whose popstate has not come yet
  history.replaceState({ session, depth }, '');
  window.addEventListener('popstate', (event) => {
    if (event.state?.session !== session) return;
    const forward = event.state.depth > depth;
    if (forward) {
      // What was left cannot be entered again by "forward": the screens are gone.
      history.go(depth - event.state.depth);
      return;
    }
    going = Math.max(0, going - (depth - event.state.depth));
    depth = event.state.depth;
    ui.backTo(depth);
  });
  return {
    push() {
      depth += 1;
      going = 0;
      history.pushState({ session, depth }, '');
    },
    back(screens) {
      // Two taps before the browser has gone back must not leave the page.
      const steps = Math.min(screens, depth - going);
      if (steps <= 0) return;
      going += steps;
      history.go(-steps);
    },
    get depth() { return depth; },
  };
};
