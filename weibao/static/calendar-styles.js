// Loaded before FullCalendar, which writes its styles into a <style> element and so breaks on style-src 'self'.
// It looks for style[data-fullcalendar] first. This one is of no HTML namespace, so the browser leaves it alone, and is
// backed by a constructed sheet, which the policy allows. The icon font in a data: address is left out: see weibao.css.
(() => {
  "use strict";
  const sheet = new CSSStyleSheet();
  const insertRule = sheet.insertRule.bind(sheet);
  sheet.insertRule = (rule) => (rule.startsWith("@font-face") ? -1 : insertRule(rule, sheet.cssRules.length));
  const element = document.createElementNS("urn:weibao", "style");
  element.setAttribute("data-fullcalendar", "");
  Object.defineProperty(element, "sheet", { value: sheet });
  document.head.append(element);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
})();
