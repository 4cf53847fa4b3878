// Starts FullCalendar on every .wb-calendar: a list on phones, month, week, day and list elsewhere.
// data-filter names the form that narrows it; data-move the form by which a dragged event is sent to be weighed: the
// event goes back to its place, for nothing is moved before the cost was shown and kept.
(() => {
  "use strict";
  const MOST = 5;  // of a day in the month's view; on paper, where nothing unfolds, all of them
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

  const weigh = (form, info) => {
    const { move, revision } = info.event.extendedProps;
    const [day, time] = [info.event.startStr.slice(0, 10), info.event.startStr.slice(11, 16)];
    info.revert();
    if (!move || !time) return;
    form.action = move;
    form.elements.day.value = day;
    form.elements.time.value = time;
    form.elements.revision.value = revision || "";
    form.submit();
  };

  const start = (element) => {
    const narrow = window.matchMedia("(max-width: 575.98px)").matches;
    const filter = element.dataset.filter && document.querySelector(element.dataset.filter);
    const form = element.dataset.move && document.querySelector(element.dataset.move);
    const calendar = new FullCalendar.Calendar(element, {
      locale: document.documentElement.lang.startsWith("zh") ? "zh-cn" : "en-gb",
      firstDay: 1,
      ...(element.dataset.now && { timeZone: "UTC", now: element.dataset.now }),  // wall-clock times of the county
      initialDate: element.dataset.date || undefined,
      initialView: narrow ? "listWeek" : element.dataset.view || "dayGridMonth",
      headerToolbar: narrow
        ? { left: "prev,next", center: "title", right: "today" }
        : { left: "prev,next today", center: "title", right: "dayGridMonth,timeGridWeek,timeGridDay,listWeek" },
      ...(narrow && {
        titleFormat: { month: "long", day: "numeric" },
        footerToolbar: { center: "listWeek,timeGridDay,dayGridMonth" },
      }),
      height: "auto",
      dayMaxEvents: MOST,
      eventTimeFormat: clock,
      slotLabelFormat: clock,
      slotMinTime: "06:00",
      slotMaxTime: "22:00",
      snapDuration: "00:15",
      eventDurationEditable: false,
      eventDrop: (info) => weigh(form, info),
      events: {
        url: element.dataset.events,
        extraParams: () => (filter ? Object.fromEntries(new FormData(filter)) : {}),
      },
      eventSourceFailure: () => document.dispatchEvent(
        new CustomEvent("wb:toast", { detail: { message: element.dataset.failure, level: "danger" } }),
      ),
    });
    calendar.render();
    window.addEventListener("beforeprint", () => calendar.setOption("dayMaxEvents", false));
    window.addEventListener("afterprint", () => calendar.setOption("dayMaxEvents", MOST));
    filter?.addEventListener("change", () => calendar.refetchEvents());
    filter?.addEventListener("submit", (event) => {
      event.preventDefault();
      calendar.refetchEvents();
    });
    // The arrows are signs inside buttons that are named by their titles.
    element.querySelectorAll(".fc-icon").forEach((icon) => {
      icon.removeAttribute("role");
      icon.ariaHidden = "true";
    });
  };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".wb-calendar").forEach(start));
})();
