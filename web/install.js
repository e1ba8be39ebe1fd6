// A place on the home screen: what this browser can offer, and what the person answered.
//
// Listeners on window, for the life of the page: beforeinstallprompt, appinstalled.

const REFUSED = 'titik-install-refused';
const NONE = 0;
const PROMPT = 1;
const IOS = 2;

const isInstalled = () => matchMedia('(display-mode: standalone), (display-mode: fullscreen), (display-mode: minimal-ui)').matches || navigator.standalone === true;
// iPadOS says it is a Mac, but no Mac has a touch screen.
const isIos = () => /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.platform === 'MacIntel' && navigator.maxTouchPoints > 1);
// Safari clears what a site in a tab has stored when it was not opened for seven days.
export const losesAfterAWeek = () => isIos() && !isInstalled();
const wasRefused = () => {
  try {
    return localStorage.getItem(REFUSED) !== null;
  } catch {
    return true;  // without storage it would be asked for ever
  }
};

// The event comes when the browser likes, also before the interface is there.
let prompt = null;
let tell = () => {};
window.addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();  // the browser's own bar would come at once
  prompt = event;
  tell();
});

// `offer(kind)`: 0 nothing, 1 the browser asks, 2 by hand on iOS (InstallOffer in src/ui/app.h).
export const createInstall = (offer) => {
  tell = () => offer(isInstalled() || wasRefused() ? NONE : prompt ? PROMPT : isIos() ? IOS : NONE);
  window.addEventListener('appinstalled', () => {
    prompt = null;
    offer(NONE);
  });
  tell();
  return {
    // Within a tap: the browser shows its question.
    ask() {
      prompt?.prompt();
      prompt = null;
    },
    refuse() {
      try {
        localStorage.setItem(REFUSED, '1');
      } catch { /* nothing was offered */ }
    },
  };
};
