/* Comfort that nothing depends on: copy the link of a sentence, and walk from one to the next. */
"use strict";

(() => {
  const told = document.getElementById("told");
  const text = document.getElementById("text");
  let timer = 0;

  function say(sentence) {
    told.textContent = sentence;
    told.classList.add("shown");
    clearTimeout(timer);
    timer = setTimeout(() => {
      told.classList.remove("shown");
      told.textContent = "";
    }, 2400);
  }

  function isPlain(event) {
    return event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  }

  function isSelecting() {
    const selection = document.getSelection();
    return selection !== null && !selection.isCollapsed && String(selection).trim() !== "";
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.s, a.copy");
    if (link === null || !isPlain(event)) return;
    if (link.classList.contains("s") && isSelecting()) {
      event.preventDefault(); /* the words were selected, not the link chosen */
      return;
    }
    if (!navigator.clipboard) return; /* where it is missing, the link leads to itself */
    event.preventDefault();
    navigator.clipboard.writeText(link.href).then(
      () => {
        say(told.dataset.copied);
        if (!link.classList.contains("s")) return;
        for (const one of document.querySelectorAll("a.s.copied")) one.classList.remove("copied");
        link.classList.add("copied");
      },
      () => location.assign(link.href),
    );
  });

  if (text === null) return;

  /*
   * One stop for the Tab key once it is in the text; the arrows go from sentence to sentence. Before
   * that each sentence is a stop, so that Tab goes on from wherever a link of the page led to.
   */
  const sentences = Array.from(text.querySelectorAll("a.s"));
  const hint = document.getElementById("arrows");
  let current = -1;
  for (const link of sentences) link.draggable = false;
  if (hint !== null) hint.hidden = sentences.length < 2;

  function enter(place) {
    if (current < 0) {
      for (const link of sentences) link.tabIndex = -1;
      if (hint !== null) sentences[place].setAttribute("aria-describedby", hint.id);
    } else {
      sentences[current].tabIndex = -1;
      sentences[current].removeAttribute("aria-describedby");
    }
    current = place;
    sentences[current].tabIndex = 0;
  }

  function leave() {
    if (current < 0) return;
    current = -1;
    for (const link of sentences) {
      link.removeAttribute("tabindex");
      link.removeAttribute("aria-describedby");
    }
  }

  function go(place) {
    if (place >= 0 && place < sentences.length) sentences[place].focus();
  }

  text.addEventListener("focusin", (event) => {
    const place = sentences.indexOf(event.target);
    if (place >= 0 && place !== current) enter(place);
  });

  addEventListener("hashchange", leave);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link !== null && isPlain(event)) leave(); /* also where it leads to the same place again */
  });

  text.addEventListener("keydown", (event) => {
    if (event.target !== sentences[current]) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    go(current + step);
  });
})();
