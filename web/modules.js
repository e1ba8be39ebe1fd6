// The three WebAssembly modules come in one file: they share so much (the C and C++ libraries, JSON)
// that one compression window over all of them saves 29 KB of the first visit. Written by
// cmake/build-client.mjs: one length for each (32 bits, little endian), then the modules in the order
// in which they are wanted. Each is compiled as soon as it is here, while the rest still comes.

// One promise of a compiled module for each of `count`.
export const loadModules = (url, count) => {
  const settle = [];
  const modules = Array.from({ length: count }, () => new Promise((resolve, reject) => { settle.push({ resolve, reject }); }));
  for (const module of modules) module.catch(() => {});  // told again to whoever awaits it

  const load = async () => {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`cannot load ${url}: ${answer.status}`);
    const reader = answer.body.getReader();
    let rest = new Uint8Array(0);
    const take = async (length) => {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length;) {
        if (rest.length === 0) {
          const { done, value } = await reader.read();
          if (done) throw new Error(`${url} ends too early`);
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
    for (let i = 0; i < count; ++i) settle[i].resolve(WebAssembly.compile(await take(lengths.getUint32(4 * i, true))));
  };
  load().catch((error) => { for (const { reject } of settle) reject(error); });
  return modules;
};
