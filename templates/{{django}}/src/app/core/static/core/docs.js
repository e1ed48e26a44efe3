// A file of its own: the page's Content-Security-Policy lets no script run that stands within it.
SwaggerUIBundle({
  dom_id: "#documentation",
  url: document.getElementById("documentation").dataset.document,
  deepLinking: true,
  persistAuthorization: false,
});
