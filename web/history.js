// The browser's history follows the interface's stack of screens: one entry for each, whose state is
// the stack up to it, so that back, forward and reload can show any of them again.

const PATIENCE_MS = 1000;  // history.go() that leads nowhere says nothing

export const createHistory = (ui) => {
  let known = history.state?.titik ?? [location.hash];  // the stack that the current entry stands for
  let wanted = known;
  let going = 0;  // timer while the browser is on its way back

  const write = (method, stack) => {
    known = stack;
    history[method]({ titik: stack }, '', stack.at(-1));
  };

  const follow = () => {
    if (going) return;
    let same = 0;
    while (same < known.length && known[same] === wanted[same]) same += 1;
    // 1. Back to where both agree; an entry that differs at the top needs no way back, it is replaced.
    const keep = same === wanted.length ? same : Math.max(same, Math.min(known.length, same + 1));
    if (known.length > keep) {
      going = setTimeout(arrive, PATIENCE_MS);
      history.go(keep - known.length);
      return;
    }
    if (same < known.length) write('replaceState', wanted.slice(0, known.length));
    // 2. Then what is new.
    while (known.length < wanted.length) write('pushState', wanted.slice(0, known.length + 1));
  };

  const arrive = () => {
    clearTimeout(going);
    going = 0;
    known = history.state?.titik ?? known.slice(0, 1);
    follow();
  };

  window.addEventListener('popstate', ({ state }) => {
    if (going) {
      arrive();
      return;
    }
    // An address typed by hand has no state: it is one more screen.
    if (state?.titik) known = state.titik;
    else write('replaceState', [...known, location.hash]);
    wanted = known;
    ui.navigate(known.join('\n'));
  });

  return {
    // Called once, when the interface can show what the address says.
    start() { ui.navigate(known.join('\n')); },
    show(stack) {
      wanted = stack;
      follow();
    },
  };
};
