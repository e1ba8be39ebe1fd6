// Requests of the engine's worker, by fetch. Second of the parts that make engine_worker.js.
//
// What a server sends is not trusted: answers are cut off above a limit, redirects are refused (they
// would take the token elsewhere), and nothing is cached or sent with cookies.

const createHttp = (store) => {
  const MOST_TEXT_BYTES = 4 * 1024 * 1024;
  const MOST_BLOB_BYTES = 12 * 1024 * 1024;
  const running = new Set();

  // The body as bytes, or a StoreError / an error of the network.
  const readBody = async (response, limit) => {
    if (Number(response.headers.get('content-length')) > limit) throw new Error('the answer is too long');
    if (!response.body) return new Uint8Array(0);
    const reader = response.body.getReader();
    const pieces = [];
    let length = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > limit) {
        await reader.cancel();
        throw new Error('the answer is too long');
      }
      pieces.push(value);
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  };

  // Only pictures and documents keep their type: nothing stored here may ever run as a page.
  const safeType = (type) => (/^(image\/(jpeg|png|webp)|application\/pdf)$/.test(type) ? type : 'application/octet-stream');

  const pieceOf = (blob, from, to) => {
    if (to > blob.size) throw new StoreError('corrupt', 'shorter than its row says');
    return blob.slice(from, to);
  };

  const offsetOf = (text) => (/^\d{1,15}$/.test(text) ? Number(text) : -1);

  // Resolves with {status, head, offset, text} or {status, blob: {sha256, bytes}}, or rejects with an
  // error whose `kind` is that of titik_http_failed: 0 network, 1 blob unreadable, 2 storage.
  const start = async (request) => {
    const fail = (kind) => (error) => { throw Object.assign(new Error(String(error)), { kind }); };
    const control = new AbortController();
    running.add(control);
    const timer = setTimeout(() => control.abort(), request.timeout);
    try {
      const parts = await Promise.all(request.body.map(async ({ blob, from, to, text }) =>
        (blob ? pieceOf(await store.readBlob(blob), from, to) : text)))
        // Only what is gone or damaged for good: anything else may be there the next time.
        .catch((error) => fail(['missing', 'corrupt'].includes(error.code) ? 1 : 2)(error));
      const response = await fetch(request.url, {
        method: request.method,
        headers: request.headers,
        body: parts.length ? new Blob(parts) : undefined,
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
        signal: control.signal,
      }).catch(fail(0));
      const asBlob = request.blob_for_report && response.ok;
      const bytes = await readBody(response, asBlob ? MOST_BLOB_BYTES : MOST_TEXT_BYTES).catch(fail(0));
      if (!asBlob) {
        const header = (name) => response.headers.get(name) || '';
        const head = ['retry-after', 'location', 'tus-extension'].map((name) => `${header(name)}\n`).join('');
        return { status: response.status, head, offset: offsetOf(header('upload-offset')), text: bytes };
      }
      const sha256 = await store.sha256(bytes);
      if (!sha256) fail(2)('no WebCrypto');
      const type = safeType((response.headers.get('content-type') || '').split(';')[0].trim());
      const blob = new Blob([bytes], { type });
      await store.storeBlobs([{ sha256, blob, report_id: request.blob_for_report }], Date.now()).catch(fail(2));
      return { status: response.status, blob: { sha256, bytes: blob.size } };
    } finally {
      clearTimeout(timer);
      running.delete(control);
    }
  };

  const stop = () => { for (const control of running) control.abort(); };
  return { start, stop };
};
