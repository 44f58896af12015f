"use strict";

const [file, report, stop] = ["file", "report", "stop"].map(byId);
const sizes = new ResizeObserver(fit);

let making = null;
let address = null;

byId("file-form").addEventListener("submit", (event) => {
  event.preventDefault();
  makeReport();
});
file.addEventListener("change", forgetReport);
stop.addEventListener("click", () => {
  forgetReport();
  file.value = "";
  file.focus();
});
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dropping");
});
document.addEventListener("drop", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  document.body.classList.remove("dropping");
  take(event.dataTransfer);
});

function take(dropped) {
  forgetReport();
  byId("journal").scrollIntoView({ block: "start" });
  const isFolder = dropped.items[0]?.webkitGetAsEntry?.()?.isDirectory;
  if (isFolder || dropped.files.length !== 1) return refuseFile("One file at a time, please; put a folder into a zip first.", file);
  file.files = dropped.files;
  byId("file-status").textContent = "The file is chosen and not yet sent.";
  return byId("make").focus();
}

async function makeReport() {
  forgetReport();
  const chosen = file.files[0];
  const most = Number(file.dataset.most);
  if (!chosen) return refuseFile("Choose a file first.", file);
  if (chosen.size > most) return refuseFile(`At most ${file.dataset.mostWords} can be read here. Export without pictures, or read it with the command afterword classify.`, file);
  const mine = (making = new AbortController());
  offerToStop("Stop");
  byId("file-status").textContent = "Reading… A large journal takes some minutes.";
  byId("make").disabled = true;
  try {
    const response = await sendFile(chosen, mine.signal);
    const page = response.ok ? await response.blob() : null;
    const why = page ? [] : await reasons(response, file);
    if (mine.signal.aborted) return;
    if (page) showReport(page);
    else refuseFile(...why);
  } catch {
    if (!mine.signal.aborted) refuseFile("The service gave no answer. See that it still runs and that the file is still there, then try again.", byId("make"));
  } finally {
    if (making === mine) byId("make").disabled = false;
  }
}

function sendFile(chosen, signal) {
  const asked = new URLSearchParams({ include_text: byId("include-text").checked, prompts: offered, split: byId("split").value });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && zone !== "Etc/Unknown") asked.set("timezone", zone);
  const headers = {
    "Content-Type": "application/octet-stream",
    "Content-Disposition": `attachment; filename*=UTF-8''${spelled(chosen.name)}`,
  };
  return send(`report?${asked}`, chosen, headers, signal);
}

function spelled(name) {
  const wellFormed = name.toWellFormed?.() ?? name;
  return encodeURIComponent(wellFormed).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
}

function showReport(page) {
  address = URL.createObjectURL(page);
  for (const id of ["open-report", "save-report"]) byId(id).href = address;
  const frame = element("iframe", "");
  frame.title = "Your report";
  frame.setAttribute("sandbox", "allow-same-origin");
  frame.addEventListener("load", () => sizes.observe(frame.contentDocument.documentElement));
  frame.src = address;
  byId("report-place").replaceChildren(frame);
  report.hidden = false;
  byId("file-status").textContent = "Read; the report is below.";
  offerToStop("Put the report away");
  byId("report-heading").focus();
  report.scrollIntoView({ block: "start" });
}

function fit() {
  const frame = byId("report-place").firstChild;
  const root = frame?.contentDocument?.documentElement;
  const border = frame ? frame.offsetHeight - frame.clientHeight : 0;
  if (root) frame.style.height = `${Math.ceil(root.getBoundingClientRect().height) + border}px`;
}

function refuseFile(words, focus) {
  forgetReport();
  byId("file-problem").textContent = words;
  byId("file-problem").hidden = false;
  focus.focus();
}

function forgetReport() {
  making?.abort();
  making = null;
  sizes.disconnect();
  if (address) URL.revokeObjectURL(address);
  address = null;
  byId("report-place").replaceChildren();
  for (const part of [report, stop, byId("file-problem")]) part.hidden = true;
  for (const id of ["open-report", "save-report"]) byId(id).removeAttribute("href");
  byId("file-status").textContent = "";
  byId("make").disabled = false;
}

function offerToStop(words) {
  stop.textContent = words;
  stop.hidden = false;
}
