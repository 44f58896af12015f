"use strict";

const byId = (id) => document.getElementById(id);
const all = (selector) => document.querySelectorAll(selector);
const [form, note, key, result] = ["form", "note", "key", "result"].map(byId);
const kinds = Array.from(all("[data-kind]"), (part) => part.dataset.kind);

let offered = true;
let asking = null;
let shownText = "";

form.addEventListener("submit", (event) => {
  event.preventDefault();
  read();
});
note.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
byId("clear").addEventListener("click", () => {
  asking?.abort();
  note.value = "";
  forget();
  note.focus();
});
byId("dismiss").addEventListener("click", () => {
  offered = false;
  byId("offer").hidden = true;
  byId("answer").focus();
});

async function read() {
  const text = note.value.toWellFormed?.() ?? note.value; // half a character, as cut copies have, is no UTF-8
  const most = Number(note.dataset.most);
  forget();
  asking?.abort();
  if (!text.trim()) return refuse("Type or paste a note first.", note);
  if (Array.from(text).length > most) return refuse(`At most ${most.toLocaleString("en")} characters can be read at once. Split the note.`, note);
  const mine = (asking = new AbortController());
  byId("status").textContent = "Reading…";
  byId("read").disabled = true;
  try {
    const response = await ask({ text }, mine.signal);
    if (!response.ok) return refuse(...(await reasons(response, byId("read"))));
    const answer = await response.json();
    if (!mine.signal.aborted) show(text, answer.predictions[0]);
  } catch {
    if (!mine.signal.aborted) refuse("The service gave no answer. See that it still runs, then read again; your note is still here.", byId("read"));
  } finally {
    if (asking === mine) byId("read").disabled = false;
  }
}

function ask(request, signal) {
  return send("predict", JSON.stringify(request), { "Content-Type": "application/json" }, signal);
}

function send(path, body, headers, signal) {
  const secret = key.value.trim();
  if (/[^!-~]/.test(secret)) return new Response(null, { status: 401 }); // no header can hold it
  if (secret) headers.Authorization = `Bearer ${secret}`;
  return fetch(path, { method: "POST", headers, body, credentials: "omit", cache: "no-store", signal });
}

// What to say of an answer that is no success, and where the focus goes then.
async function reasons(response, focus) {
  if (response.status === 401) {
    byId("key-part").hidden = false;
    return [key.value ? "The service does not know this key. Check it and try again." : "Enter your key and try again.", key];
  }
  if (!response.headers.get("Content-Type")?.startsWith("application/problem+json")) {
    return [`The request did not get through: something before the service answered with ${response.status}.`, focus];
  }
  const problem = await response.json();
  const where = (problem.errors ?? []).map((error) => `${error.where} ${error.problem}`).join("; ");
  return [`${problem.title}${where ? `: ${where}` : ""}. ${problem.detail}`.replaceAll("`", ""), focus];
}

function refuse(words, focus) {
  byId("status").textContent = "";
  byId("problem").textContent = words;
  byId("problem").hidden = false;
  byId("read").disabled = false;
  focus.focus();
}

function forget() {
  byId("status").textContent = "";
  byId("problem").hidden = true;
  result.hidden = true;
  shownText = "";
  byId("marked").replaceChildren();
  forgetSentences();
}

function show(text, prediction) {
  shownText = text;
  const empty = prediction.warnings.includes("empty");
  const shown = empty ? "empty" : prediction.label;
  for (const part of all("[data-label]")) part.hidden = part.dataset.label !== shown;
  for (const part of all("[data-warning]")) part.hidden = !prediction.warnings.includes(part.dataset.warning);
  byId("told").hidden = empty;
  byId("unsure").hidden = prediction.sure || prediction.warnings.length > 0;
  byId("offer").hidden = !offered || prediction.label !== "rumination" || prediction.warnings.length > 0;
  const step = prediction.evidence.some((span) => span.kind === "next_step");
  byId("step-all-the-same").hidden = prediction.label !== "rumination" || !step;
  byId("step-without-words").hidden = prediction.label !== "reflection" || step;
  byId("sureness").textContent = prediction.sure ? "sure." : "not sure.";
  showWords(text, prediction.evidence);
  showFigures(prediction);
  result.hidden = false;
  byId("status").textContent = "Read; the answer is below.";
  byId("answer").focus();
  result.scrollIntoView({ block: "start" });
}

function showWords(text, evidence) {
  const seen = new Set(evidence.map((span) => span.kind));
  for (const part of all("[data-kind]")) part.hidden = !seen.has(part.dataset.kind);
  byId("no-words").hidden = seen.size > 0;
  byId("about-words").hidden = seen.size === 0;
  byId("marked").replaceChildren(...pieces(Array.from(text), evidence));
}

// Spans count code points and may overlap: the note is cut at every border, each piece wrapped by all that hold it.
function* pieces(characters, evidence) {
  const borders = [0, ...evidence.flatMap((span) => [span.start, span.end]), characters.length];
  const cuts = Array.from(new Set(borders)).sort((a, b) => a - b);
  for (const [place, start] of cuts.entries()) {
    for (const span of evidence.filter((each) => each.end === start)) yield hidden(` (end of ${nameOf(span.kind)}) `);
    for (const span of evidence.filter((each) => each.start === start)) yield* opening(span.kind);
    const end = cuts[place + 1];
    if (end === undefined) continue;
    const holding = evidence.filter((span) => span.start <= start && span.end >= end);
    yield holding.reduceRight(wrap, document.createTextNode(characters.slice(start, end).join("")));
  }
}

function* opening(kind) {
  const number = element("span", "number", String(kinds.indexOf(kind) + 1));
  number.setAttribute("aria-hidden", "true");
  yield number;
  yield hidden(` (${nameOf(kind)}:) `);
}

function wrap(inner, span) {
  const mark = element("mark", span.kind);
  mark.append(inner);
  return mark;
}

function showFigures(prediction) {
  for (const row of all("[data-row]")) {
    const share = prediction.probabilities[row.dataset.row];
    row.classList.toggle("likeliest", row.dataset.row === prediction.label);
    row.querySelector(".share").textContent = `${Math.round(share * 100)}%`;
    row.querySelector(".bar").style.width = `${share * 100}%`;
  }
  byId("lean-number").textContent = prediction.lean.toFixed(2);
  byId("lean-mark").style.left = `${prediction.lean * 100}%`;
}

function nameOf(kind) {
  return document.querySelector(`[data-kind="${kind}"] .sample`).textContent;
}

function hidden(words) {
  return element("span", "hidden", words);
}

function element(name, className, words = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = words;
  return made;
}
