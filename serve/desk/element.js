// Elements. Texts are set as texts, never as HTML: what strangers wrote is shown here.

// h('a', { href: '#/', class: 'quiet', onclick: go }, 'Text', child, …). Attributes that are false, null or undefined are
// left out; `true` is an attribute without a value; on… is a listener. Children may be nested lists, and holes.
export const h = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== ''));
  return element;
};

// A drawing of index.html's; it only decorates.
export const icon = (name) => document.querySelector(`#icons [data-icon="${name}"] svg`).cloneNode(true);

export const button = (label, onclick, { kind = '', icon: drawing, ...attributes } = {}) =>
  h('button', { type: 'button', class: `button ${kind}`, onclick, ...attributes }, drawing && icon(drawing), h('span', {}, label));

let fields = 0;
// A control with its label above, a hint beneath, and room for what is wrong with it.
export const field = (label, control, { hint, name } = {}) => {
  const id = `field-${++fields}`;
  control.id = id;
  if (name) control.name = name;
  control.setAttribute('aria-describedby', `${id}-hint ${id}-wrong`);
  return h('div', { class: 'field', 'data-field': name },
    h('label', { for: id }, label), control,
    h('small', { id: `${id}-hint` }, hint), h('p', { class: 'wrong', id: `${id}-wrong` }));
};

export const choices = (legend, name, options, chosen) => h('fieldset', { 'data-field': name, 'aria-describedby': `${name}-wrong`, class: options.every(([, , hint]) => !hint) && 'short' }, h('legend', {}, legend),
  options.map(([value, label, hint]) => h('label', { class: 'choice' },
    h('input', { type: 'radio', name, value, checked: value === chosen, required: true }),
    h('span', {}, h('b', {}, label), hint && h('small', {}, hint)))),
  h('p', { class: 'wrong', id: `${name}-wrong` }));

// Shows what the server refused, each at its field; what has none comes first, and the first is focused.
export const showProblems = (form, error) => {
  for (const wrong of form.querySelectorAll('.wrong')) wrong.textContent = '';
  for (const control of form.querySelectorAll('[aria-invalid]')) control.removeAttribute('aria-invalid');
  let first = null;
  let unplaced = true;
  for (const problem of error?.errors ?? []) {
    const place = form.querySelector(`[data-field="${CSS.escape(problem.field)}"]`);
    if (!place) continue;
    unplaced = false;
    place.querySelector('.wrong').textContent = problem.message;
    const control = place.querySelector('input, textarea, select');
    control.setAttribute('aria-invalid', 'true');
    first ??= control;
  }
  if (error && unplaced) form.querySelector('.form-wrong').textContent = error.message;
  first?.focus();
};

// Told to screen readers.
export const say = (text) => { document.getElementById('said').textContent = text; };

// Puts `content` where something was pressed, and the focus on it, which else would be lost with what it replaces.
export const tell = (place, ...content) => {
  place.replaceChildren(...content);
  content[0].tabIndex = -1;
  content[0].focus();
};
