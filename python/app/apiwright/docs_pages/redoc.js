"use strict";

const page = document.getElementById("redoc");
const sans = "system-ui, sans-serif";
const mono = "ui-monospace, monospace";

Redoc.init(
  new URL(page.dataset.openapi, document.baseURI).href,
  {
    theme: {
      typography: { fontFamily: sans, headings: { fontFamily: sans }, code: { fontFamily: mono } },
    },
  },
  page,
);
