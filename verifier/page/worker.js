// Runs beside the page, so that it stays alive while gigabytes are hashed. It talks to nobody but the page.
"use strict";

const PIECE = 4 * 1024 * 1024;
let pack;

/** Reads an archive: the engine says which bytes it wants. */
async function archive(file) {
  pack = new wasm_bindgen.Pack();
  pack.open_archive(file.size);
  let told = 0;
  for (let want = pack.wants(); want.length; want = pack.wants()) {
    const [from, length] = want;
    pack.take(new Uint8Array(await file.slice(from, from + length).arrayBuffer()));
    // Thousands of small files need not be told one by one.
    if (performance.now() - told > 50) {
      told = performance.now();
      postMessage({ read: Math.min(from + length, file.size), of: file.size });
    }
  }
}

/** Reads the files of a folder, one after the other. */
async function folder(files) {
  pack = new wasm_bindgen.Pack();
  pack.open_folder();
  const of = files.reduce((sum, { file }) => sum + file.size, 0);
  let [read, told] = [0, 0];
  for (const { name, file } of files) {
    pack.begin(name, file.size);
    for (let from = 0; from < file.size; from += PIECE) {
      const bytes = new Uint8Array(await file.slice(from, from + PIECE).arrayBuffer());
      pack.take(bytes);
      read += bytes.length;
      if (performance.now() - told > 50) {
        told = performance.now();
        postMessage({ read, of });
      }
    }
    pack.end();
  }
}

const calls = {
  start: (module) => void wasm_bindgen.initSync({ module }),
  archive,
  folder,
  verify: (key, checkpoint) => JSON.parse(pack.verify(key, checkpoint)),
  why: (system) => JSON.parse(pack.why(system)),
  objects: () => JSON.parse(pack.objects()),
  offers: (kind, key) => JSON.parse(pack.offers(kind, key)),
  moved: (changes) => JSON.parse(pack.moved(JSON.stringify(changes))),
};

onmessage = async ({ data: { id, call, args } }) => {
  try {
    postMessage({ id, value: await calls[call](...args) });
  } catch (error) {
    // The engine throws sentences; anything else means that it stopped in the middle.
    const isTold = typeof error === "string";
    postMessage({ id, error: isTold ? error : error.message, isTold });
  }
};
