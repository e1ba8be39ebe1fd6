// One browser history entry for each screen pushed, so that the phone's back button works.
// Entries of an earlier load of the page are not ours: going there changes nothing.

export const createHistory = (ui) => {
  const session = Math.random().toString(36).slice(2);
  let depth = 0;
  history.replaceState({ session, depth }, '');
  window.addEventListener('popstate', (event) => {
    if (event.state?.session !== session) return;
    const forward = event.state.depth > depth;
    if (forward) {
      // What was left cannot be entered again by "forward": the screens are gone.
      history.go(depth - event.state.depth);
      return;
    }
    depth = event.state.depth;
    ui.backTo(depth);
  });
  return {
    push() {
      depth += 1;
      history.pushState({ session, depth }, '');
    },
    back(screens) {
      if (screens > 0 && depth > 0) history.go(-Math.min(screens, depth));
    },
    get depth() { return depth; },
  };
};
