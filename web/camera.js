// The camera in the page: its live picture over the canvas, its pictures to photos.js. On while the
// interface wants it and the page is shown.
//
// Listener, for the life of the page, on document: visibilitychange. Those of a stream's track go with it.

// CameraNow::State of src/ui/app.h.
const [OFF, OPENING, LIVE, REFUSED, MISSING, BUSY] = [1, 2, 3, 4, 5, 6];
const STATES = { NotAllowedError: REFUSED, SecurityError: REFUSED, NotFoundError: MISSING, OverconstrainedError: MISSING };
// Host::Camera of src/ui/host.h.
const WISH_ON = 1;
const WISH_TAKE = 2;
const WISH_TORCH_ON = 4;
const PHOTO_MS = 4000;  // some phones never answer takePhoto()

// `take(blob, at)`: a picture was taken.
export const createCamera = (ui, take) => {
  const video = document.createElement('video');
  video.muted = video.playsInline = true;
  let wanted = false;
  let stream = null;
  let turn = 0;  // of opening and closing: what an earlier one brings comes too late

  const close = () => {
    turn += 1;
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = video.srcObject = null;
  };
  const open = async () => {
    close();
    const mine = turn;
    ui.camera(OPENING, false);
    let got = null;
    try {
      // 4:3, as the sensor is; the photo that is sent has 1600 pixels. takePhoto() has a size of its own.
      got = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1920 }, height: { ideal: 1440 } } });
      if (mine !== turn) throw new Error('closed meanwhile');
      video.srcObject = stream = got;
      const [track] = got.getVideoTracks();
      track.onended = () => { close(); ui.camera(BUSY, false); };
      await video.play();
      if (mine === turn) ui.camera(LIVE, !!track.getCapabilities?.().torch);
    } catch (error) {
      for (const track of got?.getTracks() ?? []) track.stop();
      if (mine !== turn) return;
      close();
      ui.camera(STATES[error.name] ?? BUSY, false);
    }
  };

  const frame = () => {
    const canvas = document.createElement('canvas');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext('2d').drawImage(video, 0, 0);
    return new Promise((resolve) => { canvas.toBlob(resolve, 'image/jpeg', 0.95); });
  };
  const picture = async (track) => {
    if (window.ImageCapture) {
      try {
        const late = new Promise((_, reject) => { setTimeout(reject, PHOTO_MS); });
        return await Promise.race([new ImageCapture(track).takePhoto(), late]);
      } catch { /* a frame, then */ }
    }
    return frame();
  };
  const shoot = async () => {
    const at = Date.now();
    const mine = turn;
    const blob = await picture(stream?.getVideoTracks()[0]).catch(() => null);
    // One whose camera was closed meanwhile was still asked for.
    if (blob?.size > 0) take(blob, at);
    else if (mine === turn) ui.cameraFailed();
  };

  document.addEventListener('visibilitychange', () => {
    if (!wanted) return;
    if (!document.hidden) open();
    else {
      close();
      ui.camera(OPENING, false);
    }
  });

  return {
    video,
    offer() {
      if (navigator.mediaDevices?.getUserMedia) ui.camera(OFF, false);
    },
    wish(wish) {
      if (wish === WISH_TAKE) shoot();
      else if (wish > WISH_TAKE) stream?.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: wish === WISH_TORCH_ON }] }).catch(() => {});
      else {
        wanted = wish === WISH_ON;
        if (wanted) open();
        else close();
      }
    },
  };
};
