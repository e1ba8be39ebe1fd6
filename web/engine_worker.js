// The page's engine worker: last of the parts that make engine_worker.js. A classic worker for Chromium,
// Firefox ESR and Safari 15+, under `script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'`. In the
// service worker, which has the same file, it does nothing.
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
// Listeners: 'message' and 'error' on the worker's scope, 'message' of the channel, 'change' of its network,
// and those of the database connection; all go with the worker.

if (self.DedicatedWorkerGlobalScope) {
  const LONGEST_GOODBYE = 3000;  // ms, of the service worker
  const post = (message) => self.postMessage(message);
  const engine = createEngine({
    event: (text) => post({ type: 'event', text }),
    fatal: (code, message) => {
      waiting = [];
      post({ type: 'fatal', code, message: String(message) });
    },
    rest: (due, waits) => {
      if (asked) channel.postMessage({ type: 'rest', waits });
      asked = false;
    },
  });
  const { call, input, store } = engine;
  let init = null;
  let begun = false;    // the lock is ours
  let waiting = [];     // messages that came before the engine ran
  let commands = Promise.resolve();

  // With the service worker, which sends while no page is open (engine_background.js).
  const channel = createChannel();
  let asked = false;  // it waits to hear that we rest
  if (channel) {
    channel.onmessage = ({ data }) => {
      if (data !== 'due' || !engine.runs) return;
      asked = true;
      call('online');
      engine.rest();
    };
  }
  // It gives the engine up when it is asked, or when it does not answer.
  const takeFromBackground = async () => {
    if (!(await engine.isInBackground())) return engine.takeLock({ ifAvailable: true });  // it may have ended just now
    channel.postMessage('stop');
    const control = new AbortController();
    setTimeout(() => control.abort(), LONGEST_GOODBYE);
    return await engine.takeLock({ signal: control.signal }) || engine.takeLock(await engine.isInBackground() ? { steal: true } : { ifAvailable: true });
  };

  const start = async (steal) => {
    if (!(await engine.takeLock(steal ? { steal: true } : { ifAvailable: true })) && !(await takeFromBackground())) {
      return post({ type: 'fatal', code: 'other_owner', message: 'another tab has it open' });
    }
    begun = true;
    if (!(await engine.open({ ...init, mend: true, asks: true }))) return undefined;
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
        if (error && error.code === 'other_owner') return engine.stop('other_owner', error);
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
          heapBytes: engine.heapBytes,
          dbPages: call('page_count') || 0,
          durableCommit: call('durable_commit') || 0,
        });
        break;
      default: break;  // a message of a later version
    }
  };

  self.addEventListener('message', ({ data }) => {
    if (engine.stopped) return;
    if (data.type === 'init' && !init) {
      init = data;
      start(false);
    } else if (data.type === 'takeover' && init && !begun) {
      start(true);
    } else if (waiting) {
      waiting.push(data);
    } else {
      take(data);
    }
  });
  self.addEventListener('error', (event) => engine.stop('internal', event.message));
}
