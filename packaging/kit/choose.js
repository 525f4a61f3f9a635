(function () {
  "use strict";
  var page = document.documentElement, key = "fmstudio-language";
  function remembered() { try { return localStorage.getItem(key); } catch (refused) { return null; } }
  function choose(language) {
    page.setAttribute("data-language", language);
    page.setAttribute("lang", language);
    document.querySelectorAll("[data-choose]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-choose") === language));
      button.onclick = function () {
        choose(button.getAttribute("data-choose"));
        try { localStorage.setItem(key, button.getAttribute("data-choose")); } catch (refused) { /* it is asked again */ }
      };
    });
  }
  choose(remembered() || (/^zh/i.test(navigator.language) ? "zh-Hans" : "en"));
  var system = /Windows/.test(navigator.userAgent) ? "windows" : /Mac/.test(navigator.userAgent) ? "mac" : /Linux/.test(navigator.userAgent) ? "debian" : "";
  var yours = system && document.getElementById(system);
  if (yours) { yours.classList.add("yours"); }
})();
