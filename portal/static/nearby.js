/* The button that asks the browser where one is: only when pressed, rounded to about a hundred metres, sent to the portal alone.
   Without this file, or without a position, the button is absent and one types the name of one's kelurahan. */
(() => {
  "use strict";
  const form = document.getElementById("posisi");
  if (!form || !navigator.geolocation) return;
  form.hidden = false;
  const said = form.querySelector("[role=status]");
  form.addEventListener("submit", event => {
    if (form.elements.lat.value) return;
    event.preventDefault();
    navigator.geolocation.getCurrentPosition(place => {
      form.elements.lat.value = place.coords.latitude.toFixed(3);
      form.elements.lon.value = place.coords.longitude.toFixed(3);
      form.submit();
    }, () => { said.textContent = form.dataset.failed; }, { timeout: 10000, maximumAge: 600000 });
  });
  addEventListener("pageshow", () => { form.elements.lat.value = form.elements.lon.value = ""; });
})();
