/* The form of a request: how much of the files has been sent is shown, and where the connection breaks nothing is lost.
   Without this file the form is sent as any form. */
(() => {
  "use strict";
  const start = () => {
    const form = document.getElementById("permohonan");
    if (!form) return;
    const button = form.querySelector(".actions button");
    if (!button) return;
    const sending = form.querySelector(".sending"), words = sending.querySelector("p"), bar = sending.querySelector("progress");
    const unsent = form.querySelector(".unsent");
    let isSending = false;

    const rest = sentence => {
      isSending = false;
      button.removeAttribute("aria-disabled");
      sending.hidden = true;
      unsent.textContent = sentence;
      unsent.hidden = !sentence;
      if (sentence) unsent.scrollIntoView({ block: "center" });
    };
    const files = () => [...form.elements.files.files];
    const tooLarge = () => {
      const large = files().filter(each => each.size > form.dataset.limit * 1048576);
      return files().length > form.dataset.count ? files() : large;
    };
    const progress = event => {
      if (!event.lengthComputable || !files().length) return;
      const share = Math.floor(100 * event.loaded / event.total);
      bar.value = share;
      words.textContent = share < 100 ? `${form.dataset.sending}: ${share}%` : form.dataset.checking;
      sending.hidden = false;
    };
    /* The answer to what was wrong is the page again; it takes the place of this one, and its summary is read out. */
    const show = text => {
      const page = new DOMParser().parseFromString(text, "text/html");
      document.title = page.title;
      document.querySelector("main").replaceWith(document.adoptNode(page.querySelector("main")));
      if (window.htmx) htmx.process(document.querySelector("main"));
      start();
      const summary = document.querySelector(".errors");
      if (summary) { summary.focus(); summary.scrollIntoView(); }
    };
    const answered = asked => {
      const there = new URL(asked.responseURL || location.href);
      if (asked.status < 400 && there.pathname !== new URL(form.action).pathname) location.assign(there);
      else if ([200, 422, 429].includes(asked.status) && asked.responseText.includes('<main')) show(asked.responseText);
      else rest(form.dataset.failed);
    };

    form.addEventListener("submit", event => {
      event.preventDefault();
      if (isSending) return;
      const large = tooLarge();
      if (large.length) { rest(`${form.dataset.large} ${large.map(each => each.name).join(", ")}.`); return }
      rest("");
      isSending = true;
      button.setAttribute("aria-disabled", "true");
      const asked = new XMLHttpRequest();
      asked.upload.addEventListener("progress", progress);
      asked.addEventListener("load", () => answered(asked));
      for (const name of ["error", "abort", "timeout"]) asked.addEventListener(name, () => rest(form.dataset.lost));
      asked.open("POST", form.action);
      asked.send(new FormData(form));
    });
  };
  start();
})();
