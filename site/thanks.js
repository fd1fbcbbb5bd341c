// @ts-check
// The id stands in the fragment, which no server sees; so without JavaScript there is no link, only the thanks.
if (/^#m=[A-Za-z0-9-]{1,80}$/.test(location.hash)) {
  for (const link of document.querySelectorAll('a[data-receipt]')) {
    link.setAttribute('href', link.getAttribute('href') + location.hash);
    link.removeAttribute('hidden');
  }
}
