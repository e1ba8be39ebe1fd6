// The way from a page to the engine's worker, for the interface (main.js) and the plain form alike.
// Messages are those of engine_worker.js; what is posted before the worker runs waits here.

// A worker whose lock was taken has ended; taking it back needs a new page. The mark outlives the
// reload, in this tab alone.
const TAKE_OVER = 'titik-take-over';
// Ids of commands that are answered here, far above those the interface counts.
const FIRST_ID = 1_000_000_000;

// `on`: {event(text), metrics(data), fatal(code)}.
export const createEngineDoor = (on) => {
  const answers = new Map();   // command id → resolve
  const pictures = new Map();  // the same of those that wait for a picture
  let worker = null;
  let early = [];
  let ran = false;
  let nextId = FIRST_ID;
  const post = (message) => { if (worker) worker.postMessage(message); else early.push(message); };

  const onMessage = ({ data }) => {
    switch (data.type) {
      case 'event':
        if (!ran) sessionStorage.removeItem(TAKE_OVER);
        ran = true;
        if (answers.size > 0 && data.text.includes('"reply"')) {
          const reply = JSON.parse(data.text);
          answers.get(reply.id)?.(reply);
          answers.delete(reply.id);
        }
        on.event(data.text);
        break;
      case 'metrics':
        on.metrics(data);
        break;
      case 'picture':
        pictures.get(data.id)(data.blob);
        pictures.delete(data.id);
        break;
      case 'fatal':
        for (const resolve of pictures.values()) resolve();
        pictures.clear();
        if (data.code === 'other_owner' && !ran && sessionStorage.getItem(TAKE_OVER)) {
          sessionStorage.removeItem(TAKE_OVER);
          post({ type: 'takeover' });
          break;
        }
        on.fatal(data.code);
        break;
      default:
    }
  };

  return {
    // `module`: the compiled engine.wasm.
    start({ workerUrl, glueUrl, module, profileText }) {
      worker = new Worker(workerUrl);
      worker.onmessage = onMessage;
      worker.onerror = () => on.fatal('internal');
      worker.postMessage({ type: 'init', glueUrl, module, profileText });
      worker.postMessage({ type: 'visible', visible: !document.hidden });
      for (const message of early) worker.postMessage(message);
      early = [];
    },
    post,
    // For good: nothing is written any more.
    stop() { worker?.terminate(); },
    // Sends a command of src/engine/messages.h without its id; answers its reply.
    command(body, blobs) {
      const id = nextId++;
      return new Promise((resolve) => {
        answers.set(id, resolve);
        const text = JSON.stringify({ ...body, id });
        post(blobs ? { type: 'command', text, blobs } : { type: 'command', text });
      });
    },
    // The stored picture as a Blob, checked, or an error.
    async readPicture(sha256) {
      const id = nextId++;
      const blob = await new Promise((resolve) => {
        pictures.set(id, resolve);
        post({ type: 'picture', id, sha256 });
      });
      if (!blob) throw new Error('missing or damaged');
      return blob;
    },
    // Takes the engine from another tab.
    takeOver() {
      if (!ran) {
        post({ type: 'takeover' });
        return;
      }
      sessionStorage.setItem(TAKE_OVER, '1');
      location.reload();
    },
  };
};
