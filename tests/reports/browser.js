// Drives the page as a reader would and writes what it saw into #result.
(function () {
  "use strict";
  var seen = {};
  var items = Array.prototype.slice.call(document.querySelectorAll("details.f"));
  function shown() { return items.filter(function (item) { return !item.hidden; }).length; }
  function set(id, value, event) {
    var field = document.getElementById(id);
    field.value = value;
    field.dispatchEvent(new Event(event, { bubbles: true }));
  }
  function later(done) { setTimeout(done, 400); }
  function luminance(color) {
    var parts = color.match(/[\d.]+/g).map(Number).slice(0, 3).map(function (c) {
      c /= 255;
      return c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  }
  function ground(element) {
    while (element) {
      var color = getComputedStyle(element).backgroundColor;
      if (color !== "rgba(0, 0, 0, 0)" && color !== "transparent") { return color; }
      element = element.parentElement;
    }
    return "rgb(255, 255, 255)";
  }

  seen.items = items.length;
  seen.filtersShown = !document.getElementById("filters").hidden;
  seen.openAtFirst = items.filter(function (item) { return item.open; }).length;
  set("severity", "critical", "change");
  seen.critical = shown();
  seen.villagesWithCritical = document.querySelectorAll("section.village:not([hidden])").length;
  set("severity", "", "change");
  set("status", "undetermined", "change");
  seen.undetermined = shown();
  set("status", "new", "change");
  seen.fresh = shown();
  set("status", "", "change");
  set("topic", "data", "change");
  seen.data = shown();
  set("topic", "", "change");
  set("village", "1", "change");
  seen.quietVillage = shown();
  seen.noneTold = !document.getElementById("none").hidden;
  document.querySelector("#filters button[type=reset]").click();
  later(function () {
    seen.afterReset = shown();
    // A word that stands in the evidence only.
    set("q", "村道硬化工程 F12", "input");
    later(function () {
      seen.byEvidence = shown();
      set("q", "onerror=", "input");
      later(function () {
        seen.byMarkup = shown();
        set("q", "", "input");
        document.getElementById("open").click();
        later(function () {
          seen.openAfterAll = items.filter(function (item) { return item.open; }).length;
          seen.bodies = document.querySelectorAll("details.f .body .part").length;
          seen.kept = document.querySelectorAll("details.f noscript").length;
          seen.marks = document.querySelectorAll("mark").length;
          seen.markedText = Array.prototype.map.call(document.querySelectorAll("mark"), function (mark) { return mark.textContent; });
          seen.images = document.querySelectorAll("img").length;
          seen.scripts = document.querySelectorAll("script").length;
          seen.links = document.querySelectorAll("a[href^='javascript'], iframe, object, embed").length;
          seen.title = document.title;
          seen.unlabelled = Array.prototype.filter.call(document.querySelectorAll("select, input"), function (field) {
            return !(field.labels && field.labels.length);
          }).length;
          seen.unnamedCharts = document.querySelectorAll("svg:not([aria-label])").length;
          var faint = [];
          document.querySelectorAll("body *").forEach(function (element) {
            var own = Array.prototype.some.call(element.childNodes, function (node) {
              return node.nodeType === 3 && node.textContent.trim();
            });
            if (!own || element.closest("svg, script, style, .skip") || !element.offsetParent) { return; }
            var style = getComputedStyle(element);
            var a = luminance(style.color), b = luminance(ground(element));
            var contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (contrast < 4.5) { faint.push(element.tagName + "." + element.className + " " + contrast.toFixed(2)); }
          });
          seen.faint = faint.slice(0, 10);
          var stops = Array.prototype.filter.call(document.querySelectorAll("a[href], button, select, input, summary"), function (element) {
            return element.tabIndex >= 0 && !element.closest("[hidden]");
          });
          seen.firstStop = stops[0].className;
          seen.oddOrder = stops.filter(function (element) { return element.tabIndex > 0; }).length;
          stops[stops.length - 1].focus();
          seen.summaryTakesFocus = document.activeElement === stops[stops.length - 1];
          document.getElementById("close").click();
          seen.openAfterNone = items.filter(function (item) { return item.open; }).length;
          var result = document.createElement("pre");
          result.id = "result";
          result.textContent = JSON.stringify(seen);
          document.body.appendChild(result);
        });
      });
    });
  });
})();
