// This phone's position, while the interface asks for it.

export const createPlace = (ui) => {
  let watch = null;
  // Safari before 16 does not tell: then the citizen is told that the question will come.
  navigator.permissions?.query({ name: 'geolocation' }).then((permission) => {
    const tell = () => ui.placePermission(permission.state === 'granted');
    permission.onchange = tell;
    tell();
  }, () => {});
  return {
    watch(on) {
      if (watch !== null) navigator.geolocation.clearWatch(watch);
      watch = null;
      if (!on) return;
      if (!navigator.geolocation) {
        ui.positionFailed(false);
        return;
      }
      watch = navigator.geolocation.watchPosition(
        ({ coords, timestamp }) => ui.position(coords.latitude, coords.longitude, coords.accuracy, timestamp),
        (error) => ui.positionFailed(error.code === error.PERMISSION_DENIED),
        { enableHighAccuracy: true, timeout: 20000, maximumAge: 0 });
    },
  };
};
