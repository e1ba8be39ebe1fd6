// The words of the language that is spoken. Indonesian is part of ui.wasm; English is a table of its own
// (cmake/build-texts.mjs), fetched when it is wanted. Which one a start begins in: shell/first.js.
//
// `spoken(code, table)` hands the words to the interface, and answers whether it speaks them.
export const createLanguage = (englishUrl, first) => {
  // An answer that does not come is an empty table: Indonesian stays.
  const tableOf = async (code) => {
    if (code !== 'en') return '';
    try {
      const answer = await fetch(englishUrl);
      return answer.ok ? await answer.text() : '';
    } catch {
      return '';
    }
  };
  const firstTable = tableOf(first);
  let turns = 0;
  return {
    // Before the first frame.
    async begin(spoken) {
      const table = await firstTable;
      if (first !== 'id' && !spoken(first, table)) document.documentElement.lang = 'id';
    },
    // Of two quick choices the last one counts.
    async load(code, spoken) {
      const turn = ++turns;
      const table = await tableOf(code);
      if (turn === turns && spoken(code, table)) document.documentElement.lang = code;
    },
  };
};
