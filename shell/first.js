// What works from the first paint on, before anything else is there: keeps a tap on "Buat laporan" and
// photos that were chosen, until the interface (web/main.js) or the plain form (form.js) takes them.
//
// Classic and plain: where newer forms are unknown, this file is what still runs. It stands in the head,
// so nothing is painted before it listens.
//
//   titikFirst.modules          whether this browser can run our WebAssembly
//   titikFirst.take(onPhotos)   → {tapped, photos: [{file, camera}]}; photos chosen later, in a chooser
//                                 that was open already, go to onPhotos(files, camera)
//   titikFirst.form(name, api)  loads the plain form (form.js) and calls its function of that name
//   titikFirst.fail(words)      says what went wrong, in the static page
//   titikFirst.language         'id' or 'en': what the page begins in
//   titikFirst.words(both)      the one of "Indonesian|English" that is spoken
//
// Listeners on document, for the life of the page: click, change; on window: error (of scripts).
(function () {
  'use strict';
  var formUrl = document.currentScript.getAttribute('data-form');
  var tapped = false;
  var photos = [];
  var taker = null;
  var english = false;
  var element = function (id) { return document.getElementById(id); };

  // The size that was set in the app the last time: main.js keeps it here.
  try {
    var scale = Number(localStorage.getItem('titik-text-scale'));
    if (scale > 100 && scale <= 200) document.documentElement.style.setProperty('--text-scale', scale / 100);
  } catch (error) { /* no storage: the usual size */ }

  // The language chosen in the app, as main.js keeps it here. Else Indonesian, unless the browser asks
  // for English first and for neither Indonesian ("in" is its old code) nor Malay at all.
  var prefersEnglish = function () {
    try {
      var chosen = localStorage.getItem('titik-language');
      if (chosen) return chosen === 'en';
    } catch (error) { /* no storage: as the browser prefers */ }
    var wanted = (navigator.languages || []).join().toLowerCase();
    return /^en\b/.test(wanted) && !/(^|,)(id|in|ms)\b/.test(wanted);
  };
  english = prefersEnglish();
  if (english) document.documentElement.lang = 'en';
  // Of "Indonesian|English" the one that is spoken.
  var words = function (both) { return both.split('|')[english ? 1 : 0]; };

  var say = function () {
    var many = photos.length === 1 ? '@words:photoReady:1@' : '@words:photosReady:#@';
    element('first-said').textContent = (photos.length === 0 ? '' : words(many).replace('#', photos.length) + ' ') +
      words('@words:stillOpening@') + (photos.length === 0 ? ' ' + words('@words:photosMayBeChosen@') : '');
  };

  document.addEventListener('click', function (event) {
    if (taker || !event.target.closest('#first-report')) return;
    tapped = true;
    var button = element('first-report');
    button.className = 'busy';
    button.lastChild.textContent = words('@words:opening@');
    Array.prototype.forEach.call(document.querySelectorAll('#first-photos input'), function (input) {
      input.setAttribute('aria-label', words(input.getAttribute('data-says')));
    });
    element('first-photos').hidden = false;
    document.querySelector('.bones').hidden = true;
    say();
    element('first-photos').scrollIntoView({ block: 'nearest' });
  });

  document.addEventListener('change', function (event) {
    var input = event.target;
    if (!input.closest('#first-photos')) return;
    var files = Array.prototype.slice.call(input.files);
    var camera = input.hasAttribute('capture');
    input.value = '';  // so that the same photo may be chosen again
    if (taker) {
      taker(files, camera);
      return;
    }
    files.forEach(function (file) { photos.push({ file: file, camera: camera }); });
    say();
  });

  var fail = function (what) {
    // In the plain form the static page's places are gone.
    (element('failure') || element('wrong-all')).textContent = what;
    if (element('first-said')) element('first-said').textContent = '';
  };

  var form = function (name, api) {
    var script = document.createElement('script');
    script.src = formUrl;
    script.onload = function () { window[name](api); };
    script.onerror = function () { fail(words('@words:notLoaded@')); };
    document.head.appendChild(script);
  };

  // What our modules are made of (cmake/Toolchain.cmake) in one function, to be validated, not run:
  // memory.fill, i32.extend8_s, i32.trunc_sat_f32_s. Safari 14 has WebAssembly, but not these.
  var modules = typeof WebAssembly === 'object' && WebAssembly.validate(new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 0, 10, 25, 1, 23, 0,
    65, 0, 65, 0, 65, 0, 252, 11, 0, 65, 0, 192, 26, 67, 0, 0, 0, 0, 252, 0, 26, 11]));

  window.titikFirst = {
    modules: modules,
    take: function (onPhotos) {
      taker = onPhotos;
      // A chooser may be open: its input stays where it is, or its photos would never come.
      Array.prototype.forEach.call(document.querySelectorAll('#first *'), function (one) {
        if (one.localName === 'input') one.removeAttribute('aria-label');
        else if (!one.querySelector('input') && one.parentNode.querySelector('input')) one.remove();
      });
      return { tapped: tapped, photos: photos };
    },
    fail: fail,
    form: form,
    language: english ? 'en' : 'id',
    words: words,
  };

  // A browser that cannot run our modules, or cannot read main.js, gets the plain form.
  var plain = false;
  var needForm = function () {
    if (plain || taker) return;
    plain = true;
    if (document.body && document.getElementById('insets')) form('titikForm', null);
    else document.addEventListener('DOMContentLoaded', function () { form('titikForm', null); });
  };
  if (!modules) needForm();
  window.addEventListener('error', function (event) {
    if (event.target !== window && /\/main\./.test(event.target.src || '')) fail(words('@words:notLoaded@'));
    else if (/\/main\./.test(event.filename || '') && event.error instanceof SyntaxError) needForm();
  }, true);
}());
