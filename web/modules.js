// Fonts and WebAssembly modules come in one file: the modules share so much (the C and C++ libraries,
// JSON) that one compression window over all of them saves 29 KB of the first visit. Written by
// cmake/build-client.mjs: one length for each part (32 bits, little endian), then the parts in the order
// in which they are wanted. Each is handed out as soon as it is here, while the rest still comes.

const LONGEST_WAIT = 15_000;
const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

// One promise of bytes for each of `count` parts. A network that breaks is tried again, from the part
// that is missing; `onTrouble` hears of it. A server that answers with an error is the end. Reading rests
// before part `pauseBefore` until `resume` resolves: what is not wanted yet shall not keep the page busy.
export const loadParts = (url, count, { onTrouble, pauseBefore, resume }) => {
  const settle = [];
  const parts = Array.from({ length: count }, () => new Promise((resolve, reject) => { settle.push({ resolve, reject }); }));
  for (const part of parts) part.catch(() => {});  // told again to whoever awaits it
  let done = 0;

  const attempt = async () => {
    const answer = await fetch(url);
    if (!answer.ok) throw Object.assign(new Error(`cannot load ${url}: ${answer.status}`), { final: true });
    const reader = answer.body.getReader();
    let rest = new Uint8Array(0);
    const take = async (length) => {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length;) {
        if (rest.length === 0) {
          const { done: ended, value } = await reader.read();
          if (ended) throw new Error(`${url} ends too early`);
          rest = value;
        }
        const part = rest.subarray(0, length - at);
        bytes.set(part, at);
        at += part.length;
        rest = rest.subarray(part.length);
      }
      return bytes;
    };
    const lengths = new DataView((await take(4 * count)).buffer);
    for (let i = 0; i < count; ++i) {
      if (i === pauseBefore) await resume;
      const bytes = await take(lengths.getUint32(4 * i, true));
      if (i < done) continue;
      settle[i].resolve(bytes);
      done = i + 1;
    }
  };
  const load = async () => {
    for (let failures = 0; ; ++failures) {
      try {
        return await attempt();
      } catch (error) {
        if (error.final) throw error;
        onTrouble();
        await wait(Math.min(LONGEST_WAIT, 1000 * 2 ** failures));
      }
    }
  };
  load().catch((error) => { for (const { reject } of settle) reject(error); });
  return parts;
};
