// The mirror: real elements over the canvas, one for each semantic node of the frame. They carry
// roles and names for screen readers, take keyboard and pointer, and are the browser's own fields,
// links and file inputs. Texts are set as text, never as HTML.
//
// Positions: a child of a scroller is placed in content coordinates and the scroller's element is
// scrolled with the drawing, so that a fling moves one number, not a hundred elements.

const CHECKED = 1 << 1;
const CURRENT = 1 << 2;
const INVALID = 1 << 3;
const CAPTURE = 1 << 4;
const ARCHIVE = 1 << 9;
const MULTIPLE = 1 << 5;
const PHONE = 1 << 6;
const PERSON_NAME = 1 << 7;
const DISABLED = 1 << 0;

const make = (tag, attributes = {}) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

let cameraVideo = null;  // the one live picture there is

// How each role's element is made. Elements are made anew when a node's role changes.
const MAKERS = {
  heading: (node) => make(`h${node.level}`),
  text: () => make('p'),
  button: () => make('button', { type: 'button' }),
  link: () => make('a'),
  textfield: () => make('input', { type: 'text', class: 'field', enterkeyhint: 'done' }),
  textarea: () => make('textarea', { class: 'field' }),
  date: () => make('input', { type: 'date', class: 'field' }),
  file: () => make('input', { type: 'file' }),
  checkbox: () => make('input', { type: 'checkbox' }),
  radio: (node) => make('input', { type: 'radio', name: `group-${node.parent}` }),
  radiogroup: () => make('div', { role: 'radiogroup' }),
  list: () => make('ul', { role: 'list' }),
  listitem: () => make('li'),
  image: () => make('div', { role: 'img' }),
  status: () => make('div', { role: 'status' }),
  alert: () => make('div', { role: 'alert' }),
  navigation: () => make('nav'),
  scroller: () => make('div', { class: 'scroller' }),
  dialog: () => make('div', { role: 'dialog', 'aria-modal': 'true' }),
  map: () => make('div', { role: 'application', tabindex: '0' }),
  slider: () => make('input', { type: 'range', min: '0', max: '100', step: '5' }),
  camera: () => cameraVideo,
  progress: () => make('div', { role: 'progressbar', 'aria-valuemin': '0', 'aria-valuemax': '100' }),
};

// Roles whose words are their content; the others carry an aria-label.
const SPOKEN_BY_TEXT = new Set(['heading', 'text', 'button', 'link', 'status', 'alert', 'listitem']);
const setAttribute = (element, name, value) => {
  if (value === null || value === undefined || value === '') {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value);
  }
};

const patchState = (element, node, before) => {
  const state = node.state ?? 0;
  setAttribute(element, 'aria-current', state & CURRENT ? 'page' : null);
  setAttribute(element, 'aria-invalid', state & INVALID ? 'true' : null);
  setAttribute(element, 'aria-description', node.role === 'slider' ? null : node.hint);
  setAttribute(element, 'aria-posinset', node.position);
  setAttribute(element, 'aria-setsize', node.size);
  if ('disabled' in element) element.disabled = !!(state & DISABLED);
  switch (node.role) {
    case 'checkbox':
    case 'radio':
      // A click has set it already, one frame before the drawing says so: only a change is written.
      if (!before || (before.state ?? 0) !== state) element.checked = !!(state & CHECKED);
      break;
    case 'file':
      setAttribute(element, 'accept', state & ARCHIVE ? '.zip,application/zip' : 'image/*');
      setAttribute(element, 'capture', state & CAPTURE ? 'environment' : null);
      element.multiple = !!(state & MULTIPLE);
      break;
    case 'textfield':
      setAttribute(element, 'inputmode', state & PHONE ? 'tel' : null);
      setAttribute(element, 'autocomplete', state & PHONE ? 'tel' : state & PERSON_NAME ? 'name' : 'off');
      setAttribute(element, 'autocapitalize', state & PERSON_NAME ? 'words' : 'sentences');
      break;
    default:
  }
};

const patchValue = (element, node) => {
  switch (node.role) {
    case 'link':
      setAttribute(element, 'href', node.value);
      break;
    case 'progress':
      setAttribute(element, 'aria-valuenow', node.value);
      break;
    case 'slider':
      if (element.value !== node.value) element.value = node.value;
      setAttribute(element, 'aria-valuetext', node.hint);
      break;
    case 'textfield':
    case 'textarea':
    case 'date': {
      // Hands off while the person types or composes: their field is ahead of us.
      const value = node.value ?? '';
      if (element !== document.activeElement && element.value !== value) element.value = value;
      element.style.setProperty('--font', `${node.font}px`);
      element.style.setProperty('--top', `${node.top}px`);
      break;
    }
    default:
  }
};

const patchPlace = (element, node) => {
  const [x, y, width, height] = node.rect;
  const style = `${x},${y},${width},${height}`;
  if (element.titikPlace === style) return;
  element.titikPlace = style;
  element.style.left = `${x}px`;
  element.style.top = `${y}px`;
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
};

// `root`: the element over the canvas. `ui`: the calls into ui.wasm (main.js).
// Listeners, all for the life of the page. On root: click, input, change, keydown, focusin, focusout,
// scroll (captured). On document: keydown, for Escape, which means "back" wherever the focus is.
// `video`: the camera's.
export const createSemantics = (root, ui, video) => {
  cameraVideo = video;
  let elements = new Map();  // key → {element, node, inner}
  let wasDrag = false;
  let wasClicked = false;    // a choice: the browser has set it, the interface may not

  const entryOf = (target) => {
    const element = target.closest?.('[data-node]');
    return element ? elements.get(element.dataset.node) : undefined;
  };

  // Setting an offset makes the browser lay out what was changed before: it comes first where it can. Never
  // compared with scrollTop, for asking does the same.
  const scroll = (entry) => {
    if (entry.scrolled !== entry.node.scroll) entry.element.scrollTop = entry.scrolled = entry.node.scroll;
  };

  const left = [];        // what had the focus when its screen was left, latest last
  let returning = false;  // a screen is left backwards: the focus goes to what led there
  let depthBefore = 1;
  let dialog = null;
  let opener = null;      // of the dialog

  const focusHeading = (within) => {
    const heading = within.querySelector('h1, h2');
    heading?.setAttribute('tabindex', '-1');
    heading?.focus({ preventScroll: true });
  };
  const holdFocus = (open, focused) => {
    // Nothing but the dialog can be reached while there is one; then the focus goes back to where it was.
    for (const child of root.children) child.inert = !!open && child !== open;
    if (open !== dialog) {
      if (open && !dialog) opener = focused;
      dialog = open;
      if (open) focusHeading(open);
      else if (opener?.isConnected) opener.focus({ preventScroll: true });
      if (opener?.isConnected || open) return;
    }
    // Focus whose element is gone, as on a new screen, goes to the heading: there reading begins, and the
    // next Tab leads on from there instead of out of the page. On the way back it goes to what led here.
    if (focused === document.body || focused?.isConnected) return;
    left.push(focused?.dataset?.node);
    const before = returning && left.findLast((key) => elements.has(key));
    returning = false;
    if (before) elements.get(before).element.focus({ preventScroll: true });
    else focusHeading(root);
    if (left.length > 8) left.shift();
  };

  const patch = (nodes) => {
    const seen = new Map();
    const keys = new Map();    // node id → key of its first element, for parents
    const grown = [];          // scrollers whose content became higher or lower
    const focused = document.activeElement;
    for (const told of nodes) {
      const id = told.id ?? told;
      let key = String(id);
      for (let again = 1; seen.has(key); ++again) key = `${id}-${again}`;
      if (!keys.has(id)) keys.set(id, key);
      let entry = elements.get(key);
      if (told === id) {  // as it was
        seen.set(key, entry);
        continue;
      }
      const node = told;
      let before = entry?.node;
      if (!entry || entry.node.role !== node.role || entry.node.level !== node.level) {
        const element = MAKERS[node.role](node);
        element.dataset.node = key;
        entry = { element, node, inner: element };
        before = undefined;
        if (node.role === 'scroller') {
          entry.inner = make('div');
          element.append(entry.inner);
        }
      }
      const { element } = entry;
      if (SPOKEN_BY_TEXT.has(node.role)) {
        // A container says its children's words, not its own.
        if (node.label && element.textContent !== node.label) element.textContent = node.label;
        if (!node.label && node.role === 'status' && element.childElementCount === 0 && element.textContent) element.textContent = '';
      } else {
        setAttribute(element, 'aria-label', node.label);
      }
      patchState(element, node, before);
      patchValue(element, node);
      patchPlace(element, node);
      entry.node = node;
      seen.set(key, entry);
      if (node.role === 'scroller') {
        if (before?.content === node.content) scroll(entry);
        else grown.push(entry);
      }
    }
    // What is gone goes first: then nothing that stays needs to be moved, and keeps the focus.
    for (const [key, { element }] of elements) {
      if (seen.get(key)?.element !== element) element.remove();
    }
    const places = new Map();  // parent element → its next child
    for (const { element, node } of seen.values()) {
      const parent = node.parent ? seen.get(keys.get(node.parent))?.inner ?? root : root;
      const next = places.has(parent) ? places.get(parent) : parent.firstElementChild;
      if (next === element) {
        places.set(parent, element.nextElementSibling);
      } else {
        // It may stand where another parent goes on: that one goes on behind it.
        const before = element.parentElement;
        if (before !== parent && places.get(before) === element) places.set(before, element.nextElementSibling);
        parent.insertBefore(element, next);
        places.set(parent, next);
      }
    }
    elements = seen;
    for (const entry of grown) {
      entry.inner.style.height = `${entry.node.content}px`;
      scroll(entry);
    }
    holdFocus(root.querySelector(':scope > [role=dialog]'), focused);
  };

  root.addEventListener('click', (event) => {
    if (wasDrag) {
      event.preventDefault();
      event.stopPropagation();
      wasDrag = false;
      return;
    }
    const entry = entryOf(event.target);
    if (!entry) return;
    switch (entry.node.role) {
      case 'button':
      case 'checkbox':
      case 'radio':
        wasClicked = true;
        ui.activate(entry.node.id);
        break;
      case 'file':
        ui.beforeChooser();
        break;
      case 'map':
        // A screen reader's click has no place: it means the middle.
        if (event.detail > 0) ui.mapTap(entry.node.id, event.clientX - root.offsetLeft, event.clientY);
        else ui.activate(entry.node.id);
        break;
      default:
    }
  }, true);

  root.addEventListener('input', (event) => {
    const entry = entryOf(event.target);
    if (entry && (event.target.classList.contains('field') || entry.node.role === 'slider')) ui.text(entry.node.id, event.target.value);
  });

  root.addEventListener('change', (event) => {
    const entry = entryOf(event.target);
    if (entry?.node.role !== 'file') return;
    const files = [...event.target.files];
    event.target.value = '';  // so that the same photo may be chosen again
    if (entry.node.state & ARCHIVE) ui.archive(files[0]);
    else ui.files(files, !!((entry.node.state ?? 0) & CAPTURE));
  });

  const MAP_KEYS = { ArrowLeft: [64, 0, 1], ArrowRight: [-64, 0, 1], ArrowUp: [0, 64, 1], ArrowDown: [0, -64, 1],
    '+': [0, 0, 2], '=': [0, 0, 2], '-': [0, 0, 0.5] };
  document.addEventListener('keydown', (event) => {
    if (event.isComposing || event.key !== 'Escape') return;
    if (event.target.classList.contains('field')) event.target.blur();
    else if (dialog) ui.activate(elements.get(dialog.dataset.node).node.id);
    else ui.escape();
  });
  root.addEventListener('keydown', (event) => {
    const entry = entryOf(event.target);
    if (event.isComposing || !entry) return;
    if (entry.node.role === 'map') {
      if (event.key === 'Enter' || event.key === ' ') ui.activate(entry.node.id);
      else if (event.key in MAP_KEYS) ui.mapKey(entry.node.id, ...MAP_KEYS[event.key]);
      else return;
      event.preventDefault();
    } else if (entry.node.role === 'textfield' && event.key === 'Enter') {
      event.target.blur();
    }
  });

  root.addEventListener('focusin', (event) => {
    const entry = entryOf(event.target);
    if (entry) ui.focus(entry.node.id, event.target.matches(':focus-visible'));
  });
  root.addEventListener('focusout', () => ui.focus(0, false));

  // The browser itself scrolls a scroller when focus, a screen reader or a test asks for what is
  // out of sight; the drawing follows.
  root.addEventListener('scroll', (event) => {
    const entry = entryOf(event.target);
    if (entry?.node.role === 'scroller' && Math.abs(event.target.scrollTop - entry.node.scroll) >= 1) {
      entry.scrolled = undefined;
      ui.scrolled(entry.node.id, event.target.scrollTop);
    }
  }, true);

  return {
    patch,
    // Gives the focus to the element that stands for `other`, of the static page, and says these words.
    focusLike(other, says) {
      const name = (element) => (element.getAttribute('aria-label') ?? element.textContent).trim();
      const same = [...elements.values()].find(({ element }) => element.localName === other.localName && name(element) === says);
      same?.element.focus({ preventScroll: true });
    },
    // Told how many screens are open: with fewer than before, one was left backwards.
    left(depth) {
      returning = depth < depthBefore;
      depthBefore = depth;
    },
    // The click was acted on: a choice that was not taken is shown no longer.
    settled() {
      if (!wasClicked) return;
      wasClicked = false;
      for (const { element, node } of elements.values()) {
        if (node.role === 'checkbox' || node.role === 'radio') element.checked = !!((node.state ?? 0) & CHECKED);
      }
    },
    // Told by input.js when a press became a drag: its click is no click.
    setDrag(drag) { wasDrag = drag; },
  };
};
