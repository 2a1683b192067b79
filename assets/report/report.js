"use strict";
// The matrix of a report. The rows come with the page; answers and reasons are read from their block when a row opens.
(() => {
  const $ = (id) => document.getElementById(id);
  const { columns, checks, rows, chunk } = JSON.parse($("data").textContent);
  const PAGE = 200, PRINT = 2000, WORDS = 1500;
  const SIGN = { p: "✓", f: "✗", u: "?", m: "±" };
  const WORD = { p: "passed", f: "failed", u: "undecided", m: "passed in part" };
  const body = $("rows"), end = $("end");
  const heads = columns.map((column, at) => at).filter((at) => !columns[at].base);

  const make = (tag, attributes, ...inner) => {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
    element.append(...inner.filter((part) => part !== null && part !== undefined && part !== ""));
    return element;
  };

  // What the repeats of one case come to together.
  const verdict = (cell) => {
    if (!cell) return "";
    const first = cell[0][0];
    return [...cell[0]].every((one) => one === first) ? first : cell[0].includes("u") ? "u" : "m";
  };
  const worst = (row) => {
    const order = { f: 0, m: 1, u: 2, p: 3, "": 4 };
    return Math.min(...heads.map((at) => order[verdict(row[1][at])]));
  };
  const name = (at) => {
    const { prompt, model, params, base } = columns[at];
    return [prompt, model, params, base].filter(Boolean).join(" · ");
  };

  // Details of a case: the block it stands in is read once.
  const blocks = new Map();
  const details = (at) => {
    const number = Math.floor(at / chunk);
    if (!blocks.has(number)) blocks.set(number, JSON.parse($("d" + number).textContent));
    return blocks.get(number)[at % chunk];
  };

  const state = { text: "", failing: false, changed: false, worst: false, a: 0, b: 0 };
  let list = [], drawn = 0;

  const wanted = ([id, cells, tags]) => {
    if (state.text && !(id + " " + tags).toLowerCase().includes(state.text)) return false;
    if (state.failing && !heads.some((at) => cells[at] && verdict(cells[at]) !== "p")) return false;
    return !state.changed || verdict(cells[state.a]) !== verdict(cells[state.b]);
  };

  const cell = (value) => {
    const said = verdict(value);
    if (!said) return make("td", { class: "none" });
    const [repeats, score] = value;
    const passed = [...repeats].filter((one) => one === "p").length;
    const more = [];
    if (repeats.length > 1) more.push(passed + "/" + repeats.length);
    if (score !== null && score !== 0 && score !== 1) more.push(score.toFixed(2));
    const note = more.length ? make("small", {}, " " + more.join(" ")) : "";
    return make("td", { class: said, title: WORD[said] }, SIGN[said], note);
  };

  const row = (at) => {
    const [id, cells] = rows[at];
    const button = make("button", { type: "button", "aria-expanded": "false" }, id);
    button.addEventListener("click", () => toggle(button, at));
    return make("tr", {}, make("th", { scope: "row" }, button), ...cells.map(cell));
  };

  const more = (count) => {
    const part = document.createDocumentFragment();
    const until = Math.min(drawn + count, list.length);
    while (drawn < until) part.append(row(list[drawn++]));
    body.append(part);
    end.hidden = drawn >= list.length;
  };

  const draw = () => {
    list = rows.map((_, at) => at).filter((at) => wanted(rows[at]));
    if (state.worst) list.sort((a, b) => worst(rows[a]) - worst(rows[b]) || a - b);
    body.replaceChildren();
    drawn = 0;
    more(PAGE);
    const all = list.length === rows.length ? "" : " of " + rows.length;
    $("count").textContent = list.length + all + (rows.length === 1 ? " case" : " cases");
  };

  const toggle = (button, at) => {
    const tr = button.closest("tr");
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    if (open) tr.nextElementSibling.remove();
    else tr.after(make("tr", { class: "detail" }, make("td", { colspan: columns.length + 1 }, detail(at))));
  };

  const detail = (at) => {
    const found = details(at), { a, b } = state, parts = [];
    if (a !== b && found[a] && found[b]) parts.push(difference(a, b, found[a][0], found[b][0]));
    const cards = columns.flatMap((_, column) => (found[column] || []).map((one, repeat) =>
      card(column, one, found[column].length > 1 ? repeat + 1 : 0)));
    return make("div", {}, ...parts, make("div", { class: "cards" }, ...cards));
  };

  const card = (column, one, repeat) => {
    const said = one.v;
    const title = name(column) + (repeat ? " #" + repeat : "");
    const score = one.s === null ? "" : " " + Number(one.s.toFixed(3));
    const seen = make("h4", {}, make("span", {}, SIGN[said] + score + " "), title);
    const list = one.c.map(([check, verdict, value, reason, parts]) => {
      const number = value === null || value === 0 || value === 1 ? "" : " " + Number(value.toFixed(3));
      const made = parts ? " (" + parts.map(([part, value]) => part + " " + Number(value.toFixed(3))).join(", ") + ")" : "";
      return make("li", { class: verdict }, make("b", {}, checks[check]), number + made + (reason ? " — " + reason : ""));
    });
    const answer = one.a === undefined
      ? make("p", { class: "none" }, "no answer" + (one.t ? ": " + one.t : ""))
      : make("pre", { tabindex: "0", "aria-label": "answer" }, one.a);
    const refusal = one.r ? make("p", {}, "refused: " + one.r) : "";
    const calls = one.f ? make("pre", { tabindex: "0", "aria-label": "tool calls" }, one.f) : "";
    const trouble = one.a !== undefined && one.t ? make("p", {}, one.t) : "";
    const meta = one.m ? make("p", { class: "quiet" }, one.m) : "";
    return make("section", { class: "card " + said }, seen, make("ul", {}, ...list), answer, calls, refusal, trouble, meta);
  };

  const difference = (a, b, one, other) => {
    const title = make("h3", {}, name(a) + " → " + name(b));
    if (one.a === undefined || other.a === undefined) return make("div", {}, title, make("p", { class: "none" }, "one of them gave no answer"));
    if (one.a === other.a) return make("div", {}, title, make("p", { class: "none" }, "the answers are the same"));
    const pieces = compare(one.a, other.a).map(([tag, text]) => (tag ? make(tag, {}, text) : text));
    return make("div", {}, title, make("pre", { tabindex: "0", "aria-label": "difference" }, ...pieces));
  };

  // Words that went and came, by the shortest way from one text to the other (Myers).
  const compare = (before, after) => {
    const words = (text) => text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) || [];
    const a = words(before), b = words(after);
    let head = 0, tail = 0;
    while (head < a.length && head < b.length && a[head] === b[head]) head++;
    while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
    const gone = a.slice(head, a.length - tail), come = b.slice(head, b.length - tail);
    const middle = gone.length + come.length > WORDS
      ? [["del", gone.join("")], ["ins", come.join("")]]
      : shortest(gone, come);
    return joined([["", a.slice(0, head).join("")], ...middle, ["", a.slice(a.length - tail).join("")]]);
  };

  const shortest = (a, b) => {
    const trail = [], most = a.length + b.length;
    let reach = new Map([[1, 0]]);
    for (let depth = 0; depth <= most; depth++) {
      trail.push(new Map(reach));
      for (let k = -depth; k <= depth; k += 2) {
        const down = k === -depth || (k !== depth && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
        let x = down ? reach.get(k + 1) ?? 0 : (reach.get(k - 1) ?? 0) + 1;
        while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
        reach.set(k, x);
        if (x >= a.length && x - k >= b.length) return back(a, b, trail);
      }
    }
    return [];
  };

  const back = (a, b, trail) => {
    const out = [];
    let x = a.length, y = b.length;
    for (let depth = trail.length - 1; depth >= 0; depth--) {
      const reach = trail[depth], k = x - y;
      const down = k === -depth || (k !== depth && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
      const from = down ? k + 1 : k - 1, startX = reach.get(from) ?? 0, startY = startX - from;
      while (x > startX && y > startY) {
        out.push(["", a[--x]]);
        y--;
      }
      if (depth === 0) break;
      if (down) out.push(["ins", b[--y]]);
      else out.push(["del", a[--x]]);
    }
    return out.reverse();
  };

  const joined = (pieces) => pieces.reduce((out, [tag, text]) => {
    const last = out[out.length - 1];
    if (last && last[0] === tag) last[1] += text;
    else if (text) out.push([tag, text]);
    return out;
  }, []);

  const header = () => {
    const titles = columns.map(({ prompt, model, params, base }) =>
      make("th", { scope: "col" }, prompt, make("small", {}, [model, params].filter(Boolean).join(" ")), base ? make("small", {}, base) : ""));
    $("heads").append(make("th", { scope: "col" }, "case"), ...titles);
  };

  const choices = () => {
    // A base is compared with what it became, otherwise the first column with the second.
    const based = columns.findIndex((column) => column.base);
    const partner = (at) => columns.findIndex((one) => !one.base && one.model === columns[at].model
      && one.params === columns[at].params && one.id === columns[at].id);
    state.a = based >= 0 ? based : 0;
    state.b = based >= 0 ? Math.max(partner(based), 0) : Math.min(1, columns.length - 1);
    for (const key of ["a", "b"]) {
      columns.forEach((_, at) => $(key).append(make("option", { value: at }, name(at))));
      $(key).value = state[key];
      $(key).addEventListener("change", (event) => { state[key] = Number(event.target.value); draw(); });
    }
    if (columns.length < 2) document.querySelectorAll(".pair").forEach((one) => { one.hidden = true; });
  };

  const controls = () => {
    $("find").addEventListener("input", (event) => { state.text = event.target.value.trim().toLowerCase(); draw(); });
    for (const key of ["failing", "changed", "worst"]) {
      $(key).addEventListener("change", (event) => { state[key] = event.target.checked; draw(); });
    }
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
        if (event.key === "Escape") event.target.blur();
        return;
      }
      const press = (id) => { event.preventDefault(); $(id).click(); };
      const step = (by) => {
        const buttons = [...body.querySelectorAll("button")];
        const at = buttons.indexOf(document.activeElement);
        const next = buttons[at < 0 ? 0 : at + by];
        if (next) { event.preventDefault(); next.focus(); next.scrollIntoView({ block: "nearest" }); }
      };
      const keys = {
        "/": () => { event.preventDefault(); $("find").focus(); },
        f: () => press("failing"), c: () => columns.length > 1 && press("changed"), w: () => press("worst"),
        j: () => step(1), k: () => step(-1),
        ArrowDown: () => document.activeElement.closest?.("tbody") && step(1),
        ArrowUp: () => document.activeElement.closest?.("tbody") && step(-1),
      };
      keys[event.key]?.();
    });
    new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && more(PAGE), { rootMargin: "600px" }).observe(end);
    $("more").addEventListener("click", () => more(PAGE));
    addEventListener("beforeprint", () => more(Math.max(0, PRINT - drawn)));
  };

  const linked = () => {
    const id = location.hash.startsWith("#case=") ? decodeURIComponent(location.hash.slice(6)) : "";
    const at = rows.findIndex((row) => row[0] === id);
    if (at < 0) return;
    $("find").value = id;
    state.text = id.toLowerCase();
    draw();
    const button = body.querySelectorAll("button")[list.indexOf(at)];
    button?.click();
    button?.scrollIntoView();
  };

  header();
  choices();
  controls();
  draw();
  linked();
  $("matrix").hidden = false;
})();
