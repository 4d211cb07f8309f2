"use strict";

const page = document.getElementById("swagger-ui");

SwaggerUIBundle({
  url: new URL(page.dataset.openapi, document.baseURI).href,
  domNode: page,
  oauth2RedirectUrl: new URL("docs/oauth2-redirect", document.baseURI).href,
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
});
