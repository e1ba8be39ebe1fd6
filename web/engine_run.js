// The engine in this worker or service worker: the lock, the module, its calls out and in. Third of the
// parts that make engine_worker.js. One engine at a time has the lock; where there are no locks,
// meta['owner'] alone decides (engine_store.js).
//
// `on`:
//   event(text)           an event of messages.h
//   fatal(code, message)  it has stopped, and is not to be used any more: 'idb_refused' | 'newer' |
//                         'other_owner' | 'internal' (engine_worker.js says what they mean)
//   rest(due, waits)      no request and no commit is under way; when it wants to be called next, 0: not by
//                         itself; whether a report waits that has a time to be tried again
const createEngine = (on) => {
  const LOCK = 'titik-engine';
  const LONGEST_TIMER = 60 * 60 * 1000;  // setTimeout takes 2^31 ms; an early tick does no harm
  const SHORTEST_TIMER = 50;
  const encoder = new TextEncoder();

  const store = createStore(() => call('store_closed'));
  const http = createHttp(store);
  let engine = null;    // the module's instance, once it runs
  let stopped = false;
  let closing = false;
  let timer = 0;
  let due = 0;          // when the timer was asked for
  let underWay = 0;     // requests and commits
  let waits = false;
  let atRest = () => {};
  let release = () => {};  // of the lock

  const stop = (code, message) => {
    if (stopped) return;
    stopped = true;
    engine = null;
    clearTimeout(timer);
    http.stop();
    on.fatal(code, message);
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

  // Work that the module hears of when it is done; by then it may have begun more.
  const during = async (work) => {
    underWay += 1;
    await work;
    underWay -= 1;
    rest();
  };
  const rest = () => {
    if (underWay > 0) return;
    atRest();
    if (engine && !closing) on.rest(due, waits);
  };

  const answerHttp = async (request) => {
    let answer;
    try {
      answer = await http.start(request);
    } catch (error) {
      return closing ? undefined : call('http_failed', request.id, error.kind || 0);
    }
    if (answer.blob) {
      const [length] = input(answer.blob.sha256);
      return call('http_blob', request.id, answer.status, length, answer.blob.bytes);
    }
    const lengths = input(answer.head, answer.text);
    return call('http_done', request.id, answer.status, answer.offset, ...lengths);
  };

  // Rejects where there is no WebCrypto (plain http), or the key is none.
  const checkReceipt = async ([jws, x, y, sha256], words) => {
    const [header, payload, signature] = jws.split('.');
    const kind = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', x, y }, kind, false, ['verify']);
    const bytes = Uint8Array.from(atob(signature.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
    return await crypto.subtle.verify(kind, key, bytes, encoder.encode(`${header}.${payload}`))
      && await store.sha256(words) === sha256;
  };

  const titik = {
    event: (text) => {
      if (text.includes('"sync_state_changed"')) {
        const { phase, next_attempt_at: next } = JSON.parse(text);
        waits = phase === 'sending' || next > 0;
      }
      on.event(text);
    },
    fatal: (code, message) => stop(code === 'storage' ? 'idb_refused' : code, message),
    http: (json) => { if (!closing) during(answerHttp(JSON.parse(json))); },
    timer: (at) => {
      clearTimeout(timer);
      due = at;
      if (!at || stopped || closing) return;
      timer = setTimeout(() => during(call('tick')), Math.min(LONGEST_TIMER, Math.max(SHORTEST_TIMER, at - Date.now())));
    },
    checkReceipt: (lines, words) => {
      during(checkReceipt(lines.split('\n'), words).then((right) => call('receipt_checked', Number(right)), () => call('receipt_checked', 2)));
    },
    // Left behind when it fails: found unused at a later start.
    deleteBlobs: (json) => { during(store.deleteBlobs(JSON.parse(json)).catch(() => {})); },
    pagesBegin: store.pagesBegin,
    pagesPut: store.pagesPut,
    pagesCommit: () => {
      during(store.pagesCommit().then(() => call('pages_done', 1), (error) => {
        if (error && error.code === 'other_owner') return stop('other_owner', error);
        return call('pages_done', { full: 2, lost: 3 }[error && error.code] || 0);
      }));
    },
  };

  // What the browser knows of the link; most know nothing.
  const tellLink = () => {
    const { saveData, effectiveType, type } = navigator.connection || {};
    call('link', Boolean(saveData) || /2g$/.test(effectiveType), /wifi|ethernet/.test(type));
  };

  // --- Start ----------------------------------------------------------------------------------------

  // Resolves true when the lock is ours until close(); false when another has it, or `signal` gave it up. A
  // page takes it for itself alone, the service worker as one that may be shared: so they are told apart.
  const takeLock = (options) => new Promise((resolve) => {
    if (!navigator.locks) return resolve(true);
    let held = false;
    navigator.locks.request(LOCK, options, (lock) => {
      held = Boolean(lock);
      resolve(held);
      return held ? new Promise((letGo) => { release = letGo; }) : undefined;
    }).catch((error) => {
      // Rejects with AbortError when the lock is stolen.
      if (held) stop('other_owner', error);
      else resolve(!options.signal);  // locks are refused (an opaque origin): as if there were none
    });
    return undefined;
  });

  const isInBackground = async () => (await navigator.locks.query()).held.some(({ name, mode }) => name === LOCK && mode === 'shared');

  const instantiate = async (glueUrl, module) => {
    importScripts(glueUrl);
    return createEngineModule({
      titik,
      instantiateWasm: (imports, done) => {
        WebAssembly.instantiate(module, imports).then((instance) => done(instance, module),
          (error) => stop('internal', error));
        return {};
      },
    });
  };

  // Runs the engine over what is stored, when the lock is ours: true. Else on.fatal has told why not; or
  // without `mend`, the pages are damaged. `asks`: for news too, by itself.
  const open = async ({ glueUrl, module, profileText, mend, asks }) => {
    let made;
    try {
      made = await instantiate(glueUrl, module);
    } catch (error) {
      stop('internal', error);
      return false;
    }
    if (stopped) return false;
    engine = made;
    const attempt = async (damaged) => {
      await store.load(call('schema_version'), damaged, (...head) => call('head', ...head), (number, high, low, bytes) => {
        input(bytes);
        call('page', number, high, low);
      });
      const way = damaged ? 2 : Number(store.inMemory);
      return call('open', ...input(profileText || ''), way, asks);
    };
    try {
      let opened = await attempt(false);
      if (opened === 2 && mend) opened = await attempt(true);
      if (opened !== 1 || stopped) return false;
    } catch (error) {
      stop(error && error.code === 'newer' ? 'newer' : 'idb_refused', error);
      return false;
    }
    tellLink();
    if (navigator.connection) navigator.connection.onchange = tellLink;
    return true;
  };

  // Begins nothing more, and is gone when what it was answered so far is stored. What it was not answered
  // counts as after a kill.
  const close = async () => {
    closing = true;
    clearTimeout(timer);
    http.stop();
    if (underWay > 0) await new Promise((resolve) => { atRest = resolve; });
    stopped = true;
    engine = null;
    store.close();
    release();
  };

  return {
    takeLock, isInBackground, open, stop, close, call, input, store, rest,
    get runs() { return engine !== null; },
    get heapBytes() { return engine ? engine.HEAPU8.length : 0; },
    get stopped() { return stopped; },
  };
};
