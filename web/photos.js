// Photos on their way from the chooser to the engine: each through a worker of its own, which ends
// with it, since WebAssembly's memory never shrinks. One at a time: a cheap phone has room for one.

const READING = 0;
const SHRINKING = 1;
const STAGES = { inspect: READING, decode: SHRINKING, encode: SHRINKING, hash: SHRINKING };

// The photo worker's answer about one file, or an error with its code. `assets`: as below; `wish`: what is
// to be done with it, when it is not to be reduced.
export const reducePhoto = async (assets, file, onStage = () => {}, wish = { type: 'reduce', forceStb: false }) => {
  const module = await assets.photoModule;
  const answer = await new Promise((resolve) => {
    const worker = new Worker(assets.photoWorker);
    const finish = (result) => {
      worker.terminate();
      resolve(result);
    };
    worker.onmessage = ({ data }) => {
      if (data.type === 'progress') onStage(STAGES[data.stage]);
      else finish(data);
    };
    worker.onerror = () => finish({ type: 'failed', error: { code: 'internal', where: 'photo_worker' } });
    worker.postMessage({ ...wish, id: 1, glueUrl: assets.photoGlue, module, blob: file });
  });
  if (answer.type !== 'reduced') throw answer.error;
  return answer;
};

// `assets`: {photoWorker, photoGlue} URLs and photoModule, a promise of the compiled module.
// `readPicture`: as in images.js.
export const createPhotos = (ui, assets, readPicture) => {
  const results = new Map();  // job → [{sha256, blob}], until the engine takes them
  let last = Promise.resolve();

  const run = async (job, file, wish) => {
    let answer;
    try {
      answer = await reducePhoto(assets, await file, (stage) => ui.photoStage(job, stage), wish);
    } catch (error) {
      ui.photoFailed(job, error.code ?? 'internal', error.where ?? '');
      return;
    }
    const { photo, thumbnail, inspection, perceptual_hash } = answer;
    results.set(job, [photo, thumbnail].map(({ sha256, blob }) => ({ sha256, blob })));
    const facts = ({ sha256, bytes, width, height }) => ({ sha256, bytes, width, height });
    ui.photoReady(job, JSON.stringify({ photo: facts(photo), thumbnail: facts(thumbnail), inspection, perceptual_hash }));
  };

  return {
    // `at`: when the camera in the page took them. A camera app's file was written when it took it.
    add(files, fromCamera, at) {
      for (const file of files) {
        const takenAt = fromCamera ? at ?? Math.min(file.lastModified || Infinity, Date.now()) : 0;
        const job = ui.photoChosen(file.size, fromCamera, takenAt);
        if (job > 0) last = last.then(() => run(job, file));
      }
    },
    cover(job, sha256, cells, columns) {
      last = last.then(() => run(job, readPicture(sha256), { type: 'cover', cells, columns }));
    },
    // The two files of a job, handed out once.
    take(job) {
      const blobs = results.get(job) ?? [];
      results.delete(job);
      return blobs;
    },
  };
};
