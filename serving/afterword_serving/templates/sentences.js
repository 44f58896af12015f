"use strict";

const sentences = byId("sentences");
let readingSentences = null;

sentences.addEventListener("toggle", () => {
  if (sentences.open && !readingSentences) readSentences();
});

async function readSentences() {
  const mine = (readingSentences = new AbortController());
  const text = shownText;
  byId("sentences-status").textContent = "Reading…";
  try {
    const response = await ask({ text, by: "sentence" }, mine.signal);
    const words = response.ok ? "" : (await reasons(response, sentences))[0];
    const predictions = response.ok ? (await response.json()).predictions : [];
    if (!mine.signal.aborted) showSentences(text, predictions, words);
  } catch {
    if (!mine.signal.aborted) showSentences(text, [], "The service gave no answer. Close this part and open it again.");
  }
}

function showSentences(text, predictions, words) {
  const characters = Array.from(text);
  byId("sentences-status").textContent = words;
  byId("sentence-list").replaceChildren(...predictions.map((each) => sentenceItem(characters, each)));
  if (words) readingSentences = null;
}

function sentenceItem(characters, prediction) {
  const item = element("li", `sentence ${prediction.label}`);
  const said = element("p", "", characters.slice(prediction.start, prediction.end).join(""));
  said.dir = "auto";
  item.append(said, sentenceReading(prediction));
  return item;
}

function sentenceReading(prediction) {
  if (prediction.warnings.includes("empty")) return element("p", "reading", "No words to read.");
  const reading = element("p", "reading");
  const swatch = element("i", prediction.label);
  swatch.setAttribute("aria-hidden", "true");
  const share = Math.round(prediction.probabilities[prediction.label] * 100);
  reading.append(swatch, element("strong", "", prediction.label), `, ${prediction.sure ? "sure" : "not sure"}, ${share}%`);
  return reading;
}

function forgetSentences() {
  readingSentences?.abort();
  readingSentences = null;
  sentences.open = false;
  byId("sentences-status").textContent = "";
  byId("sentence-list").replaceChildren();
}
