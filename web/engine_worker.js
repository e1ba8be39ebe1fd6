// The engine's worker: last of the parts that make engine_worker.js. A classic worker for Chromium,
// Firefox ESR and Safari 15+, under `script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'`.
//
// Messages in:
//   {type: 'init', glueUrl, module, profileText}
//     glueUrl      URL of engine.js, of our own origin
//     module       WebAssembly.Module of engine.wasm, compiled by the page (see photo_worker.js)
//     profileText  the city profile that came with the client
//   {type: 'command', text}           a command of messages.h
//   {type: 'command', text, blobs}    an add_photo or import_reports; blobs: [{sha256, blob, report_id}], stored durably
//                                     before the engine sees the command. Commands keep their order.
//   {type: 'visible', visible}        the page is shown or hidden
//   {type: 'online'}                  the browser thinks the network came back
//   {type: 'picture', id, sha256}     a stored blob is wanted
//   {type: 'metrics'}
//   {type: 'takeover'}                after 'other_owner' at the start: take the lock from its holder
// Messages out:
//   {type: 'event', text}             an event of messages.h
//   {type: 'picture', id, blob}       blob: undefined when it is missing or damaged
//   {type: 'metrics', heapBytes, dbPages, durableCommit}
//   {type: 'fatal', code, message}
//     'idb_refused'  the database can be opened, and not be read
//     'newer'        the database was written by a newer version and cannot even be read; nothing was changed
//     'other_owner'  another tab's engine runs. At the start: waits for 'takeover'. Later (the lock was
//                    taken from us): this worker has stopped, a new one is needed.
//     'internal'     the module failed; this worker has stopped, a new one is needed.
//
// Listeners: 'message' and 'error' on the worker's scope, 'change' of its network, and those of the database connection; all go
// with the worker.

(() => {
  const LOCK = 'titik-engine';
  const LONGEST_TIMER = 60 * 60 * 1000;  // setTimeout takes 2^31 ms; an early tick does no harm
  const SHORTEST_TIMER = 50;
  const encoder = new TextEncoder();

  const store = createStore(() => call('store_closed'));
  const http = createHttp(store);
  let init = null;
  let engine = null;    // the module's instance, once it runs
  let stopped = false;
  let timer = 0;
  let waiting = [];     // messages that came before the engine ran
  let commands = Promise.resolve();

  const post = (message) => self.postMessage(message);
  const fatal = (code, message) => post({ type: 'fatal', code, message: String(message) });

  const stop = (code, message) => {
    if (stopped) return;
    stopped = true;
    engine = null;
    waiting = [];
    clearTimeout(timer);
    http.stop();
    fatal(code, message);
  };

  // Calls into the module; a trap there (out of memory, a bug) ends this worker's work.
  const call = (name, ...values) => {
    if (!engine) return undefined;
    try {
      return engine[`_titik_${name}`](...values);
    } catch (error) {
      stop('internal', error);
      return undefined;
    }
  };
  // Puts text or bytes into the module's input, one after the other, and answers their lengths.
  const input = (...pieces) => {
    const all = pieces.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece));
    const at = call('input', all.reduce((sum, piece) => sum + piece.length, 0));
    if (at === undefined) return all.map(() => 0);
    let offset = at;
    for (const piece of all) {
      engine.HEAPU8.set(piece, offset);
      offset += piece.length;
    }
    return all.map((piece) => piece.length);
  };

  // --- What the module asks for (engine_library.js) -------------------------------------------------

  const answerHttp = async (request) => {
    let answer;
    try {
      answer = await http.start(request);
    } catch (error) {
      return call('http_failed', request.id, error.kind || 0);
    }
    if (answer.blob) {
      const [length] = input(answer.blob.sha256);
      return call('http_blob', request.id, answer.status, length, answer.blob.bytes);
    }
    const lengths = input(answer.head, answer.text);
    return call('http_done', request.id, answer.status, answer.offset, ...lengths);
  };

  const titik = {
    event: (text) => post({ type: 'event', text }),
    fatal: (code, message) => stop(code === 'storage' ? 'idb_refused' : code, message),
    http: (json) => { answerHttp(JSON.parse(json)); },
    timer: (at) => {
      clearTimeout(timer);
      if (!at || stopped) return;
      timer = setTimeout(() => call('tick'), Math.min(LONGEST_TIMER, Math.max(SHORTEST_TIMER, at - Date.now())));
    },
    // Left behind when it fails: found unused at a later start.
    deleteBlobs: (json) => { store.deleteBlobs(JSON.parse(json)).catch(() => {}); },
    pagesBegin: store.pagesBegin,
    pagesPut: store.pagesPut,
    pagesCommit: () => {
      store.pagesCommit().then(() => call('pages_done', 1), (error) => {
        if (error && error.code === 'other_owner') return stop('other_owner', error);
        return call('pages_done', { full: 2, lost: 3 }[error && error.code] || 0);
      });
    },
  };

  // What the browser knows of the link; most know nothing.
  const tellLink = () => {
    const { saveData, effectiveType, type } = navigator.connection || {};
    call('link', Boolean(saveData) || /2g$/.test(effectiveType), /wifi|ethernet/.test(type));
  };

  // --- Start ----------------------------------------------------------------------------------------

  // Resolves true when the lock is ours for as long as this worker lives; false when another has it.
  const takeLock = (steal) => new Promise((resolve) => {
    if (!navigator.locks) return resolve(true);  // meta['owner'] alone decides then
    let held = false;
    navigator.locks.request(LOCK, steal ? { steal: true } : { ifAvailable: true }, (lock) => {
      held = Boolean(lock);
      resolve(held);
      return held ? new Promise(() => {}) : undefined;
    }).catch((error) => {
      // Rejects with AbortError when the lock is stolen.
      if (held) stop('other_owner', error);
      else resolve(true);  // locks are refused (an opaque origin): as if there were none
    });
    return undefined;
  });

  const instantiate = async () => {
    importScripts(init.glueUrl);
    return createEngineModule({
      titik,
      instantiateWasm: (imports, done) => {
        WebAssembly.instantiate(init.module, imports).then((instance) => done(instance, init.module),
          (error) => stop('internal', error));
        return {};
      },
    });
  };

  const start = async (steal) => {
    if (!(await takeLock(steal))) return fatal('other_owner', 'another tab has it open');
    let made;
    try {
      made = await instantiate();
    } catch (error) {
      return stop('internal', error);
    }
    if (stopped) return undefined;
    engine = made;
    const open = async (damaged) => {
      await store.load(call('schema_version'), damaged, (...head) => call('head', ...head), (number, high, low, bytes) => {
        input(bytes);
        call('page', number, high, low);
      });
      const way = damaged ? 2 : Number(store.inMemory);
      return call('open', ...input(init.profileText || ''), way);
    };
    try {
      let opened = await open(false);
      if (opened === 2) opened = await open(true);
      if (!opened || stopped) return undefined;
    } catch (error) {
      return stop(error && error.code === 'newer' ? 'newer' : 'idb_refused', error);
    }
    tellLink();
    if (navigator.connection) navigator.connection.addEventListener('change', tellLink);
    const early = waiting;
    waiting = null;
    for (const message of early) take(message);
    // Not before the interface has what it asked for.
    commands.then(() => store.listBlobs()).then(async (blobs) => {
      if (call('wants_lost_photos')) await adoptPhotos(blobs);
      call('sweep_blobs', ...input(JSON.stringify(blobs)));
    }).catch(() => {});
    return undefined;
  };

  // Of the blobs those that were stored as a photo with its thumbnail: two at one moment for one report.
  // Evidence comes alone, and so does an original that was covered since.
  const adoptPhotos = async (blobs) => {
    const groups = new Map();
    for (const blob of blobs) {
      const key = `${blob.report_id} ${blob.at}`;
      groups.set(key, [...(groups.get(key) || []), blob]);
    }
    for (const group of groups.values()) {
      if (group.length !== 2) continue;
      const [photo, thumbnail] = group.sort((a, b) => b.bytes - a.bytes);
      try {
        const { width, height } = await createImageBitmap(await store.readBlob(photo.sha256));
        const text = JSON.stringify({ type: 'adopt_photo', id: -1, report_id: photo.report_id, at: photo.at,
          photo: { sha256: photo.sha256, bytes: photo.bytes, width, height, thumbnail_sha256: thumbnail.sha256, thumbnail_bytes: thumbnail.bytes, origin: 'gallery' } });
        await (commands = commands.then(() => runCommand({ text })));
      } catch (error) {
        // No picture, or a damaged one: it stays where it is.
      }
    }
  };

  // --- Messages -------------------------------------------------------------------------------------

  const idOf = (text) => {
    try {
      return Number(JSON.parse(text).id) || 0;
    } catch (error) {
      return 0;
    }
  };

  const runCommand = async ({ text, blobs }) => {
    if (blobs && blobs.length) {
      // The engine must not clear these away between our storing them and its row.
      for (const { sha256 } of blobs) call('blob_arriving', ...input(sha256));
      try {
        await store.storeBlobs(blobs, Date.now());
      } catch (error) {
        for (const { sha256 } of blobs) call('blob_failed', ...input(sha256));
        if (error && error.code === 'other_owner') return stop('other_owner', error);
        const code = error && error.code === 'newer' ? 'unsupported' : 'storage';
        const reply = { type: 'reply', id: idOf(text), error: { code, where: 'photo', message: String(error) }, problems: [] };
        return post({ type: 'event', text: JSON.stringify(reply) });
      }
    }
    call('command', ...input(text));
    if (!blobs || !blobs.length) return undefined;
    // Those that no report names now were refused: they go again.
    for (const { sha256 } of blobs) call('blob_failed', ...input(sha256));
    return call('sweep_blobs', ...input(JSON.stringify(blobs.map(({ sha256 }) => ({ sha256, at: 0 })))));
  };

  const take = (message) => {
    switch (message.type) {
      case 'command': commands = commands.then(() => runCommand(message)); break;
      case 'visible': call('visible', Boolean(message.visible)); break;
      case 'online': call('online'); break;
      case 'picture': {
        const answer = (blob) => post({ type: 'picture', id: message.id, blob });
        store.readBlob(message.sha256).then(answer, () => answer());
        break;
      }
      case 'metrics':
        post({
          type: 'metrics',
          heapBytes: engine ? engine.HEAPU8.length : 0,
          dbPages: call('page_count') || 0,
          durableCommit: call('durable_commit') || 0,
        });
        break;
      default: break;  // a message of a later version
    }
  };

  self.addEventListener('message', ({ data }) => {
    if (stopped) return;
    if (data.type === 'init' && !init) {
      init = data;
      start(false);
    } else if (data.type === 'takeover' && init && !engine) {
      start(true);
    } else if (waiting) {
      waiting.push(data);
    } else {
      take(data);
    }
  });
  self.addEventListener('error', (event) => stop('internal', event.message));
})();
