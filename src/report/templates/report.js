(function () {
  "use strict";
  var form = document.getElementById("filters");
  var count = document.getElementById("count");
  var none = document.getElementById("none");
  var items = Array.prototype.slice.call(document.querySelectorAll("details.f"));
  var villages = Array.prototype.slice.call(document.querySelectorAll("section.village"));
  var texts = null;
  var timer = 0;

  // The evidence waits in a noscript element, where it costs the browser nothing, until it is asked for.
  function fill(item) {
    var kept = item.querySelector("noscript");
    if (!kept) { return; }
    var body = document.createElement("div");
    body.className = "body";
    body.innerHTML = kept.textContent;
    kept.replaceWith(body);
  }

  function textOf(item) {
    var kept = item.querySelector("noscript");
    var text = item.textContent;
    if (kept) {
      text = text.replace(/<[^>]*>/g, " ")
        .replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"')
        .replace(/&#x27;/g, "'").replace(/&#x2f;/g, "/").replace(/&amp;/g, "&");
    }
    return text.toLowerCase();
  }

  function value(id) { return document.getElementById(id).value; }

  function apply() {
    var village = value("village"), topic = value("topic");
    var severity = value("severity"), status = value("status");
    var words = value("q").trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length && !texts) { texts = items.map(textOf); }
    var shown = 0;
    items.forEach(function (item, at) {
      var d = item.dataset;
      var fits = (!village || d.village === village) && (!topic || d.topic === topic) &&
        (!severity || d.severity === severity) &&
        (!status || (" " + d.status + " ").indexOf(" " + status + " ") >= 0) &&
        words.every(function (word) { return texts[at].indexOf(word) >= 0; });
      item.hidden = !fits;
      if (fits) { shown += 1; }
    });
    var filtered = Boolean(village || topic || severity || status || words.length);
    villages.forEach(function (section) {
      section.hidden = filtered && !section.querySelector("details.f:not([hidden])");
    });
    none.hidden = shown > 0 || !filtered;
    count.textContent = shown + " " + count.dataset.of + " " + items.length;
  }

  function soon() { clearTimeout(timer); timer = setTimeout(apply, 150); }

  // Opening thousands at once would freeze the page: they are opened a hundred at a time.
  function openAll(done) {
    var waiting = items.filter(function (item) { return !item.hidden && !item.open; });
    (function some() {
      waiting.splice(0, 100).forEach(function (item) { fill(item); item.open = true; });
      if (waiting.length) { setTimeout(some, 0); } else if (done) { done(); }
    })();
  }

  form.hidden = false;
  form.addEventListener("change", apply);
  form.addEventListener("submit", function (event) { event.preventDefault(); apply(); });
  form.addEventListener("reset", function () { setTimeout(apply, 0); });
  document.getElementById("q").addEventListener("input", soon);
  document.getElementById("open").addEventListener("click", function () { clearTimeout(timer); apply(); openAll(); });
  document.getElementById("close").addEventListener("click", function () {
    items.forEach(function (item) { item.open = false; });
  });
  document.getElementById("list").addEventListener("toggle", function (event) {
    if (event.target.open) { fill(event.target); }
  }, true);
  window.addEventListener("beforeprint", function () {
    items.forEach(function (item) { if (!item.hidden) { fill(item); item.open = true; } });
  });
  if (location.hash.length > 1) {
    var asked = document.getElementById(location.hash.slice(1));
    if (asked && asked.tagName === "DETAILS") { fill(asked); asked.open = true; asked.scrollIntoView(); }
  }
  count.textContent = items.length + " " + count.dataset.of + " " + items.length;
})();
